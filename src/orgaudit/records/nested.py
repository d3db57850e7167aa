"""Documents in which records lie anywhere: the way to them, and what is taken from the levels above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orgaudit.records.manifest import FileEntry
from orgaudit.records.problems import Problem
from orgaudit.yamlfile import Path, YamlFile

Level = tuple[Any, Path]  #: a part of a document, and where it stands


@dataclass(frozen=True)
class Found:
    """A record (or what stands where one should), and its first line."""

    data: Any
    line: int


@dataclass
class Nested:
    """One document with what the manifest says of its shape."""

    file: YamlFile
    entry: FileEntry
    problems: list[Problem]
    name: str

    def records(self) -> Iterator[Found]:
        """All records that its path leads to, each with what is taken from above."""
        data = self.file.data
        is_many = isinstance(data, list) and bool(self.entry.record_path)
        tops: list[Level] = [(item, (i,)) for i, item in enumerate(data)] if is_many else [(data, ())]
        for top in tops:
            yield from self._below([top], self.entry.record_path)

    def _below(self, levels: list[Level], steps: list[str]) -> Iterator[Found]:
        """What lies below the last of the levels: a missing list is empty."""
        data, path = levels[-1]
        if data is None:
            return
        if not steps:
            yield from self._listed(levels)
        elif isinstance(data, list):
            for i, item in enumerate(data):
                yield from self._below([*levels[:-1], (item, (*path, i))], steps)
        elif isinstance(data, dict):
            yield from self._below([*levels, (data.get(steps[0]), (*path, steps[0]))], steps[1:])
        else:
            yield Found(data, self.file.where(path).line)

    def _listed(self, levels: list[Level]) -> Iterator[Found]:
        """The records of a list, of a mapping by identifier, or the one that stands alone."""
        data, path = levels[-1]
        if isinstance(data, list):
            for i, item in enumerate(data):
                yield self._record(item, None, levels, self.file.where((*path, i)).line)
        elif isinstance(data, dict) and self.entry.key is not None:
            for key, item in data.items():
                yield self._record(item, key, levels, self.file.where((*path, key), key=True).line)
        else:
            yield self._record(data, None, levels, self.file.where(path).line)

    def _record(self, item: Any, key: str | None, levels: list[Level], line: int) -> Found:
        entry = self.entry
        if entry.item is not None and not isinstance(item, (dict, list)):
            item = {entry.item: item}
        if item is None and key is not None:
            item = {}
        if not isinstance(item, dict):
            return Found(item, line)
        above = {name: self._above(path, levels) for name, path in entry.meta.items()}
        keyed = {entry.key: key} if entry.key is not None and key is not None else {}
        return Found({**item, **above, **keyed}, line)

    def _above(self, path: list[str], levels: list[Level]) -> Any:
        """A value from the top of the document, of the levels on the way where they are the same, or of the record above."""
        top = levels[0][0]
        steps = self.entry.record_path
        if isinstance(top, dict) and path[0] in top:
            same = 0
            while same < min(len(path), len(steps)) - 1 and path[same] == steps[same]:
                same += 1
            return _at(levels[same][0], path[same:])
        return _at(levels[max(len(levels) - 2, 0)][0], path)


def _at(data: Any, path: list[str]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data
