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


class Span(Strict):
    """From a day to a day, either left open."""

    from_: date | None = Key(None, alias="from")
    to: date | None = None


class Cover(Span):
    """Which organizations and which span a table is complete for."""

    organizations: Names | None = None


class Manifest(Strict):
    """What the sender says: every part may be left out."""

    as_of: date | None = None
    period: Span | None = None
    submitted_by: str | None = None
    standards: Names = Key(default_factory=list)
    covers: dict[str, Cover] = Key(default_factory=dict)
    silence: Literal["unreported"] | dict[str, Literal["unreported"]] | None = None
    files: Mapping[str, str] = Key(default_factory=dict)

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
    return manifest
