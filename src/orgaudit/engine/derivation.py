"""How a verdict came about: why the rule binds, what was looked at, what the exemptions say, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgaudit import sql as q
from orgaudit.engine.blanks import subject_fields, text_of
from orgaudit.engine.context import Context
from orgaudit.engine.evidence import Cell, Seen, look, look_at_exemption
from orgaudit.engine.exemptions import held
from orgaudit.engine.info import rule_info
from orgaudit.engine.items import items_table
from orgaudit.engine.parts import items_of
from orgaudit.engine.population import checks_table
from orgaudit.engine.strips import Month, strip_of
from orgaudit.engine.verdicts import place_of, results_table
from orgaudit.expressions import FILE, LINE, Row
from orgaudit.findings import Evidence, RuleInfo
from orgaudit.standards import Bound, Exemption, Gap, Rule, Runs

#: what is known of a truth
YES, NO, PERHAPS = "yes", "no", "perhaps"


@dataclass(frozen=True)
class Heard:
    """An exemption: whether it holds, what it does, and the records that it looked at."""

    id: str
    clause: str | None
    effect: str
    holds: str
    records: tuple[Seen, ...]


@dataclass(frozen=True)
class Item:
    """A run or a gap: its days, how long it certainly and possibly is, and what it comes to."""

    start: date | None
    end: date | None
    certain: int | None
    possible: int | None
    verdict: str
    level: str | None


@dataclass(frozen=True)
class Measured:
    """What was measured, of a rule or of one of its parts: the records, what was found, what is asked for."""

    rule: RuleInfo
    part: str | None
    verdict: str
    certain: int | None
    possible: int | None
    shown: str | None
    level: str | None
    records: tuple[Seen, ...]
    tables: tuple[str, ...]
    items: tuple[Item, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Derivation:
    """How the verdict of one check came about; days that are not known are None."""

    rule: RuleInfo
    subject: Evidence
    name: str | None
    organization: str | None
    each: tuple[object, ...]
    label: str | None
    first: date | None
    last: date | None
    belongs: str
    alive: str
    in_force: str
    cells: tuple[Cell, ...]
    measured: tuple[Measured, ...]
    exemptions: tuple[Heard, ...]
    verdict: str
    excuse: str | None
    doubt: str | None


def derivation(context: Context, rule: Rule, k: int, files: Sequence[str]) -> Derivation:
    """The derivation of one check of a rule that has been judged."""
    check = _row(context, rule, k)
    return Derivation(
        rule=rule_info(context, rule),
        subject=_subject(rule, check, files),
        name=check["name"],
        organization=check["owner"],
        each=tuple(check[f"each {n}"] for n in rule.each),
        label=check["label"],
        first=check["first"],
        last=check["last"],
        belongs=_truth(check["member"]),
        alive=_truth(check["alive"]),
        in_force=_truth(check["in_force"]),
        cells=tuple(_cells(context, rule, k)),
        measured=tuple(_measured(context, rule, part, k, files) for part in items_of(rule)),
        exemptions=tuple(_heard(context, rule, k, files)),
        verdict=check["verdict"],
        excuse=check["excuse"],
        doubt=check["doubt"],
    )


_OF_CHECK = ("key", "name", "owner", "label", "first", "last", "member", "alive", "in_force")
_OF_RESULT = ("verdict", "judged", "least", "most", "shown", "level", "excuse", "doubt")


def _row(context: Context, rule: Rule, k: int) -> dict[str, Any]:
    """What is known of a check: of its being bound, and its result."""
    columns = {c: q.col("k", c) for c in _OF_CHECK} | {c: q.col("r", c) for c in _OF_RESULT}
    columns |= {f"each {n}": q.col("k", f"each {n}") for n in rule.each}
    columns |= {"file": q.col("s", FILE), "line": q.col("s", LINE)}
    place = place_of(context, rule)
    result = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", q.col("k", "k")))
    where = q.op(q.col("k", "k"), "=", q.lit(k))
    (row,) = context.db.rows(q.select(columns, place.checks, [*place.joins.trees, result], where))
    return dict(zip(columns, row, strict=True))


def _truth(value: bool | None) -> str:
    return PERHAPS if value is None else YES if value else NO


def _subject(rule: Rule, check: dict[str, Any], files: Sequence[str]) -> Evidence:
    file = files[check["file"]] if check["file"] is not None else None
    return Evidence(rule.subject.table, check["key"], file, check["line"], "subject")


def _cells(context: Context, rule: Rule, k: int) -> Iterator[Cell]:
    """What stands in the fields of the subject that the rule asks for."""
    refs = subject_fields(context, rule)
    if not refs:
        return
    place = place_of(context, rule)
    subject = Row(place.joins, "s", rule.subject.table)
    columns = {f"text {i}": text_of(subject, ref) for i, ref in enumerate(refs)}
    where = q.op(q.col("k", "k"), "=", q.lit(k))
    (row,) = context.db.rows(q.select(columns, place.checks, place.joins.trees, where))
    yield from (Cell(ref.table, ref.name, text) for ref, text in zip(refs, row, strict=True))


def _measured(context: Context, rule: Rule, part: Rule, k: int, files: Sequence[str]) -> Measured:
    columns = {c: q.col("r", c) for c in _OF_RESULT}
    where = q.op(q.col("r", "k"), "=", q.lit(k))
    (row,) = context.db.rows(q.select(columns, q.table(results_table(part), "r"), where=where))
    result = dict(zip(columns, row, strict=True))
    info = rule_info(context, rule)
    return Measured(
        rule=info.of_part(part.part),
        part=part.part,
        verdict=result["judged"],
        certain=result["least"],
        possible=result["most"],
        shown=result["shown"],
        level=result["level"],
        records=tuple(look(context, part, [k], files, cells=True).get(k, ())),
        tables=tuple(dict.fromkeys(g.table for g in part.measure.groups)),
        items=tuple(_items(context, part, k)) if isinstance(part.measure, (Runs, Gap)) else (),
        months=tuple(strip_of(context, part, k)),
    )


def _items(context: Context, part: Rule, k: int) -> Iterator[Item]:
    """The runs or gaps of a check under the rule's own bound, in their order."""
    columns = {c: q.col("i", c) for c in ("start", "end", "least", "most", "verdict", "level")}
    mine = q.and_([q.op(q.col("i", "k"), "=", q.lit(k)), q.op(q.col("i", "yard"), "=", q.lit(0))])
    query = q.select(columns, q.table(items_table(part), "i"), where=mine, order=[q.col("i", "start")])
    yield from (Item(*row) for row in context.db.rows(query))


def _heard(context: Context, rule: Rule, k: int, files: Sequence[str]) -> Iterator[Heard]:
    """Every exemption; those that skip or end periods are told of in the months of the run, those of gaps asked of each."""
    of_gaps = isinstance(rule.measure, Gap)
    whole = [e for e in rule.exemptions if e.effect not in ("skip", "break") and not of_gaps]
    place = place_of(context, rule)
    asked = held(place, whole)
    columns = {f"surely {i}": h.surely for i, h in enumerate(asked)} | {
        f"maybe {i}": h.maybe for i, h in enumerate(asked)
    }
    where = q.op(q.col("k", "k"), "=", q.lit(k))
    row: Sequence[Any] = ()
    if whole:
        (row,) = context.db.rows(q.select(columns, place.checks, place.joins.trees, where))
    for exemption in rule.exemptions:
        holds = "by period"
        if exemption in whole:
            i = whole.index(exemption)
            holds = YES if row[i] else PERHAPS if row[len(whole) + i] else NO
        records = look_at_exemption(context, rule, exemption, [k], files).get(k, [])
        yield Heard(exemption.id, exemption.clause, _effect(exemption), holds, tuple(records))


def _effect(exemption: Exemption) -> str:
    return "bound" if isinstance(exemption.effect, Bound) else exemption.effect


def derivations(
    rules: Sequence[tuple[Context, Rule]], files: Sequence[str]
) -> Callable[[str, str, Sequence[object], str | None], Iterator[Derivation]]:
    """From a rule, a subject's key, values of `each` and a period to the derivations of the checks that these name."""

    def derive(rule_id: str, key: str, each: Sequence[object], label: str | None) -> Iterator[Derivation]:
        for context, rule in rules:
            if rule.id == rule_id:  # two standards may have a rule of one name
                for k in _numbers(context, rule, key, each, label):
                    yield derivation(context, rule, k, files)

    return derive


def _numbers(context: Context, rule: Rule, key: str, each: Sequence[object], label: str | None) -> list[int]:
    """The checks of a subject: of these values of each, and of this period, where they are given."""
    names = list(rule.each)
    columns = {"k": q.col("k", "k"), "label": q.col("k", "label")} | {n: q.col("k", f"each {n}") for n in names}
    where = q.op(q.cast(q.col("k", "key"), "text"), "=", q.lit(key))
    rows = context.db.rows(q.select(columns, q.table(checks_table(rule), "k"), where=where, order=[q.col("k", "k")]))
    wanted = list(map(str, each))
    return [
        k
        for k, found, *values in rows
        if (found is None or label in (None, found)) and (not wanted or list(map(str, values)) == wanted)
    ]
