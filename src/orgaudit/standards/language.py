"""The keys of a standard's YAML, as it is written; what they mean is docs/reference/language.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Strict, known_languages, wrong_shape

Text = Annotated[dict[str, str], AfterValidator(known_languages)]
Scalar = bool | int | float | str
Modality = Literal["must", "must_not", "should", "may", "goal", "fact"]
Severity = Literal["critical", "major", "minor", "info"]
Groups = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
Number = int | float | str

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
AGGREGATES = ("count", "distinct", "sum", "min", "max", "share", "ratio")
MEASURES = (*AGGREGATES, "value", "require", "done", "gap", "consecutive", "periods", "attest", "all", "any")
#: measures that are kept or not by themselves
UNBOUNDED_MEASURES = ("require", "done", "attest", "all", "any")
#: measures that a condition may be made of
TESTS = (*AGGREGATES, "value")


def _shape(value: Any) -> str:
    """Where a mapping or a text may stand: errors speak of that one of them which does."""
    return "keys" if isinstance(value, (dict, BaseModel)) else "text"


class InForce(Strict):
    """The first and the last day on which a standard or rule binds."""

    from_: str | None = Key(None, alias="from")
    to: str | None = None


class WindowKeys(Strict):
    """`within: {from: DATE, to: DATE}`"""

    from_: str | None = Key(None, alias="from")
    to: str | None = None


class Bounded(Strict):
    """A part that carries a bound: at most one of these keys."""

    at_least: Number | None = None
    at_most: Number | None = None
    more_than: Number | None = None
    less_than: Number | None = None
    exactly: Number | None = None
    between: list[Number] | None = None

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

    of: Groups
    where: str


class MeasureKeys(Bounded):
    """A measure: exactly one of these keys."""

    count: Groups | None = None
    distinct: str | None = None
    sum: str | None = None
    min: str | None = None
    max: str | None = None
    share: ShareKeys | None = None
    ratio: RatioKeys | None = None
    value: str | None = None
    require: str | bool | None = None
    done: str | None = None
    gap: Groups | None = None
    ends: Literal["closed", "open", "first", "last"] = "closed"
    consecutive: str | None = None
    periods: str | None = None
    when: (
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(_shape)] | None
    ) = None
    attest: Text | None = None
    all: list[PartKeys] | None = None
    any: list[PartKeys] | None = None

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


class RatioKeys(Strict):
    """`ratio: {of: MEASURE, to: MEASURE}`"""

    of: MeasureKeys
    to: MeasureKeys

    @model_validator(mode="after")
    def _plain(self) -> RatioKeys:
        for part in (self.of, self.to):
            if part.measure not in ("count", "distinct", "sum") or part.bounds:
                raise wrong_shape("shape-ratio")
        return self


class TestKeys(MeasureKeys):
    """`{MEASURE, BOUND}` where a condition is expected."""

    @model_validator(mode="after")
    def _is_a_test(self) -> TestKeys:
        if self.measure not in TESTS:
            raise wrong_shape("shape-test", measure=self.measure, known=", ".join(TESTS))
        if not self.bounds:
            raise wrong_shape("shape-bound")
        return self


class LevelKeys(Bounded):
    """One step of a ladder."""

    level: str
    title: Text = Key(default_factory=dict)
    severity: Severity | None = None


class ExemptionKeys(Strict):
    """One named reason for which a check does not apply."""

    id: str
    clause: str | None = None
    when: (
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(_shape)] | None
    ) = None
    during: str | None = None
    during_all: str | None = None
    effect: Annotated[Annotated[str, Tag("text")] | Annotated[Bounded, Tag("keys")], Discriminator(_shape)] = "excuse"

    @model_validator(mode="after")
    def _one_condition(self) -> ExemptionKeys:
        if sum(x is not None for x in (self.when, self.during, self.during_all)) != 1:
            raise wrong_shape("shape-exemption")
        if isinstance(self.effect, Bounded) and not self.effect.bounds:
            raise wrong_shape("shape-bound")
        return self


class Laddered(MeasureKeys):
    """A measure that a ladder may be held against."""

    levels: list[LevelKeys] = Key(default_factory=list)

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

    id: str

    @model_validator(mode="after")
    def _says_how_much(self) -> PartKeys:
        if self.measure not in UNBOUNDED_MEASURES and not self.is_bounded:
            raise wrong_shape("shape-bound")
        return self


class RuleKeys(Laddered):
    """One rule."""

    id: str
    norms: list[str] = Key(default_factory=list)
    clause: str | None = None
    quote: str | None = None
    title: Text = Key(default_factory=dict)
    remedy: Text = Key(default_factory=dict)
    note: str | None = None
    modality: Modality
    severity: Severity | None = None
    reading: dict[str, str] = Key(default_factory=dict)
    in_force: InForce | None = None
    for_: str | None = Key(None, alias="for")
    each: dict[str, list[Scalar] | str] = Key(default_factory=dict)
    every: str | None = None
    step: str | None = None
    alive: Literal["throughout", "sometime", "at_end"] = "throughout"
    within: (
        Annotated[Annotated[str, Tag("text")] | Annotated[WindowKeys, Tag("keys")], Discriminator(_shape)] | None
    ) = None
    unless: list[ExemptionKeys] = Key(default_factory=list)

    @model_validator(mode="after")
    def _keys_go_together(self) -> RuleKeys:
        for key in ("step", "alive"):
            if key in self.model_fields_set and self.every is None:
                raise wrong_shape("shape-with-every", key=key)
        if self.measure in ("consecutive", "periods", "gap") and (self.within or self.every):
            raise wrong_shape("shape-whole-period", measure=self.measure)
        return self


class ReadingKeys(Strict):
    """Where the text leaves a gap: the choice, and why."""

    use: str
    choices: list[str]
    why: str
    clause: str | None = None

    @model_validator(mode="after")
    def _is_a_choice(self) -> ReadingKeys:
        if self.use not in self.choices:
            raise wrong_shape("shape-choice", use=self.use, known=", ".join(self.choices))
        return self


class NumberKeys(MeasureKeys):
    """`define: name: {for: TABLE, MEASURE}`"""

    for_: str = Key(alias="for")

    @model_validator(mode="after")
    def _is_a_number(self) -> NumberKeys:
        known = (*TESTS, "require")
        if self.measure not in known or self.bounds:
            raise wrong_shape("shape-number", known=", ".join(known))
        return self


class SourceKeys(Strict):
    """Where the norms come from."""

    document: str
    published_on: str | None = None
    title: Text = Key(default_factory=dict)


class ChangeKeys(Bounded):
    """What a tailored standard says of a rule of another."""

    why: str
    off: bool = False
    severity: Severity | None = None


class ParameterChangeKeys(Strict):
    """Another value (or values by date) of a parameter."""

    why: str
    value: Scalar | list[Scalar] | None = None
    values: dict[str, Scalar | list[Scalar]] = Key(default_factory=dict)

    @model_validator(mode="after")
    def _says_what(self) -> ParameterChangeKeys:
        if (self.value is None) == (not self.values):
            raise wrong_shape("shape-change")
        return self


class ReadingChangeKeys(Strict):
    """Another choice of a reading."""

    use: str
    why: str


class ExtendKeys(Strict):
    """Another standard, and what is different here, each with its reason."""

    standard: str
    parameters: dict[str, ParameterChangeKeys] = Key(default_factory=dict)
    readings: dict[str, ReadingChangeKeys] = Key(default_factory=dict)
    rules: dict[str, ChangeKeys] = Key(default_factory=dict)


class StandardKeys(Strict):
    """A whole standard."""

    standard: str
    title: Text = Key(default_factory=dict)
    source: SourceKeys | None = None
    in_force: InForce | None = None
    extends: list[ExtendKeys] = Key(default_factory=list)
    records: dict[str, Any] = Key(default_factory=dict)
    calendar: str | None = None
    parameters: dict[str, dict[str, Scalar | list[Scalar]]] = Key(default_factory=dict)
    readings: dict[str, ReadingKeys] = Key(default_factory=dict)
    define: dict[
        str, Annotated[Annotated[str, Tag("text")] | Annotated[NumberKeys, Tag("keys")], Discriminator(_shape)]
    ] = Key(default_factory=dict)
    clauses: list[Any] = Key(default_factory=list)
    rules: list[RuleKeys]


for keys in (MeasureKeys, RatioKeys, TestKeys, PartKeys, RuleKeys, ExemptionKeys, NumberKeys, StandardKeys):
    keys.model_rebuild()
