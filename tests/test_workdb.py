"""The database of an audit: nothing that runs after the lock reaches a file, a network or a setting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orgaudit import sql as q
from orgaudit.errors import OrgauditError
from orgaudit.workdb import WorkDb


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[WorkDb]:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with WorkDb() as db:
        db.fill("boats", {"id": "varchar"}, [("B1",)])
        db.lock()
        yield db


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{folder}/secret.csv')",
        "copy boats to '{folder}/out.csv'",
        "with x as (copy (select 42) to '{folder}/secret.csv') from x",
        "attach '{folder}/other.db'",
        "install httpfs",
        "set enable_external_access = true",
        "set memory_limit = '9GB'",
    ],
)
def test_a_locked_database_reaches_nothing(statement: str, locked: WorkDb, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"(?i)disabled|locked|permission|cannot|syntax|not allowed"):
        locked.load(statement.format(folder=tmp_path))
    assert (tmp_path / "secret.csv").read_text(encoding="utf-8") == "a\n1\n"
    assert [p.name for p in tmp_path.iterdir()] == ["secret.csv"]


def test_what_was_loaded_is_still_there(locked: WorkDb) -> None:
    assert locked.rows(q.select({"id": q.col("b", "id")}, q.table("boats", "b"))) == [("B1",)]


def test_a_limit_that_the_engine_does_not_take_is_told() -> None:
    with pytest.raises(OrgauditError) as told:
        WorkDb(memory_limit="much")
    assert (told.value.code, told.value.values["setting"]) == ("engine-setting", "memory_limit")


def test_the_temporary_folder_is_gone_with_the_database() -> None:
    db = WorkDb()
    folder = db.folder
    assert folder.is_dir()
    db.close()
    assert not folder.exists()


def test_a_day_that_there_is_not_stops_nothing(locked: WorkDb) -> None:
    assert locked.load("select oa_date(2023, 2, 29), oa_date(2024, 13, 1)") == [(None, None)]
    assert locked.load("select cast(oa_date(2024, 2, 29) as varchar)") == [("2024-02-29",)]


def test_what_another_version_of_the_engine_does_not_know_is_not_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small folders could not be audited at all with an engine that has other optimizers."""
    monkeypatch.setattr("orgaudit.workdb._FOR_LITTLE", {"disabled_optimizers": "join_order,of_another_version"})
    with WorkDb(little=True) as db:
        assert db.load("select current_setting('disabled_optimizers')") == [("join_order",)]
