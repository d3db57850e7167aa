"""The comparison: subjects → × periods × values → measure → bound → exemptions → verdict, rule by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from orgaudit import sql as q
from orgaudit.engine.about import about, sentences
from orgaudit.engine.breaches import make_breaches, unite_breaches
from orgaudit.engine.consecutive import judge_runs
from orgaudit.engine.context import AUDIT_ROW, Context
from orgaudit.engine.contrasts import Contrasts
from orgaudit.engine.derivation import derivations
from orgaudit.engine.failure import give_up, speak_of_nobody
from orgaudit.engine.gaps import judge_gaps
from orgaudit.engine.info import rule_info
from orgaudit.engine.numbers import number_of
from orgaudit.engine.parts import judge_parts
from orgaudit.engine.population import build_checks, checks_table
from orgaudit.engine.report import checks_of, figures_of, findings_of
from orgaudit.engine.strips import boards_of
from orgaudit.engine.verdicts import judge, results_table
from orgaudit.errors import OrgauditError
from orgaudit.expressions import AUDIT, FILE, LINE, MISSING_BITS, ROW, UNKNOWN_BITS
from orgaudit.findings import Audit, Cell, Tally, empty_tally
from orgaudit.periods import periods_within
from orgaudit.records import Records
from orgaudit.standards import Gap, Parts, Rule, Runs, Standard
from orgaudit.watch import Watch, nobody
from orgaudit.workdb import WorkDb

T = TypeVar("T")
_TOGETHER = 16  #: rules whose verdicts are counted in one query


def audit(
    records: Records, standards: Sequence[Standard], rules: Sequence[str] | None = None, watch: Watch = nobody
) -> Audit:
    """Compares records with standards; `rules` limits it to these identifiers and to those whose breaches they speak of."""
    judged: list[tuple[Context, Rule]] = []
    listed: list[tuple[Context, Rule]] = []
    for i, standard in enumerate(standards):
        context, chosen = context_of(records, standard, i), _chosen(standard, rules)
        failed = _judge_all(context, chosen, watch=watch)
        for rule in _wanted(chosen, rules):
            (listed if rule.is_figure and rule.id not in failed else judged).append((context, rule))
    by_organization: dict[str, Tally] = {}
    counted = [rule for _, rule in judged]
    by_rule = _tallies(records.db, counted, by_organization)
    contrasts = Contrasts([(c, r) for c, r in judged if not by_rule[r.standard, r.id]["error"]])
    return Audit(
        **about(records, standards, [*judged, *listed]),
        by_rule=by_rule,
        by_organization=_shared(by_organization),
        _findings=lambda: _all(
            findings_of(context, rule, by_rule[rule.standard, rule.id], records.files, contrasts.of(rule))
            for context, rule in judged
        ),
        _checks=lambda: _all(checks_of(context, rule) for context, rule in judged),
        _cells=lambda: _cells(records.db, counted),
        _strips=lambda: _all(boards_of(context, rule, rule_info(context, rule)) for context, rule in judged),
        _contrasts=contrasts.all,
        _sentence=sentences([*judged, *listed]),
        _derivations=derivations([*judged], records.files),
        _figures=lambda: _all(figures_of(context, rule) for context, rule in listed),
    )


def judge_one(records: Records, standard: Standard, rule: Rule) -> None:
    """Judges one rule, after those whose breaches it speaks of; raises where the engine stops."""
    failed = _judge_all(context_of(records, standard, 0), _chosen(standard, [rule.id]), also_of_nobody=True)
    for reason in failed.values():
        raise OrgauditError("engine", {"reason": reason}, rule.where)


def _all(several: Iterable[Iterator[T]]) -> Iterator[T]:
    for one in several:
        yield from one


def _make_audit(records: Records) -> None:
    """The whole audit as a record."""
    if records.db.has(AUDIT):
        return
    columns = {
        "key": "varchar",
        ROW: "bigint",
        UNKNOWN_BITS: "bigint",
        MISSING_BITS: "bigint",
        FILE: "integer",
        LINE: "integer",
    }
    records.db.fill(AUDIT, columns, [(AUDIT, AUDIT_ROW, 0, 0, None, None)])
    records.facts.submitted.add(AUDIT)


def context_of(records: Records, standard: Standard, place: int) -> Context:
    """Records and a standard as the engine takes them; `place` tells the calendars of several standards apart."""
    _make_audit(records)
    if standard.calendar is not None:
        records.db.know_calendar(place, standard.calendar)
    return Context(records.db, standard, records.facts, number_of, place)


def _chosen(standard: Standard, rules: Sequence[str] | None) -> list[Rule]:
    """The rules asked for, with those that their subjects come from."""
    by_id = {r.id: r for r in standard.rules}
    wanted = list(by_id) if rules is None else [r for r in rules if r in by_id]
    for name in wanted:  # grows while it is walked: a breach's rule may speak of breaches itself
        wanted += [of for of in by_id[name].breaches_of if of not in wanted and of in by_id]
    return [r for r in standard.rules if r.id in set(wanted)]


def _wanted(chosen: Sequence[Rule], rules: Sequence[str] | None) -> list[Rule]:
    return [r for r in chosen if rules is None or r.id in rules]


def in_order(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that speak of breaches after the rules they speak of (as far as these stand); a circle is an error."""
    done: list[Rule] = []
    waiting = list(rules)
    while waiting:
        ids = {r.id for r in waiting}
        ready = [r for r in waiting if not ids & set(r.breaches_of)]
        if not ready:
            raise OrgauditError("circle", {"names": ", ".join(r.id for r in waiting)}, waiting[0].where)
        done += ready
        waiting = [r for r in waiting if r not in ready]
    return done


def _judge_all(
    context: Context, rules: Sequence[Rule], *, also_of_nobody: bool = False, watch: Watch = nobody
) -> dict[str, str]:
    """Judges rule after rule; where the engine stops at one, that rule and those that speak of it are in error, with why."""
    failed: dict[str, str] = {}
    for i, rule in enumerate(in_order(rules)):
        watch("judging", i, len(rules), rule.id)
        try:
            for of in rule.breaches_of:
                if of in failed:
                    raise OrgauditError("engine", {"reason": f"{of}: {failed[of]}"})
            is_spoken_of = any(rule.id in r.breaches_of for r in rules)
            _judge(context, rule, is_spoken_of=is_spoken_of, also_of_nobody=also_of_nobody)
        except OrgauditError as e:
            if e.code != "engine":
                raise OrgauditError(e.code, e.values, e.where or rule.where, e.hint) from e
            failed[rule.id] = str(e.values["reason"])
            give_up(context, rule, failed[rule.id])
        context.db.compact()
    return failed


def _judge(context: Context, rule: Rule, *, is_spoken_of: bool, also_of_nobody: bool) -> None:
    first, last = context.facts.first, context.facts.last
    if rule.breaches_of:
        unite_breaches(context, rule)
    checks = build_checks(context, rule, periods_within(first, last, rule.every, rule.step) if rule.every else [])
    if not checks and not is_spoken_of and not also_of_nobody:
        speak_of_nobody(context, rule)
        return
    judge_measure(context, rule)
    if is_spoken_of:
        make_breaches(context, rule)


def judge_measure(context: Context, rule: Rule) -> None:
    """Judges a rule, or a part of one, over the checks that are there."""
    match rule.measure:
        case Runs():
            judge_runs(context, rule)
        case Gap():
            judge_gaps(context, rule)
        case Parts():
            judge_parts(context, rule, judge_measure)
        case _:
            judge(context, rule)


def _tallies(db: WorkDb, rules: Sequence[Rule], by_organization: dict[str, Tally]) -> dict[tuple[str, str], Tally]:
    """The tally of each rule, and that of each organization."""
    rows = _counted(db, rules)
    return {(rule.standard, rule.id): _tally(rule, some, by_organization) for rule, some in rows}


def _cells(db: WorkDb, rules: Sequence[Rule]) -> Iterator[Cell]:
    for rule, rows in _counted(db, rules):
        yield from (Cell(rule.standard, rule.id, o, v or "error", n) for o, v, n, _ in rows)


def _counted(db: WorkDb, rules: Sequence[Rule]) -> Iterator[tuple[Rule, list[Sequence[Any]]]]:
    """For each rule (organization, verdict, how many, last check): many at once, a query costs more than the counting."""
    for start in range(0, len(rules), _TOGETHER):
        some = rules[start : start + _TOGETHER]
        counts = defaultdict[int, list[Sequence[Any]]](list)
        for i, *count in db.rows(q.union_all([_counts(i, rule) for i, rule in enumerate(some)])):
            counts[i].append(count)
        yield from ((rule, counts[i]) for i, rule in enumerate(some))


def _shared(tallies: dict[str, Tally]) -> dict[str, Tally]:
    """Tallies by organization, in order; those that are equal are one, since thousands are."""
    seen: dict[tuple[int, ...], Tally] = {}
    return {key: seen.setdefault(tuple(tally.values()), tally) for key, tally in sorted(tallies.items())}


def _counts(number: int, rule: Rule) -> q.Select:
    """How many checks of each organization have each verdict, and the number of the last."""
    owner, verdict, k = q.col("k", "owner"), q.col("r", "verdict"), q.col("k", "k")
    results = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", k), left=True)
    columns = {"i": q.lit(number), "o": owner, "v": verdict, "n": q.call("count", q.star()), "last": q.call("max", k)}
    return q.select(columns, q.table(checks_table(rule), "k"), [results], group=[owner, verdict])


def _tally(rule: Rule, rows: Sequence[Sequence[Any]], by_organization: dict[str, Tally]) -> Tally:
    """Adds up the verdicts of a rule and holds them against its population: each check has exactly one."""
    tally = empty_tally()
    for organization, found, count, _ in rows:
        tally[found or "error"] += count
        if organization is not None:
            by_organization.setdefault(organization, empty_tally())[found or "error"] += count
    population = max((last for *_, last in rows), default=0)  # checks are numbered from 1
    if sum(tally.values()) != population or any(found is None for _, found, *_ in rows):
        raise OrgauditError(
            "tally", {"rule": rule.id, "checks": population, "verdicts": sum(tally.values())}, rule.where
        )
    return tally
