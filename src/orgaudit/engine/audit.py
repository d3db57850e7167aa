"""The comparison: subjects → × periods × values → measure → bound → exemptions → verdict, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orgaudit import sql as q
from orgaudit.engine.about import about
from orgaudit.engine.breaches import make_breaches
from orgaudit.engine.consecutive import judge_runs
from orgaudit.engine.context import Context
from orgaudit.engine.failure import give_up
from orgaudit.engine.population import build_checks, checks_table
from orgaudit.engine.report import checks_of, findings_of
from orgaudit.engine.verdicts import judge, results_table
from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Check, Finding, Tally, empty_tally
from orgaudit.periods import periods_within
from orgaudit.records import Records
from orgaudit.standards import Consecutive, Rule, Standard


def audit(records: Records, standards: Sequence[Standard], rules: Sequence[str] | None = None) -> Audit:
    """Compares records with standards; `rules` limits it to these identifiers and to those whose breaches they speak of."""
    runs = [(Context(records.db, standard, records.facts), _chosen(standard, rules)) for standard in standards]
    by_rule: dict[tuple[str, str], Tally] = {}
    by_organization: dict[str, Tally] = {}
    for context, chosen in runs:
        _judge_all(context, chosen)
        for rule in _wanted(chosen, rules):
            by_rule[rule.standard, rule.id] = _tally(context, rule, by_organization)
    wanted = [(context, rule) for context, chosen in runs for rule in _wanted(chosen, rules)]

    def findings() -> Iterator[Finding]:
        for context, rule in wanted:
            yield from findings_of(context, rule, records.files)

    def checks() -> Iterator[Check]:
        for context, rule in wanted:
            yield from checks_of(context, rule)

    return Audit(
        **about(records, standards, wanted),
        by_rule=by_rule,
        by_organization=dict(sorted(by_organization.items())),
        _findings=findings,
        _checks=checks,
    )


def _chosen(standard: Standard, rules: Sequence[str] | None) -> list[Rule]:
    """The rules asked for, with those that their subjects come from."""
    by_id = {r.id: r for r in standard.rules}
    wanted = list(by_id) if rules is None else [r for r in rules if r in by_id]
    for name in wanted:  # grows while it is walked: a breach's rule may speak of breaches itself
        of = by_id[name].breaches_of
        if of is not None and of not in wanted:
            wanted.append(of)
    return [r for r in standard.rules if r.id in set(wanted)]


def _wanted(chosen: Sequence[Rule], rules: Sequence[str] | None) -> list[Rule]:
    return [r for r in chosen if rules is None or r.id in rules]


def in_order(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that speak of breaches after the rules they speak of; a circle is an error."""
    done: list[Rule] = []
    waiting = list(rules)
    while waiting:
        ids = {r.id for r in done}
        ready = [r for r in waiting if r.breaches_of is None or r.breaches_of in ids]
        if not ready:
            raise OrgauditError("circle", {"names": ", ".join(r.id for r in waiting)}, waiting[0].where)
        done += ready
        waiting = [r for r in waiting if r not in ready]
    return done


def _judge_all(context: Context, rules: Sequence[Rule]) -> None:
    """Judges rule after rule; where the engine stops at one, that rule and those that speak of it are in error."""
    failed: dict[str, str] = {}
    for rule in in_order(rules):
        try:
            if rule.breaches_of in failed:
                raise OrgauditError("engine", {"reason": f"{rule.breaches_of}: {failed[rule.breaches_of]}"})
            _judge(context, rule, is_spoken_of=any(r.breaches_of == rule.id for r in rules))
        except OrgauditError as e:
            if e.code != "engine":
                raise OrgauditError(e.code, e.values, e.where or rule.where, e.hint) from e
            failed[rule.id] = str(e.values["reason"])
            give_up(context, rule, failed[rule.id])


def _judge(context: Context, rule: Rule, *, is_spoken_of: bool) -> None:
    periods = periods_within(context.facts.first, context.facts.last, rule.every) if rule.every else []
    build_checks(context, rule, periods)
    judge_runs(context, rule) if isinstance(rule.measure, Consecutive) else judge(context, rule)
    if is_spoken_of:
        make_breaches(context, rule)


def _tally(context: Context, rule: Rule, by_organization: dict[str, Tally]) -> Tally:
    """Counts the verdicts of a rule and holds them against its population: each check has exactly one."""
    owner, verdict, k = q.col("k", "owner"), q.col("r", "verdict"), q.col("k", "k")
    results = q.join(q.table(results_table(rule), "r"), q.op(q.col("r", "k"), "=", k), left=True)
    columns = {"o": owner, "v": verdict, "n": q.call("count", q.star()), "last": q.call("max", k)}
    rows = context.db.rows(q.select(columns, q.table(checks_table(rule), "k"), [results], group=[owner, verdict]))
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
