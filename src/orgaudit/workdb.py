"""The database of one audit: opened with limits, filled, then locked. The only import of duckdb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from orgaudit.errors import OrgauditError
from orgaudit.periods import Calendar
from orgaudit.sql import Sql, text

if TYPE_CHECKING:
    from types import TracebackType

# The functions of the rule language, once for this engine: the same contract holds on every other.
# An argument is copied to each place that names it, with all that stands in it: each is named as seldom as can be.
_FUNCTIONS = """
create macro oa_days(a, b) as (b - a);
create macro oa_month_index(d) as (datediff('month', date '0001-01-01', d) + 12);
create macro oa_date(y, m, d) as try(make_date(y, m, d));
create macro oa_add_days(d, n) as (d + cast(n as integer));
create macro oa_month_end(i) as last_day(date '0001-01-01' + to_months(cast(i - 12 as integer)));
create macro oa_add_months(d, n) as cast(d + to_months(cast(n as integer)) as date);
create macro oa_whole_months(a, b) as (
  datediff('month', a, b) - case when oa_add_months(a, datediff('month', a, b)) > b then 1 else 0 end);
create macro oa_whole_years(a, b) as cast(floor(oa_whole_months(a, b) / 12) as bigint);
create macro oa_weekday(d) as isodow(d);
create macro oa_last_weekday(d, w) as (last_day(d) - cast((isodow(last_day(d)) - w + 7) % 7 as integer));
create macro oa_anniversary(d, y) as oa_add_months(d, (y - year(d)) * 12);
create macro oa_has(l, v) as list_contains(l, v);
create macro oa_substr(t, s) as substring(t, greatest(s, 1)),
  (t, s, n) as substring(t, greatest(s, 1), greatest(s + n - greatest(s, 1), 0));
create macro oa_split_part(t, b, n) as (
  case when b = '' then case when n = 1 then t else '' end when n < 1 then '' else split_part(t, b, n) end);
create macro oa_concat(a, b) as (a || b);
create macro oa_like(t, p) as (t like p);
create macro oa_to_integer(t) as case when regexp_full_match(t, '[+-]?[0-9]{1,18}') then try_cast(t as bigint) end;
create macro oa_to_date(t) as case when regexp_full_match(t, '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}') then try_cast(t as date) end;
"""

# Working days: how many there are up to a day, and the first day with so many.
_COMMON = """
create macro oa_working_days_$place(a, b) as (oa_working_count_$place(b) - oa_working_count_$place(a));
create macro oa_add_working_days_$place(d, n) as oa_working_day_$place(oa_working_count_$place(d) + n);
"""
_WEEKDAYS = (
    """
create macro oa_working_count_$place(d) as (
  ((d - date '0001-01-01') // 7) * 5 + least((d - date '0001-01-01') % 7 + 1, 5));
create macro oa_working_day_$place(i) as (
  date '0001-01-01' + cast(((i - 1) // 5) * 7 + (i - 1) % 5 as integer));
"""
    + _COMMON
)
_WORKING_DAYS = (
    """
create macro oa_working_count_$place(d) as (
  case when d between date '$first' and date '$last'
    then getvariable('working_counts_$place')[cast(d - date '$first' as integer) + 1] end);
create macro oa_working_day_$place(i) as (
  case when i > 0 then getvariable('working_days_$place')[i] end);
"""
    + _COMMON
)

#: What DuckDB 2.0 takes for one and the same part of a plan is not always the same: the arms of a union were seen to exchange
#: their records (drawn rules, seeds 200177 and 300120; its issues 25819 and 24624 are of this kind).
_WRONG = "common_subplan"
#: What is looked for in each plan, and over few rows not worth the look; most of it is found in none, or spares nothing then.
_IDLE = (
    "join_filter_pushdown,join_order,common_subexpressions,common_aggregate,projection_pullup,projection_placement,"
    "column_lifetime,duplicate_groups,aggregate_function_rewriter,aggregate_reuse,partial_aggregate_pushdown,grouping_sets,"
    "outer_join_simplification,join_elimination,reorder_filter,redundant_order_keys,window_self_join,top_n_window_elimination"
)
#: Threads are quicker to reckon, but slower to start.
_FOR_LITTLE = {"threads": "1", "disabled_optimizers": f"{_WRONG},{_IDLE}"}
#: With what statistics tell of small tables, DuckDB 2.0 may end with an internal error, after which nothing can be asked any
#: more (its issue 24807 is of this kind).
_DOUBTED = "join_filter_pushdown,statistics_propagation"
_SHARE = 0.8  #: of a memory limit: the rest is left for all that the engine does not count
_MUCH = 200_000_000  #: bytes of tables from which on they are worth compressing
_FEW = 50  #: rows that are quicker written down than unfolded from lists


class Unreadable(Exception):
    """A file that the engine cannot read, with the reason it gives."""


class WorkDb:
    """An in-memory DuckDB that spills to a private folder; `lock()` shuts it off from files and settings for good.

    `little`: it will hold little data and run many small statements; `careful`: it was lost before (`engine-lost`).
    """

    def __init__(
        self,
        *,
        memory_limit: str | None = None,
        temp_limit: str | None = None,
        little: bool = False,
        careful: bool = False,
    ) -> None:
        import duckdb

        self._error, self._stopped, self._no_room = duckdb.Error, duckdb.InterruptException, duckdb.OutOfMemoryException
        self._lost = (duckdb.InternalException, duckdb.FatalException)
        self._heard: list[str] | None = None
        self._filled: dict[str, Sequence[Sequence[object]]] = {}
        self._shown: dict[str, str] = {}
        self._little = little
        self._spill = Path(mkdtemp(prefix="orgaudit-"))
        self._con = duckdb.connect(":memory:")
        settings = {
            "python_enable_replacements": "false",
            "enable_progress_bar": "false",  # it would stand among what is printed
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": str(self._spill),
            "max_temp_directory_size": temp_limit,
            "memory_limit": memory_limit,
            "disabled_optimizers": _WRONG,
            **(_FOR_LITTLE if little else {}),
            **({"disabled_optimizers": f"{_WRONG},{_DOUBTED}"} if careful else {}),
        }
        self._optimizers = {name for (name,) in self._execute("select name from duckdb_optimizers()")}
        for key, value in settings.items():
            if value is not None:
                self._set(key, value)
        if memory_limit is not None:
            self._leave_room()
        self._con.execute(_FUNCTIONS)

    def _leave_room(self) -> None:
        """The limit that was set is that of the whole program, as near as can be."""
        (size, unit), *_ = (str(said).split() for (said,) in self._execute("select current_setting('memory_limit')"))
        self._set("memory_limit", f"{float(size) * _SHARE:.1f} {unit}")

    def _set(self, key: str, value: str) -> None:
        if (
            key == "disabled_optimizers"
        ):  # each version of the engine has others, and refuses names that it does not know
            value = ",".join(name for name in value.split(",") if name in self._optimizers)
        quoted = value.replace("'", "''")
        try:
            self._con.execute(f"set {key} = '{quoted}'")
        except self._error as e:
            raise OrgauditError("engine-setting", {"setting": key, "value": value, "reason": str(e)}) from e

    @property
    def folder(self) -> Path:
        """A private folder for temporary files; gone with `close()`."""
        return self._spill

    def _execute(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Every statement; an interruption, however the engine tells it, is the user's, a fault of its own the end."""
        try:
            return self._con.execute(statement, list(values)).fetchall()
        except self._stopped as e:
            raise KeyboardInterrupt from e
        except self._lost as e:
            raise OrgauditError("engine-lost", {"reason": str(e).split("\n")[0]}) from e
        except RuntimeError as e:  # as it is told while a result is being made
            if "interrupted" in str(e).lower():
                raise KeyboardInterrupt from e
            raise

    def run(self, tree: Sql) -> None:
        """Runs a statement for its effect."""
        self.rows(tree)

    @contextmanager
    def heard(self) -> Iterator[list[str]]:
        """The statements that are run inside the block, as people read them."""
        found: list[str] = []
        self._heard = found
        try:
            yield found
        finally:
            self._heard = None

    def made(self, tree: Sql) -> int:
        """Runs a statement that makes rows; how many it has made."""
        return int(self.rows(tree)[0][0])

    def rows(self, tree: Sql) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        if self._heard is not None:
            self._heard.append(text(tree.copy(), pretty=True))
        try:
            return self._execute(text(tree))
        except self._error as e:
            raise OrgauditError("engine", {"reason": str(e).split("\n")[0]}) from e

    def load(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Runs a loading statement written by hand for this engine (reading files); refused once locked by the engine."""
        return self._execute(statement, values)

    def show(self, table: str, rows: str, of: str) -> None:
        """An empty table becomes what a select tells of another one, which is its own from now on; until it is changed."""
        self._execute(f'drop table "{table}"; create temp view "{table}" as {rows}')
        self._shown[table] = of

    def change(self, table: str, statement: str, values: Sequence[object] = ()) -> None:
        """Runs a loading statement that changes rows of a table; one that shows those of another gets them before."""
        if table in self._shown:
            kept = f'create table "{table} changed" as select * from "{table}"; drop view "{table}"'
            self._execute(
                f'{kept}; alter table "{table} changed" rename to "{table}"; drop table "{self._shown.pop(table)}"'
            )
        self._execute(statement, values)

    def tried(self, statement: str) -> list[tuple[Any, ...]]:
        """The same of a statement that reads a file; raises Unreadable where the file is the reason that it cannot."""
        try:
            return self.load(statement)
        except self._error as e:
            reason = str(e).split("\n")[0]
            if isinstance(e, self._no_room) or "No space left" in reason:
                raise OrgauditError("engine", {"reason": reason}) from e
            raise Unreadable(reason) from e

    def fill(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Creates a table (column → type) from Python rows."""
        kinds = ", ".join(f'"{c}" {k}' for c, k in columns.items())
        self._execute(f'create table "{table}" ({kinds})')
        if rows and len(rows) <= _FEW:
            places = ", ".join([f"({', '.join('?' * len(columns))})"] * len(rows))
            self._execute(f'insert into "{table}" values {places}', [cell for row in rows for cell in row])
        elif rows:
            parts = ", ".join(f"unnest(cast(? as {k}[]))" for k in columns.values())
            self._execute(f'insert into "{table}" select {parts}', [list(values) for values in zip(*rows, strict=True)])

    def fill_once(self, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """The same of a table that others may have filled with these very rows."""
        known = self._filled.setdefault(table, rows)
        if known is rows:
            self.fill(table, columns, rows)
        elif list(known) != list(rows):
            raise AssertionError(f"{table} is filled with other rows")

    def has(self, table: str) -> bool:
        """Whether there is such a table (an error would end what is done tentatively)."""
        return bool(self.load("select 1 from duckdb_tables() where table_name = ?", [table]))

    def drop(self, table: str) -> None:
        """Forgets a table, if there is one."""
        self.load(f'drop table if exists "{table}"')

    def know_calendar(self, place: int, calendar: Calendar) -> None:
        """Defines the functions of working days of a calendar, told apart by `place`; outside its years they are NULL."""
        if calendar.first is not None and calendar.last is not None:
            self._con.execute(f"set variable working_counts_{place} = cast($1 as integer[])", [calendar.counts])
            self._con.execute(f"set variable working_days_{place} = cast($1 as date[])", [list(calendar.worked)])
        functions = _WEEKDAYS if calendar.first is None else _WORKING_DAYS
        for key, value in {"$place": place, "$first": calendar.first, "$last": calendar.last}.items():
            functions = functions.replace(key, str(value))
        self._con.execute(functions)

    @contextmanager
    def tentatively(self) -> Iterator[None]:
        """Whatever is made inside is gone afterwards."""
        self._con.execute("begin transaction")
        filled = dict(self._filled)
        try:
            yield
        finally:
            self._con.execute("rollback")
            self._filled = filled

    def compact(self) -> None:
        """What has become much is kept as it would be in a file: compressed, which takes a tenth of the memory."""
        held = "select coalesce(sum(memory_usage_bytes), 0) from duckdb_memory() where tag = 'IN_MEMORY_TABLE'"
        if not self._little and self._execute(held)[0][0] > _MUCH:
            self._execute("checkpoint")

    def lock(self) -> None:
        """No file, no network, no setting from here on: nothing that a rule says can reach outside."""
        if self._little:  # not before: reading asks for statistics
            self._set("disabled_optimizers", f"{_WRONG},{_IDLE},{_DOUBTED}")
        self._set("enable_external_access", "false")
        self._set("lock_configuration", "true")

    def close(self) -> None:
        """Lets go of memory and of the temporary folder."""
        import shutil

        self._con.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def __enter__(self) -> WorkDb:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
