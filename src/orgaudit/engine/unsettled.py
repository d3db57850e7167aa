"""What would settle an unknown verdict, beside the records that were counted.

That are the blank records behind exemptions and behind the defined numbers of the subject, and what was not handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orgaudit import sql as q
from orgaudit.engine.blanks import silences
from orgaudit.engine.candidates import is_complete
from orgaudit.engine.chosen import chosen
from orgaudit.engine.context import Context
from orgaudit.engine.evidence import Seen, look_at, of_records, placing_of, slots_of
from orgaudit.engine.population import checks_frame, checks_table
from orgaudit.expressions import Group, Node, NumberRef, walk
from orgaudit.findings import Blank
from orgaudit.standards import Gap, Measure, Rule, Runs
from orgaudit.standards.uses import subject_nodes


def look_at_doubts(context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]) -> dict[int, list[Seen]]:
    """For each check whose verdict is open, the blank records that its exemptions looked at."""
    seen: dict[int, list[Seen]] = defaultdict(list)
    for exemption in rule.exemptions:
        for group in exemption.groups:
            for slots in slots_of(context, rule):
                for k, record in look_at(context, rule, group, ks, files, slots, placing_of(exemption)):
                    if record.evidence.shows == "blank":
                        seen[k].append(record)
    return seen


@dataclass(frozen=True)
class Lacks:
    """Of one check: the blank records behind its numbers, and what its measure and its numbers were not handed in."""

    seen: tuple[Seen, ...] = ()
    of_measure: tuple[Blank, ...] = ()
    of_numbers: tuple[Blank, ...] = ()


def lacks_of(context: Context, rule: Rule, ks: Sequence[int], files: Sequence[str]) -> dict[int, Lacks]:
    """What checks lack whose verdict is open."""
    numbers = list(_behind(context, rule))
    seen = _blank_records(context, rule, numbers, ks, files)
    measured, counted = list(rule.measure.groups), [g for measure in numbers for g in measure.groups]
    of_measure = _silences(context, rule, measured, ks)
    of_numbers = _silences(context, rule, counted, ks)
    return {k: Lacks(tuple(seen[k]), of_measure.get(k, ()), of_numbers.get(k, ())) for k in ks}


def _blank_records(
    context: Context, rule: Rule, measures: Sequence[Measure], ks: Sequence[int], files: Sequence[str]
) -> dict[int, list[Seen]]:
    seen: dict[int, list[Seen]] = defaultdict(list)
    for measure, group in ((m, g) for m in measures for g in m.groups):
        for slots in slots_of(context, rule):
            for k, record in look_at(context, rule, group, ks, files, slots, nodes=of_records(measure, group)):
                if record.evidence.shows == "blank":
                    seen[k].append(record)
    return seen


def _silences(context: Context, rule: Rule, groups: Sequence[Group], ks: Sequence[int]) -> dict[int, tuple[Blank, ...]]:
    """For each check the groups that were not handed in, or not for all of its time and organization."""
    if isinstance(rule.measure, (Gap, Runs)):  # over the whole period, and asked period by period
        return dict.fromkeys(ks, tuple(silences(context, groups)))
    if not groups:
        return {}
    frame = checks_frame(context, rule)
    columns = {"k": q.col("k", "k")} | {f"whole {i}": is_complete(context, frame, [g]) for i, g in enumerate(groups)}
    with chosen(context, ks) as only_of:
        only = only_of(q.col("k", "k"), None)
        rows = context.db.rows(q.select(columns, q.table(checks_table(rule), "k"), only.joins, only.where))
    return {
        k: tuple(silences(context, [g for g, is_whole in zip(groups, whole, strict=True) if not is_whole]))
        for k, *whole in rows
    }


def _behind(context: Context, rule: Rule) -> list[Measure]:
    """The measures of records that the subject's own numbers are made of, also through one another."""
    roots = [*subject_nodes(rule), *([rule.subject.where] if rule.subject.where is not None else [])]
    found = [m for root in roots for m in _measures(context, root, rule.subject.table)]
    return [m for i, m in enumerate(found) if m not in found[:i]]


def _measures(context: Context, node: Node, table: str) -> Iterator[Measure]:
    for part in walk(node):
        if not isinstance(part, NumberRef) or part.hops or part.row not in ("", "subject"):
            continue
        number = context.standard.numbers[part.name]
        if number.table != table:
            continue
        if number.measure.groups:
            yield number.measure
        for own in number.measure.nodes:
            yield from _measures(context, own, table)
