"""Tables, fields, references: what a record model declares, and the paths through it.

The terms are those of Frictionless Table Schema; docs/reference/record-model.md says what is added and what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator
from pydantic import Field as Key

from orgaudit.recordmodel.validation import Strict, known_languages

FieldType = Literal["string", "integer", "number", "boolean", "date", "list"]
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
    blank: Literal["unknown", "none", "open", "not_yet"] | BlankValue = "unknown"
    personal: bool = False

    @property
    def headings(self) -> list[str]:
        """Everything that people write above the column."""
        return [self.name, *self.title.values(), *self.aliases]

    @property
    def stands_for(self) -> object:
        """The value that a blank cell stands for; None where it stands for no value."""
        if not isinstance(self.blank, BlankValue):
            return None
        value = self.blank.value
        return value.casefold() in _YES if self.type == "boolean" and isinstance(value, str) else value


class ReferenceTarget(Strict):
    """The table that a foreign key names; always by its primary key."""

    resource: str
    fields: StrList = Key(default_factory=list)


class ForeignKey(Strict):
    """A reference: a field that names a record of another table."""

    fields: StrList
    reference: ReferenceTarget
    name: str | None = None
    reverse: str | None = None
    dangling: Literal["problem", "allowed"] = "problem"

    @property
    def field(self) -> str:
        """The referring field."""
        return self.fields[0]

    @property
    def target(self) -> str:
        """The table referred to."""
        return self.reference.resource

    @property
    def forward(self) -> str:
        """Its name in a path from the referring record."""
        return self.name or self.field.removesuffix("_id")


class Complete(Strict):
    """A child table is complete for a parent that has a row; `among` are those who may be in it otherwise."""

    per: str
    among: list[str]


class Order(Strict):
    """What `previous` and `next` mean."""

    by: StrList
    within: StrList = Key(default_factory=list)


class Derivation(Strict):
    """Rows of a derived table, made from the rows of another."""

    from_: str = Key(alias="from")
    where: str | None = None
    order: Order | None = None
    fields: dict[str, str | int | bool]


class Table(Strict):
    """A kind of record."""

    singular: str
    title: Text = Key(default_factory=dict)
    note: str | None = None
    aliases: list[str] = Key(default_factory=list)
    primaryKey: StrList
    owner: str | None = None
    name: str | None = None
    time: str | None = None
    foreignKeys: list[ForeignKey] = Key(default_factory=list)
    fields: list[Field]
    complete: Complete | None = None
    derive: list[Derivation] = Key(default_factory=list)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def bits(self) -> dict[str, int]:
        """For each field its bit in the masks of unknown and missing cells."""
        return {f.name: 1 << i for i, f in enumerate(self.fields)}

    def field_with(self, role: Role) -> str | None:
        """The name of the field that plays this role."""
        return next((f.name for f in self.fields if f.role == role), None)

    @property
    def kind(self) -> Literal["event", "state", "timeless"]:
        """How records of this table lie in time."""
        if self.time or self.field_with("when"):
            return "event"
        return "state" if self.field_with("valid_from") or self.field_with("valid_to") else "timeless"

    @property
    def when(self) -> str | None:
        """The path to the day of an event."""
        return self.time or self.field_with("when")

    @cached_property
    def forwards(self) -> dict[str, ForeignKey]:
        """References by their forward name."""
        return {k.forward: k for k in self.foreignKeys}

    def reference_of(self, field: str) -> ForeignKey | None:
        """The reference that stands in this field."""
        return next((k for k in self.foreignKeys if k.field == field), None)


@dataclass(frozen=True)
class Hop:
    """One step of a path: along a foreign key of `holder`, forwards (to its target) or backwards (to its holder)."""

    name: str
    holder: str
    key: ForeignKey
    forwards: bool

    @property
    def to(self) -> str:
        """The table it arrives at."""
        return self.key.target if self.forwards else self.holder


class RecordModel(Strict):
    """All tables of one kind of body."""

    records: str
    title: Text = Key(default_factory=dict)
    missingValues: list[str] = Key(default_factory=lambda: [""])
    tables: dict[str, Table]

    @cached_property
    def backwards(self) -> dict[str, dict[str, Hop]]:
        """For each table, the ways back to records that refer to it."""
        ways: dict[str, dict[str, Hop]] = {t: {} for t in self.tables}
        for holder, table in self.tables.items():
            for key in table.foreignKeys:
                name = key.reverse or reverse_name(holder, key.field)
                ways.setdefault(key.target, {})[name] = Hop(name, holder, key, forwards=False)
        return ways

    def hop(self, table: str, name: str) -> Hop | None:
        """The step called `name` from a record of `table`."""
        key = self.tables[table].forwards.get(name)
        return Hop(name, table, key, forwards=True) if key else self.backwards[table].get(name)

    def hops(self, table: str) -> list[str]:
        """The names of all steps from a table."""
        return [*self.tables[table].forwards, *self.backwards[table]]

    def owner_table(self, table: str) -> str | None:
        """The table of the records that answer for the records of this one."""
        owner = self.tables[table].owner
        if owner is None or owner == "self":
            return table if owner else None
        for step in owner.split("."):
            table = self.tables[table].forwards[step].target
        return table

    def key_of(self, table: str) -> str:
        """The single primary key column of a table that others refer to."""
        return self.tables[table].primaryKey[0]


def reverse_name(holder: str, field: str) -> str:
    """`from_member_id` of contacts → `from_contacts`; `member_id` of meetings → `meetings`."""
    prefix, _, rest = field.removesuffix("_id").partition("_")
    return f"{prefix}_{holder}" if rest else holder


def spelled(value: Any) -> str:
    """How headings and codes are compared: without spaces, brackets' hints and letter case."""
    text = str(value).split("(")[0].split("（")[0]
    return "".join(text.split()).casefold()
