"""Breaches as records, and the whole audit as one: tables that the engine will fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from orgaudit.errors import OrgauditError
from orgaudit.expressions import AUDIT, WHERE
from orgaudit.recordmodel import SUBJECT, Category, Field, ForeignKey, RecordModel, ReferenceTarget, Table

if TYPE_CHECKING:
    from orgaudit.standards.language import Laddered, RuleKeys

BREACHES = "breaches of "

_AUDIT = Table(
    singular=AUDIT,
    title={"zh": "本次核查", "en": "The whole audit"},
    primaryKey=["key"],
    fields=[Field(name="key", type="string")],
)


def breach_name(standard: str, *rules: str) -> str:
    """The name of the table of the breaches of one rule, or of several."""
    return f"breaches of {standard} {', '.join(rules)}"


def rules_of(table: str, standard: str) -> tuple[str, ...]:
    """The rules whose breaches a table holds; none of a table of something else."""
    head = breach_name(standard, "")
    return tuple(table.removeprefix(head).split(", ")) if table.startswith(head) else ()


def with_breaches(
    model: RecordModel, standard: str, rules: Sequence[RuleKeys], defined: Mapping[str, str]
) -> RecordModel:
    """The record model with a table of breaches for whatever is spoken of, and with the whole audit as a table.

    `defined` has the texts of defined groups: a group's first word is its table, or another group.
    """
    by_id = {r.id: r for r in rules}
    tables = {**model.tables, AUDIT: _AUDIT}
    waiting = {spoken for r in rules if (spoken := spoken_of(r))}
    waiting |= {(rule,) for spoken in waiting for rule in spoken}
    while True:  # the breaches of a rule that speaks of breaches come after those it speaks of
        ready = [s for s in sorted(waiting) if _subject_of(s, by_id, standard, tables, defined)]
        for spoken in ready:
            table = str(_subject_of(spoken, by_id, standard, tables, defined))
            levels = sorted({level for r in spoken for level in _levels_of(by_id[r])})
            tables[breach_name(standard, *spoken)] = _breach_table(tables[table], table, levels)
        waiting -= set(ready)
        if not ready:
            break
    return RecordModel.model_construct(
        records=model.records, title=model.title, missingValues=model.missingValues, tables=tables
    )


def _subject_of(
    spoken: tuple[str, ...],
    rules: Mapping[str, RuleKeys],
    standard: str,
    tables: Mapping[str, Table],
    defined: Mapping[str, str],
) -> str | None:
    """The one table of the subjects of these rules; None where it is not known yet, or they have several."""
    found = {_table_of(rules[r], standard, tables, defined) if r in rules else None for r in spoken}
    return found.pop() if len(found) == 1 else None


def _table_of(rule: RuleKeys, standard: str, tables: Mapping[str, Table], defined: Mapping[str, str]) -> str | None:
    if rule.for_ is None:
        return AUDIT
    spoken = spoken_of(rule)
    head = breach_name(standard, *spoken) if spoken else (rule.for_.split() or [""])[0]
    seen: set[str] = set()
    while head in defined and head not in tables and head not in seen:
        seen.add(head)
        head = (defined[head].split() or [""])[0]
    return head if head in tables else None


def _levels_of(keys: Laddered) -> Iterator[str]:
    """The levels that do not pass, of a rule and of its parts."""
    yield from (level.level for level in keys.levels if level.level != "ok")
    for part in (*(keys.all or ()), *(keys.any or ())):
        yield from _levels_of(part)


def _breach_table(subject: Table, table: str, levels: Sequence[str]) -> Table:
    to_subject = ForeignKey(
        fields=[SUBJECT],
        reference=ReferenceTarget(resource=table, fields=["_row"]),
        name=subject.singular,
        reverse="_breaches",
    )
    name = subject.name or subject.field_with("name")
    owner = None if subject.owner is None else subject.singular
    return Table(
        singular="breach",
        primaryKey=["key"],
        owner=owner if subject.owner in (None, "self") else f"{subject.singular}.{subject.owner}",
        name=f"{subject.singular}.{name}" if name else None,
        foreignKeys=[to_subject],
        fields=[
            Field(name="key", type="string"),
            Field(name=SUBJECT, type="integer"),
            Field(name="level", type="string", blank="none", categories=[Category(value=v) for v in levels]),
            Field(name="reached_on", type="date", role="when"),
            Field(name="period_start", type="date"),
            Field(name="period_end", type="date"),
        ],
    )


def split_breaches(text: str) -> tuple[tuple[str, ...], int | None]:
    """The rules of `breaches of RULE {, RULE} [where CONDITION]`, and where its condition begins."""
    where = WHERE.search(text)
    head = (text[: where.start()] if where else text).removeprefix(BREACHES)
    rules = tuple(rule.strip() for rule in head.split(","))
    if any(len(rule.split()) != 1 for rule in rules):
        raise OrgauditError("group-syntax", {"text": text, "column": 1})
    return rules, where.end() if where else None


def spoken_of(keys: RuleKeys) -> tuple[str, ...]:
    """The rules whose breaches a rule speaks of."""
    return rules_spoken_of(keys.for_)


def rules_spoken_of(subject: str | None) -> tuple[str, ...]:
    """The rules whose breaches a `for` speaks of."""
    if not subject or not subject.startswith(BREACHES):
        return ()
    try:
        return split_breaches(subject)[0]
    except OrgauditError:
        return ()
