"""Which scenarios can be looked at together: an audit costs far more than a few records more.

Keys get a suffix that says whose they are, and nothing in the language leads from one record to another but references.
What does look at all records (the whole audit, an order of a whole table), or at a key by its text, is looked at alone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgaudit.proof.scenario import Scenario
from orgaudit.recordmodel import RecordModel, Table
from orgaudit.records import WrittenRow
from orgaudit.standards import Draft, rules_spoken_of

MARK = "\N{SYMBOL FOR UNIT SEPARATOR}"
_SUFFIX = re.compile(f"{MARK}\\d+")
_WORD = re.compile(r"[a-z_][a-z0-9_]*")
_QUOTED = re.compile(r"'([^']*)'")
_LINES = 10_000_000  #: more than a file has: the number of the scenario stands before the line


@dataclass(frozen=True)
class Batch:
    """Scenarios that are looked at in one audit."""

    scenarios: tuple[Scenario, ...]

    @property
    def rules(self) -> list[str]:
        """The rules that they speak of."""
        return list(dict.fromkeys(rule for s in self.scenarios for rule in s.expect))

    def tables(self, model: RecordModel) -> dict[str, list[WrittenRow]]:
        """The records of all of them; where there are several, their keys say whose they are."""
        found: dict[str, list[WrittenRow]] = defaultdict(list)
        for i, scenario in enumerate(self.scenarios):
            for name, rows in scenario.tables.items():
                marked = marked_fields(model.tables[name], model) if len(self.scenarios) > 1 else frozenset()
                found[name] += [_marked(row, marked, i) for row in rows]
        return found


def _marked(row: WrittenRow, marked: Iterable[str], i: int) -> WrittenRow:
    own = {f: f"{row.fields[f]}{MARK}{i}" for f in marked if row.fields.get(f)}
    return WrittenRow(i * _LINES + row.line, {**row.fields, **own})


def plain(value: Any) -> Any:
    """A key as it is written in its scenario."""
    return _SUFFIX.sub("", value) if isinstance(value, str) else value


def owner_of(*keys: Any) -> int:
    """The number of the scenario that a key belongs to."""
    found = next((m for key in keys if isinstance(key, str) and (m := _SUFFIX.search(key))), None)
    return int(found[0].removeprefix(MARK)) if found else 0


def place_of(number: int | None) -> tuple[int, int | None]:
    """The number of the scenario and the line that a row's number stands for."""
    return divmod(number, _LINES) if number is not None else (0, None)


def batches_of(scenarios: Sequence[Scenario], draft: Draft) -> Iterator[Batch]:
    """All scenarios in as few batches as their circumstances allow."""
    together: dict[Any, list[Scenario]] = defaultdict(list)
    texts = _texts_of_rules(draft.data)
    for scenario in scenarios:
        alone = stands_alone(scenario, texts, draft.model)
        together[scenario.circumstances if not alone else scenario.name].append(scenario)
    for several in together.values():
        yield Batch(tuple(several))


# -- what must stand alone


def stands_alone(scenario: Scenario, texts: Mapping[str, str], model: RecordModel) -> bool:
    """Whether other records could change what is said of a scenario's, or their keys' suffix could."""
    said = " ".join(texts.get(rule, "audit") for rule in scenario.expect)  # an unknown rule is an error of its own
    words = set(_WORD.findall(said))
    return (
        bool(scenario.problems)
        or "audit" in words
        or (bool(words & {"previous", "next", "consecutive", "periods"}) and not _orders_are_apart(scenario, model))
        or any(not marked_key(model.tables[name], model) for name, rows in scenario.tables.items() if rows)
        or _may_refer_anywhere(scenario, model)
        or _names_a_key(scenario, said, model)
    )


def names_in(data: Mapping[str, Any]) -> dict[str, set[str]]:
    """For each rule the words it uses, also through definitions and the rules it speaks of."""
    return {rule: set(_WORD.findall(text)) for rule, text in _texts_of_rules(data).items()}


def _texts_of_rules(data: Mapping[str, Any]) -> dict[str, str]:
    """All that a rule says, with the definitions it uses, the rules it speaks of, and the values of its parameters."""
    named: dict[str, Any] = {**(data.get("parameters") or {}), **(data.get("define") or {})}
    rules = {r["id"]: r for r in data.get("rules") or [] if isinstance(r, dict) and "id" in r}
    return {rule: _text_of(keys, named, rules) for rule, keys in rules.items()}


def _text_of(rule: Mapping[str, Any], named: Mapping[str, Any], rules: Mapping[str, Any]) -> str:
    todo: list[Any] = [_asked(rule)]
    seen: set[str] = set()
    said: list[str] = [] if "for" in rule else ["audit"]
    for part in todo:  # grows while it is walked
        text = json.dumps(part, ensure_ascii=False)
        said.append(text)
        words = set(_WORD.findall(text)) - seen
        seen |= words
        todo += [named[w] for w in words if w in named]
    for other in rules_spoken_of(rule.get("for")):
        said.append(_text_of(rules[other], named, rules) if other in rules else "audit")
    return " ".join(said)


def _asked(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What decides verdicts: not titles and the like."""
    return {k: v for k, v in rule.items() if k not in ("title", "remedy", "note", "quote", "clause", "id", "norms")}


def _orders_are_apart(scenario: Scenario, model: RecordModel) -> bool:
    tables = [t for t in model.tables.values() if t.order is not None]
    return all(t.order is None or marked_fields(t, model) & set(t.order.within) for t in tables)


def _may_refer_anywhere(scenario: Scenario, model: RecordModel) -> bool:
    """Whether a reference is left blank, and the blank means that nobody knows whereto."""
    for name, rows in scenario.tables.items():
        table = model.tables[name]
        asked = {f for k in table.foreignKeys for f in k.fields if table.by_name[f].blank == "unknown"}
        if any(not row.fields.get(f) for row in rows for f in asked):
            return True
    return False


def _names_a_key(scenario: Scenario, said: str, model: RecordModel) -> bool:
    """Whether a rule speaks of a record by the text of its key."""
    named = tuple(filter(None, _QUOTED.findall(said)))
    marked = {name: marked_fields(model.tables[name], model) for name in scenario.tables}
    keys = {row.fields.get(f, "") for name, rows in scenario.tables.items() for row in rows for f in marked[name]}
    return any(key.startswith(named) for key in keys if key and named)


def marked_fields(table: Table, model: RecordModel) -> frozenset[str]:
    """The fields that say which record this is, or which it refers to: texts that are keys."""
    own = {f for f in table.primaryKey if marked_key(table, model) and _is_key(f, table, model)}
    referring = {
        f
        for key in table.foreignKeys
        for f, of in zip(key.fields, model.tables[key.target].primaryKey, strict=True)
        if _is_key(of, model.tables[key.target], model)
    }
    return frozenset(own | referring)


def marked_key(table: Table, model: RecordModel) -> bool:
    """Whether the key of a table has a part that can be marked."""
    return any(_is_key(f, table, model) for f in table.primaryKey)


def _is_key(name: str, table: Table, model: RecordModel, seen: tuple[str, ...] = ()) -> bool:
    """A text that is the whole key of its table, or a reference to such a key."""
    for key in table.foreignKeys:
        if name in key.fields and table.singular not in seen:
            target = model.tables[key.target]
            of = target.primaryKey[key.fields.index(name)]
            if target is not table:
                return _is_key(of, target, model, (*seen, table.singular))
    declared = table.by_name[name]
    return table.primaryKey == [name] and declared.type == "string" and not declared.categories
