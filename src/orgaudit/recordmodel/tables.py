"""Tables: their fields and references, how their records lie in time, and what is made of them."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import BeforeValidator, WithJsonSchema
from pydantic import Field as Key

from orgaudit.recordmodel.fields import Field, Role
from orgaudit.recordmodel.validation import Said, Strict, StrList, Text

#: what every record is numbered by
ROW_NUMBER = "_row"
#: the columns that hold the row numbers of a record's neighbours: 0 is certainly none, NULL unknown
NEIGHBOURS = {"previous": "_previous", "next": "_next"}
#: the columns that hold the first and the last day of the time that a record speaks of; NULL is unknown
FIRST_DAY, LAST_DAY = "_first", "_last"
#: how a breach's subject is held: by the engine's row number, since a subject's key may have several columns
SUBJECT = "_subject"
#: the column that holds the month beside a record's name where its cell has no day, and cannot be read
NAME_MONTH = "_name_month"


class ReferenceTarget(Strict):
    """The table that a foreign key names; always by its primary key."""

    resource: str = Key(description="The table that is referred to.")
    fields: StrList = Key(default_factory=list, description="Its primary key; left out: that.")


class Named(Strict):
    """How a record is named where its key is not written: by the name that it bears."""

    headings: StrList = Key(
        default_factory=list, description="Headings of a column with names: read where no column has the keys."
    )
    within: str | None = Key(
        default=None,
        description="The path to the record within which a name is looked for; left out: the one that answers for the row.",
        examples=["branch"],
    )


class ForeignKey(Strict):
    """A reference: a field, or several together, that name a record of another table."""

    fields: StrList = Key(description="The field, or the fields together, that name the other record.")
    reference: ReferenceTarget = Key(description="What they name.")
    name: str | None = Key(default=None, description="The step forwards in paths; left out: the field without `_id`.")
    reverse: str | None = Key(
        default=None, description="The step backwards; left out: the name of this table, after the field's prefix."
    )
    named: Named = Key(default=Named(), description="How the other record is named where its key is not written.")
    dangling: Literal["problem", "allowed"] = Key(
        default="problem", description="Whether a key that names no record is a problem."
    )

    @property
    def field(self) -> str:
        """The referring column; of several fields, the one in which loading puts the number of the record they name."""
        return f"_to_{self.name}" if self.is_several else self.fields[0]

    @property
    def is_several(self) -> bool:
        """Whether several fields together name the record."""
        return len(self.fields) > 1

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

    per: str = Key(description="The reference to the parent for which the table is complete.")
    among: list[str] = Key(description="Paths from the parent to those who may be in it otherwise.")


class Order(Strict):
    """What `previous` and `next` mean: the sequence of the records that share `within`, by `by`."""

    by: StrList = Key(description="What the records are sorted by: fields or paths.")
    within: StrList = Key(default_factory=list, description="The records that share these are one sequence.")


class About(Strict):
    """The fields that say of which year, half-year, quarter or month a record speaks."""

    year: str | None = Key(default=None, description="The field of the year.")
    half: str | None = Key(default=None, description="The field of the half-year, 1 or 2.")
    quarter: str | None = Key(default=None, description="The field of the quarter, 1 to 4.")
    month: str | None = Key(default=None, description="The field of the month, 1 to 12; alone: a yearmonth.")

    @property
    def part(self) -> tuple[str, int] | None:
        """The field of a part of the year, and how many months the part has."""
        parts = ((self.half, 6), (self.quarter, 3), (self.month, 1))
        return next(((f, months) for f, months in parts if f is not None and self.year is not None), None)

    @property
    def fields(self) -> list[str]:
        """The fields it names."""
        return [f for f in (self.year, self.half, self.quarter, self.month) if f is not None]


class Attest(Strict):
    """The fields of a table of answers: to which rule, and yes or no."""

    rule: str = Key(description="The field that holds the identifier of the rule.")
    answer: str = Key(description="The field that holds yes or no.")


_KEYS = {
    "type": ["string", "array", "object", "null"],
    "items": {"type": "string"},
    "additionalProperties": {"type": "string"},
}


def _keys(value: object) -> object:
    """A list of keys as a mapping: each fills the field of its own name."""
    keys = [value] if isinstance(value, str) else value
    return {str(k).rsplit(".", 1)[-1]: k for k in keys} if isinstance(keys, list) else keys


class Derivation(Strict):
    """Rows of a derived table, made from the rows of another: one for each, or one for each `key` that is found there."""

    from_: str = Key(alias="from", description="The table whose rows it is made from.")
    where: str | None = Key(default=None, description="Only the rows for which this is true.")
    key: Annotated[dict[str, str] | None, BeforeValidator(_keys), WithJsonSchema(_KEYS)] = Key(
        default=None, description="One row for each combination of these: fields, paths, or expressions by field."
    )
    order: Order | None = Key(default=None, description="What `previous.` and `next.` mean here.")
    fields: dict[str, str | int | bool] = Key(
        default_factory=dict, description="An expression for each field; with `key` an aggregate."
    )


class Table(Strict):
    """A kind of record."""

    singular: Said = Key(description="One record of the table; breaches name their subject by it.")
    title: Text = Key(default_factory=dict, description="What the table is called, in Chinese and English.")
    note: str | None = Key(default=None, description="What a reader should know of it.")
    aliases: list[str] = Key(
        default_factory=list, description="File names, sheet names and keys that mean this table, too."
    )
    primaryKey: StrList = Key(description="The fields that name a record.")
    owner: str | None = Key(
        default=None,
        description="The path to the record that answers for a record; `self`: the record itself.",
        examples=["self", "organization"],
    )
    name: str | None = Key(default=None, description="The path to the name of a record, where no field has that role.")
    names_within: StrList = Key(
        default_factory=list,
        description="Paths to the records within which a name tells one record from the others; beyond them it tells nothing.",
        examples=[["branch", "moves.from_branch"]],
    )
    names_with: str | None = Key(
        default=None,
        description="The date or month of a record that, beside its name, tells it from others of that name there.",
        examples=["born_on"],
    )
    time: str | None = Key(
        default=None, description="The path to the day of an event, where it stands in another record."
    )
    about: About | None = Key(
        default=None, description="The fields that say of which year or part of it a record speaks."
    )
    order: Order | None = Key(default=None, description="What `previous.` and `next.` mean in rules.")
    foreignKeys: list[ForeignKey] = Key(default_factory=list, description="The references to other tables.")
    fields: list[Field] = Key(description="The fields, in their order.")
    complete: Complete | None = Key(default=None, description="When the table is complete for a parent.")
    attest: Attest | None = Key(default=None, description="The table holds the answers to `attest` questions.")
    derive: list[Derivation] = Key(default_factory=list, description="The table is made from others, never handed in.")

    @cached_property
    def naming(self) -> set[str]:
        """The fields that name a record, of this table or of another."""
        return {*self.primaryKey, *(f for key in self.foreignKeys for f in key.fields)}

    @property
    def holds_breaches(self) -> bool:
        """Whether its records are breaches of rules, which only an audit makes: they refer to their subject first."""
        return bool(self.foreignKeys) and self.foreignKeys[0].fields == [SUBJECT]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {f.name: f for f in self.fields}

    @cached_property
    def handed_in(self) -> list[Field]:
        """The fields that people fill in; the others are computed."""
        return [f for f in self.fields if f.computed is None]

    @cached_property
    def bits(self) -> dict[str, int]:
        """For each field its bit in the masks of unknown and missing cells."""
        return {f.name: 1 << i for i, f in enumerate(self.fields)}

    @cached_property
    def hidden(self) -> dict[str, str]:
        """The columns that loading fills beside the fields, with their types."""
        days = (FIRST_DAY, LAST_DAY) if self.about else ()
        rows = [*(NEIGHBOURS.values() if self.order else ()), *(k.field for k in self.foreignKeys if k.is_several)]
        month = (NAME_MONTH,) if self.names_with else ()
        return {**dict.fromkeys((*days, *month), "date"), **dict.fromkeys(rows, "bigint")}

    def field_with(self, role: Role) -> str | None:
        """The name of the field that plays this role."""
        return next((f.name for f in self.fields if f.role == role), None)

    @property
    def kind(self) -> Literal["event", "state", "timeless"]:
        """How records of this table lie in time; one about a time is an event that lasts."""
        if self.when:
            return "event"
        return "state" if self.field_with("valid_from") or self.field_with("valid_to") else "timeless"

    @property
    def when(self) -> str | None:
        """The path to the day of an event; of one about a time, the first field that says which."""
        return self.time or self.field_with("when") or (self.about.fields[0] if self.about else None)

    @cached_property
    def forwards(self) -> dict[str, ForeignKey]:
        """References by their forward name."""
        return {k.forward: k for k in self.foreignKeys}

    def home_of(self, key: ForeignKey) -> str | None:
        """The path to the record within which the names that stand for a reference are looked for."""
        if key.named.within is not None:
            return key.named.within
        is_through_it = self.owner in (None, "self") or str(self.owner).split(".")[0] == key.forward
        return None if is_through_it else self.owner

    def mask(self, key: ForeignKey) -> int:
        """The bits of the fields of a reference."""
        return sum(self.bits[f] for f in key.fields)
