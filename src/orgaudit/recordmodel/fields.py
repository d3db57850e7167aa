"""Fields: what the columns of a table may hold, and what their blanks stand for."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Key

from orgaudit.recordmodel.validation import Strict, known_languages

FieldType = Literal["string", "integer", "number", "boolean", "date", "yearmonth", "list"]
Role = Literal["when", "valid_from", "valid_to", "name"]
Text = Annotated[dict[str, str], AfterValidator(known_languages)]
StrList = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]


class Constraints(Strict):
    """What a value must keep; a value that does not is a problem and stays."""

    required: bool = False
    unique: bool = False
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    pattern: str | None = None


class Category(Strict):
    """One admitted value with its labels."""

    value: str
    label: Text = Key(default_factory=dict)
    aliases: list[str] = Key(default_factory=list)

    @property
    def spellings(self) -> list[str]:
        """Everything that people write for it."""
        return [self.value, *self.label.values(), *self.aliases]


DATES = ("date", "yearmonth")  #: the types whose values are days
_YES = ("yes", "true", "y", "1", "是", "有")


class BlankValue(Strict):
    """`blank: {value: X}`: an empty cell means X."""

    value: bool | int | float | str


class Field(Strict):
    """A column of a table."""

    name: str
    type: FieldType
    title: Text = Key(default_factory=dict)
    description: str | None = None
    aliases: list[str] = Key(default_factory=list)
    constraints: Constraints = Constraints()
    categories: list[Category] = Key(default_factory=list)
    role: Role | None = None
    ends: Literal["inclusive", "exclusive"] = "inclusive"
    blank: Literal["unknown", "none", "open", "not_yet"] | BlankValue = "unknown"
    normalize: list[Literal["trim", "casefold", "fullwidth"]] = Key(default_factory=list)
    computed: str | None = None
    personal: bool = False

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
