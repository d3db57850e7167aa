"""The record model: tables, fields, references, and the roles of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Key:
    """A foreign key."""

    table: str
    columns: list[str]
    target: str
    target_columns: list[str]
    name: str
    reverse: str
    dangling: str

    @property
    def column(self) -> str:
        """The only column, of a key that has one."""
        return self.columns[0]


@dataclass
class Table:
    name: str
    singular: str
    primary: list[str]
    owner: str | None
    fields: dict[str, dict[str, Any]]
    keys: list[Key]
    when: list[str] | None  # the path to an event's day
    start: str | None  # the first and last day of a state
    end: str | None
    derive: list[dict[str, Any]]
    complete: dict[str, Any] | None
    about: dict[str, str] | None = None  # the fields that say of which time an event speaks
    order: dict[str, Any] | None = None
    attest: dict[str, str] | None = None
    computed: list[str] = field(default_factory=list)

    @property
    def is_event(self) -> bool:
        return self.when is not None or self.about is not None

    @property
    def is_state(self) -> bool:
        return not self.is_event and (self.start is not None or self.end is not None)

    @property
    def own_references(self) -> list[Key]:
        """The references to the table itself."""
        return [k for k in self.keys if k.target == self.name]

    def key(self, name: str) -> Key | None:
        return next((k for k in self.keys if k.name == name), None)

    def ends_before(self) -> bool:
        """Whether the day written as the end is the first on which a state holds no more."""
        return self.end is not None and self.fields[self.end].get("ends") == "exclusive"


#: the whole audit as a table: timeless, one record
AUDIT_TABLE = Table("audit", "audit", [], None, {}, [], None, None, None, [], None)


def as_list(x: Any) -> list[Any]:
    return [] if x is None else list(x) if isinstance(x, list) else [x]


def read_model(model: dict[str, Any]) -> dict[str, Table]:
    tables = model["tables"]
    return {name: read_table(name, spec, tables) for name, spec in tables.items()}


def read_table(name: str, spec: dict[str, Any], tables: dict[str, Any]) -> Table:
    fields = {f["name"]: f for f in spec["fields"]}
    roles = {f["role"]: f["name"] for f in spec["fields"] if "role" in f}
    when = spec["time"].split(".") if "time" in spec else [roles["when"]] if "when" in roles else None
    return Table(
        name, spec.get("singular", name), as_list(spec.get("primaryKey")), spec.get("owner"), fields,
        [read_key(name, k, tables) for k in spec.get("foreignKeys", [])],
        when, roles.get("valid_from"), roles.get("valid_to"), spec.get("derive", []), spec.get("complete"),
        spec.get("about"), spec.get("order"), spec.get("attest"), [n for n, f in fields.items() if "computed" in f],
    )  # fmt: skip


def read_key(name: str, spec: dict[str, Any], tables: dict[str, Any]) -> Key:
    columns = as_list(spec["fields"])
    target = spec["reference"].get("resource") or name
    there = as_list(spec["reference"].get("fields")) or as_list(tables[target].get("primaryKey"))
    forward = spec.get("name") or columns[0].removesuffix("_id")
    prefix = forward.removesuffix(tables[target].get("singular", target))
    reverse = spec.get("reverse") or (f"{prefix.rstrip('_')}_{name}" if prefix else name)
    return Key(name, columns, target, there, forward, reverse, spec.get("dangling", "problem"))
