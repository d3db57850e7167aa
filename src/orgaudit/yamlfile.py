"""YAML with places: every value knows its line and column; the only home of pyyaml.

Scalars follow the YAML 1.2 core: `on`, `no`, `010` and `12:30` stay the text they are, dates stay text. Duplicate keys,
anchors and tags are refused. All errors of a file are collected.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from orgaudit.consulted import contents
from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.yamlproblems import meaning
from orgaudit.yamltext import written_at

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the pure loader is about ten times slower
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+\Z")
_RESOLVED = {"str", "int", "float", "bool", "null", "timestamp", "value", "merge"}
_SURROGATES = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class YamlFile:
    """Plain data and, for each path into it, the place it stands at."""

    name: str
    data: Any
    places: dict[Path, tuple[int, int]]
    key_places: dict[Path, tuple[int, int]]
    text: str = field(repr=False, default="")
    broken: tuple[tuple[Path, OrgauditError], ...] = ()  # what could not be read as it is written, and where

    def where(self, path: Path = (), *, key: bool = False) -> Where:
        """The address of the value at `path` (of its key, with `key`), or of the nearest value around it."""
        places = self.key_places if key else self.places
        while path not in places and path:
            path = path[:-1]
            places = self.places
        return Where(self.name, *places.get(path, (1, 1)))

    def has(self, path: Path) -> bool:
        """Whether something stands at `path`."""
        file, path = self.origin(path)
        return path in file.places

    def origin(self, path: Path) -> tuple[YamlFile, Path]:
        """The file that what stands at `path` was written in, and where it stands there."""
        return self, path

    def inside(self, path: Path, column: int) -> Where:
        """The address of a column (from 1) of the text that stands at `path`, on whichever of its lines it is."""
        text = self._text_at(path)
        line, start = self.places[path]
        if text is None:
            return Where(self.name, line, start + column - 1)
        return Where(self.name, *written_at(self.text, (line, start), text, column))

    def _text_at(self, path: Path) -> str | None:
        found = self.data
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                return None
        return found if isinstance(found, str) else None

    def line(self, number: int) -> str:
        """The text of a line, for showing where an error stands."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


def read_yaml(path: FilePath, name: str | None = None, *, as_text: bool = False, items: str = "") -> YamlFile:
    """Reads a UTF-8 YAML file, with `as_text` every scalar as it is written; raises OrgauditErrors with every wrong place.

    What is wrong only within the list under the key `items` is not raised: it is `broken`.
    """
    name = name or path.as_posix()
    try:
        text = contents(path).decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise OrgauditError("yaml-encoding", {"byte": e.start}, Where(name)) from e
    except OSError as e:
        raise OrgauditError("file-unreadable", {"reason": e.strerror or str(e)}, Where(name)) from e
    text = _plain(text) if path.suffix.lower() == ".json" else text
    return parse_yaml(text, name, as_text=as_text, items=items)


def _plain(text: str) -> str:
    """JSON as YAML reads it: it knows no surrogates."""
    return _SURROGATES.sub(lambda pair: json.loads(f'"{pair[0]}"'), text.replace("\t", " "))


def parse_yaml(text: str, name: str, *, as_text: bool = False, items: str = "") -> YamlFile:
    """Reads YAML text; `name` is what its places are called by, `items` the key of a list whose items may be broken."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        where = Where(name, mark.line + 1, mark.column + 1) if mark else Where(name)
        raise OrgauditErrors([_syntax_error(e, where, text)]) from e
    except yaml.YAMLError as e:  # a character that YAML does not take
        raise OrgauditErrors([OrgauditError("yaml-syntax", {"problem": " ".join(str(e).split())}, Where(name))]) from e
    builder = _Builder(name, as_text=as_text)
    data = builder.build(root, ()) if root is not None else None
    if any(len(path) < 2 or path[0] != items for path, _ in builder.errors):
        raise OrgauditErrors(error for _, error in builder.errors)
    return YamlFile(name, data, builder.places, builder.key_places, text, tuple(builder.errors))


def _syntax_error(e: yaml.MarkedYAMLError, where: Where, text: str) -> OrgauditError:
    lines = text.splitlines()
    line = lines[where.line - 1] if 0 < where.line <= len(lines) else ""
    hint = "hint-quote-expression" if ("{" in line or "[" in line) and "(" in line else None
    if re.search(r"[{\[,]\s*[^'\"]*[ (=]:[A-Za-z]", line):
        hint = "hint-dollar-name"
    problem = " ".join(filter(None, [e.context, e.problem]))
    return OrgauditError(
        "yaml-syntax", {"problem": meaning(problem, line[where.column - 1 : where.column])}, where, hint
    )


class _Builder:
    """From the composed nodes to plain data, noting places and errors on the way."""

    def __init__(self, name: str, *, as_text: bool) -> None:
        self.name, self.as_text = name, as_text
        self.seen: set[int] = set()
        self.places: dict[Path, tuple[int, int]] = {}
        self.key_places: dict[Path, tuple[int, int]] = {}
        self.errors: list[tuple[Path, OrgauditError]] = []

    def build(self, node: yaml.Node, path: Path) -> Any:
        if _is_tagged(node):
            self._error("yaml-tag", {"tag": node.tag}, node, path)
        if id(node) in self.seen:  # the loader hands out an anchor's node again
            self._error("yaml-tag", {"tag": "&…, *…"}, node, path)
        self.seen.add(id(node))
        self.places[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, i)) for i, item in enumerate(node.value)]
        return _text(node) if self.as_text else _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                self._error("yaml-key", {}, key_node, path)
                continue
            if node.flow_style and _is_plain(key_node) and (key.endswith(")") or _is_blank(value_node)):
                self._error("yaml-split-expression", {"key": key}, key_node, path, "hint-quote-expression")
            if key in result:
                self._error("yaml-duplicate-key", {"key": key}, key_node, path)
            self.key_places[(*path, key)] = _place(key_node)
            result[key] = self.build(value_node, (*path, key))
        return result

    def _item(self, node: yaml.Node, path: Path) -> Any:
        value = self.build(node, path)
        if isinstance(value, str) and _is_plain(node) and not _balanced(value):
            self._error("yaml-split-expression", {"key": value}, node, path, "hint-quote-expression")
        return value

    def _error(
        self, code: str, values: dict[str, object], node: yaml.Node, path: Path, hint: str | None = None
    ) -> None:
        self.errors.append((path, OrgauditError(code, values, Where(self.name, *_place(node)), hint)))


def _place(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _is_blank(node: yaml.Node) -> bool:
    return _is_plain(node) and node.value == ""


def _is_plain(node: yaml.Node) -> bool:
    """Neither quoted nor a block (the C loader says so by an empty style, the other by None)."""
    return isinstance(node, yaml.ScalarNode) and not node.style


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("'") % 2 == 0


def _is_tagged(node: yaml.Node) -> bool:
    """Whether a tag is written: the composer resolves what has none, so a tag shows only where it changes that."""
    tag = node.tag.removeprefix("tag:yaml.org,2002:")
    if isinstance(node, yaml.MappingNode):
        return tag != "map"
    if isinstance(node, yaml.SequenceNode):
        return tag != "seq"
    if not _is_plain(node):
        return tag != "str"
    return tag not in _RESOLVED or (tag == "str" and not isinstance(_scalar(node), str))


def _text(node: yaml.Node) -> str | None:
    """A scalar as it is written; `null`, `~` and nothing are nothing."""
    text: str = node.value
    return None if _is_plain(node) and text in ("null", "~", "") else text


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if not _is_plain(node):  # quoted, or a block: text as it is
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        return int(text)
    return float(text) if _DECIMAL.match(text) else text
