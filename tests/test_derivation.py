"""How verdicts came about: every finding of the examples has a derivation that agrees with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orgaudit.cli import app
from orgaudit.engine import Derivation, Measured, audit
from orgaudit.findings import Audit, Finding
from orgaudit.records import load_records
from orgaudit.standards import load_standard, record_model_of

ROOT = Path(__file__).parent.parent
EXAMPLES = {
    "linjiang-street": "street-party-building",
    "housing-cooperative": str(ROOT / "examples" / "housing-cooperative" / "standard.yaml"),
}
STREET = ROOT / "examples" / "linjiang-street" / "records"


def explain(*arguments: str, records: Path = STREET) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["explain", *arguments, "--records", str(records)])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module", params=EXAMPLES)
def made(request: pytest.FixtureRequest) -> Iterator[Audit]:
    name = EXAMPLES[request.param]
    model = record_model_of([name])
    records = load_records(ROOT / "examples" / request.param / "records", model, default_as_of=date(2024, 12, 31))
    try:
        yield audit(records, [load_standard(name, model)])
    finally:
        records.db.close()


def of_finding(finding: Finding, made: Audit) -> Derivation:
    each = tuple((finding.each or {}).values())
    (derivation,) = made.derivations(finding.rule.rule, finding.subject.key, each, finding.period.label)
    return derivation


def shows(measured: Measured) -> Counter[str]:
    return Counter(e.shows for e in {r.evidence for r in measured.records})


def test_every_finding_has_a_derivation_that_agrees_with_it(made: Audit) -> None:
    kinds = set()
    for finding in made.findings():
        derived = of_finding(finding, made)
        items = [i.verdict for m in derived.measured for i in m.items]
        own = [m.verdict for m in derived.measured]
        kinds.add(finding.rule.measure)
        assert finding.verdict in (derived.verdict, *items, *own)
        assert derived.name == finding.subject.name
        if derived.alive == derived.belongs == "yes" and not derived.exemptions and finding.verdict == "fail":
            assert "fail" in own
    assert {"count", "consecutive"} <= kinds


def test_what_counts_is_what_was_counted(made: Audit) -> None:
    """Of each count, the records that count are as many as were certainly found, and those that may as many more."""
    seen = 0
    for finding in made.findings():
        (measured, *_) = of_finding(finding, made).measured
        if measured.rule.measure != "count" or measured.part or len(measured.records) > 400:
            continue
        found = shows(measured)
        assert found["counted"] == measured.certain
        if measured.possible is not None and measured.possible < 1000:
            assert found["counted"] + found["blank"] == measured.possible
        seen += 1
    assert seen > 10


def test_a_run_has_its_months_and_the_run_stands_in_them(made: Audit) -> None:
    seen = 0
    for finding in made.findings():
        for measured in of_finding(finding, made).measured:
            for item in measured.items if measured.months else ():
                inside = [m for m in measured.months if item.start and item.end and item.start <= m.start <= item.end]
                counting = [m for m in inside if m.is_ == "counts"]
                possible = [m for m in inside if m.is_ in ("counts", "may_count")]
                assert len(possible) == item.possible
                assert len(counting) >= (item.certain or 0)
                seen += 1
    assert seen > 0


def test_what_passes_and_what_is_excused_can_be_asked_for_as_well() -> None:
    code, out, _ = explain("SPB-3-1 B10 2024-Q1", "--lang", "en")
    assert (code, out.splitlines()[-1]) == (0, "  pass")
    assert "counts (Kind: General meeting" in out


def test_a_finding_is_found_by_its_identifier() -> None:
    expected = json.loads((STREET.parent / "expected.json").read_text(encoding="utf-8"))
    unknown = next(f for f in expected["findings"] if f["rule"] == "SPB-10" and f["verdict"] == "unknown")
    code, out, _ = explain(unknown["id"], "--lang", "zh")
    assert code == 0
    assert unknown["id"] in out
    assert "补齐什么即可判定" in out


def test_what_is_missing_says_where_it_was_looked_for() -> None:
    _, out, _ = explain("SPB-3-1 B10 2024-Q2", "--lang", "en")
    assert "searched: Meetings (2024-上半年/会议.csv, 2024-下半年/会议.csv)" in out
    assert "days asked about: 2024-04-01 to 2024-06-30" in out


def test_the_json_has_the_same() -> None:
    code, out, _ = explain("SPB-3-1 B10 2024-Q2", "--format", "json")
    (told,) = json.loads(out)
    assert (code, told["verdict"], told["measured"][0]["certain"], len(told["findings"])) == (0, "fail", 0, 1)
    assert told["first"] == "2024-04-01"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("0123456789abcdef", "these records have no finding `0123456789abcdef`."),
        ("SPB-3-1 B99", "no check of SPB-3-1 is called `B99`."),
        ("SPB-3-11 B10", "Did you mean `SPB-3-1`?"),
    ],
)
def test_what_is_not_there_is_said(asked: str, said: str) -> None:
    code, _, err = explain(asked, "--lang", "en")
    assert code == 2
    assert said in err


def test_a_check_has_only_the_findings_of_its_own_values() -> None:
    """Of the three records that a step of the ladder asks for each is a check with at most one finding."""
    expected = json.loads((STREET.parent / "expected.json").read_text(encoding="utf-8"))
    several = next(f for f in expected["findings"] if f["rule"] == "SPB-10-1" and f["verdict"] == "unknown")
    _, out, _ = explain(f"SPB-10-1 {several['subject']['key']}", "--format", "json")
    told = json.loads(out)
    assert len(told) == 3
    assert [len(d["findings"]) for d in told] == [1, 1, 1]


def test_the_exemptions_of_gaps_are_asked_of_each_gap() -> None:
    code, out, _ = explain(
        "QL-5-2 BOARD", "--lang", "en", records=ROOT / "examples" / "housing-cooperative" / "records"
    )
    assert code == 0
    assert "summer-recess: asked of each period or gap" in out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from orgaudit.reports.breaking import columns_of

    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = explain("SPB-10 M0002/party_member", "--lang", language)
    assert [line for line in out.splitlines() if columns_of(line) > 80] == []
