"""What an audit was about: records, standards, rules, organizations and the names of things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.info import rule_info
from orgaudit.engine.personal import personal
from orgaudit.findings import Organization, RuleInfo, Stretch, Text, each_key
from orgaudit.messages import LANGUAGES
from orgaudit.records import Records, named_in_paths
from orgaudit.standards import Rule, Standard, compared_with, describe


def about(records: Records, standards: Sequence[Standard], rules: Sequence[tuple[Context, Rule]]) -> dict[str, Any]:
    """The members of an `Audit` that say what was audited."""
    facts = records.facts
    used = {name for _, rule in rules for name in rule.uses}
    of_persons = personal(records, standards)
    return {
        "as_of": facts.as_of,
        "period": Stretch(f"{facts.first}..{facts.last}", facts.first, facts.last),
        "standards": [{"id": s.id, "title": dict(s.title), "sha256": s.sha256} for s in standards],
        "rules": [rule_info(context, rule) for context, rule in rules],
        "organizations": _organizations(records),
        "tables": _tables(records),
        "problems": list(records.problems),
        "parameters": _parameters(standards, used),
        "readings": _readings(standards, used),
        "titles": _titles(records) | _titles_of_each(records, [rule for _, rule in rules]),
        "repairs": list(records.repairs),
        "personal": of_persons,
        "records_path": records.path,
        "_named": cache(lambda: named_in_paths(records, of_persons)),
    }


def sentences(rules: Sequence[tuple[Context, Rule]]) -> Callable[[RuleInfo], Text]:
    """What tells a rule as a sentence in each language; parameters have the value on the first day of the audited period."""
    by_id = {(rule.standard, rule.id): (context, rule) for context, rule in rules}

    def sentence(info: RuleInfo) -> Text:
        context, rule = by_id[info.standard, info.rule]
        return {language: describe(rule, context.standard, context.facts.first, language) for language in LANGUAGES}

    return sentence


def _tables(records: Records) -> dict[str, dict[str, object]]:
    """For each table handed in its rows, and its files with their hashes."""
    found: dict[str, list[dict[str, object]]] = {}
    for file in sorted(records.read, key=lambda f: (f.table, f.path)):
        found.setdefault(file.table, []).append({"path": file.path, "rows": file.rows, "sha256": file.sha256})
    return {table: {"rows": records.rows.get(table, 0), "files": files} for table, files in found.items()}


def _parameters(standards: Sequence[Standard], used: set[str]) -> dict[str, list[list[object]]]:
    parameters = {n: p for s in standards for n, p in s.parameters.items() if n in used}
    return {n: [[day.isoformat(), value] for day, value in p.values] for n, p in parameters.items()}


def _readings(standards: Sequence[Standard], used: set[str]) -> dict[str, dict[str, str | None]]:
    readings = {n: r for s in standards for n, r in s.readings.items() if n in used}
    return {n: {"use": r.use, "why": r.why, "clause": r.clause} for n, r in readings.items()}


def _titles(records: Records) -> dict[str, Text]:
    """What tables (`members`) and fields (`members.name`) are called."""
    titles: dict[str, Text] = {}
    for name, table in records.model.tables.items():
        titles[name] = dict(table.title)
        titles |= {f"{name}.{f.name}": dict(f.title) for f in table.fields if f.title}
    return titles


def _titles_of_each(records: Records, rules: Sequence[Rule]) -> dict[str, Text]:
    """What the values of `each` are called (`each STANDARD RULE NAME VALUE`), where they are codes of a field."""
    titles: dict[str, Text] = {}
    for rule in rules:
        for name in rule.each:
            field = compared_with(rule, name)
            codes = records.model.tables[field.table].by_name[field.name].categories if field else ()
            titles |= {each_key(rule.standard, rule.id, name, c.value): dict(c.label) for c in codes if c.label}
    return titles


def _organizations(records: Records) -> list[Organization]:
    """The records that answer for others, with the one above each where the table refers to itself."""
    model = records.model
    owners = {o for t in model.tables if (o := model.owner_table(t)) is not None}
    found: list[Organization] = []
    for table in sorted(owners):
        declared = model.tables[table]
        key, name = model.key_of(table), declared.field_with("name")
        up = next((k.field for k in declared.foreignKeys if k.target == table), None)
        columns = {
            "k": q.col("t", key),
            "n": q.col("t", name) if name else q.NULL,
            "u": q.col("t", up) if up else q.NULL,
        }
        rows = records.db.rows(q.select(columns, q.table(table, "t"), order=[q.col("t", key)]))
        known = {k: k for k, *_ in rows}  # one text for a key, also where it stands above others
        found += [Organization(k, name, known.get(above, above)) for k, name, above in rows]
    return found
