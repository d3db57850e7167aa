"""The keys of a standard: where its norms come from, what its rules may speak of, and the records that it brings."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Discriminator, SkipValidation, Tag, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Day, Field, Said, Strict, StrList, Table, Text, wrong_shape
from orgaudit.schemas import Demands, demanded, if_given, refused
from orgaudit.standards.language.bounds import BOUNDS, Scalar
from orgaudit.standards.language.clauses import ClauseKeys
from orgaudit.standards.language.measures import TESTS, MeasureKeys, only, shape_of
from orgaudit.standards.language.rules import InForce, RuleKeys
from orgaudit.standards.language.tailoring import ExtendKeys

_NUMBERS = (*TESTS, "require")  # what a defined number may be


class ReadingKeys(Strict):
    """Where the text leaves a gap: the choice, and why."""

    use: str = Key(description="The choice that is made; one of `choices`.")
    choices: list[str] = Key(description="What the text may mean.")
    why: Said = Key(description="Why it is read so.")
    clause: Said | None = Key(default=None, description="The clause that leaves the gap.")

    @model_validator(mode="after")
    def _is_a_choice(self) -> ReadingKeys:
        if self.use not in self.choices:
            raise wrong_shape("shape-choice", use=self.use, known=", ".join(self.choices))
        return self


class NumberKeys(MeasureKeys):
    """`define: name: {for: TABLE, MEASURE}`"""

    demands: ClassVar[Demands] = (
        only(_NUMBERS, "a number is"),
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

    document: Said = Key(description="The file or name of the text.")
    published_on: Day | None = Key(default=None, description="The day on which it was published.")
    title: Text = Key(default_factory=dict, description="What the text is called, in Chinese and English.")


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

    standard: Said = Key(description="The identifier of the standard.", examples=["street-party-building"])
    title: Text = Key(default_factory=dict, description="What the standard is called, in Chinese and English.")
    source: SourceKeys | None = Key(default=None, description="The text that the norms come from.")
    in_force: InForce | None = Key(default=None, description="When the standard binds.")
    extends: list[ExtendKeys] = Key(
        default_factory=list, description="Other standards whose rules stand here, too, with what is different."
    )
    records: SkipValidation[BroughtKeys] | None = Key(
        default=None, description="Tables of its own, and what it adds to tables of the record model."
    )
    calendar: Said | None = Key(
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
        str, Annotated[Annotated[str, Tag("text")] | Annotated[NumberKeys, Tag("keys")], Discriminator(shape_of)]
    ] = Key(
        default_factory=dict,
        description="Groups, and numbers of each record, that rules use by name.",
        examples=[{"life": "meetings where kind in ('general', 'group')"}],
    )
    clauses: list[SkipValidation[ClauseKeys]] = Key(
        default_factory=list, description="All norms of the source, unless they stand in `clauses.yaml`."
    )
    rules: list[RuleKeys] = Key(description="The rules.")
