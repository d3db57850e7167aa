"""The keys of a bound, and the steps of a ladder."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field as Key
from pydantic import StrictFloat, StrictInt, StrictStr, model_validator

from orgaudit.recordmodel import Said, Strict, Text, wrong_shape
from orgaudit.schemas import Demands, named, one_at_most

Scalar = bool | int | float | str
#: a truth is no number
Number = StrictInt | StrictFloat | StrictStr
Severity = Literal["critical", "major", "minor", "info"]
BOUNDS = ("at_least", "at_most", "more_than", "less_than", "exactly", "between")
_ONE_BOUND = named("OneBound", one_at_most(*BOUNDS))


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


class LevelKeys(Bounded):
    """One step of a ladder."""

    level: Said = Key(description="The name of the step; `ok` is no failure.", examples=["ok", "warned"])
    title: Text = Key(default_factory=dict, description="The name in Chinese and English.")
    severity: Severity | None = Key(default=None, description="How grave this step is; left out: as grave as the rule.")
