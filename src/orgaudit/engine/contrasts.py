"""Contrasts: where rules of two standards bind one subject on one matter with different bounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.demands import Asking, Row, value_columns
from orgaudit.engine.population import checks_table
from orgaudit.engine.report import identifiers, subject_of
from orgaudit.engine.strictness import differ, stricter
from orgaudit.engine.verdicts import place_of, results_table
from orgaudit.findings import Contrast, Elsewhere
from orgaudit.recordmodel import SUBJECT
from orgaudit.standards import Rule

Judged = tuple[Context, Rule]
_ASKED = ("pass", "fail", "unknown", "pending")
_KEYS = ("k", "key", "name", "owner", "label", "first", "last")


class Contrasts:
    """The contrasts of an audit; nothing is looked for before someone asks."""

    def __init__(self, judged: Sequence[Judged]) -> None:
        self._judged = judged

    def all(self) -> Iterator[Contrast]:
        """All of them, pair of rules by pair of rules, each in the order of its subjects."""
        yield from (contrast for contrast, _ in self._found)

    def of(self, rule: Rule) -> Mapping[int, tuple[Elsewhere, ...]]:
        """What other standards say of the subject of each check of a rule, by the number of the check."""
        return self._elsewhere.get((rule.standard, rule.id), {}) if rule.matter is not None else {}

    @cached_property
    def _found(self) -> list[tuple[Contrast, tuple[int, int]]]:
        return [found for one, other in pairs(self._judged) for found in _contrasts(one, other)]

    @cached_property
    def _elsewhere(self) -> dict[tuple[str, str], dict[int, tuple[Elsewhere, ...]]]:
        found: dict[tuple[str, str], dict[int, tuple[Elsewhere, ...]]] = defaultdict(dict)
        for contrast, ks in self._found:
            for mine, its in ((0, 1), (1, 0)):
                rule = contrast.demands[mine].rule
                of_rule = found[rule.standard, rule.rule]
                of_rule[ks[mine]] = (*of_rule.get(ks[mine], ()), _elsewhere(contrast, its))
        return found


def _elsewhere(contrast: Contrast, i: int) -> Elsewhere:
    is_stricter = None if contrast.stricter is None else contrast.stricter == i
    return Elsewhere(contrast.demands[i], is_stricter, contrast.periods[i], contrast.verdicts[i], contrast.findings[i])


def pairs(judged: Sequence[Judged]) -> Iterator[tuple[Judged, Judged]]:
    """Two rules of different standards on one matter, about records of one table, and each of the same names."""
    by_matter: dict[str, list[Judged]] = defaultdict(list)
    for context, rule in judged:
        if rule.matter is not None:
            by_matter[rule.matter].append((context, rule))
    for rules in by_matter.values():
        for one, other in combinations(rules, 2):
            if one[1].standard != other[1].standard and comparable(one, other):
                yield one, other


def comparable(one: Judged, other: Judged) -> bool:
    """Whether they can have a subject in common."""
    return about(*one) == about(*other) and set(one[1].each) == set(other[1].each)


def about(context: Context, rule: Rule) -> str:
    """The table of a rule's subjects; of breaches, that of the subjects in breach."""
    declared = context.model.tables[rule.subject.table]
    return declared.foreignKeys[0].target if rule.breaches_of else rule.subject.table


def _contrasts(one: Judged, other: Judged) -> Iterator[tuple[Contrast, tuple[int, int]]]:
    first, second = Asking(*one), Asking(*other)
    if _is_fixed(*one) and _is_fixed(*other) and not differ(first.asked(_NOBODY), second.asked(_NOBODY)):
        return
    known = identifiers(*one), identifiers(*other)
    for row, its in _rows(one, other):
        asked = first.asked(row), second.asked(its)
        if differ(*asked):
            yield _contrast((first, row), (second, its), stricter(*asked), known), (row["k"], its["k"])


#: a check that nothing is known of
_NOBODY: Row = {"first": None, "last": None, "excuse": None}


def _is_fixed(context: Context, rule: Rule) -> bool:
    """Whether it asks the same of everybody, at every time."""
    own = [rule.bound] if rule.bound is not None else [level.bound for level in rule.levels]
    values = [v for b in own for v in b.values]
    names = [v.parameter for v in values if v.parameter is not None]
    changes = any(len(context.standard.parameters[n].values) > 1 for n in names)
    plain = not changes and all(v.node is None for v in values)
    return plain and rule.window is None and all(isinstance(e.effect, str) for e in rule.exemptions)


def _contrast(
    one: tuple[Asking, Row], other: tuple[Asking, Row], which: int | None, known: Sequence[Mapping[int, list[str]]]
) -> Contrast:
    (first, row), (second, its) = one, other
    rule, audited = first.rule, f"{first.context.facts.first}..{first.context.facts.last}"
    each = {n: row[f"each {n}"] for n in rule.each}
    return Contrast(
        matter=str(rule.matter),
        demands=(first.demand(row), second.demand(its)),
        stricter=which,
        subject=subject_of(rule, row["key"], row["name"]),
        organization=row["owner"],
        each=each or None,
        periods=(row["label"] or audited, its["label"] or audited),
        verdicts=(row["verdict"], its["verdict"]),
        findings=(tuple(known[0].get(row["k"], ())), tuple(known[1].get(its["k"], ()))),
    )


# -- rows


def _rows(one: Judged, other: Judged) -> Iterator[tuple[Row, Row]]:
    """The checks of both rules about one subject, at one time."""
    sides = _side(*one), _side(*other)
    names = [list(side) for side, _ in sides]
    a, b = (q.derived(query, alias) for (_, query), alias in zip(sides, "ab", strict=True))
    columns = {f"{alias} {n}": q.col(alias, n) for alias, known in zip("ab", names, strict=True) for n in known}
    same = [q.op(q.col("a", "root"), "=", q.col("b", "root"))]
    same += [q.op(_text("a", f"each {n}"), "=", _text("b", f"each {n}")) for n in one[1].each]
    same += [q.is_not_false(q.op(q.col(x, "start"), "<=", q.col(y, "end"))) for x, y in ("ab", "ba")]
    order = [q.call("coalesce", q.col("a", "owner"), q.lit("")), *(q.col("a", c) for c in ("key", "start", "k"))]
    query = q.select(columns, a, [q.join(b, q.and_(same))], order=[*order, q.col("b", "start"), q.col("b", "k")])
    split = len(names[0])
    for row in one[0].db.rows(query):
        yield dict(zip(names[0], row[:split], strict=True)), dict(zip(names[1], row[split:], strict=True))


def _text(alias: str, column: str) -> q.Sql:
    return q.cast(q.col(alias, column), "text")


def _side(context: Context, rule: Rule) -> tuple[dict[str, q.Sql], q.Select]:
    """The checks that certainly bind somebody: whom, when, with which bounds, and what came of them."""
    place = place_of(context, rule)
    in_period = rule.every is not None or rule.window is None
    columns: dict[str, Any] = {c: q.col("k", c) for c in _KEYS}
    columns |= {
        "root": _root(context, rule),
        "start": q.col("k", "period_start" if in_period else "first"),
        "end": q.col("k", "period_end" if in_period else "last"),
        "verdict": q.col("r", "verdict"),
        "excuse": q.col("r", "excuse"),
        **{f"each {n}": q.col("k", f"each {n}") for n in rule.each},
        **value_columns(place, rule),
    }
    results = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k")))
    bound = q.is_true(q.and_([q.col("k", c) for c in ("member", "alive", "in_force")]))
    where = q.and_([bound, q.isin(q.col("r", "verdict"), [q.lit(v) for v in _ASKED])])
    return columns, q.select(columns, q.table(checks_table(rule), "k"), [*place.joins.trees, results], where)


def _root(context: Context, rule: Rule) -> q.Sql:
    """The row of the subject; of a breach, that of whoever is in breach."""
    return q.col("s", SUBJECT) if rule.breaches_of else q.col("k", "s")
