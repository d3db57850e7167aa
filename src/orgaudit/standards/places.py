"""Errors of a file with the places they stand at, collected until all are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from orgaudit.errors import OrgauditError, Where
from orgaudit.yamlfile import Path, YamlFile


class Places:
    """A file whose errors are collected, each with its place."""

    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.errors: list[OrgauditError] = []

    @contextmanager
    def at(self, path: Path) -> Iterator[None]:
        """Gives errors raised inside the place of `path`, and keeps them."""
        try:
            yield
        except OrgauditError as e:
            self.errors.append(
                OrgauditError(e.code, e.values, e.where or self.where(path, e.values.get("column")), e.hint)
            )

    def where(self, path: Path, column: object) -> Where:
        """The address of a column inside the value at a path."""
        where = self.file.where(path)
        if not isinstance(column, int) or self.file.places.get(path) is None:
            return where
        quoted = self.file.line(where.line)[where.column - 1 : where.column] in ("'", '"')
        return replace(where, column=where.column + column - 1 + quoted)
