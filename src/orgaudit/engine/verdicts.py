"""Therefore: measure, bound and exemptions of every check become exactly one verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.exemptions import Held, held
from orgaudit.engine.layers import Layer, Source, plainly
from orgaudit.engine.measures import Place, find
from orgaudit.engine.outcomes import NONE, Outcome, against, kept_or_not
from orgaudit.engine.population import BINDING, checks_frame, checks_table
from orgaudit.expressions import ROW, Row
from orgaudit.standards import Attest, Done, Require, Rule


def named(kind: str, rule: Rule) -> str:
    """The name of a table of a rule, or of one of its parts."""
    part = f"/{rule.part}" if rule.part else ""
    return f"{kind} {rule.standard} {rule.id}{part}"


RESULT = ("verdict", "judged", "yard", "least", "most", "shown", "level", "possible_level", "reach", "excuse", "doubt")


def results_table(rule: Rule) -> str:
    """The name of the table of verdicts, one for each check."""
    return named("results", rule)


def place_of(context: Context, rule: Rule) -> Place:
    """A select over the checks of a rule with their subjects."""
    joins = context.joins()
    subject = Row(joins, "s", rule.subject.table, is_there=True)
    joins.trees.append(q.join(q.table(rule.subject.table, "s"), q.op(q.col("s", ROW), "=", q.col("k", "s"))))
    return Place(context, checks_frame(context, rule), joins, subject, q.table(checks_table(rule), "k"))


def judge(context: Context, rule: Rule) -> None:
    """Creates the table of verdicts from the table of checks."""
    place = place_of(context, rule)
    exemptions = held(place, rule.exemptions)
    if isinstance(rule.measure, (Require, Done, Attest)):
        write_results(context, rule, plainly(place), kept_or_not(place, rule.measure), exemptions)
        return
    layer = Layer(place)
    found = layer.interval(find(place, rule.measure, "m"))
    exemptions = [layer.exemption(h) for h in exemptions]
    outcome = against(layer, rule, found, [h.bound for h in exemptions if h.bound is not None])
    write_results(context, rule, layer.source(), outcome, exemptions)


def write_results(context: Context, rule: Rule, source: Source, outcome: Outcome, exemptions: Sequence[Held]) -> None:
    """One row a check: its verdict, what was found, and which exemption decided or leaves it open."""
    certain = context.certain.get(checks_table(rule), {})
    known = {c: q.col(source.alias, c) for c in ("k", *BINDING) if c not in certain}
    found = {
        "judged": outcome.verdict,
        "yard": outcome.yard,
        "least": outcome.least,
        "most": outcome.most,
        "shown": outcome.shown,
        "level": outcome.level,
        "possible_level": outcome.possible_level,
        "reach": outcome.reach,
        "excuse": outcome.excuse,
    }
    constant = {c: v for c, v in found.items() if c != "judged" and q.is_constant(v)}
    reckoned = {c: v for c, v in found.items() if c not in constant}
    inner = q.select({**known, **reckoned, **_ways(exemptions, outcome.under)}, source.table, source.joins)
    held = _held_columns(exemptions)
    decided = q.col("j", "judged")
    if held:
        decided = q.col("j", "decided")
        heard = by_exemptions(q.col("i", "judged"), _held_columns(exemptions, "i"), _under("i", outcome))
        inner = q.with_all_of("i", q.select({"decided": heard}, q.derived(inner, "i")))
    told = {c: constant.get(c, q.col("j", c)) for c in found}
    columns = {
        "k": q.col("j", "k"),
        "verdict": _verdict(decided, certain),
        **told,
        "excuse": q.case([(h.surely, q.lit(h.id)) for h in held], told["excuse"]),
        "doubt": q.case([(h.maybe, q.lit(h.id)) for h in held], NONE),
    }
    context.db.run(q.create_table(results_table(rule), q.select(columns, q.derived(inner, "j"))))


def _ways(exemptions: Sequence[Held], under: Sequence[q.Sql]) -> dict[str, q.Sql]:
    """What is known of each exemption, and the verdict under each bound that stands instead, as columns."""
    columns = {f"under {i}": verdict for i, verdict in enumerate(under)}
    for i, exemption in enumerate(exemptions):
        columns |= {f"surely {i}": exemption.surely, f"maybe {i}": exemption.maybe}
    return columns


def _held_columns(exemptions: Sequence[Held], alias: str = "j") -> list[Held]:
    """The exemptions as those columns."""
    return [
        Held(e.id, q.col(alias, f"surely {i}"), q.col(alias, f"maybe {i}"), e.bound) for i, e in enumerate(exemptions)
    ]


def _under(alias: str, outcome: Outcome) -> list[q.Sql]:
    return [q.col(alias, f"under {i}") for i in range(len(outcome.under))]


def _verdict(decided: q.Sql, certain: Mapping[str, q.Sql]) -> q.Sql:
    """The order in which what is known of a check decides: where it does not bind, what it says, what is in doubt."""
    alive, member, in_force, nothing = (certain.get(c, q.col("j", c)) for c in BINDING)
    not_bound = q.or_([*(q.not_(q.is_not_false(c)) for c in (in_force, alive)), nothing])
    unsure = q.not_(q.is_true(q.and_([alive, member, in_force])))
    stands = q.isin(decided, [q.lit(v) for v in ("not_applicable", "pass", "error")])
    others = q.isin(decided, [q.lit(v) for v in ("fail", "unknown", "pending")])
    ways = [(not_bound, q.lit("not_applicable")), (stands, decided), (unsure, q.lit("unknown")), (others, decided)]
    return q.case(ways, q.lit("error"))


def by_exemptions(judged: q.Sql, exemptions: Sequence[Held], under: Sequence[q.Sql] = ()) -> q.Sql:
    """The verdict once exemptions are heard.

    The first that certainly holds stands; those before it that may hold leave several verdicts possible: if they are one,
    that; if all are pass or not applicable, pass; else it is unknown.
    """
    if not exemptions:
        return judged
    if all(e.bound is None for e in exemptions):
        return _excused(judged, exemptions)
    possible = _possible(judged, exemptions, under)
    only = {v: q.and_([q.not_(p) for w, p in possible.items() if w != v]) for v in possible}
    lenient = q.and_([q.not_(p) for w, p in possible.items() if w not in ("pass", "not_applicable")])
    ways = [("not_applicable", only["not_applicable"]), ("pass", lenient)]
    ways += [(v, only[v]) for v in ("fail", "pending", "error")]
    return q.case([(condition, q.lit(v)) for v, condition in ways], q.lit("unknown"))


def _excused(judged: q.Sql, exemptions: Sequence[Held]) -> q.Sql:
    """Excuses only: one that may hold leaves a pass a pass, and anything else open."""
    lenient = q.isin(judged, [q.lit("pass"), q.lit("not_applicable")])
    ways = [
        (q.or_(e.surely for e in exemptions), q.lit("not_applicable")),
        (lenient, judged),
        (q.or_(e.maybe for e in exemptions), q.lit("unknown")),
    ]
    return q.case(ways, judged)


def _possible(measured: q.Sql, exemptions: Sequence[Held], under: Sequence[q.Sql]) -> dict[str, q.Sql]:
    """For each verdict whether the exemptions that hold, or may hold, leave it possible."""
    ways: list[tuple[q.Sql, q.Sql | None]] = []
    bounds, before = list(under), list[q.Sql]()
    for exemption in exemptions:
        reached = q.and_([exemption.maybe, *(q.not_(b) for b in before)])
        ways.append((reached, None if exemption.bound is None else bounds.pop(0)))
        before.append(exemption.surely)
    ways.append((q.not_(q.or_(before)), measured))
    verdicts = ("pass", "fail", "unknown", "pending", "not_applicable", "error")
    return {v: q.or_(q.and_([w, _is(found, v)]) for w, found in ways) for v in verdicts}


def _is(found: q.Sql | None, verdict: str) -> q.Sql:
    """Whether a way ends in this verdict; an excuse ends in not applicable."""
    if found is None:
        return q.TRUE if verdict == "not_applicable" else q.FALSE
    return q.is_true(q.op(found, "=", q.lit(verdict)))
