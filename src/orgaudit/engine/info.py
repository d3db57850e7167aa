"""What outputs tell of a rule: what it asks for, in plain values."""

from __future__ import annotations

from fractions import Fraction

from orgaudit.engine.context import Context
from orgaudit.engine.parts import items_of
from orgaudit.findings import RuleInfo
from orgaudit.standards import Attest, Bound, BoundValue, Gap, Measure, Parts, Rule, Runs, Total

_NAMES = {"ValueOf": "value"}


def rule_info(context: Context, rule: Rule) -> RuleInfo:
    """What outputs tell of a rule."""
    return RuleInfo(
        rule=rule.id,
        standard=rule.standard,
        clause=rule.clause,
        quote=rule.quote,
        title=rule.title,
        remedy=rule.remedy,
        modality=rule.modality,
        severity=rule.severity,
        expected=_expected(context, rule),
        measure=measure_name(rule.measure),
        norms=rule.norms,
        uses=rule.uses,
        counted=_counted_title(context, rule),
        levels={lv.name: lv.title for lv in rule.levels},
        tailored=rule.tailored,
        question=rule.measure.question if isinstance(rule.measure, Attest) else {},
        parts={str(part.part): rule_info(context, part) for part in items_of(rule) if part.part != rule.part},
    )


def _counted_title(context: Context, rule: Rule) -> dict[str, str]:
    groups = rule.measure.groups
    table = groups[0].table if groups else rule.subject.table
    return dict(context.model.tables[table].title)


def measure_name(measure: Measure) -> str:
    """The word of the language for a measure."""
    match measure:
        case Runs(in_a_row=in_a_row):
            return "consecutive" if in_a_row else "periods"
        case Parts(every=every):
            return "all" if every else "any"
        case Total(kind=kind):
            return kind
    name = type(measure).__name__
    return _NAMES.get(name, name.lower())


def _expected(context: Context, rule: Rule) -> dict[str, object]:
    measure = rule.measure
    if isinstance(measure, Parts):
        return {measure_name(measure): [part.id for part in measure.parts]}
    if rule.bound is not None:
        return _plain_bound(context, rule.bound, rule.measure)
    if rule.levels:
        return {"levels": [{"level": lv.name, **_plain_bound(context, lv.bound, measure)} for lv in rule.levels]}
    return {measure_name(measure): True}


def _plain_bound(context: Context, bound: Bound, measure: Measure) -> dict[str, object]:
    values = [_plain(context, v, measure) for v in bound.values]
    return {bound.kind: values if len(values) > 1 else values[0]}


def _plain(context: Context, value: BoundValue, measure: Measure) -> object:
    if value.text:
        return value.text
    held = context.in_force(context.standard.parameters[value.parameter]) if value.parameter else None
    if value.duration is not None or (held is not None and isinstance(measure, Gap)):
        return str(value.duration or held)
    if held is not None and not isinstance(held, (int, float)):
        return str(held)
    number = context.bound_number(value)
    return int(number) if number.denominator == 1 else _decimal(number)


def _decimal(number: Fraction) -> object:
    return float(number) if 10**6 % number.denominator == 0 else str(number)
