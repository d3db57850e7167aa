"""What must hold between the parts of a record model: names that are there and do not clash, roles and times that fit."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel.declared import values_that_do_not_fit
from orgaudit.recordmodel.fields import DATES, Field, first_day
from orgaudit.recordmodel.model import RecordModel
from orgaudit.recordmodel.naming import Names, wrong
from orgaudit.recordmodel.reserved import RESERVED, is_name
from orgaudit.yamlfile import Path, YamlFile

_MOST_FIELDS = 60  # two bit masks of one machine word carry the state of a row's cells


def model_errors(model: RecordModel, file: YamlFile) -> Iterator[OrgauditError]:
    """Everything in a record model that does not fit together, each with its place."""
    for name in model.tables:
        yield from _Checks(model, name, file).errors()
    yield from _tables_of_one_name(model, file)
    for name in [n for n, t in model.tables.items() if t.attest and n != model.answers]:
        reason = {"zh": f"答复已由 {model.answers} 存放", "en": f"answers are kept in {model.answers} already"}
        yield wrong("attest", name, reason, file, ("tables", name, "attest"))


def _tables_of_one_name(model: RecordModel, file: YamlFile) -> Iterator[OrgauditError]:
    """Engines do not tell tables apart by upper and lower case; a word of the language cannot be told from one."""
    seen: set[str] = set()
    for name in model.tables:
        if name.casefold() in seen or (name in RESERVED and name != "audit"):
            yield OrgauditError("name-clash", {"name": name, "table": "tables"}, file.where(("tables", name), key=True))
        seen.add(name.casefold())


class _Checks(Names):
    """The checks of one table."""

    def errors(self) -> Iterator[OrgauditError]:
        """Everything that is wrong with the table."""
        yield from self.references()
        yield from self.unknown(self.table.primaryKey, self.table.by_name)
        where = self.file.where(self.at, key=True)
        if len(self.table.fields) > _MOST_FIELDS:
            yield OrgauditError("too-many-fields", {"table": self.name, "most": _MOST_FIELDS}, where)
        for word in [self.name, *(f.name for f in self.table.fields), *(k.forward for k in self.table.foreignKeys)]:
            if not is_name(word):
                yield OrgauditError("no-name", {"name": word}, where)
        for clash in self._clashes():
            yield OrgauditError("name-clash", {"name": clash, "table": self.name}, where)
        yield from self._times()
        for i, field in enumerate(self.table.fields):
            yield from self._field(field, (*self.at, "fields", i))
        yield from self.sequences()
        yield from self.paths()
        if self.table.attest is not None:
            yield from self._types({"rule": "string", "answer": "boolean"}, "attest")

    def _clashes(self) -> Iterator[str]:
        seen: set[str] = set()
        table, tables = self.table, self.model.tables.values()
        reverse = [k.reverse for t in tables for k in t.foreignKeys if k.target == self.name and k.reverse]
        for word in [*(f.name for f in table.fields), *(k.forward for k in table.foreignKeys), *reverse]:
            if word.casefold() in seen or word in RESERVED:
                yield word
            seen.add(word.casefold())

    # -- time

    def _times(self) -> Iterator[OrgauditError]:
        roles = [f.role for f in self.table.fields if f.role]
        twice = len(roles) != len(set(roles))
        kinds = [self.table.time or "when" in roles, {"valid_from", "valid_to"} & set(roles), self.table.about]
        if twice or sum(map(bool, kinds)) > 1:
            yield OrgauditError("two-times", {"table": self.name}, self.file.where(self.at, key=True))
        if self.table.about is not None:
            yield from self._about()

    def _about(self) -> Iterator[OrgauditError]:
        about = self.table.about
        assert about is not None  # asked by the caller
        of_months = about.month is not None and about.year is None
        kinds = {k: "integer" for k in ("year", "half", "quarter", "month") if getattr(about, k) is not None}
        yield from self._types({"month": "yearmonth"} if of_months else kinds, "about")
        if not kinds or len(kinds) > (1 if about.year is None else 2) or ("year" not in kinds and not of_months):
            reason = {
                "zh": "应为 year、year 加其中一部分，或单独的 month",
                "en": "it is year, year and one part of it, or month alone",
            }
            yield wrong("about", ", ".join(kinds), reason, self.file, (*self.at, "about"))

    def _field(self, field: Field, path: Path) -> Iterator[OrgauditError]:
        no_date = {"zh": "不是日期", "en": "not a date"}
        if field.role in ("when", "valid_from", "valid_to") and field.type != "date":
            yield wrong("role", field.role, no_date, self.file, path)
        if field.blank in ("open", "not_yet") and field.type != "date":
            yield wrong("blank", field.blank, no_date, self.file, path)
        if field.ends == "exclusive" and field.role != "valid_to":
            reason = {"zh": "只用于 role: valid_to", "en": "it belongs to role: valid_to"}
            yield wrong("ends", field.ends, reason, self.file, path)
        if field.normalize and field.type != "string":
            reason = {"zh": "只用于 string 类型", "en": "it belongs to fields of type string"}
            yield wrong("normalize", ", ".join(field.normalize), reason, self.file, path)
        if field.year and field.type != "yearmonth":
            reason = {"zh": "只用于 yearmonth 类型", "en": "it belongs to fields of type yearmonth"}
            yield wrong("year", ", ".join(field.year), reason, self.file, path)
        if field.computed is not None and field.name in self.table.primaryKey:
            reason = {"zh": "计算得出的字段不能作主键", "en": "a computed field cannot be part of the primary key"}
            yield wrong("computed", field.computed, reason, self.file, path)
        kept = {"minimum": field.constraints.minimum, "maximum": field.constraints.maximum}
        for key, value in {**kept, "blank": getattr(field.blank, "value", None)}.items():
            if field.type in DATES and value is not None and not _is_day(value):
                yield wrong(key, value, no_date, self.file, path)
        yield from values_that_do_not_fit(field, self.file, path)

    def _types(self, kinds: dict[str, str], part: str) -> Iterator[OrgauditError]:
        """Fields that a part of the table names: that they are there, and of the type it takes."""
        for key, kind in kinds.items():
            name = getattr(getattr(self.table, part), key)
            field = self.table.by_name.get(name)
            yield from self.unknown([name], self.table.by_name, part, key)
            if field is not None and field.type != kind:
                reason = {"zh": f"应为 {kind} 类型", "en": f"it should be of type {kind}"}
                yield wrong(key, name, reason, self.file, (*self.at, part, key))


def _is_day(value: object) -> bool:
    try:
        first_day(str(value))
    except ValueError:
        return False
    return True
