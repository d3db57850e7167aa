"""What many findings rest on is looked up together, within their days: each gets what it would get alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_example_street import STREET, Audited, audited

from orgaudit.engine import chosen

MONTHS = [f"2024-{month:02}" for month in range(1, 13)]


@pytest.fixture(scope="module", params=["the street", "members who come in March, April and September only"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Records with runs; in the second, each member has three runs, with records in and between them."""
    yield STREET / "records" if request.param == "the street" else seldom(tmp_path_factory.mktemp("seldom"))


def seldom(folder: Path) -> Path:
    tables = {
        "organizations": ["id,name,kind", "B1,一支部,branch"],
        "members": ["id,name,org_id,status", *(f"M{i},党员{i},B1,full" for i in range(5))],
        "meetings": ["id,org_id,kind,held_on", *(f"T{m},B1,general,{m}-10" for m in MONTHS)],
        "attendance": ["meeting_id,member_id,status", *(f"T{m},M{i},{came(m)}" for m in MONTHS for i in range(5))],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "orgaudit.yaml").write_text(
        "standards: [street-party-building]\nperiod: {from: 2024-01-01, to: 2024-12-31}\nas_of: 2024-12-31\nignore: []\n",
        encoding="utf-8",
    )
    return folder


def came(month: str) -> str:
    return "present" if month[-2:] in ("03", "04", "09") else "absent"


def test_evidence_is_the_same_where_few_and_where_many_are_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = told(audited(folder))
    monkeypatch.setattr(chosen, "_FEW", 0)  # so that each look is that of many
    assert told(audited(folder)) == alone
    assert [end for end in alone if "SPB-10" in end[0] and len(end[1]) > 1]  # runs of months, with records in them


def told(of: Audited) -> list[tuple[str, object, object]]:
    return [(f"{f.rule.rule} {f.subject.key} {f.period.label}", f.evidence, f.decided_by) for f in of.findings]
