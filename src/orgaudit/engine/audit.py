"""The comparison: subjects → × periods × values → measure → bound → exemptions → verdict, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orgaudit import sql as q
from orgaudit.engine.breaches import make_breaches
from orgaudit.engine.consecutive import judge_runs
from orgaudit.engine.context import Context
from orgaudit.engine.population import build_checks, checks_table
from orgaudit.engine.report import checks_of, findings_of, rule_info
from orgaudit.engine.verdicts import judge, results_table
from orgaudit.errors import OrgauditError
from orgaudit.findings import Audit, Check, Finding, Organization, Stretch, Tally, Text, empty_tally
from orgaudit.periods import periods_within
from orgaudit.records import Records
from orgaudit.standards import Consecutive, Rule, Standard


def audit(records: Records, standards: Sequence[Standard], rules: Sequence[str] | None = None) -> Audit:
    """Compares records with standards; `rules` limits it to these identifiers and to those whose breaches they speak of."""
    runs = [(Context(records.db, standard, records.facts), _chosen(standard, rules)) for standard in standards]
    by_rule: dict[str, Tally] = {}
    by_organization: dict[str, Tally] = {}
    for context, chosen in runs:
        for rule in in_order(chosen):
            _judge(context, rule, is_spoken_of=any(r.breaches_of == rule.id for r in chosen))
        for rule in _wanted(chosen, rules):
            by_rule[rule.id] = _tally(context, rule, by_organization)
    wanted = [(context, rule) for context, chosen in runs for rule in _wanted(chosen, rules)]

    def findings() -> Iterator[Finding]:
        for context, rule in wanted:
            yield from findings_of(context, rule, records.files)

    def checks() -> Iterator[Check]:
        for context, rule in wanted:
            yield from checks_of(context, rule)

    return _made(records, standards, wanted, by_rule, by_organization, findings, checks)


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


def _judge(context: Context, rule: Rule, *, is_spoken_of: bool) -> None:
    try:
        periods = periods_within(context.facts.first, context.facts.last, rule.every) if rule.every else []
        build_checks(context, rule, periods)
        judge_runs(context, rule) if isinstance(rule.measure, Consecutive) else judge(context, rule)
        if is_spoken_of:
            make_breaches(context, rule)
    except OrgauditError as e:
        raise OrgauditError(e.code, e.values, e.where or rule.where, e.hint) from e


def _tally(context: Context, rule: Rule, by_organization: dict[str, Tally]) -> Tally:
    """Counts the verdicts of a rule and holds them against its population."""
    checks, results = q.table(checks_table(rule), "k"), q.table(results_table(rule), "r")
    owner, verdict = q.col("k", "owner"), q.col("r", "verdict")
    same = q.join(results, q.op(q.col("r", "k"), "=", q.col("k", "k")))
    counts = context.db.rows(
        q.select({"o": owner, "v": verdict, "n": q.call("count", q.star())}, checks, [same], group=[owner, verdict])
    )
    population = context.db.rows(q.select({"n": q.call("count", q.star())}, checks.copy()))[0][0]
    tally = empty_tally()
    for organization, found, count in counts:
        tally[found] += count
        if organization is not None:
            by_organization.setdefault(organization, empty_tally())[found] += count
    if sum(tally.values()) != population:
        raise OrgauditError(
            "tally", {"rule": rule.id, "checks": population, "verdicts": sum(tally.values())}, rule.where
        )
    return tally


def _made(records, standards, wanted, by_rule, by_organization, findings, checks) -> Audit:  # type: ignore[no-untyped-def]
    facts = records.facts
    used = {name for _, rule in wanted for name in rule.uses}
    return Audit(
        as_of=facts.as_of,
        period=Stretch(f"{facts.first}..{facts.last}", facts.first, facts.last),
        standards=[{"id": s.id, "title": dict(s.title), "sha256": s.sha256} for s in standards],
        rules=[rule_info(context, rule) for context, rule in wanted],
        organizations=_organizations(records, standards),
        tables={
            t: {
                "rows": records.rows.get(t, 0),
                "files": [{"path": f.path, "rows": f.rows, "sha256": f.sha256} for f in records.read if f.table == t],
            }
            for t in sorted({f.table for f in records.read})
        },
        problems=list(records.problems),
        by_rule=by_rule,
        by_organization=dict(sorted(by_organization.items())),
        parameters={
            n: [[str(d), v] for d, v in p.values] for s in standards for n, p in s.parameters.items() if n in used
        },
        readings={
            n: {"use": r.use, "why": r.why, "clause": r.clause}
            for s in standards
            for n, r in s.readings.items()
            if n in used
        },
        titles=_titles(records),
        records_path=records.path,
        _findings=findings,
        _checks=checks,
    )


def _titles(records: Records) -> dict[str, Text]:
    """What tables (`members`) and fields (`members.name`) are called."""
    titles: dict[str, Text] = {}
    for name, table in records.model.tables.items():
        titles[name] = dict(table.title)
        titles |= {f"{name}.{f.name}": dict(f.title) for f in table.fields if f.title}
    return titles


def _organizations(records: Records, standards: Sequence[Standard]) -> list[Organization]:
    """The records that answer for others, with the one above each where the table refers to itself."""
    model = records.model
    owners = {o for t in model.tables if (o := model.owner_table(t)) is not None}
    found: list[Organization] = []
    for table in sorted(owners):
        declared = model.tables[table]
        key, name = model.key_of(table), declared.field_with("name")
        up = next((k.field for k in declared.foreignKeys if k.target == table), None)
        columns = {
            "k": q.col("t", key),
            "n": q.col("t", name) if name else q.NULL,
            "u": q.col("t", up) if up else q.NULL,
        }
        found += [
            Organization(*row)
            for row in records.db.rows(q.select(columns, q.table(table, "t"), order=[q.col("t", key)]))
        ]
    return found
