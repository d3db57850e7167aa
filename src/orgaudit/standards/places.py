"""Errors of a file with the places they stand at, collected until all are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.yamlfile import Path, YamlFile


@dataclass
class Places:
    """A file whose errors are collected, each with its place."""

    file: YamlFile
    errors: list[OrgauditError] = field(default_factory=list)

    @contextmanager
    def at(self, path: Path, *, key: bool = False) -> Iterator[None]:
        """Gives errors raised inside the place of `path` (of its key), and keeps them."""
        try:
            yield
        except OrgauditErrors as several:
            self.errors += several.errors
        except OrgauditError as e:
            where = self.file.where(path, key=True) if key else self.where(path, e.values.get("column"))
            self.errors.append(OrgauditError(e.code, e.values, e.where or where, e.hint))

    def where(self, path: Path, column: object) -> Where:
        """The address of a column inside the value at a path."""
        where = self.file.where(path)
        if not isinstance(column, int) or not self.file.has(path):
            return where
        file, own = self.file.origin(path)
        return file.inside(own, column)
