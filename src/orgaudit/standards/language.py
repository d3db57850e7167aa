"""The keys of a standard's YAML, as it is written; what they mean is docs/reference/language.md."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Discriminator, SkipValidation, Tag, WithJsonSchema, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Day, Field, Strict, StrList, Table, Text, wrong_shape
from orgaudit.schemas import (
    EVERY,
    LENGTH,
    Demands,
    demanded,
    exactly_one,
    if_given,
    named,
    one_at_least,
    one_at_most,
    refused,
    text,
)

Scalar = bool | int | float | str
Modality = Literal["must", "must_not", "should", "may", "goal", "fact"]
Severity = Literal["critical", "major", "minor", "info"]
Number = int | float | str

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
AGGREGATES = ("count", "distinct", "sum", "min", "max", "share", "ratio")
MEASURES = (*AGGREGATES, "value", "require", "done", "gap", "consecutive", "periods", "attest", "all", "any")
#: measures that are kept or not by themselves
UNBOUNDED_MEASURES = ("require", "done", "attest", "all", "any")
#: measures that a condition may be made of
TESTS = (*AGGREGATES, "value")

_ONE_BOUND = named("OneBound", one_at_most(*BOUNDS))
_A_BOUND = named("ABound", one_at_least(*BOUNDS))
_ONE_MEASURE = named("OneMeasure", exactly_one(*MEASURES))
_NUMBERS = (*TESTS, "require")  # what a defined number may be
_WHOLE = ("gap", "consecutive", "periods")  # over the whole audited period
_EFFECT = text(r"excuse|skip|break|\$\w+", "excuse, skip, break, a reading as $name, or keys that put another bound")
_NO_LEVELS = {"properties": {"levels": {"maxItems": 0, "errorMessage": "levels stand instead of a bound"}}}
_AFTER = text(r".+ after .+", "DURATION after DATE, as 30 days after received_on")


def _only(measures: tuple[str, ...], what: str) -> dict[str, Any]:
    """No measure but these, in JSON Schema."""
    return refused(tuple(m for m in MEASURES if m not in measures), f"{what} made of {', '.join(measures)}")


def _every(form: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"every": {**form, "type": ["string", "null"]}}}


def _shape(value: Any) -> str:
    """Where a mapping or a text may stand: errors speak of that one of them which does."""
    return "keys" if isinstance(value, (dict, BaseModel)) else "text"


class InForce(Strict):
    """The first and the last day on which a standard or rule binds."""

    from_: Day | None = Key(
        default=None, alias="from", description="The first day on which it binds; left out: since ever."
    )
    to: Day | None = Key(default=None, description="The last day on which it binds; left out: until further notice.")


class WindowKeys(Strict):
    """`within: {from: DATE, to: DATE}`"""

    from_: str | None = Key(
        default=None,
        alias="from",
        description="The first day of the window: a date expression.",
        examples=["received_on"],
    )
    to: str | None = Key(
        default=None,
        description="The last day of the window: a date expression.",
        examples=["add_days(received_on, 14)"],
    )


class Bounded(Strict):
    """A part that carries a bound: at most one of these keys."""

    demands: ClassVar[Demands] = (_ONE_BOUND, {"properties": {"between": {"minItems": 2, "maxItems": 2}}})

    at_least: Number | None = Key(
        default=None,
        description="The lawful state: this much or more.",
        examples=[1, "50%", "2/3", "6 months", "$least"],
    )
    at_most: Number | None = Key(
        default=None, description="The lawful state: this much or less.", examples=[0, "30 days", "$most"]
    )
    more_than: Number | None = Key(default=None, description="The lawful state: more than this.")
    less_than: Number | None = Key(default=None, description="The lawful state: less than this.")
    exactly: Number | None = Key(default=None, description="The lawful state: just this much.")
    between: list[Number] | None = Key(
        default=None, description="The lawful state: from the first to the second, both included.", examples=[[2, 3]]
    )

    @model_validator(mode="after")
    def _one_bound(self) -> Bounded:
        if len(self.bounds) > 1:
            raise wrong_shape("shape-one-bound", found=", ".join(self.bounds))
        if self.between is not None and len(self.between) != 2:
            raise wrong_shape("shape-between")
        return self

    @property
    def bounds(self) -> dict[str, Any]:
        """The bound keys that are set."""
        return {k: v for k in BOUNDS if (v := getattr(self, k)) is not None}


class ShareKeys(Strict):
    """`share: {of: GROUP, where: CONDITION}`"""

    of: StrList = Key(
        description="The records of which a share is taken: a group of records: a path, then `in`, `dated` or `where`."
    )
    where: str = Key(description="The condition of those that count.", examples=["status = 'present'"])


class MeasureKeys(Bounded):
    """A measure: exactly one of these keys."""

    demands: ClassVar[Demands] = (
        _ONE_MEASURE,
        if_given(
            ("consecutive", "periods"),
            demanded("when"),
            otherwise=refused(("when",), "`when` belongs to consecutive and periods"),
        ),
        if_given("gap", otherwise=refused(("ends",), "`ends` belongs to gap")),
        if_given(UNBOUNDED_MEASURES, refused(BOUNDS, "the measure is kept or not by itself, and takes no bound")),
    )

    count: StrList | None = Key(
        default=None,
        description="Measure: how many records belong; a list is a union of groups of one table.",
        examples=["meetings where kind = 'general'"],
    )
    distinct: str | None = Key(
        default=None,
        description="Measure: how many different values, as `EXPR of GROUP`.",
        examples=["kind of meetings"],
    )
    sum: str | None = Key(
        default=None, description="Measure: the sum of values, as `EXPR of GROUP`.", examples=["amount of payments"]
    )
    min: str | None = Key(
        default=None, description="Measure: the least value, as `EXPR of GROUP`.", examples=["held_on of meetings"]
    )
    max: str | None = Key(
        default=None, description="Measure: the greatest value, as `EXPR of GROUP`.", examples=["held_on of meetings"]
    )
    share: ShareKeys | None = Key(
        default=None, description="Measure: which share of the records of a group keep a condition."
    )
    ratio: RatioKeys | None = Key(
        default=None, description="Measure: one number divided by another, each a count, distinct or sum."
    )
    value: str | None = Key(
        default=None, description="Measure: a number or date of the subject itself.", examples=["seats"]
    )
    require: str | bool | None = Key(
        default=None,
        description="Measure: a condition that the subject must keep; it takes no bound.",
        examples=["approved_on is recorded"],
    )
    done: str | None = Key(
        default=None,
        description="Measure: a date of the subject that must lie in the window of `within`; it takes no bound.",
        examples=["answered_on"],
    )
    gap: StrList | None = Key(
        default=None,
        description="Measure: the longest time without a record of a group, over the whole audited period.",
    )
    ends: Literal["closed", "open", "first", "last"] = Key(
        default="closed",
        description="Of `gap`: whether the stretches at both ends count, only that one, or neither (`open`).",
    )
    consecutive: str | None = Key(
        default=None,
        description="Measure: how many periods, or records of a group in their order, fulfil `when` one after the other.",
        examples=["month"],
    )
    periods: str | None = Key(
        default=None, description="Measure: how many periods of the audited period fulfil `when`.", examples=["month"]
    )
    when: (
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(_shape)] | None
    ) = Key(
        default=None,
        description="Of `consecutive` and `periods`: the condition, or a measure with a bound, of each period or record.",
    )
    attest: Text | None = Key(
        default=None,
        description="Measure: a question that an authorised person answers, in each language; it takes no bound.",
    )
    all: list[PartKeys] | None = Key(
        default=None, description="Measure: parts that must all be kept; it takes no bound."
    )
    any: list[PartKeys] | None = Key(
        default=None, description="Measure: parts of which one must be kept; it takes no bound."
    )

    @model_validator(mode="after")
    def _one_measure(self) -> MeasureKeys:
        measures = [m for m in MEASURES if getattr(self, m) is not None]
        if len(measures) != 1:
            raise wrong_shape(
                "shape-one-measure",
                measures=", ".join(MEASURES),
                found=", ".join(measures) or {"zh": "没有", "en": "none"},
            )
        if (measures[0] in ("consecutive", "periods")) != (self.when is not None):
            raise wrong_shape("shape-consecutive")
        if "ends" in self.model_fields_set and self.gap is None:
            raise wrong_shape("shape-ends")
        if measures[0] in UNBOUNDED_MEASURES and self.is_bounded:
            raise wrong_shape("shape-no-bound", measure=measures[0])
        return self

    @property
    def measure(self) -> str:
        """The name of its measure."""
        return next(m for m in MEASURES if getattr(self, m) is not None)

    @property
    def is_bounded(self) -> bool:
        """Whether it says how much."""
        return bool(self.bounds)


_COUNTED = {
    "allOf": [_only(("count", "distinct", "sum"), "a ratio is"), refused(BOUNDS, "the bound is that of the ratio")]
}


class RatioKeys(Strict):
    """`ratio: {of: MEASURE, to: MEASURE}`"""

    demands: ClassVar[Demands] = ({"properties": {"of": _COUNTED, "to": _COUNTED}},)

    of: MeasureKeys = Key(description="What is divided.")
    to: MeasureKeys = Key(description="What it is divided by.")

    @model_validator(mode="after")
    def _plain(self) -> RatioKeys:
        for part in (self.of, self.to):
            if part.measure not in ("count", "distinct", "sum") or part.bounds:
                raise wrong_shape("shape-ratio")
        return self


class TestKeys(MeasureKeys):
    """`{MEASURE, BOUND}` where a condition is expected."""

    demands: ClassVar[Demands] = (_only(TESTS, "a condition is"), _A_BOUND)

    @model_validator(mode="after")
    def _is_a_test(self) -> TestKeys:
        if self.measure not in TESTS:
            raise wrong_shape("shape-test", measure=self.measure, known=", ".join(TESTS))
        if not self.bounds:
            raise wrong_shape("shape-bound")
        return self


class LevelKeys(Bounded):
    """One step of a ladder."""

    level: str = Key(description="The name of the step; `ok` is no failure.", examples=["ok", "warned"])
    title: Text = Key(default_factory=dict, description="The name in Chinese and English.")
    severity: Severity | None = Key(default=None, description="How grave this step is; left out: as grave as the rule.")


class ExemptionKeys(Strict):
    """One named reason for which a check does not apply."""

    demands: ClassVar[Demands] = (
        exactly_one("when", "during", "during_all"),
        {"properties": {"effect": {"if": {"type": "object"}, "then": _A_BOUND}}},
    )

    id: str = Key(description="The name of the exemption, which findings show.", examples=["merged"])
    clause: str | None = Key(default=None, description="The clause that exempts.")
    when: (
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(_shape)] | None
    ) = Key(
        default=None,
        description="It holds where this is true: a condition, or a measure with a bound.",
        examples=["is_merged"],
    )
    during: str | None = Key(
        default=None,
        description="It holds where a record of this group, or a season, overlaps the window.",
        examples=["leaves where approved", "yearly 07-01 to 08-31"],
    )
    during_all: str | None = Key(
        default=None, description="It holds where one record of this group, or a season, covers the whole window."
    )
    effect: Annotated[
        Annotated[str, WithJsonSchema(_EFFECT), Tag("text")] | Annotated[Bounded, Tag("keys")], Discriminator(_shape)
    ] = Key(
        default="excuse",
        description="`excuse`; in runs `skip` or `break`; a `$reading` that chooses; or another bound, as `{at_most: 75 days}`.",
    )

    @model_validator(mode="after")
    def _one_condition(self) -> ExemptionKeys:
        if sum(x is not None for x in (self.when, self.during, self.during_all)) != 1:
            raise wrong_shape("shape-exemption")
        if isinstance(self.effect, Bounded) and not self.effect.bounds:
            raise wrong_shape("shape-bound")
        return self


class Laddered(MeasureKeys):
    """A measure that a ladder may be held against."""

    demands: ClassVar[Demands] = (if_given((*BOUNDS, *UNBOUNDED_MEASURES), _NO_LEVELS),)

    levels: list[LevelKeys] = Key(
        default_factory=list,
        description="The steps of a ladder, from the least; together they leave no hole. They stand instead of a bound.",
    )

    @model_validator(mode="after")
    def _one_yardstick(self) -> Laddered:
        if self.levels and self.bounds:
            raise wrong_shape("shape-levels")
        return self

    @property
    def is_bounded(self) -> bool:
        """Whether it says how much."""
        return bool(self.bounds or self.levels)


class PartKeys(Laddered):
    """One part of `all` or `any`."""

    demands: ClassVar[Demands] = (if_given(UNBOUNDED_MEASURES, otherwise=one_at_least(*BOUNDS, "levels")),)

    id: str = Key(description="The name of the part, which findings show.")

    @model_validator(mode="after")
    def _says_how_much(self) -> PartKeys:
        if self.measure not in UNBOUNDED_MEASURES and not self.is_bounded:
            raise wrong_shape("shape-bound")
        return self


class RuleKeys(Laddered):
    """One rule."""

    demands: ClassVar[Demands] = (
        if_given("every", otherwise=refused(("step", "alive"), "this belongs to `every`")),
        if_given("step", _every(LENGTH), otherwise=_every(EVERY)),
        if_given(_WHOLE, refused(("within", "every"), "the measure looks at the whole audited period")),
        if_given("done", demanded("within")),
        if_given("matter", one_at_least(*BOUNDS, "levels", "within")),
    )

    id: str = Key(description="The identifier of the rule, unique in the standard.", examples=["SPB-3-1"])
    norms: list[str] = Key(default_factory=list, description="The norms of `clauses.yaml` that the rule carries.")
    clause: str | None = Key(
        default=None,
        description="The clause that the rule comes from; a number is quoted.",
        examples=["二（三）", "12.3"],
    )
    quote: str | None = Key(default=None, description="The words of the clause.")
    title: Text = Key(default_factory=dict, description="What the rule is called, in Chinese and English.")
    remedy: Text = Key(default_factory=dict, description="What to do about a breach, in Chinese and English.")
    note: str | None = Key(default=None, description="Anything else a reader should know.")
    matter: str | None = Key(
        default=None,
        description="What it says how much of: rules of other standards with the same word are compared with it.",
        examples=["general_meeting"],
    )
    modality: Modality = Key(description="How much it binds; failures of `may`, `goal` and `fact` are advisory.")
    severity: Severity | None = Key(
        default=None,
        description="How grave a breach is; left out: major for must and must_not, minor for should, else info.",
    )
    reading: dict[str, str] = Key(
        default_factory=dict,
        description="The rule stands only under these choices of readings.",
        examples=[{"no_meeting_month": "skip"}],
    )
    in_force: InForce | None = Key(default=None, description="When the rule binds; left out: as the standard.")
    for_: str | None = Key(
        default=None,
        alias="for",
        description="Whom it binds: a group, or `breaches of RULE`; left out: the whole audit, as one subject.",
        examples=["organizations where kind = 'branch'"],
    )
    each: dict[str, list[Scalar] | str] = Key(
        default_factory=dict,
        description="One obligation a value: of a list, `$name`, a group, or `EXPR of GROUP`; of several names all combinations.",
        examples=[{"topic": ["law", "safety"]}],
    )
    every: str | None = Key(default=None, description="How often: one check a period.")
    step: Annotated[str, WithJsonSchema(EVERY)] | None = Key(
        default=None, description="Windows of the length of `every` that slide: one begins at each of these periods."
    )
    alive: Literal["throughout", "sometime", "at_end"] = Key(
        default="throughout",
        description="Of `every`: which subjects a period binds: those that exist throughout it, sometime in it, or at its end.",
    )
    within: (
        Annotated[
            Annotated[str, WithJsonSchema(_AFTER), Tag("text")] | Annotated[WindowKeys, Tag("keys")],
            Discriminator(_shape),
        ]
        | None
    ) = Key(
        default=None,
        description="The window: `DURATION after DATE`, or from a date to a date.",
        examples=["30 days after received_on"],
    )
    unless: list[ExemptionKeys] = Key(default_factory=list, description="The exemptions; the first that holds counts.")

    @model_validator(mode="after")
    def _keys_go_together(self) -> RuleKeys:
        for key in ("step", "alive"):
            if key in self.model_fields_set and self.every is None:
                raise wrong_shape("shape-with-every", key=key)
        if self.measure in ("consecutive", "periods", "gap") and (self.within or self.every):
            raise wrong_shape("shape-whole-period", measure=self.measure)
        if self.matter is not None and not (self.is_bounded or self.within):
            raise wrong_shape("shape-matter")
        return self


class ReadingKeys(Strict):
    """Where the text leaves a gap: the choice, and why."""

    use: str = Key(description="The choice that is made; one of `choices`.")
    choices: list[str] = Key(description="What the text may mean.")
    why: str = Key(description="Why it is read so.")
    clause: str | None = Key(default=None, description="The clause that leaves the gap.")

    @model_validator(mode="after")
    def _is_a_choice(self) -> ReadingKeys:
        if self.use not in self.choices:
            raise wrong_shape("shape-choice", use=self.use, known=", ".join(self.choices))
        return self


class NumberKeys(MeasureKeys):
    """`define: name: {for: TABLE, MEASURE}`"""

    demands: ClassVar[Demands] = (
        _only(_NUMBERS, "a number is"),
        refused(BOUNDS, "a number takes no bound"),
    )

    for_: str = Key(
        alias="for", description="The table whose records have the number, or `audit`.", examples=["organizations"]
    )

    @model_validator(mode="after")
    def _is_a_number(self) -> NumberKeys:
        known = (*TESTS, "require")
        if self.measure not in known or self.bounds:
            raise wrong_shape("shape-number", known=", ".join(known))
        return self


class SourceKeys(Strict):
    """Where the norms come from."""

    document: str = Key(description="The file or name of the text.")
    published_on: Day | None = Key(default=None, description="The day on which it was published.")
    title: Text = Key(default_factory=dict, description="What the text is called, in Chinese and English.")


class ChangeKeys(Bounded):
    """What a tailored standard says of a rule of another."""

    why: str = Key(description="Why it is different here; outputs show it.")
    off: bool = Key(default=False, description="The rule does not stand here.")
    severity: Severity | None = Key(default=None, description="How grave a breach is here.")


class ParameterChangeKeys(Strict):
    """Another value (or values by date) of a parameter."""

    demands: ClassVar[Demands] = (exactly_one("value", "values"),)

    why: str = Key(description="Why it is different here; outputs show it.")
    value: Scalar | list[Scalar] | None = Key(default=None, description="The value here, since ever.")
    values: dict[Day, Scalar | list[Scalar]] = Key(
        default_factory=dict, description="The values here, by the day from which on they hold."
    )

    @model_validator(mode="after")
    def _says_what(self) -> ParameterChangeKeys:
        if (self.value is None) == (not self.values):
            raise wrong_shape("shape-change")
        return self


class ReadingChangeKeys(Strict):
    """Another choice of a reading."""

    use: str = Key(description="The choice that is made here.")
    why: str = Key(description="Why it is read so here; outputs show it.")


class ExtendKeys(Strict):
    """Another standard, and what is different here, each with its reason."""

    standard: str = Key(description="The identifier of the other standard, or a folder beside this file.")
    parameters: dict[str, ParameterChangeKeys] = Key(
        default_factory=dict, description="Parameters with other values here."
    )
    readings: dict[str, ReadingChangeKeys] = Key(default_factory=dict, description="Readings with another choice here.")
    rules: dict[str, ChangeKeys] = Key(
        default_factory=dict, description="Rules that are different here: another bound, another severity, or off."
    )


Disposition = Literal["rules", "attest", "not_a_norm", "planned"]


class ClauseKeys(Strict):
    """One norm of the source."""

    demands: ClassVar[Demands] = (
        {
            "if": {"properties": {"disposition": {"const": "rules"}}, "required": ["disposition"]},
            "then": {"required": ["rules"], "properties": {"rules": {"minItems": 1}}},
            "else": demanded("why"),
        },
    )

    norm: str = Key(description="The identifier of the norm, unique in the source.")
    clause: str | None = Key(default=None, description="The clause in which it stands.")
    disposition: Disposition = Key(
        description="What became of it: `rules` carry it, only people can `attest` it, it is `not_a_norm`, or a rule is `planned`."
    )
    rules: list[str] = Key(default_factory=list, description="The rules that carry it, or exempt by it.")
    why: str | None = Key(default=None, description="Why no rule carries it, or how the rules do.")


class ClausesKeys(Strict):
    """All norms of the source."""

    clauses: list[ClauseKeys] = Key(description="All norms of the source, in its order.")


class TableKeys(Table):
    """A table of the standard's own, or what it adds to one of the record model: fields, references, other names, rows."""

    demands: ClassVar[Demands] = (if_given("singular", demanded("primaryKey", "fields")),)

    singular: str = Key(default="", description="One record of the table; only of a table of its own.")
    primaryKey: StrList = Key(default_factory=list, description="The fields that name a record; only of its own.")
    fields: list[Field] = Key(default_factory=list, description="The fields, or further fields.")


class BroughtKeys(Strict):
    """Tables and fields that a standard brings; they are checked as parts of the whole record model."""

    tables: dict[str, TableKeys] = Key(default_factory=dict, description="Tables, and what is added to tables.")


class StandardKeys(Strict):
    """A whole standard."""

    standard: str = Key(description="The identifier of the standard.", examples=["street-party-building"])
    title: Text = Key(default_factory=dict, description="What the standard is called, in Chinese and English.")
    source: SourceKeys | None = Key(default=None, description="The text that the norms come from.")
    in_force: InForce | None = Key(default=None, description="When the standard binds.")
    extends: list[ExtendKeys] = Key(
        default_factory=list, description="Other standards whose rules stand here, too, with what is different."
    )
    records: SkipValidation[BroughtKeys] | None = Key(
        default=None, description="Tables of its own, and what it adds to tables of the record model."
    )
    calendar: str | None = Key(
        default=None,
        description="The calendar of working days: `weekdays`, or a file beside the standard.",
        examples=["weekdays", "calendar.yaml"],
    )
    parameters: dict[str, dict[Day, Scalar | list[Scalar]]] = Key(
        default_factory=dict,
        description="Values by the day from which on they hold; rules name them as `$name`.",
        examples=[{"talk_time": {"2022-06-15": "30 days"}}],
    )
    readings: dict[str, ReadingKeys] = Key(
        default_factory=dict, description="Where the text leaves a gap: the choice, and why."
    )
    define: dict[
        str, Annotated[Annotated[str, Tag("text")] | Annotated[NumberKeys, Tag("keys")], Discriminator(_shape)]
    ] = Key(
        default_factory=dict,
        description="Groups, and numbers of each record, that rules use by name.",
        examples=[{"life": "meetings where kind in ('general', 'group')"}],
    )
    clauses: list[SkipValidation[ClauseKeys]] = Key(
        default_factory=list, description="All norms of the source, unless they stand in `clauses.yaml`."
    )
    rules: list[RuleKeys] = Key(description="The rules.")


for keys in (MeasureKeys, RatioKeys, TestKeys, PartKeys, RuleKeys, ExemptionKeys, NumberKeys, StandardKeys):
    keys.model_rebuild()
