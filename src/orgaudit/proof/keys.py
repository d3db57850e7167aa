"""The keys of a scenario file, as it is written; what they mean is docs/reference/scenarios.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Strict, wrong_shape

Names = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
Row = dict[str, Any]
Given = dict[str, list[Row] | None]
Word = Annotated[str, BeforeValidator(lambda v: str(v).lower() if isinstance(v, bool) else v)]


class Found(Strict):
    """What is expected of one check or finding, key by key; what is left out is not looked at."""

    verdict: Word | None = None
    level: str | None = None
    excuse: str | None = None
    part: str | None = None
    found: int | float | str | None = None
    due_on: str | None = None
    start: str | None = None
    end: str | None = None


def _shape(value: Any) -> str:
    if isinstance(value, list):
        return "list"
    return "keys" if isinstance(value, (dict, Found)) else "text"


Expected = Annotated[
    Annotated[Word, Tag("text")] | Annotated[Found, Tag("keys")] | Annotated[list[Word | Found], Tag("list")],
    Discriminator(_shape),
]


def _of_rule(value: Any) -> str:
    return "keys" if isinstance(value, dict) else "text"


ByCheck = dict[str, Expected]
OfRule = Annotated[Annotated[Word, Tag("text")] | Annotated[ByCheck, Tag("keys")], Discriminator(_of_rule)]


class Cover(Strict):
    """Which span, and which organizations, a table is complete for."""

    from_: str | None = Key(None, alias="from")
    to: str | None = None
    organizations: Names | None = None


class Setting(Strict):
    """The circumstances of scenarios: a file says them once for all its scenarios, a scenario says what is different."""

    as_of: str | None = None
    period: str | dict[Literal["from", "to"], str] | int | None = None
    parameters: dict[str, Any] = Key(default_factory=dict)
    readings: dict[str, str] = Key(default_factory=dict)
    not_handed_in: Names = Key(default_factory=list)
    covers: dict[str, Cover] = Key(default_factory=dict)
    silence: Literal["unreported"] | dict[str, Literal["unreported"]] | None = None


class ScenarioKeys(Setting):
    """One scenario: a few records, and what the rules must say of them."""

    name: str
    note: str | None = None
    table: dict[str, list[Any]] = Key(default_factory=dict)
    given: Given = Key(default_factory=dict)
    problems: Names = Key(default_factory=list)
    expect: dict[str, OfRule]
    todo: str | None = None

    @model_validator(mode="after")
    def _columns_are_of_one_length(self) -> ScenarioKeys:
        if len({len(values) for values in self.table.values()}) > 1:
            raise wrong_shape("shape-table", found=", ".join(f"{n} {len(v)}" for n, v in self.table.items()))
        return self


class EquivalentKeys(Strict):
    """A mutant that no scenario can notice, and why."""

    mutant: str
    why: str


class ScenarioFileKeys(Setting):
    """A file of scenarios beside a standard."""

    scenarios: str
    records: Given = Key(default_factory=dict)
    cases: list[ScenarioKeys]
    equivalent: list[EquivalentKeys] = Key(default_factory=list)
