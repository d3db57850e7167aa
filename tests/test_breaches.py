"""Breaches as subjects: what they take over from their checks, and of whom they are."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from support import CHOIRS, MODEL, REHEARSALS, check, errors_of, lines_of, orgaudit, singers, write

FILES = singers("S1,C1,A,high,20,2022-12-31,,yes,,", "S2,C1,B,low,30,2023-01-01,,yes,,") | {
    "choirs.csv": CHOIRS,
    "rehearsals.csv": REHEARSALS + "E1,C1,2024-02-01\n",
}


def of(*rules: str, before: str = "") -> str:
    """A standard of rules in flow style, each an obligation."""
    return f"standard: choir-rules\n{textwrap.dedent(before)}rules:\n" + "".join(
        f"  - {{modality: must, {rule}}}\n" for rule in rules
    )


def verdicts(text: str, rule: str) -> dict[str, str]:
    return {c.subject: c.verdict for c in check(text, FILES).checks if c.rule == rule}


VOICES = "id: R1, for: choirs, each: {voice: [high, low], n: [1, 2]}, count: singers where voice = each.voice, at_least: each.n"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("id: R2, for: breaches of R1, require: each.voice = 'high'", {"high": "pass", "low": "fail"}),
        ("id: R2, for: breaches of R1, require: subject.each.voice = 'high'", {"high": "pass", "low": "fail"}),
        ("id: R2, for: breaches of R1, value: each.n, at_least: 2", {"/2/": "pass", "/1/": "fail"}),
        ("id: R2, for: breaches of R1, count: choir.singers, at_least: each.n", {"C1": "pass", "C2": "fail"}),
        ("id: R2, for: breaches of R1, count: choir.singers where voice = subject.each.voice, at_least: 1", {"C1": "pass"}),
        ("id: R2, for: breaches of R1 where each.voice = 'low', require: true", {"low": "pass", "high": ""}),
        # the rule's own values come first
        ("id: R2, for: breaches of R1 where each.n = 1, each: {n: [3]}, value: each.n, at_least: 3", {"": "pass"}),
        # of whom they are
        ("id: R2, for: breaches of R1, require: choir = 'C1'", {"C1": "pass", "C2": "fail"}),
        ("id: R2, for: breaches of R1, require: subject = 'C1'", {"C1": "pass", "C2": "fail"}),
        ("id: R2, for: breaches of R1 where subject.name = 'Larks', require: true", {"C1": "pass", "C2": ""}),
        ("id: R2, for: breaches of R1 where subject = 'C2', require: true", {"C2": "pass", "C1": ""}),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_breach(asked: str, expected: dict[str, str]) -> None:
    found = verdicts(of(VOICES, asked), "R2")
    assert found
    for part, verdict in expected.items():
        assert {v for k, v in found.items() if part in f"/{k}/"} == ({verdict} if verdict else set()), (part, found)


def test_values_that_are_records() -> None:
    led = (
        "id: R1, for: choirs, each: {who: singers}, at_least: 1, "
        "count: rehearsals.presence where status = 'present' and singer = each.who",
        "id: R2, for: breaches of R1, require: each.who.voice = 'high' and each.who = 'S1'",
        "id: R3, for: breaches of R1, count: choir.singers where id = subject.each.who, exactly: 1",
    )
    files = FILES | {"presence.csv": "rehearsal_id,singer_id,status\nE1,S1,absent\nE1,S2,absent\n"}
    found = check(of(*led), files).checks
    assert [(c.rule, c.subject.split("/")[1], c.verdict) for c in found if c.rule != "R1"] == [
        ("R2", "S1", "pass"),
        ("R2", "S2", "fail"),
        ("R3", "S1", "pass"),
        ("R3", "S2", "pass"),
    ]


def test_a_value_that_nobody_knows_is_unknown_of_its_breach() -> None:
    rules = (
        "id: R1, for: choirs, each: {voice: voice of singers}, count: singers where voice = each.voice and paid, at_least: 2",
        "id: R2, for: breaches of R1, require: each.voice = 'high'",
    )
    files = singers("S1,C1,A,high,20,2022-12-31,,yes,,", "S2,C1,B,?,30,2023-01-01,,yes,,") | {"choirs.csv": CHOIRS}
    found = check(of(*rules), files).checks
    assert sorted(c.verdict for c in found if c.rule == "R2") == ["pass", "unknown"]


def test_several_rules_have_the_values_that_all_of_them_go_through(tmp_path: Path) -> None:
    second = "id: R2, for: choirs, each: {voice: [high, low]}, count: singers where voice = each.voice, at_least: 9"
    asked = "id: R3, for: 'breaches of R1, R2', require: each.voice = 'high'"
    assert set(verdicts(of(VOICES, second, asked), "R3").values()) == {"pass", "fail"}
    other = asked.replace("each.voice = 'high'", "each.n = 1")
    assert [e.code for e in errors_of(of(VOICES, second, other), tmp_path)] == ["unknown-each"]


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    def told(asked: str) -> list[str]:
        return [line.partition(": ")[2] for line in lines_of(of(VOICES, asked), tmp_path)]

    assert told("id: R2, for: breaches of R1, require: each.voice = 'hihg'") == [
        "`hihg` is no category of `each voice`. Did you mean `high`?"
    ]
    assert told("id: R2, for: breaches of R1, require: each.voise = 'high'") == [
        "`each.voise`: the rule has no such value. Did you mean `voice`?"
    ]
    assert told("id: R2, for: breaches of R1, count: _breaches, at_least: 1") == [
        "`breaches of choir-rules R1` has no reference `_breaches`. Known: choir."
    ]
    found = errors_of(of(VOICES, "id: R2, for: breaches of R1 where choir.nam = 'x', require: true"), tmp_path)
    assert [(e.code, e.where and e.where.column) for e in found] == [("unknown-name", 62)]


# ---- breaches of rules that do not stand


NOT_CHOSEN = "readings: {r: {use: a, choices: [a, b], why: so}}\n"


@pytest.mark.parametrize("rules", ["R1", "R1, R3"])
def test_a_rule_that_is_not_chosen_has_no_breaches(rules: str) -> None:
    standing = "id: R3, for: choirs, count: rehearsals, at_least: 9"
    text = of(
        f"reading: {{r: b}}, {VOICES}",
        standing,
        f"id: R2, for: 'breaches of {rules}', require: false",
        before=NOT_CHOSEN,
    )
    assert len(verdicts(text, "R2")) == (0 if rules == "R1" else 2)


TAILORED = """standard: own
extends:
  - standard: ../base
    rules: {R1: {off: true, why: here so}}
rules:
  - {id: R3, modality: must, for: choirs, require: true}
"""


def test_a_rule_that_is_switched_off_has_no_breaches(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base/standard.yaml": of(VOICES, "id: R2, for: breaches of R1, require: false").replace(
                "choir-rules", "base"
            )
        },
    )
    write(tmp_path / "records", FILES)
    write(tmp_path, {"base/records.yaml": MODEL, "own/standard.yaml": TAILORED})
    ran = orgaudit(
        "check",
        tmp_path / "records",
        "-s",
        tmp_path / "own/standard.yaml",
        "-o",
        f"json={tmp_path}/out.json",
        "--as-of",
        "2024-12-31",
    )
    assert ran.err == ""
    told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [r["rule"] for r in told["rules"]] == ["R2", "R3"]
    assert [(r["rule"], sum(r["verdicts"].values())) for r in told["summary"]["rules"]] == [("R2", 0), ("R3", 2)]


def test_records_may_be_called_breaches_themselves(tmp_path: Path) -> None:
    """A guard books breaches: they are records like others."""
    model = MODEL.replace("singular: rehearsal\n", "singular: breach\n")
    assert errors_of(of("id: R1, for: choirs, count: rehearsals where choir = 'C1', at_least: 1"), tmp_path) == []
    found = check(of("id: R1, for: rehearsals, require: subject.choir = 'C1'"), FILES, model=model)
    assert found.verdicts == {"E1": "pass"}


SHARES = "parameters:\n  s: {2024-01-01: [50%, 60%]}\n"


def test_values_of_any_type_are_carried() -> None:
    """A list of shares ended in an internal error."""
    rule = "id: R1, for: choirs, each: {k: $s}, count: rehearsals, at_least: 2"
    found = verdicts(of(rule, "id: R2, for: breaches of R1, require: each.k = '50%'", before=SHARES), "R2")
    assert sorted(found.values()) == ["fail", "fail", "pass", "pass"]


@pytest.mark.parametrize(
    "condition", ["each.zz is recorded", "each is recorded", "each.zz in big", "each.zz.name is recorded"]
)
def test_a_value_that_there_is_not(condition: str, tmp_path: Path) -> None:
    """What is asked of a record by `is recorded` and `in` ended in an internal error."""
    big = "define:\n  big: choirs where name is recorded\n"
    for subject in ("choirs", "breaches of R1"):
        asked = f"id: R2, for: {subject}, require: {condition}"
        assert [e.code for e in errors_of(of(VOICES, asked, before=big), tmp_path)] == ["unknown-each"]


def test_names_in_the_keys_of_breaches_are_hidden(tmp_path: Path) -> None:
    """The key of a breach has the values of `each`: with `--redact` a name stood there for all to read."""
    plain = "{name: name, type: string, title: {zh: 姓名, en: Name}, role: name}"
    model = MODEL.replace(plain, plain.replace("role: name", "role: name, personal: true"))
    rules = (
        "id: R1, for: choirs, each: {who: name of singers}, count: singers where name = each.who, at_least: 3",
        "id: R2, for: breaches of R1, require: false",
        "id: R3, for: breaches of R2, require: false",
    )
    write(tmp_path / "records", singers("S1,C1,Zhang San,high,20,2022-12-31,,yes,,") | {"choirs.csv": CHOIRS})
    write(tmp_path, {"records.yaml": model, "standard.yaml": of(*rules)})
    outputs = [f"{kind}={tmp_path}/out.{kind}" for kind in ("json", "csv", "html")]
    options = [x for output in outputs for x in ("-o", output)]
    where = (tmp_path / "records", "-s", tmp_path / "standard.yaml", "--as-of", "2024-12-31")
    for redact, shown in (((), True), (("--redact",), False)):
        orgaudit("check", *where, *redact, *options, ORGAUDIT_REDACT_KEY="a secret of thirty-two signs, or more")
        for kind in ("json", "csv", "html"):
            text = (tmp_path / f"out.{kind}").read_text(encoding="utf-8-sig")
            assert ("Zhang San" in text) == shown, kind
            assert "R2" in text and "R3" in text
