"""The keys of a scenario file, as it is written; what they mean is docs/reference/scenarios.md."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Tag, WithJsonSchema, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Said, Strict, StrList, wrong_shape
from orgaudit.schemas import Demands, demanded, if_given

Row = dict[str, Any]
Given = dict[str, list[Row] | None]
Word = Annotated[
    str,
    BeforeValidator(lambda v: str(v).lower() if isinstance(v, bool) else v),
    WithJsonSchema({"type": ["string", "boolean"]}),
]


class Found(Strict):
    """What is expected of one check or finding, key by key; what is left out is not looked at."""

    verdict: Word | None = Key(default=None, description="The verdict, or the level.")
    level: str | None = Key(default=None, description="The level of a ladder.")
    excuse: str | None = Key(default=None, description="The exemption that excuses.")
    part: str | None = Key(default=None, description="The part of `all` or `any`.")
    found: int | float | str | None = Key(default=None, description="The number, share or date that was found.")
    due_on: str | None = Key(default=None, description="The day until which there is time.")
    start: str | None = Key(default=None, description="The first day of a finding.")
    end: str | None = Key(default=None, description="The last day of a finding.")


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

    from_: str | None = Key(default=None, alias="from", description="The first day.")
    to: str | None = Key(default=None, description="The last day.")
    organizations: StrList | None = Key(
        default=None, description="The keys of the organizations for which it is complete; left out: all."
    )


class Setting(Strict):
    """The circumstances of scenarios: a file says them once for all its scenarios, a scenario says what is different."""

    as_of: str | None = Key(default=None, description="The day from which the records are looked at.")
    period: str | dict[Literal["from", "to"], str] | int | None = Key(
        default=None,
        description="The audited period; left out: the calendar year of `as_of` up to it.",
        examples=[2024, "2024-Q1", "2024-01-01..2024-06-30"],
    )
    parameters: dict[str, Any] = Key(default_factory=dict, description="Other values of parameters.")
    readings: dict[str, str] = Key(default_factory=dict, description="Other choices of readings.")
    not_handed_in: StrList = Key(
        default_factory=list,
        description="Tables, and columns as `meetings.kind`, that were not handed in.",
        examples=["meetings.kind"],
    )
    covers: dict[str, Cover] = Key(
        default_factory=dict, description="For which days and organizations a table is complete."
    )
    silence: Literal["unreported"] | dict[str, Literal["unreported"]] | None = Key(
        default=None, description="As in the manifest."
    )


class ScenarioKeys(Setting):
    """One scenario: a few records, and what the rules must say of them."""

    name: Said = Key(description="What happens, in a few words; unique in the file.")
    note: Said | None = Key(default=None, description="Anything else a reader should know.")
    table: dict[str, list[Any]] = Key(
        default_factory=dict,
        description="Columns of values: the scenario stands for one a row, with `{column}` filled in everywhere.",
        examples=[{"days": [14, 15], "verdict": ["pass", "fail"]}],
    )
    given: Given = Key(default_factory=dict, description="Its records, by table.")
    problems: StrList = Key(default_factory=list, description="The codes of the problems that its records must have.")
    expect: dict[str, OfRule] = Key(
        description="What must come, by rule: a verdict, or verdicts by check.",
        examples=[{"R-1": "pass"}, {"R-1": {"A 2024-Q2": "fail"}}],
    )
    todo: Said | None = Key(default=None, description="Why it does not come as expected yet.")

    @model_validator(mode="after")
    def _columns_are_of_one_length(self) -> ScenarioKeys:
        if len({len(values) for values in self.table.values()}) > 1:
            raise wrong_shape("shape-table", found=", ".join(f"{n} {len(v)}" for n, v in self.table.items()))
        return self


class EquivalentKeys(Strict):
    """A mutant that no scenario can notice, and why."""

    mutant: Said = Key(description="The mutant, as the report names it.")
    why: Said = Key(description="Why no scenario can notice it.")


class ScenarioFileKeys(Setting):
    """A file of scenarios beside a standard."""

    demands: ClassVar[Demands] = (if_given("as_of", otherwise={"properties": {"cases": {"items": demanded("as_of")}}}),)

    scenarios: str = Key(description="The identifier of the standard.")
    records: Given = Key(default_factory=dict, description="Records that every scenario of the file has.")
    cases: list[ScenarioKeys] = Key(description="The scenarios.")
    equivalent: list[EquivalentKeys] = Key(default_factory=list, description="Mutants that no scenario can notice.")
