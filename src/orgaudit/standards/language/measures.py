"""The keys of a measure: what is counted or asked, and the parts that it may be made of."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, Discriminator, Tag, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Said, Strict, StrList, Text, wrong_shape
from orgaudit.schemas import Demands, demanded, exactly_one, if_given, named, one_at_least, refused
from orgaudit.standards.language.bounds import BOUNDS, Bounded, LevelKeys

AGGREGATES = ("count", "distinct", "sum", "min", "max", "share", "ratio")
MEASURES = (*AGGREGATES, "value", "require", "done", "gap", "consecutive", "periods", "attest", "all", "any")
#: measures that are kept or not by themselves
UNBOUNDED_MEASURES = ("require", "done", "attest", "all", "any")
#: measures that a condition may be made of
TESTS = (*AGGREGATES, "value")
A_BOUND = named("ABound", one_at_least(*BOUNDS))
_ONE_MEASURE = named("OneMeasure", exactly_one(*MEASURES))
_NO_LEVELS = {"properties": {"levels": {"maxItems": 0, "errorMessage": "levels stand instead of a bound"}}}


def only(measures: tuple[str, ...], what: str) -> dict[str, Any]:
    """No measure but these, in JSON Schema."""
    return refused(tuple(m for m in MEASURES if m not in measures), f"{what} made of {', '.join(measures)}")


def shape_of(value: Any) -> str:
    """Where a mapping or a text may stand: errors speak of that one of them which does."""
    return "keys" if isinstance(value, (dict, BaseModel)) else "text"


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
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(shape_of)] | None
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
    "allOf": [only(("count", "distinct", "sum"), "a ratio is"), refused(BOUNDS, "the bound is that of the ratio")]
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

    demands: ClassVar[Demands] = (only(TESTS, "a condition is"), A_BOUND)

    @model_validator(mode="after")
    def _is_a_test(self) -> TestKeys:
        if self.measure not in TESTS:
            raise wrong_shape("shape-test", measure=self.measure, known=", ".join(TESTS))
        if not self.bounds:
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

    id: Said = Key(description="The name of the part, which findings show.")

    @model_validator(mode="after")
    def _says_how_much(self) -> PartKeys:
        if self.measure not in UNBOUNDED_MEASURES and not self.is_bounded:
            raise wrong_shape("shape-bound")
        return self


for keys in (MeasureKeys, RatioKeys, TestKeys, Laddered, PartKeys):
    keys.model_rebuild()
