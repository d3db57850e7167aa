"""Mutants: a standard with one thing changed, which some scenario should notice.

Changed are bounds, comparisons, windows, filters, effects, levels, parts, exemptions, listed values, definitions,
parameters and the choices of readings, one at a time, as they are written in the standard's own file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orgaudit.proof.batches import names_in
from orgaudit.proof.variants import of_expression, of_group, of_value
from orgaudit.standards import REMOVED
from orgaudit.standards.language import BOUNDS
from orgaudit.yamlfile import Path

_GROUPS = ("count", "gap", "during", "during_all", "for", "of", "consecutive")
_VALUES_OF_GROUPS = ("distinct", "sum", "min", "max")
_EXPRESSIONS = ("where", "value", "require", "done", "when")
_WORDS: Mapping[str, Sequence[str]] = {
    "every": ("month", "quarter", "half-year", "year"),
    "alive": ("throughout", "sometime", "at_end"),
    "ends": ("closed", "open", "first", "last"),
    "effect": ("skip", "break"),
}
_CLOSE = {"at_least": "more_than", "more_than": "at_least", "at_most": "less_than", "less_than": "at_most"}
_OPPOSITE = {"exactly": ("at_least", "at_most")}
_NAMED = ("id", "level")
_DURATION = re.compile(r"(\$?\w+(?: working)?(?: \w+)?) after (.+)")


@dataclass(frozen=True)
class Mutant:
    """One thing changed: where (in words), from what to what, and which rules it can touch.

    `kind` says what a scenario has to show so that it is noticed.
    """

    place: str
    old: str
    new: str
    kind: str
    changes: tuple[tuple[Path, Any], ...]
    rules: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called by, also in `equivalent`."""
        return f"{self.place}: {self.old} → {self.new}"


def mutants_of(data: Mapping[str, Any]) -> Iterator[Mutant]:
    """All mutants of a standard, as its file is written."""
    seen: set[str] = set()
    for mutant in _all(data):
        if mutant.rules and mutant.name not in seen:  # what nothing uses is for lint to say
            seen.add(mutant.name)
            yield mutant


def _all(data: Mapping[str, Any]) -> Iterator[Mutant]:
    used = names_in(data)
    for i, rule in enumerate(data.get("rules") or []):
        walker = _Walker(rule["id"], (rule["id"],))
        yield from walker.mapping(rule, ("rules", i), rule["id"])
    for name, definition in (data.get("define") or {}).items():
        walker = _Walker(name, _users(name, used))
        path: Path = ("define", name)
        if isinstance(definition, str):
            yield from walker.texts(of_group(definition), definition, path, f"define.{name}", "filter")
        else:
            yield from walker.mapping(definition, path, f"define.{name}")
    for name, by_date in (data.get("parameters") or {}).items():
        for day, value in by_date.items():
            walker = _Walker(name, _users(name, used))
            yield from walker.parameter(value, ("parameters", name, day), f"${name}")
    for name, reading in (data.get("readings") or {}).items():
        walker = _Walker(name, _users(name, used))
        others = [c for c in reading["choices"] if c != reading["use"]]
        yield from walker.texts(others, reading["use"], ("readings", name, "use"), f"readings.{name}", "reading")


def _users(name: str, used: Mapping[str, set[str]]) -> tuple[str, ...]:
    return tuple(rule for rule, names in used.items() if name in names)


@dataclass(frozen=True)
class _Walker:
    """Walks what is written of one rule or definition."""

    of: str
    rules: tuple[str, ...]

    def _mutant(self, place: str, old: Any, new: Any, kind: str, *changes: tuple[Path, Any]) -> Mutant:
        return Mutant(place, _told(old), _told(new), kind, changes, self.rules)

    def texts(self, new: Any, old: Any, path: Path, place: str, kind: str) -> Iterator[Mutant]:
        """One mutant for each of these values."""
        yield from (self._mutant(place, old, value, kind, (path, value)) for value in new)

    def parameter(self, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        """Another value; of a list, one less."""
        if isinstance(value, list):
            shorter = [value[:i] + value[i + 1 :] for i in range(len(value) if len(value) > 1 else 0)]
            yield from self.texts(shorter, value, path, place, "listed")
        elif not isinstance(value, str) or value[:1].isdigit():
            yield from self.texts(of_value(value), value, path, place, "bound")

    def mapping(self, keys: Mapping[str, Any], path: Path, place: str) -> Iterator[Mutant]:
        """Every key of a mapping that has to do with verdicts."""
        for key, value in keys.items():
            yield from self._key(keys, key, value, (*path, key), f"{place} {key}")

    def _key(self, keys: Mapping[str, Any], key: str, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        if key in BOUNDS:
            yield from self._bound(key, value, path, place)
        elif key in _WORDS:
            yield from self._word(key, value, path, place)
        elif key in ("unless", "levels", "all", "any") and isinstance(value, list):
            yield from self._named(key, value, path, place)
        elif key == "each" and isinstance(value, dict):
            for name, values in value.items():
                yield from self._each(values, (*path, name), f"{place}.{name}")
        elif key == "within":
            yield from self._within(value, path, place)
        elif isinstance(value, dict) and key in ("when", "share", "ratio", "of", "to", "effect"):
            yield from self.mapping(value, path, place)
        elif key in (*_GROUPS, *_VALUES_OF_GROUPS, *_EXPRESSIONS):
            yield from self._text(key, value, path, place)

    def _bound(self, key: str, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        if isinstance(value, list):
            for i, end in enumerate(value):
                yield from self.texts(of_value(end), end, (*path, i), f"{place}[{i}]", "bound")
            return
        yield from self.texts(of_value(value), value, path, place, "bound")
        others = _OPPOSITE.get(key, (_CLOSE.get(key, key),) if not isinstance(value, int) else ())
        for other in others if value != 0 else others[:1]:  # nothing is counted below 0
            yield self._mutant(place, key, other, "comparison", (path, REMOVED), ((*path[:-1], other), value))

    def _word(self, key: str, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        if isinstance(value, dict):  # another bound as effect
            yield from self.mapping(value, path, place)
        elif value in _WORDS[key] or key == "every":
            kind = "effect" if key == "effect" else "window"
            yield from self.texts([w for w in _WORDS[key] if w != value], value, path, place, kind)

    def _named(self, key: str, values: list[Any], path: Path, place: str) -> Iterator[Mutant]:
        """Exemptions, levels, parts: each left out, and each changed."""
        kind = {"unless": "exemption", "levels": "level"}.get(key, "part")
        if kind == "level":
            yield from self._steps(values, path, place)
        for i, one in enumerate(values):
            name = next((one[n] for n in _NAMED if n in one), i)
            if len(values) > 1:
                others = _raised(values[-2], (*path, i - 1)) if kind == "level" and one is values[-1] else ()
                yield self._mutant(f"{place}.{name}", name, "-", kind, ((*path, i), REMOVED), *others)
            elif kind == "exemption":
                yield self._mutant(f"{place}.{name}", name, "-", kind, (path, REMOVED))
            yield from self.mapping(one, (*path, i), f"{place}.{name}")

    def _steps(self, values: list[Any], path: Path, place: str) -> Iterator[Mutant]:
        """Where one level ends and the next begins: a step earlier and later."""
        for i, (low, high) in enumerate(pairwise(values)):
            ends, key = low.get("between"), "between" if "between" in high else "at_least"
            begins = high["between"][0] if key == "between" else high.get("at_least")
            if not ends or not isinstance(begins, int) or ends[1] != begins - 1:
                continue
            for n in (-1, 1):
                lower: tuple[Path, Any] = ((*path, i, "between"), [ends[0], ends[1] + n])
                new = [begins + n, high["between"][1]] if key == "between" else begins + n
                upper: tuple[Path, Any] = ((*path, i + 1, key), new)
                yield self._mutant(
                    f"{place}.{low['level']}..{high['level']}", begins, begins + n, "bound", lower, upper
                )

    def _each(self, values: Any, path: Path, place: str) -> Iterator[Mutant]:
        if isinstance(values, list):
            yield from self.parameter(values, path, place)
        elif isinstance(values, str) and not values.startswith("$"):
            yield from self._text("sum" if " of " in values else "count", values, path, place)

    def _within(self, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        if isinstance(value, dict):
            for end, text in value.items():
                yield from self.texts(of_expression(text), text, (*path, end), f"{place}.{end}", "window")
            return
        match = _DURATION.fullmatch(value)
        if match:
            durations = (f"{d} after {match[2]}" for d in of_value(match[1]))
            yield from self.texts(durations, value, path, place, "window")
            anchors = (f"{match[1]} after {a}" for a in of_expression(match[2]))
            yield from self.texts(anchors, value, path, place, "window")

    def _text(self, key: str, value: Any, path: Path, place: str) -> Iterator[Mutant]:
        if isinstance(value, list):  # a union of groups
            yield from self.parameter(value, path, place)
            for i, one in enumerate(value):
                yield from self.texts(of_group(one), one, (*path, i), f"{place}[{i}]", "filter")
        elif not isinstance(value, str):
            return
        elif key in _EXPRESSIONS:
            yield from self.texts(of_expression(value), value, path, place, "filter")
        elif key in _VALUES_OF_GROUPS:
            expression, _, group = value.partition(" of ")
            yield from self.texts((f"{expression} of {g}" for g in of_group(group)), value, path, place, "filter")
            others = (f"{e} of {group}" for e in of_expression(expression))
            yield from self.texts(others, value, path, place, "filter")
        else:
            yield from self.texts(of_group(value), value, path, place, "filter")


def _raised(level: Mapping[str, Any], path: Path) -> tuple[tuple[Path, Any], ...]:
    """What lets a level reach as far as anything can be found: the one above it is left out."""
    key = next((k for k in ("between", "exactly") if k in level), None)
    if key is None:
        return ()
    first = level[key][0] if key == "between" else level[key]
    return (((*path, key), REMOVED), ((*path, "at_least"), first))


def _told(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
