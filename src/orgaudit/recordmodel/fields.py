"""Fields: what the columns of a table may hold, and what their blanks stand for."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Literal

from pydantic import Field as Key

from orgaudit.recordmodel.validation import Strict, StrList, Text

FieldType = Literal["string", "integer", "number", "boolean", "date", "yearmonth", "list"]
Role = Literal["when", "valid_from", "valid_to", "name"]


class Constraints(Strict):
    """What a value must keep; a value that does not is a problem and stays."""

    required: bool = Key(default=False, description="A blank is a problem.")
    unique: bool = Key(default=False, description="Each value stands once.")
    minimum: int | float | str | None = Key(default=None, description="The least value.")
    maximum: int | float | str | None = Key(default=None, description="The greatest value.")
    pattern: str | None = Key(default=None, description="A regular expression that the text must match.")


class Category(Strict):
    """One admitted value with its labels."""

    value: str = Key(description="The value as rules name it.")
    label: Text = Key(default_factory=dict, description="What people call it, in Chinese and English.")
    aliases: list[str] = Key(default_factory=list, description="Other ways in which people write it.")

    @property
    def spellings(self) -> list[str]:
        """Everything that people write for it."""
        return [self.value, *self.label.values(), *self.aliases]


DATES = ("date", "yearmonth")  #: the types whose values are days
_YES = ("yes", "true", "y", "1", "是", "有")


class BlankValue(Strict):
    """`blank: {value: X}`: an empty cell means X."""

    value: bool | int | float | str = Key(description="The value that a blank cell stands for.")


class Field(Strict):
    """A column of a table."""

    name: str = Key(description="The name, by which rules speak of it.")
    type: FieldType = Key(description="What its cells hold.")
    title: Text = Key(default_factory=dict, description="The heading in Chinese and English.")
    description: str | None = Key(default=None, description="What a reader should know of it.")
    aliases: list[str] = Key(default_factory=list, description="Other headings that mean this field.")
    year: StrList = Key(
        default_factory=list,
        description="Of a `yearmonth`: headings of a column with the year, where this one has only the number of the month.",
    )
    constraints: Constraints = Key(
        default=Constraints(), description="What a value must keep; one that does not is a problem, and stays."
    )
    categories: list[Category] = Key(default_factory=list, description="The values that there are, and no others.")
    role: Role | None = Key(
        default=None,
        description="The day of an event (`when`), an end of a state (`valid_from`, `valid_to`), or the `name`.",
    )
    ends: Literal["inclusive", "exclusive"] = Key(
        default="inclusive",
        description="Of `valid_to`: whether the day written is the last on which it holds, or the first on which it holds no more.",
    )
    blank: Literal["unknown", "none", "open", "not_yet"] | BlankValue = Key(
        default="unknown",
        description="A blank cell is a value nobody told, `none`, an `open` end, an act `not_yet` done, or this value.",
    )
    absent: Literal["unknown", "blank"] = Key(
        default="unknown",
        description="What a column that nobody handed in says: nothing is known, or the same as a column of blanks.",
    )
    normalize: list[Literal["trim", "casefold", "fullwidth"]] = Key(
        default_factory=list, description="How a text is made alike before it is compared."
    )
    computed: str | None = Key(
        default=None, description="An expression that makes the field from others; it is never handed in."
    )
    personal: bool = Key(default=False, description="Whether it says something about a person.")

    @property
    def headings(self) -> list[str]:
        """Everything that people write above the column."""
        return [self.name, *self.title.values(), *self.aliases]

    def plain(self, text: str) -> str:
        """A text as it is kept and compared."""
        text = unicodedata.normalize("NFKC", text) if "fullwidth" in self.normalize else text
        return text.casefold() if "casefold" in self.normalize else text

    @property
    def stands_for(self) -> object:
        """The value that a blank cell stands for; None where it stands for no value."""
        if not isinstance(self.blank, BlankValue):
            return None
        value = self.blank.value
        if self.type == "boolean" and isinstance(value, str):
            return value.casefold() in _YES
        return first_day(str(value)) if self.type in DATES else value


def first_day(text: str) -> date:
    """The day that a record model writes as `2024-03-01`, or as `2024-03`; raises ValueError for anything else."""
    return date.fromisoformat(f"{text}-01" if len(text) == len("2024-03") else text)
