"""Standards drawn at random for a record model: every measure with windows, bounds, exemptions and paths.

`draw_standard(random, model)` makes one as plain dicts that can be written as YAML; `standards(model)` is a hypothesis
strategy of them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from hypothesis import strategies as st
from oracle.model import Key, Table, read_model
from strategies import Case, Rates, build, build_together, words_of

Rule = dict[str, Any]
NUMBERS = ("integer", "number")
DATES = ("date", "yearmonth")
DAYS = ["2023-12-31", "2024-02-15", "2024-05-01", "2024-07-01", "2024-10-31"]
LENGTHS = ["5 days", "30 days", "45 days", "6 weeks", "1 months", "2 months", "10 working days", "1 years"]


#: enough of everything for measures to find something
SIZES = {
    "stations": (2, 4), "rescuers": (3, 6), "posts": (1, 4), "missions": (4, 10), "crews": (1, 1), "leaves": (1, 4),
    "scores": (3, 8), "answers": (2, 6),
}  # fmt: skip
RATES = Rates(
    blank=0.05, unreadable=0.015, dropped_column=0.015, missing_table=0.01, dangling=0.015, covers=0.1, silence=0.05,
)  # fmt: skip


class DeadEndError(Exception):
    """This draw leads nowhere; another may."""


@dataclass
class Names:
    """What an expression may speak of."""

    table: Table | None  # of the row at hand; None: the whole audit
    prefix: str = ""  # before the names of the row at hand
    subject: Table | None = None  # whose names stand behind `subject.`
    each: dict[str, Any] = field(default_factory=dict)  # a name of `each` -> the table of its records
    with_numbers: bool = False  # defined numbers of the row at hand may be asked
    with_neighbours: bool = True


@dataclass
class Counted:
    """A group to be looked at, and the `each` that it asks for."""

    text: str
    table: Table
    each: dict[str, Any] = field(default_factory=dict)
    records: dict[str, Any] = field(default_factory=dict)  # name of `each` -> table of its records


@dataclass
class Drawer:
    rng: random.Random
    tables: dict[str, Table]
    parameters: dict[str, Any] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)  # name -> table
    numbers: dict[str, str | None] = field(default_factory=dict)  # name -> table; None: the whole audit
    truths: dict[str, str] = field(default_factory=dict)
    define: dict[str, Any] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    subjects: dict[str, str | None] = field(default_factory=dict)  # rule -> table, of those that may be breached
    has_period: bool = False  # `every`, or what is asked of each period
    is_free: bool = True  # neither `every` nor `within` nor an event: numbers of other records may be asked

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def one(self, options: Any) -> Any:
        options = list(options)
        if not options:
            raise DeadEndError
        return self.rng.choice(options)

    def weighted(self, options: Mapping[Any, float]) -> Any:
        return self.rng.choices(list(options), list(options.values()))[0]

    def again(self, draw: Callable[[], Any]) -> Any:
        """The first draw that leads somewhere."""
        while True:
            try:
                return draw()
            except DeadEndError:
                continue

    # -- fields

    def fields(self, table: Table | None, *kinds: str) -> list[str]:
        """Fields of some types; neither references nor identifiers."""
        if table is None:
            return []
        placing = {column for k in table.keys for column in k.columns} | {
            *table.primary,
            *(table.attest or {}).values(),
        }
        if table.about:
            placing -= set(table.about.values())
        return [n for n, spec in table.fields.items() if n not in placing and spec.get("type", "string") in kinds]

    def closed(self, table: Table | None) -> list[str]:
        return [n for n in self.fields(table, "string") if table and table.fields[n].get("categories")]

    def category(self, table: Table, name: str) -> str:
        return str(self.one(c["value"] for c in table.fields[name]["categories"]))

    def day(self) -> str:
        return f"date '{self.one(DAYS)}'"

    def parameter(self, name: str, *values: Any) -> str:
        """A parameter that changes in the middle of the year, or does not."""
        dates = [date(2020, 1, 1), date(2024, 7, 1)][: len(values)]
        self.parameters[name] = dict(zip(dates, values, strict=True))
        return f"${name}"

    # -- conditions

    def condition(self, names: Names) -> str:
        how = self.weighted({"one": 5, "and": 2, "or": 2, "not": 1})
        if how == "one":
            return self.atom(names)
        if how == "not":
            return f"not ({self.atom(names)})"
        return f"{self.atom(names)} {how} {self.atom(names)}"

    def atom(self, names: Names) -> str:
        table = names.table
        asks: dict[Callable[[Names, Table], str], float] = {
            self.ask_category: 6, self.ask_truth: 2, self.ask_number: 4, self.ask_date: 4, self.ask_list: 1,
            self.ask_recorded: 1, self.ask_behind: 3, self.ask_reference: 2, self.ask_neighbour: 1, self.ask_case: 1,
        }  # fmt: skip
        if names.with_numbers:
            asks |= {self.ask_defined: 4}
        if names.each:
            asks |= {self.ask_each: 2}
        if table is None:
            return self.ask_defined(names, table)
        for _ in range(20):
            try:
                return str(self.weighted(asks)(names, table))
            except DeadEndError:
                continue
        raise DeadEndError

    def ask_category(self, names: Names, table: Table) -> str:
        name = self.one(self.closed(table))
        value, other = self.category(table, name), self.category(table, name)
        form = self.one(["{} = '{}'", "{} = '{}'", "{} <> '{}'", "{} in ('{}', '{}')", "{} not in ('{}', '{}')"])
        if self.chance(0.15):
            values = [str(c["value"]) for c in table.fields[name]["categories"]]
            return f"{names.prefix}{name} in {self.parameter(f'some_{table.name}_{name}', values[:2])}"
        return str(form.format(names.prefix + name, value, other))

    def ask_truth(self, names: Names, table: Table) -> str:
        name = self.one([n for n, t in self.truths.items() if t == table.name] if names.with_numbers else [])
        return names.prefix + str(name) if self.chance(0.5) else names.prefix + self.one(self.fields(table, "boolean"))

    def ask_number(self, names: Names, table: Table) -> str:
        name = names.prefix + self.one(self.fields(table, *NUMBERS))
        low = self.one([0, 1, 2, 5, 20])
        forms = [f"{name} >= {low}", f"{name} < {low}", f"{name} between {low} and {low + 20}", f"{name} <> {low}"]
        other = [n for n in self.fields(table, *NUMBERS) if names.prefix + n != name]
        if other:
            forms.append(f"{name} + 1 > {names.prefix}{self.one(other)}")
        return str(self.one(forms))

    def ask_date(self, names: Names, table: Table) -> str:
        name = names.prefix + self.one(self.fields(table, *DATES))
        forms = [
            f"{name} < {self.day()}", f"{name} >= {self.day()}", f"month({name}) in (3, 6, 12)", f"weekday({name}) < 4",
            f"days({name}, as_of) > 60", f"working_days({name}, {self.day()}) > 20", f"quarter({name}) = 1",
            f"coalesce({name}, {self.day()}) < {self.day()}", f"add_months({name}, 3) > {self.day()}",
        ]  # fmt: skip
        if self.has_period:
            forms += [f"{name} <= period_end", f"{name} > period_start", f"add_days({name}, 40) > period_end"]
        if names.subject is not None and self.fields(names.subject, *DATES):
            forms.append(f"{name} > subject.{self.one(self.fields(names.subject, *DATES))}")
        return str(self.one(forms))

    def ask_list(self, names: Names, table: Table) -> str:
        return f"has({names.prefix}{self.one(self.fields(table, 'list'))}, '{self.one('xy')}')"

    def ask_recorded(self, names: Names, table: Table) -> str:
        what = self.one(self.fields(table, "string", "list", *DATES, *NUMBERS) + [k.name for k in table.keys])
        return f"{names.prefix}{what} is {self.one(['', 'not '])}recorded"

    def ask_behind(self, names: Names, table: Table) -> str:
        """Something of the record that a reference leads to."""
        key = self.one(table.keys)
        there = replace(names, table=self.tables[key.target], prefix=f"{names.prefix}{key.name}.", each={})
        there = replace(there, with_numbers=self.is_free, with_neighbours=False)
        ask = self.one([self.ask_category, self.ask_number, self.ask_date, self.ask_truth])
        return str(ask(there, self.tables[key.target]))

    def ask_reference(self, names: Names, table: Table) -> str:
        key = self.one(table.keys)
        named = [n for n, t in self.groups.items() if t == key.target]
        if named and self.chance(0.5):
            return f"{names.prefix}{key.name} {self.one(['', 'not '])}in {self.one(named)}"
        if names.subject is not None:
            same = [k.name for k in names.subject.keys if k.target == key.target]
            return f"{names.prefix}{key.name} {self.one(['=', '<>'])} subject.{self.one(same)}"
        same = [k.name for k in table.keys if k.target == key.target and k is not key]
        return f"{names.prefix}{key.name} {self.one(['=', '<>'])} {names.prefix}{self.one(same)}"

    def ask_neighbour(self, names: Names, table: Table) -> str:
        if table.order is None or not names.with_neighbours:
            raise DeadEndError
        step = self.one(["previous", "next"])
        there = replace(names, prefix=f"{names.prefix}{step}.", with_numbers=False, with_neighbours=False)
        return str(self.one([self.ask_category, self.ask_number, self.ask_date])(there, table))

    def ask_case(self, names: Names, table: Table) -> str:
        number = names.prefix + self.one(self.fields(table, *NUMBERS))
        return f"case when {self.ask_category(names, table)} then {number} else 77 end > {self.one([0, 2, 20])}"

    def ask_defined(self, names: Names, table: Table | None) -> str:
        """A comparison with a number that is defined."""
        prefix = "audit." if table is None else names.prefix
        owned = [n for n, t in self.numbers.items() if t == (table.name if table else None)]
        name = prefix + self.one(owned)
        n = self.one([0, 1, 1, 2])
        forms = [f"{name} >= {n}", f"{name} <= {n}", f"{name} <> {n}", f"{name} + 1 > {n}", f"2 * {name} = {n}"]
        forms += [f"{name} {self.one(['>', '<=', '='])} {prefix}{other}" for other in owned if prefix + other != name]
        return str(self.one(forms))

    def ask_each(self, names: Names, table: Table) -> str:
        name = self.one(names.each)
        there = Names(names.each[name], f"each.{name}.", with_neighbours=False)
        return str(self.one([self.ask_category, self.ask_number, self.ask_date])(there, names.each[name]))

    # -- paths and groups

    def steps(self, table: Table) -> list[tuple[str, Table]]:
        found = [(k.name, self.tables[k.target]) for k in table.keys]
        found += [(k.reverse, t) for t in self.tables.values() for k in t.keys if k.target == table.name]
        if len(table.own_references) == 1:
            found += [("ancestors", table), ("descendants", table), ("descendants", table)]
        if table.order is not None:
            found += [("previous", table), ("next", table)]
        return found

    def paths(self, table: Table | None) -> list[tuple[list[str], Table]]:
        """All paths of one or two steps, and those of three that go on backwards."""
        from_all = [(["audit", t.name], t) for t in self.tables.values()]
        if table is None:
            return from_all + [([*p, s], e) for p, t in from_all for s, e in self.steps(t) if self.is_back(t, s)]
        short = [([s], e) for s, e in self.steps(table)]
        longer = [([*p, s], e) for p, t in short for s, e in self.steps(t) if self.is_back(t, s)]
        return short * 4 + longer + (from_all if self.chance(0.3) else [])

    def is_back(self, table: Table, name: str) -> bool:
        return table.key(name) is None and name not in ("previous", "next")

    def path(self, table: Table | None, want: Callable[[Table], bool]) -> tuple[list[str], Table]:
        paths = [(p, t) for p, t in self.paths(table) if want(t) and not t.attest]
        backwards = [(p, t) for p, t in paths if p[-1] not in {k.name for x in self.tables.values() for k in x.keys}]
        found = self.one(backwards if backwards and self.chance(0.85) else paths)
        return found[0], found[1]

    def group(
        self, names: Names, want: Callable[[Table], bool] = lambda t: True, *, timed: bool = True, plain: bool = False,
    ) -> Counted:  # fmt: skip
        """A group as seen from the row at hand (the subject)."""
        path, table = self.path(names.table, want)
        named = [n for n, t in self.groups.items() if t == table.name]
        if named and path[:-1] == ["audit"] and self.chance(0.3):
            path = [*path[:-1], self.one(named)]
        text = ".".join(path)
        if named and self.chance(0.12):
            text += f" in {self.one(named)}"
        dates = [n for n in self.fields(table, "date") if "role" not in table.fields[n]]
        if timed and dates and self.chance(0.12):
            text += f" dated {self.one(dates)}"
        elif timed and self.chance(0.1):
            text += " ever"
        if not plain and self.chance(0.5):
            row = Names(table, "", names.table, names.each, self.is_free)
            text += f" where {self.condition(row)}"
        return Counted(text, table)

    def with_each(self, names: Names, want: Callable[[Table], bool]) -> Counted:
        """A group that asks for one of `each`."""
        counted = self.group(names, want, plain=True)
        options = [self.each_value, self.each_value, self.each_record]
        each, condition, records = self.one(options)(names, counted)
        counted.text += f" where {condition}"
        counted.each, counted.records = each, records
        if self.chance(0.3):
            row = Names(counted.table, "", names.table, records, self.is_free)
            counted.text += f" and ({self.condition(row)})"
        return counted

    def each_value(self, names: Names, counted: Counted) -> tuple[Any, str, Any]:
        name = self.one(self.closed(counted.table))
        values = [str(c["value"]) for c in counted.table.fields[name]["categories"]]
        found: Any = self.one([values, values[:2]])
        if names.table is None or not names.table.is_event:
            if self.chance(0.3):
                found = self.parameter(f"asked_{name}", values[:2], values[1:])
            elif self.chance(0.5):
                found = f"{name} of {self.group(names, lambda t: t is counted.table, plain=self.chance(0.5)).text}"
        each = f"v_{name}"
        return {each: found}, f"{name} = each.{each}", {}

    def each_record(self, names: Names, counted: Counted) -> tuple[Any, str, Any]:
        key: Key = self.one(k for k in counted.table.keys if len(k.columns) == 1)
        there = self.tables[key.target]
        group = self.group(names, lambda t: t is there)
        each = f"the_{there.singular}"
        return {each: group.text}, f"{key.name} = each.{each}", {each: there}

    # -- measures

    def number_of(self, table: Table) -> str:
        """An expression of a number over a row."""
        names = self.fields(table, *NUMBERS)
        dates = self.fields(table, *DATES)
        forms = names * 4 + [f"{n} + 1" for n in names] + [f"2 * {n}" for n in names]
        forms += [f"month({d})" for d in dates] + [f"days({d}, as_of)" for d in dates[:1]]
        forms += [f"coalesce({n}, 3)" for n in names]
        return str(self.one(forms))

    def value_of(self, table: Table) -> str:
        """Anything that can be counted as different."""
        closed, keys = self.closed(table), [k.name for k in table.keys]
        return str(
            self.one(closed * 3 + keys * 2 + self.fields(table, *NUMBERS, "boolean") + self.fields(table, "date"))
        )

    def measure(self, names: Names, kind: str, *, each: bool = False) -> tuple[Rule, Counted]:
        """A measure over a group, and what it looks at."""
        if kind == "ratio":
            of, counted = self.measure(names, self.one(["count", "count", "sum", "distinct"]), each=each)
            to, _ = self.measure(names, self.one(["count", "count", "distinct", "sum"]))
            return {"ratio": {"of": of, "to": to}}, counted
        is_number = kind == "sum" or (kind in ("min", "max") and self.chance(0.7))

        def want(t: Table) -> bool:
            return bool(
                self.fields(t, *NUMBERS) if is_number else self.fields(t, "date") if kind in ("min", "max") else 1
            )

        counted = self.with_each(names, want) if each else self.group(names, want)
        if kind == "count":
            union = not each and self.chance(0.12)
            others = [self.group(names, lambda t: t is counted.table).text] if union else []
            return {"count": [counted.text, *others] if others else counted.text}, counted
        if kind == "share":
            row = Names(counted.table, "", names.table, counted.records, self.is_free)
            return {"share": {"of": counted.text, "where": self.condition(row)}}, counted
        if kind == "distinct":
            return {"distinct": f"{self.value_of(counted.table)} of {counted.text}"}, counted
        what = self.number_of(counted.table) if is_number else self.one(self.fields(counted.table, "date"))
        return {kind: f"{what} of {counted.text}"}, counted

    def sort_of(self, measure: Rule) -> str:
        """What its bound is like."""
        for name in ("min", "max"):
            if name in measure:
                text = measure[name].split(" of ")[0]
                return "date" if any(text in self.fields(t, "date") for t in self.tables.values()) else "number"
        return {"count": "few", "distinct": "few", "sum": "number", "share": "part", "ratio": "part"}[
            next(iter(measure))
        ]

    # -- bounds

    TYPICAL = {
        "few": [0, 1, 1, 2, 3], "number": [1, 2.5, 10, 30], "part": ["50%", "1/3", "75%", "2/3", "25%"],
        "long": [1, 2, 2, 3], "days": ["20 days", "60 days", "6 weeks", "2 months", "30 working days"],
    }  # fmt: skip

    def bound(self, sort: str, names: Names, *, levels: bool = True) -> Rule:
        if sort == "date":
            dates = [self.day(), "as_of", f"add_months({self.day()}, {self.one([2, 6])})"]
            dates += ["period_end", "add_months(period_start, 1)"] if self.has_period else []
            dates += [f"subject.{d}" for d in self.fields(names.table, "date")]
            return {self.one(["at_least", "at_most", "more_than", "less_than"]): self.one(dates)}
        if levels and sort in ("few", "number") and self.chance(0.2):
            return {"levels": self.levels(sort)}
        if sort != "part" and self.chance(0.1):
            low = self.one([0, 1, 2])
            return {"between": [low, self.one([low + 1, low + 3])]}
        name = self.one(["at_least", "at_least", "at_most", "at_most", "more_than", "less_than", "exactly"])
        value = self.limit(sort, names)
        return {name: self.KEPT_BY_NONE.get(f"{name} {value}", value)}

    #: what nothing that is counted could keep, and what stands there instead
    KEPT_BY_NONE = {"less_than 0": 1, "exactly 2.5": 2}

    def limit(self, sort: str, names: Names) -> Any:
        how = self.weighted({"plain": 6, "parameter": 2, "expression": 2})
        if how == "parameter":
            values = {"few": (1, 2), "number": (2, 12), "part": ("50%", "2/3"), "days": ("30 days", "60 days")}
            return self.parameter(f"a_{sort}", *values[sort])
        if how == "expression" and sort in ("few", "number"):
            own = self.fields(names.table, *NUMBERS)
            found = [f"subject.{n}" for n in own] + [f"subject.{n} + 1" for n in own]
            found += [f"each.{e}.{n}" for e, t in names.each.items() for n in self.fields(t, *NUMBERS)]
            if names.with_numbers:
                prefix = "audit" if names.table is None else "subject"
                owner = names.table.name if names.table else None
                found += [f"{prefix}.{n}" for n, t in self.numbers.items() if t == owner]
            if found:
                return self.one(found)
        return self.one(self.TYPICAL[sort])

    def levels(self, sort: str) -> list[Rule]:
        if sort in ("few", "long"):
            low = self.one([1, 2])
            found: list[Rule] = [{"between": [low, low + 1], "level": "low"}, {"at_least": low + 2, "level": "high"}]
            if self.chance(0.4):
                found.insert(0, {"at_most": low - 1, "level": "ok"})
            return found
        found = [
            {"less_than": 2, "level": "short"},
            {"between": [2, 20], "level": "ok"},
            {"more_than": 20, "level": "long"},
        ]
        return found if self.chance(0.7) else found[1:]

    # -- exemptions

    def unless(self, names: Names, sort: str | None, *, run: bool = False, event: Table | None = None) -> Rule:
        """None, one or two exemptions; `sort` says what another bound would be like (None: there can be none)."""
        found = []
        for i in range(self.weighted({0: 5, 1: 3, 2: 2})):
            effect = self.effect(names, sort, run=run)
            of_event = event if effect in ("skip", "break") else None
            try:
                exemption = self.excuse(names, of_event)
            except DeadEndError:
                continue
            exemption |= {"id": f"u{i}", "clause": f"c{i}"} | ({} if effect == "excuse" else {"effect": effect})
            found.append(exemption)
        return {"unless": found} if found else {}

    def effect(self, names: Names, sort: str | None, *, run: bool) -> Any:
        if run and self.chance(0.75):
            return self.one(["skip", "break"])
        if sort is None or self.chance(0.6):
            return "excuse"
        if sort in ("long", "days"):
            return {"at_most": self.one(self.TYPICAL[sort])}
        return self.bound(sort, replace(names, each={}), levels=False)

    def excuse(self, names: Names, event: Table | None) -> Rule:
        kinds = {"condition": 3, "test": 3, "during": 2, "during_all": 1, "season": 2}
        kind = self.weighted(kinds)
        if kind == "season":
            season = self.one(["07-01 to 08-31", "12-15 to 01-15", "03-01 to 03-31", "02-01 to 11-30"])
            return {self.one(["during", "during_all"]): f"yearly {season}"}
        if kind in ("during", "during_all"):
            return {kind: self.group(names, lambda t: t.is_state, timed=False).text}
        if event is not None:
            return {
                "when": self.test_of_event(names, event) if kind == "test" else self.condition_of_event(names, event)
            }
        return {"when": self.test(names) if kind == "test" else self.condition(names)}

    def test(self, names: Names) -> Rule:
        kinds = {"count": 6, "distinct": 1, "sum": 1, "min": 1, "max": 1, "share": 1, "ratio": 1, "value": 1}
        kind = self.weighted(kinds)
        if kind == "value":
            return self.own_value(names) | self.bound("number", names, levels=False)
        measure, _ = self.measure(names, kind)
        return measure | self.bound(self.sort_of(measure), names, levels=False)

    def own_value(self, names: Names) -> Rule:
        if names.table is None:
            return {"value": "audit." + self.one(n for n, t in self.numbers.items() if t is None)}
        owned = [n for n, t in self.numbers.items() if t == names.table.name]
        if owned and self.chance(0.4):
            forms = [
                *owned,
                f"{self.one(owned)} - {self.one(owned)}",
                f"2 * {self.one(owned)}",
                f"{self.one(owned)} + 1",
            ]
            return {"value": self.one(forms)}
        numbers = self.fields(names.table, *NUMBERS)
        if names.table.order is not None and numbers and self.chance(0.4):
            return {"value": f"{self.one(numbers)} - previous.{self.one(numbers)}"}
        return {"value": self.number_of(names.table)}

    # -- whom and when

    def subject(self, *, state_like: bool = False) -> tuple[Rule, Names]:
        """`for`, and what names mean there."""
        self.has_period = False
        if self.chance(0.08):
            return {}, Names(None, with_numbers=True)
        tables = [t for t in self.tables.values() if not t.attest and not (state_like and t.is_event)]
        table = self.one([t for t in tables for _ in range(1 + 2 * t.is_state)])
        self.is_free = True
        named = [n for n, t in self.groups.items() if t == table.name]
        text = self.one(named) if named and self.chance(0.2) else table.name
        if named and self.chance(0.1):
            text += f" in {self.one(named)}"
        if not state_like and self.chance(0.05):
            text += " ever"
        if self.chance(0.4):
            text += f" where {self.condition(Names(table, with_numbers=True))}"
        return {"for": text}, Names(table, with_numbers=True)

    def times(self, names: Names) -> Rule:
        """`every`, `within`, both or neither."""
        found: Rule = {}
        if (names.table is None or not names.table.is_event) and self.chance(0.45):
            found |= self.every()
        if self.chance(0.35 if not found else 0.15):
            found |= self.within(names, "every" in found)
        self.has_period = "every" in found
        self.is_free = not found and not (names.table is not None and names.table.is_event)
        return found

    def every(self) -> Rule:
        lengths = {"month": 1, "quarter": 2, "half-year": 3, "year": 4, "2 months": 1, "4 months": 1, "week": 0.2}
        found: Rule = {"every": self.weighted(lengths)}
        if self.chance(0.2):
            found = {"every": self.one(["3 months", "7 months", "6 months"]), "step": self.one(["month", "2 months"])}
        if self.chance(0.4):
            found["alive"] = self.one(["sometime", "at_end"])
        return found

    def within(self, names: Names, every: bool) -> Rule:
        days = self.fields(names.table, "date")
        if names.table is not None:
            days += [f"{k.name}.{d}" for k in names.table.keys for d in self.fields(self.tables[k.target], "date")][:2]
        days = days * 2 + (["period_start", "period_end"] if every else [])
        day = self.one(days)
        length = self.one([*LENGTHS, self.parameter("a_time", "30 days", "3 months")])
        last = f"add_days({day}, {self.one([20, 60])})"
        options: list[Any] = [f"{length} after {day}", f"{length} after {day}", {"from": day, "to": last}]
        return {"within": self.one([*options, {"from": day}, {"to": last}])}

    # -- rules

    def found_rule(self, kind: str) -> Rule:
        who, names = self.subject(state_like=self.chance(0.5))
        times = self.times(names)
        each = self.chance(0.3)
        measure, counted = self.measure(names, kind, each=each)
        names = replace(names, each=counted.records)
        sort = self.sort_of(measure)
        bound = self.bound(sort, names) if self.chance(0.95) else {}
        other = None if not bound or "levels" in bound else sort
        each_part = {"each": counted.each} if counted.each else {}
        return who | each_part | times | measure | bound | self.unless(replace(names, each={}), other)

    def value_rule(self) -> Rule:
        who, names = self.subject()
        times = self.times(names)
        if names.table is not None and self.fields(names.table, "date") and self.chance(0.2):
            value: Rule = {"value": self.one(self.fields(names.table, "date"))}
            return who | times | value | self.bound("date", names) | self.unless(names, "date")
        value, bound = self.own_value(names), self.bound("number", names)
        return who | times | value | bound | self.unless(names, None if "levels" in bound else "number")

    def require_rule(self) -> Rule:
        who, names = self.subject()
        times = self.times(names)
        if names.table is not None and self.chance(0.25):
            group = self.group(names)
            records = {f"the_{group.table.singular}": group.table}
            if not group.table.complete and len(group.table.primary) == 1:
                asked = self.ask_each(replace(names, each=records), names.table)
                either = f"{asked} or {self.atom(names)}" if self.chance(0.3) else asked
                return who | {"each": {next(iter(records)): group.text}} | times | {"require": either}
        return who | times | {"require": self.condition(names)} | self.unless(names, None)

    def done_rule(self) -> Rule:
        who, names = self.subject()
        if names.table is None:
            raise DeadEndError
        times = self.times(names)
        if "within" not in times:
            times |= self.within(names, "every" in times)
        self.is_free = False
        day = self.one(self.fields(names.table, "date"))
        return who | times | {"done": self.one([day, f"coalesce({day}, {self.day()})"])} | self.unless(names, None)

    def gap_rule(self) -> Rule:
        who, names = self.subject(state_like=True)
        self.is_free = False
        group = self.group(names, lambda t: t.is_event or t.is_state, timed=False, plain=self.chance(0.5))
        bound = {self.one(["at_most", "at_most", "less_than"]): self.limit("days", names)}
        ends = {"ends": self.one(["closed", "open", "first", "last"])} if self.chance(0.6) else {}
        self.has_period = True
        return who | {"gap": group.text} | ends | bound | self.unless(names, "days")

    def walk_rule(self, kind: str) -> Rule:
        who, names = self.subject(state_like=True)
        self.is_free = False
        if kind == "consecutive":
            plain: Rule = {self.one(["at_most", "less_than"]): self.one(self.TYPICAL["long"])}
            bound: Rule = {"levels": self.levels("long")} if self.chance(0.5) else plain
        else:
            bound = self.bound("few", Names(None))
        other = None if "levels" in bound else "long"
        if self.chance(0.4):
            return who | self.walk_of_events(kind, names) | bound | self.last_unless
        over = self.one(["month", "month", "month", "quarter", "2 months"])
        self.has_period = True
        when = self.test(names) if self.chance(0.75) else self.condition(names)
        return who | {kind: over, "when": when} | bound | self.unless(names, other, run=True)

    def walk_of_events(self, kind: str, names: Names) -> Rule:
        group = self.group(names, lambda t: t.is_event and not t.complete, timed=False)
        if self.chance(0.5):
            when: Any = self.condition_of_event(names, group.table)
        else:
            when = self.test_of_event(names, group.table)
        self.last_unless = self.unless(names, None, run=True, event=group.table)
        return {kind: group.text, "when": when}

    last_unless: Rule = field(default_factory=dict)

    def condition_of_event(self, names: Names, event: Table) -> str:
        return self.condition(Names(event, "event.", None, with_neighbours=False))

    def test_of_event(self, names: Names, event: Table) -> Rule:
        """A count of records that name the event."""

        def names_event(t: Table) -> bool:
            return t is not event and len([k for k in t.keys if k.target == event.name]) == 1

        return {"count": self.group(names, names_event, timed=False).text} | self.bound(
            "few", Names(None), levels=False
        )

    def attest_rule(self) -> Rule:
        answers = next(t for t in self.tables.values() if t.attest)
        table = self.one(self.tables[k.target] for k in answers.keys)
        is_all = self.chance(0.3)
        who, names = ({}, Names(None)) if is_all else ({"for": table.name}, Names(table, with_numbers=True))
        times = self.times(names)
        question = {"attest": {"zh": "是否演练", "en": "Was there a drill"}}
        return who | times | question | self.unless(names, None)

    def parts_rule(self, kind: str) -> Rule:
        who, names = self.subject()
        times = self.times(names)
        parts = [self.part(names, f"p{i}") for i in range(self.one([2, 3]))]
        if self.chance(0.25):
            other = "any" if kind == "all" else "all"
            parts.append({"id": "both", other: [self.part(names, "q0"), self.part(names, "q1")]})
        return who | times | {kind: parts} | self.unless(names, None)

    def part(self, names: Names, identifier: str) -> Rule:
        kind = self.weighted({"require": 3, "count": 4, "share": 1, "sum": 1, "value": 1, "max": 1, "attest": 1})
        if kind == "require":
            return {"id": identifier, "require": self.condition(names)}
        if kind == "attest":
            answers = next(t for t in self.tables.values() if t.attest)
            if names.table is not None and names.table.name in [k.target for k in answers.keys]:
                return {"id": identifier, "attest": {"zh": "是否检查", "en": "Was it checked"}}
            raise DeadEndError
        if kind == "value":
            return {"id": identifier} | self.own_value(names) | self.bound("number", names, levels=False)
        measure, _ = self.measure(names, kind)
        return {"id": identifier} | measure | self.bound(self.sort_of(measure), names, levels=False)

    def breach_rule(self) -> Rule:
        """A rule about the breaches of one rule, or of two whose subjects are of one table."""
        name = self.one(self.subjects)
        owner = self.subjects[name]
        names = [name, *self.rng.sample([n for n, t in self.subjects.items() if t == owner and n != name], 0)]
        others = [n for n, t in self.subjects.items() if t == owner and n != name]
        if others and self.chance(0.3):
            names.append(self.one(others))
        where = self.one(["", "", " where period_end >= date '2024-04-01'", " where reached_on <= date '2024-11-30'"])
        day = self.one(["reached_on", "period_end"])
        time = self.one([f"{self.one(LENGTHS)} after {day}", {"from": "period_start", "to": f"add_days({day}, 20)"}])
        path = "audit" if owner is None else self.tables[owner].singular
        self.is_free = False
        start = None if owner is None else self.tables[owner]
        steps, table = self.path(start, lambda t: True)
        text = ".".join(steps if steps[0] == "audit" else [path, *steps])
        if self.chance(0.5):
            text += f" where {self.condition(Names(table))}"
        found = {"for": f"breaches of {', '.join(names)}{where}", "within": time, "count": text}
        return found | self.bound("few", Names(None), levels=False)

    KINDS = {
        "count": 5, "distinct": 2, "sum": 2, "min": 1.5, "max": 1.5, "share": 2, "ratio": 2, "value": 2, "require": 2,
        "done": 1.5, "gap": 3, "consecutive": 3.5, "periods": 2.5, "attest": 1, "all": 1.5, "any": 1.5, "breaches": 1.5,
    }  # fmt: skip

    def rule(self, kind: str) -> Rule:
        self.has_period = False
        if kind in ("consecutive", "periods"):
            return self.walk_rule(kind)
        if kind in ("all", "any"):
            return self.parts_rule(kind)
        of_kind: dict[str, Callable[[], Rule]] = {
            "value": self.value_rule, "require": self.require_rule, "done": self.done_rule, "gap": self.gap_rule,
            "attest": self.attest_rule, "breaches": self.breach_rule,
        }  # fmt: skip
        return of_kind[kind]() if kind in of_kind else self.found_rule(kind)

    def add_rule(self, i: int) -> None:
        kind = self.weighted(self.KINDS)
        rule = {"id": f"R{i}", "modality": "must"} | self.again_or_count(kind)
        self.rules.append(rule)
        has_bound = any(k in rule for k in ("levels", "require", "done", "attest", "all", "any", *BOUNDS))
        if has_bound and kind != "breaches":
            self.subjects[rule["id"]] = self.table_of(rule)

    def again_or_count(self, kind: str) -> Rule:
        for _ in range(50):
            try:
                return self.allowed(self.rule(kind))
            except DeadEndError:
                continue
        found: Rule = self.again(lambda: self.allowed(self.rule("count")))
        return found

    def allowed(self, rule: Rule) -> Rule:
        """A window that `within` moves is not that of a defined number; before it is known, none can be asked for."""
        if "every" in rule and "within" in rule and NUMBER.search(repr(rule)):
            raise DeadEndError
        if "within" in rule and NUMBER.search(rule.get("for", "")):
            raise DeadEndError
        return self.sayable(rule)

    def sayable(self, rule: Any) -> Any:
        """A reference of several columns is no value."""
        for table in self.tables.values():
            for name in (k.name for k in table.keys if len(k.columns) > 1):
                if re.search(rf"\b{name}\b(?=\s*(=|<>|in\b|is\b|of\b))|(=|<>) (\w+\.)*{name}\b(?!\.)", repr(rule)):
                    raise DeadEndError
        if any(self.is_beyond(part) or is_out_of_range(part, self.define) for part in parts_of(rule)):
            raise DeadEndError
        return rule

    def is_beyond(self, part: Rule) -> bool:
        """Whether it asks for more different values than there are."""
        value = str(meant(part, self.define).get("distinct", "")).split(" of ")[0].split(".")[-1]
        specs = [t.fields[value] for t in self.tables.values() if value in t.fields]
        there = [2 if s.get("type") == "boolean" else len(s.get("categories", ())) or 99 for s in specs]
        bounds = [b for b in (part, *part.get("levels", ())) if any(k in b for k in BOUNDS)]
        least = [b.get("at_least", b.get("exactly", b.get("between", [b.get("more_than", -1)])[0])) for b in bounds]
        more = ["more_than" in b for b in bounds]
        return any(isinstance(n, int) and n + m > min(there, default=99) for n, m in zip(least, more, strict=True))

    def table_of(self, rule: Rule) -> str | None:
        if "for" not in rule:
            return None
        name: str = rule["for"].split()[0]
        return self.groups.get(name, name)

    # -- definitions

    def definitions(self) -> None:
        for i in range(3):
            self.again(partial(self.define_group, f"group_{i}"))
        for i in range(6):
            self.again(partial(self.define_number, f"number_{i}"))
        for i in range(2):
            self.again(partial(self.define_truth, f"truth_{i}"))

    def define_group(self, name: str) -> None:
        table = self.one([t for t in self.tables.values() if not t.attest and self.closed(t)])
        self.define[name] = self.sayable(f"{table.name} where {self.condition(Names(table))}")
        self.groups[name] = table.name

    def define_truth(self, name: str) -> None:
        table = self.one([t for t in self.tables.values() if t.is_state])
        self.define[name] = self.sayable(
            {"for": table.name, "require": self.condition(Names(table, with_numbers=True))}
        )
        self.truths[name] = table.name

    def define_number(self, name: str) -> None:
        table = (
            None if self.chance(0.15) else self.one(t for t in self.tables.values() if not t.attest and not t.complete)
        )
        kind = self.weighted(
            {"count": 5, "distinct": 1, "sum": 1, "max": 1, "min": 1, "share": 1, "ratio": 1, "value": 1}
        )
        names = Names(table)
        if kind == "value":
            owned = [n for n, t in self.numbers.items() if table and t == table.name]
            measure: Rule = {"value": f"{self.one(owned)} + {self.one(owned)}"}
        else:
            self.is_free = False
            measure, _ = self.measure(names, kind)
            self.is_free = True
        if "subject." in str(measure) or (kind in ("min", "max") and self.sort_of(measure) == "date"):
            raise DeadEndError
        self.define[name] = self.sayable({"for": table.name if table else "audit"} | measure)
        self.numbers[name] = table.name if table else None

    def used(self) -> dict[str, Any]:
        """The definitions that something uses."""
        kept: dict[str, Any] = {}
        while True:
            text = repr(self.rules) + repr(kept)
            more = {n: d for n, d in self.define.items() if n not in kept and re.search(rf"\b{n}\b", text)}
            if not more:
                return {n: d for n, d in self.define.items() if n in kept}
            kept |= more


NUMBER = re.compile(r"\b(number|truth)_\d")
BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")


def draw_standard(rng: random.Random, model: dict[str, Any], rules: int = 8) -> dict[str, Any]:
    drawer = Drawer(rng, read_model(model))
    drawer.definitions()
    for i in range(rules):
        drawer.add_rule(i)
    found: dict[str, Any] = {"standard": "drawn", "calendar": "weekdays", "in_force": {"from": date(2020, 1, 1)}}
    if rng.random() < 0.2:
        found["in_force"] = {"from": date(2024, 3, 1), "to": date(2024, 11, 30)}
    define = drawer.used()
    text = repr(drawer.rules) + repr(define)
    parameters = {n: values for n, values in drawer.parameters.items() if f"${n}" in text}
    found |= {"parameters": parameters} if parameters else {}
    return found | ({"define": define} if define else {}) | {"rules": drawer.rules}


def questions_of(standard: dict[str, Any]) -> list[str]:
    """The identifiers of what is asked to be attested."""
    found = []

    def look(item: Rule, identifier: str) -> None:
        if "attest" in item:
            found.append(identifier)
        for part in [*item.get("all", []), *item.get("any", [])]:
            look(part, f"{identifier}/{part['id']}")

    for rule in standard["rules"]:
        look(rule, rule["id"])
    return found


def standards(model: dict[str, Any], rules: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """Standards from one number each."""
    return st.integers(0, 2**32 - 1).map(lambda seed: draw_standard(random.Random(seed), model, rules))


def draw_case(rng: random.Random, model: dict[str, Any], standard: dict[str, Any], together: int = 1) -> Case:
    """A record set for a standard, or several in one audit."""
    told: dict[str, Any] = {
        "sizes": SIZES, "words": [*words_of(standard), "x", "y"], "questions": questions_of(standard), "rates": RATES,
    }  # fmt: skip
    return build_together(rng, model, together, **told) if together > 1 else build(rng, model, **told)


def parts_of(rule: Any) -> Iterator[Rule]:
    """A rule, and all mappings in it."""
    if isinstance(rule, dict):
        yield rule
    for value in rule.values() if isinstance(rule, dict) else rule if isinstance(rule, list) else ():
        yield from parts_of(value)


def meant(part: Rule, define: Rule) -> Rule:
    """The measure of a part: that of the defined number which is its value."""
    named = re.fullmatch(r"(?:\w+\.)*(number_\d+)", str(part.get("value", "")))
    return define[named[1]] if named else part


def is_out_of_range(part: Rule, define: Rule) -> bool:
    """Whether a month, quarter or weekday, or a defined number, is held against what it never is."""
    measure = meant(part, define)
    asked = str(measure.get("min") or measure.get("max") or measure.get("value") or "")
    found = re.match(r"(month|quarter|weekday)\(", asked)
    if not found and (measure is part or "share" not in measure):
        return False
    least, most = (1, {"month": 12, "quarter": 4, "weekday": 7}[found[1]]) if found else (0, 1)
    effects = [e["effect"] for e in part.get("unless", ()) if isinstance(e.get("effect"), dict)]
    written = [(k, b[k]) for b in (part, *part.get("levels", ()), *effects) for k in BOUNDS if k in b]
    texts = [(k, str(n)) for k, w in written for n in (w if isinstance(w, list) else [w])]
    numbers = [float(n) for _, n in texts if re.fullmatch(r"-?\d+(\.\d+)?", n)]
    ends = [("more_than", str(most)), ("less_than", str(least))]
    return any(n.startswith("$") or (k, n) in ends for k, n in texts) or any(
        not least <= n <= most or n != int(n) for n in numbers
    )
