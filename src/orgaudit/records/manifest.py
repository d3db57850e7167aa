"""`orgaudit.yaml` beside the records: what the sender says about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic import Field as Key

from orgaudit.errors import OrgauditErrors
from orgaudit.recordmodel import Strict, validated
from orgaudit.yamlfile import read_yaml

NAME = "orgaudit.yaml"
Names = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
Text = Annotated[str, BeforeValidator(lambda v: str(v).lower() if isinstance(v, bool) else str(v))]


class Span(Strict):
    """From a day to a day, either left open."""

    from_: date | None = Key(None, alias="from")
    to: date | None = None


class Cover(Span):
    """Which organizations and which span a table is complete for."""

    organizations: Names | None = None


class FileEntry(Strict):
    """Which table the files of a pattern are; of a document also where its records lie, and what fills their fields.

    `record_path`: the keys on the way to them; `key`: the field that takes the keys of a mapping of records; `item`: the
    field that a bare item fills; `meta`: fields from the levels above; `values`: fields that are the same everywhere.
    """

    path: str
    table: str
    record_path: Names = Key(default_factory=list)
    key: str | None = None
    item: str | None = None
    meta: dict[str, Annotated[Names, Key(min_length=1)]] = Key(default_factory=dict)
    values: dict[str, Text] = Key(default_factory=dict)

    @property
    def is_document(self) -> bool:
        """Whether it says how records lie in a document."""
        return bool(self.record_path or self.key or self.item or self.meta)


def _entries(value: object) -> object:
    """A mapping of patterns to tables as a list of entries."""
    if isinstance(value, Mapping):
        return [{"path": pattern, "table": table} for pattern, table in value.items()]
    return value


class Manifest(Strict):
    """What the sender says: every part may be left out."""

    as_of: date | None = None
    period: Span | None = None
    submitted_by: str | None = None
    standards: Names = Key(default_factory=list)
    covers: dict[str, Cover] = Key(default_factory=dict)
    silence: Literal["unreported"] | dict[str, Literal["unreported"]] | None = None
    files: Annotated[list[FileEntry], BeforeValidator(_entries)] = Key(default_factory=list)

    def is_silent(self, table: str) -> bool:
        """Whether an organization without any row of the table did not report it."""
        return self.silence == "unreported" or (isinstance(self.silence, dict) and table in self.silence)


def read_manifest(folder: Path, shown: str) -> Manifest:
    """The manifest of a folder, empty if there is none; raises OrgauditErrors where it is wrong."""
    path = folder / NAME
    if not path.is_file():
        return Manifest()
    file = read_yaml(path, f"{shown}/{NAME}")
    if file.data is None:
        return Manifest()
    manifest, errors = validated(Manifest, file)
    if manifest is None:
        raise OrgauditErrors(errors)
    standards = [_located(name, folder) for name in manifest.standards]
    return manifest.model_copy(update={"standards": standards})


def _located(standard: str, folder: Path) -> str:
    """The path of a standard; one that begins with a dot is told from the folder of the manifest."""
    return (folder / standard).as_posix() if standard.startswith(".") else standard
