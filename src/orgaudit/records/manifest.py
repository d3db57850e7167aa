"""`orgaudit.yaml` beside the records: what the sender says about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import BeforeValidator, PrivateAttr, WithJsonSchema
from pydantic import Field as Key

from orgaudit.errors import OrgauditError, OrgauditErrors
from orgaudit.recordmodel import Strict, StrList, validated
from orgaudit.schemas import DAY
from orgaudit.yamlfile import Path, YamlFile, read_yaml

NAME = "orgaudit.yaml"
Text = Annotated[
    str,
    BeforeValidator(lambda v: str(v).lower() if isinstance(v, bool) else str(v)),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Day = Annotated[date, WithJsonSchema(DAY)]


class Span(Strict):
    """From a day to a day, either left open."""

    from_: Day | None = Key(default=None, alias="from", description="The first day.")
    to: Day | None = Key(default=None, description="The last day.")


class Cover(Span):
    """Which organizations and which span a table is complete for."""

    organizations: StrList | None = Key(
        default=None, description="The keys of the organizations for which it is complete; left out: all."
    )


class FileEntry(Strict):
    """Which table the files of a pattern are; of a document also where its records lie, and what fills their fields.

    `record_path`: the keys on the way to them; `key`: the field that takes the keys of a mapping of records; `item`: the
    field that a bare item fills; `meta`: fields from the levels above; `values`: fields that are the same everywhere.
    """

    path: str = Key(description="A pattern of paths below the folder.", examples=["export/*.csv"])
    table: str = Key(description="The table that these files are.")
    record_path: StrList = Key(default_factory=list, description="In a document: the keys on the way to the records.")
    key: str | None = Key(
        default=None, description="In a document: the field that takes the keys of a mapping of records."
    )
    item: str | None = Key(default=None, description="In a document: the field that a bare item fills.")
    meta: dict[str, Annotated[StrList, Key(min_length=1)]] = Key(
        default_factory=dict,
        description="In a document: fields filled from the levels above, each with its way of keys.",
    )
    values: dict[str, Text] = Key(
        default_factory=dict, description="Fields that are the same everywhere in these files."
    )
    sheet: str | None = Key(default=None, description="In a workbook: the name of the sheet; left out: every sheet.")
    encoding: str | None = Key(
        default=None,
        description="What a CSV file is written in, where it is neither UTF-8, UTF-16 nor GB18030.",
        examples=["big5"],
    )
    delimiter: str | None = Key(default=None, description="What stands between the cells of a CSV file.", max_length=1)

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

    as_of: Day | None = Key(default=None, description="The day to look from, if `--as-of` does not say.")
    period: Span | None = Key(default=None, description="The audited period, if `--period` does not say.")
    submitted_by: str | None = Key(default=None, description="Who sent the records.")
    standards: StrList = Key(
        default_factory=list,
        description="What to audit against, if `--standard` does not say: identifiers, or paths that begin with a dot.",
    )
    select: StrList = Key(
        default_factory=list, description="Only the rules of these standards that match, if no option says which."
    )
    ignore: StrList = Key(
        default_factory=list, description="Not the rules of these standards that match, if no option says which."
    )
    covers: dict[str, Cover] = Key(
        default_factory=dict, description="For which days and organizations a table is complete."
    )
    silence: Literal["unreported"] | dict[str, Literal["unreported"]] | None = Key(
        default=None,
        description="`unreported`: an organization without any row of a table did not report it; for all tables, or by table.",
    )
    aliases: dict[str, dict[str, str]] = Key(
        default_factory=dict,
        description="For a table other names of its records, each with the key: what senders write instead of it.",
    )
    waivers: str | None = Key(
        default=None,
        description="The file of waivers, told from the folder of the manifest; no records are looked for in it.",
    )
    files: Annotated[list[FileEntry], BeforeValidator(_entries)] = Key(
        default_factory=list,
        json_schema_extra={"type": ["array", "object"], "additionalProperties": {"type": "string"}},
        description="Which table a file is: patterns and tables, or a list of entries.",
    )

    _file: YamlFile | None = PrivateAttr(default=None)

    def line(self, *path: str | int) -> int | None:
        """The line in which a part of the manifest stands; None where the file does not have it."""
        return self._file.where(path, key=True).line if self._file is not None and self._file.has(path) else None

    def is_silent(self, table: str) -> bool:
        """Whether an organization without any row of the table did not report it."""
        return self.silence == "unreported" or (isinstance(self.silence, dict) and table in self.silence)


def read_manifest(folder: FilePath, shown: str) -> Manifest:
    """The manifest of a folder, empty if there is none; raises OrgauditErrors where it is wrong."""
    path = folder / NAME
    if not path.is_file():
        return Manifest()
    file = read_yaml(path, f"{shown}/{NAME}")
    if file.data is None:
        return Manifest()
    manifest, errors = validated(Manifest, file)
    if manifest is not None:
        errors = list(_spans_that_end_early(manifest, file))
    if manifest is None or errors:
        raise OrgauditErrors(errors)
    standards = [_located(name, folder) for name in manifest.standards]
    manifest = manifest.model_copy(update={"standards": standards})
    manifest._file = file
    return manifest


def _spans_that_end_early(manifest: Manifest, file: YamlFile) -> Iterator[OrgauditError]:
    """An error for each span whose last day comes before its first."""
    spans: list[tuple[Span | None, Path]] = [(manifest.period, ("period",))]
    spans += [(cover, ("covers", name)) for name, cover in manifest.covers.items()]
    for span, path in spans:
        if span is not None and span.from_ is not None and span.to is not None and span.to < span.from_:
            values = {"first": span.from_, "last": span.to}
            yield OrgauditError("last-before-first", values, file.where((*path, "to")))


def _located(standard: str, folder: FilePath) -> str:
    """The path of a standard; one that begins with a dot is told from the folder of the manifest."""
    return (folder / standard).as_posix() if standard.startswith(".") else standard
