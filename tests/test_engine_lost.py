"""A fault of the database engine, after which nothing can be asked any more, ends no audit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from support import orgaudit

from orgaudit.workdb import WorkDb

ROOT = Path(__file__).parent.parent
RECORDS = ROOT / "examples" / "housing-cooperative" / "records"
BYLAWS = ROOT / "examples" / "housing-cooperative"
CAREFUL = "statistics_propagation"


class Faulty:
    """A connection that is lost at the first table of verdicts, always or unless it is used carefully."""

    def __init__(self, con: Any, *, always: bool) -> None:
        self.con, self.always, self.lost, self.careful = con, always, False, False

    def execute(self, statement: str, *values: Any) -> Any:
        self.careful |= CAREFUL in statement
        if self.lost:
            raise duckdb.FatalException("FATAL Error: database has been invalidated")
        self.lost = statement.startswith('CREATE TABLE "results') and (self.always or not self.careful)
        if self.lost:
            raise duckdb.InternalException("INTERNAL Error: dict-surviving join")
        return self.con.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.con, name)


@pytest.mark.parametrize("kind", [{}, {"little": True}, {"careful": True}])
def test_no_part_of_a_plan_is_shared(kind: dict[str, bool]) -> None:
    """With shared parts arms of a union were seen to exchange their records."""
    with WorkDb(**kind) as db:
        ask = "select current_setting('disabled_optimizers')"
        opened = db.load(ask)
        db.lock()
        assert all("common_subplan" in settings.split(",") for ((settings,),) in (opened, db.load(ask)))


def made_faulty(monkeypatch: pytest.MonkeyPatch, *, always: bool) -> list[Faulty]:
    monkeypatch.setattr("orgaudit.records.load._LITTLE", 0)  # little data is taken carefully at once
    made: list[Faulty] = []
    connect = duckdb.connect

    def faulty(*words: str) -> Faulty:
        made.append(Faulty(connect(*words), always=always))
        return made[-1]

    monkeypatch.setattr(duckdb, "connect", faulty)
    return made


def test_the_audit_is_made_once_more_and_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = orgaudit("check", RECORDS, "-s", BYLAWS, "-f", "json")
    made = made_faulty(monkeypatch, always=False)
    again = orgaudit("check", RECORDS, "-s", BYLAWS, "-f", "json")
    assert [(f.lost, f.careful) for f in made] == [(True, False), (False, True)]
    assert (again.code, again.out) == (whole.code, whole.out)


def test_what_is_lost_again_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = made_faulty(monkeypatch, always=True)
    told = orgaudit("check", RECORDS, "-s", BYLAWS, "-o", f"json={tmp_path / 'out.json'}")
    assert (len(made), told.code, list(tmp_path.iterdir())) == (2, 2, [])
    assert "the database engine ended with a fault of its own: INTERNAL Error: dict-surviving join" in told.err
    assert "Traceback" not in told.err
