"""What people decided about findings: waivers, baselines, and two audits side by side. A verdict never changes."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from support import CHOIRS, MODEL, Ran, a_rule, orgaudit, write

RULE = a_rule("for: choirs\nevery: quarter\ncount: rehearsals\nat_least: 1")
FILES = {"choirs.csv": CHOIRS, "rehearsals.csv": "id,choir_id,held_on\nX,C1,2024-02-01\nY,C2,2024-02-01\n"}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": RULE})
    write(tmp_path / "records", FILES)
    return tmp_path


def audit(house: Path, *options: str | Path) -> tuple[Ran, dict[str, Any]]:
    base = ("check", house / "records", "-s", house / "standard.yaml", "--as-of", "2024-12-31", "--lang", "en")
    ran = orgaudit(*base, "--fail-on", "minor", "-o", f"json={house / 'audit.json'}", *options)
    return ran, json.loads((house / "audit.json").read_text("utf-8")) if ran.code < 2 or ran.code == 3 else {}


def waiver(house: Path, **keys: str) -> Path:
    full = {"rule": "R1", "until": "2025-12-31", "justification": "merging", "approver": "the union", **keys}
    text = "- " + "\n  ".join(f"{k}: {v}" for k, v in full.items() if v) + "\n"
    return write(house, {"waivers.yaml": text}) / "waivers.yaml"


def dispositions(data: dict[str, Any]) -> dict[str, str]:
    return {f"{f['organization']} {f['period']['label']}": f["disposition"] for f in data["findings"]}


FAILS = [f"C{i} 2024-Q{q}" for i in (1, 2) for q in (2, 3, 4)]


@pytest.mark.parametrize(
    ("keys", "waived"),
    [
        ({}, FAILS),
        ({"organization": "C1"}, FAILS[:3]),
        ({"subject": "C2"}, FAILS[3:]),
        ({"period": "2024-Q3"}, ["C1 2024-Q3", "C2 2024-Q3"]),
        ({"period": "2024-H2", "organization": "C2"}, ["C2 2024-Q3", "C2 2024-Q4"]),
        ({"period": "2024-08"}, []),  # the quarter does not lie inside the month
        ({"from": "2024-12-31"}, FAILS),
        ({"from": "2025-01-01"}, []),
        ({"until": "2024-12-31"}, FAILS),
        ({"until": "2024-12-30"}, []),
    ],
)
def test_a_waiver_waives_what_it_names_on_the_days_it_holds(
    house: Path, keys: dict[str, str], waived: list[str]
) -> None:
    _, data = audit(house, "--waivers", waiver(house, **keys))
    assert [k for k, d in sorted(dispositions(data).items()) if d == "waived"] == waived
    assert data["summary"]["verdicts"]["fail"] == 6
    assert data["summary"]["dispositions"]["waived"] == len(waived)


def test_what_is_waived_does_not_fail_the_run_and_can_be_seen_through(house: Path) -> None:
    path = waiver(house)
    assert audit(house)[0].code == 1
    assert audit(house, "--waivers", path)[0].code == 0
    assert audit(house, "--waivers", path, "--no-waivers")[0].code == 1


@pytest.mark.parametrize(
    ("keys", "state", "said"),
    [
        ({}, "used", "used 6 times, until 2025-12-31"),
        ({"until": "2025-01-15"}, "soon", "ends soon: 2025-01-15"),
        ({"organization": "C9"}, "unused", "matches nothing"),
        ({"until": "2024-01-01"}, "expired", "expired on 2024-01-01"),
        ({"from": "2025-06-01"}, "not_yet", "not yet begun"),
    ],
)
def test_every_waiver_is_told_with_what_became_of_it(house: Path, keys: dict[str, str], state: str, said: str) -> None:
    ran, data = audit(house, "--waivers", waiver(house, **keys))
    assert [w["state"] for w in data["waivers"]] == [state]
    assert said in ran.out
    last = ran.out.splitlines()[-1]
    assert "waivers:" in last


def test_the_manifest_names_the_waivers_and_no_records_are_looked_for_in_them(house: Path) -> None:
    waiver(house / "records", organization="C1")
    write(house / "records", {"orgaudit.yaml": "waivers: waivers.yaml\n"})
    ran, data = audit(house)
    assert data["summary"]["dispositions"]["waived"] == 3
    assert "waivers.yaml" not in json.dumps(data["records"])
    assert ran.code == 1


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"rule": "R2"}, "waivers.yaml:1:9: there is no rule `R2` to waive."),
        ({"rule": "", "clause": "IX"}, "no rule carries the clause or norm `IX`"),
        ({"period": "spring"}, "`spring` is no period"),
        ({"until": "never"}, "waivers.yaml:2:10"),
        ({"clause": "IX"}, "rule or clause"),
        ({"approver": ""}, "approver"),
    ],
)
def test_a_waiver_that_is_wrong_is_an_error_with_its_place(house: Path, keys: dict[str, str], said: str) -> None:
    ran, _ = audit(house, "--waivers", waiver(house, **keys))
    assert ran.code == 2
    assert said in ran.err


def test_a_baseline_lets_only_what_is_new_fail(house: Path) -> None:
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    ran, again = audit(house, "--baseline", house / "before.json")
    assert ran.code == 0
    assert again["summary"]["dispositions"] == {"open": 0, "waived": 0, "baselined": 6, "advisory": 0}
    (house / "records/rehearsals.csv").write_text("id,choir_id,held_on\nX,C1,2024-02-01\n")
    ran, worse = audit(house, "--baseline", house / "before.json")
    assert ran.code == 1
    assert [k for k, d in dispositions(worse).items() if d == "open"] == ["C2 2024-Q1"]


LADDER = (
    "consecutive: quarter\nwhen: {count: rehearsals, exactly: 0}\n"
    "levels: [{between: [1, 2], level: low}, {at_least: 3, level: high}]"
)
OF_PART = f"all:\n  - id: a\n{textwrap.indent(LADDER, '    ')}\n  - {{id: b, require: name is recorded}}"


@pytest.mark.parametrize(("ladder", "part"), [(LADDER, None), (OF_PART, "a")], ids=["of the rule", "of a part"])
def test_a_higher_level_than_before_is_new(house: Path, ladder: str, part: str | None) -> None:
    write(house, {"standard.yaml": a_rule(f"for: choirs\n{ladder}")})
    (house / "records/rehearsals.csv").write_text(
        "id,choir_id,held_on\nX,C1,2024-02-01\nZ,C1,2024-11-01\nY,C2,2024-02-01\n"
    )
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    (house / "records/rehearsals.csv").write_text("id,choir_id,held_on\nX,C1,2024-02-01\nY,C2,2024-02-01\n")
    _, after = audit(house, "--baseline", house / "before.json")
    assert {f["organization"]: f["disposition"] for f in after["findings"]} == {"C1": "open", "C2": "baselined"}
    assert {f["part"] for f in after["findings"]} == {part}
    (rule,) = after["rules"]
    assert list(rule["parts"].get("a", rule)["levels"]) == ["low", "high"]
    ran = orgaudit("diff", house / "before.json", house / "audit.json", "--lang", "en", "--fail")
    assert ran.code == 1
    assert "0 new · 1 worse · 1 still there · 0 undecided · 0 cured · 0 not asked any more" in ran.out


def test_two_audits_side_by_side(house: Path) -> None:
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    rows = "id,choir_id,held_on\nX,C1,2024-02-01\nA,C1,2024-05-01\nB,C1,2024-08-01\n"
    (house / "records/rehearsals.csv").write_text(rows)
    audit(house)
    ran = orgaudit("diff", house / "before.json", house / "audit.json", "--lang", "zh")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "新增 1 · 加重 0 · 仍在 4 · 未定 0 · 已整改 2 · 未再检查 0"
    told = json.loads(orgaudit("diff", house / "before.json", house / "audit.json", "-f", "json").out)
    assert [f["period"]["label"] for f in told["cured"]] == ["2024-Q2", "2024-Q3"]
    assert [f["organization"] for f in told["new"]] == ["C2"]


def test_what_became_unknown_is_not_cured(house: Path) -> None:
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    rows = "id,choir_id,held_on\nX,C1,2024-02-01\nY,C2,2024-02-01\nA,C1,2024-05-01\nB,C1,some day\n"
    (house / "records/rehearsals.csv").write_text(rows)
    audit(house)
    told = json.loads(orgaudit("diff", house / "before.json", house / "audit.json", "-f", "json").out)
    assert [f["period"]["label"] for f in told["cured"]] == ["2024-Q2"]
    assert [(f["period"]["label"], f["verdict"]) for f in told["undecided"]] == [
        ("2024-Q3", "unknown"),
        ("2024-Q4", "unknown"),
    ]
    ran = orgaudit("diff", house / "before.json", house / "audit.json", "--lang", "en")
    assert "\nNot decided any more, nor cured (2)\n" in ran.out
    assert "0 new · 0 worse · 3 still there · 2 undecided · 1 cured · 0 not asked any more" in ran.out


def test_what_is_not_asked_any_more_is_not_cured(house: Path) -> None:
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    audit(house, "--as-of", "2025-12-31")
    told = json.loads(orgaudit("diff", house / "before.json", house / "audit.json", "-f", "json").out)
    assert (len(told["unasked"]), told["cured"]) == (len(before["findings"]), [])
    advice = before | {"findings": [f | {"disposition": "advisory"} for f in before["findings"]]}
    (house / "advice.json").write_text(json.dumps(advice), encoding="utf-8")
    told = json.loads(orgaudit("diff", house / "before.json", house / "advice.json", "-f", "json").out)
    assert (len(told["unasked"]), told["cured"]) == (len(before["findings"]), [])


@pytest.fixture
def compared(house: Path) -> dict[str, Any]:
    """What the HTML carries of a second audit: C1 held rehearsals, C2 lost one, and one quarter of C1 is not known."""
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    rows = "id,choir_id,held_on\nX,C1,2024-02-01\nA,C1,2024-05-01\nB,C1,some day\n"
    (house / "records/rehearsals.csv").write_text(rows)
    audit(house, "--baseline", house / "before.json", "-o", f"html={house / 'report.html'}")
    page = (house / "report.html").read_text("utf-8")
    return json.loads(page.split('type="application/json">', 1)[1].split("</script>", 1)[0])


def test_the_report_tells_what_is_new_still_there_and_settled(compared: dict[str, Any]) -> None:
    found, texts = compared["findings"], compared["texts"]
    periods = [texts[n] for n in found["period"]]
    organizations = [compared["organizations"][o]["key"] for o in found["org"]]
    states = {f"{o} {p}": s for o, p, s in zip(organizations, periods, found["trend"], strict=True) if s}
    assert states == {
        "C2 2024-Q1": "new",
        "C2 2024-Q2": "persisting",
        "C2 2024-Q3": "persisting",
        "C2 2024-Q4": "persisting",
    }
    # the third and fourth quarter of C1 failed before; that they cannot be decided now settles nothing
    assert [found["verdict"][i] for i, o in enumerate(organizations) if o == "C1"] == ["unknown", "unknown"]
    assert compared["trend"]["as_of"] == "2024-12-31"
    assert [(org, about) for _, org, about, *_ in compared["trend"]["settled"]] == [("Larks", "2024-Q2")]


def test_what_is_not_asked_any_more_is_not_settled(house: Path) -> None:
    _, before = audit(house)
    (house / "before.json").write_text(json.dumps(before), encoding="utf-8")
    later = ("--as-of", "2025-12-31", "--baseline", house / "before.json", "-o", f"html={house / 'report.html'}")
    assert audit(house, *later)[0].code == 1
    assert '"settled":[]' in (house / "report.html").read_text("utf-8")


def test_without_an_audit_before_nothing_is_compared(house: Path) -> None:
    audit(house, "-o", f"html={house / 'report.html'}")
    assert '"trend":null' in (house / "report.html").read_text("utf-8")


@pytest.mark.parametrize("text", ["", "{}", "[1]", "no json"])
def test_a_file_that_is_no_audit_is_refused(house: Path, text: str) -> None:
    (house / "x.json").write_text(text)
    assert audit(house, "--baseline", house / "x.json")[0].code == 2
    assert orgaudit("diff", house / "x.json", house / "x.json").code == 2
