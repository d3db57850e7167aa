"""The keys of a standard's YAML, as it is written; what they mean is docs/reference/language.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Strict, known_languages, wrong_shape

Text = Annotated[dict[str, str], AfterValidator(known_languages)]
Scalar = bool | int | float | str
Modality = Literal["must", "must_not", "should", "may", "goal", "fact"]
Severity = Literal["critical", "major", "minor", "info"]
Groups = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
Number = int | float | str

BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
MEASURES = ("count", "require", "value", "done", "consecutive")

#: keys of the language that exist on paper; each is refused by its name until it is built
NOT_BUILT = frozenset(
    [
        "step",
        "distinct",
        "sum",
        "min",
        "max",
        "share",
        "ratio",
        "gap",
        "ends",
        "periods",
        "attest",
        "all",
        "any",
        "during_all",
        "extends",
        "records",
        "mode",
    ]
)


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


class CountWithBound(Bounded):
    """`{count: GROUP, BOUND}`"""

    count: Groups


class LevelKeys(Bounded):
    """One step of a ladder."""

    level: str
    title: Text = Key(default_factory=dict)
    severity: Severity | None = None


class ExemptionKeys(Strict):
    """One named reason for which a check does not apply."""

    id: str
    clause: str | None = None
    when: str | bool | CountWithBound | None = None
    during: str | None = None
    effect: str = "excuse"

    @model_validator(mode="after")
    def _one_condition(self) -> ExemptionKeys:
        if (self.when is None) == (self.during is None):
            raise wrong_shape("shape-exemption")
        return self


class RuleKeys(Bounded):
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
    alive: Literal["throughout"] = "throughout"
    within: str | WindowKeys | None = None
    count: Groups | None = None
    require: str | bool | None = None
    value: str | None = None
    done: str | None = None
    consecutive: str | None = None
    when: CountWithBound | None = None
    levels: list[LevelKeys] = Key(default_factory=list)
    unless: list[ExemptionKeys] = Key(default_factory=list)

    @model_validator(mode="after")
    def _one_measure(self) -> RuleKeys:
        measures = [m for m in MEASURES if getattr(self, m) is not None]
        if len(measures) != 1:
            raise wrong_shape(
                "shape-one-measure",
                measures=", ".join(MEASURES),
                found=", ".join(measures) or {"zh": "没有", "en": "none"},
            )
        if (self.consecutive is None) != (self.when is None):
            raise wrong_shape("shape-consecutive")
        if self.levels and self.bounds:
            raise wrong_shape("shape-levels")
        bounded = bool(self.levels or self.bounds)
        if measures[0] in ("require", "done") and bounded:
            raise wrong_shape("shape-no-bound", measure=measures[0])
        if measures[0] not in ("require", "done") and not bounded:
            raise wrong_shape("shape-bound")
        return self

    @property
    def measure(self) -> str:
        """The name of its measure."""
        return next(m for m in MEASURES if getattr(self, m) is not None)


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


class NumberKeys(Strict):
    """`define: name: {for: TABLE, count: GROUP}`"""

    for_: str = Key(alias="for")
    count: Groups


def _is_number(value: Any) -> str:
    """A definition that is a mapping is a number, one that is text a group: errors speak of one of them only."""
    return "number" if isinstance(value, (dict, NumberKeys)) else "group"


class SourceKeys(Strict):
    """Where the norms come from."""

    document: str
    published_on: str | None = None
    title: Text = Key(default_factory=dict)


class StandardKeys(Strict):
    """A whole standard."""

    standard: str
    title: Text = Key(default_factory=dict)
    source: SourceKeys | None = None
    in_force: InForce | None = None
    parameters: dict[str, dict[str, Scalar | list[Scalar]]] = Key(default_factory=dict)
    readings: dict[str, ReadingKeys] = Key(default_factory=dict)
    define: dict[
        str, Annotated[Annotated[str, Tag("group")] | Annotated[NumberKeys, Tag("number")], Discriminator(_is_number)]
    ] = Key(default_factory=dict)
    clauses: list[Any] = Key(default_factory=list)
    rules: list[RuleKeys]
