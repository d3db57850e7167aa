"""What must hold between the parts of a record model: names that are there and do not clash, roles and times that fit."""

from __future__ import annotations

from collections.abc import Iterator

from orgaudit.errors import OrgauditError, Where
from orgaudit.recordmodel.called import fields_called_alike, steps_that_clash, tables_called_alike
from orgaudit.recordmodel.declared import values_that_do_not_fit
from orgaudit.recordmodel.fields import DATES, Field, first_day
from orgaudit.recordmodel.model import RecordModel
from orgaudit.recordmodel.naming import Names, wrong
from orgaudit.recordmodel.reserved import RESERVED, is_name
from orgaudit.yamlfile import Path, YamlFile

_NO_DATE = {"zh": "不是日期", "en": "not a date"}
_ONLY_STRING = {"zh": "只用于 string 类型", "en": "it belongs to fields of type string"}
_ONLY_TEXTS = {"zh": "只用于 string 或 list 类型", "en": "it belongs to fields of type string or list"}
_MOST_FIELDS = 60  # two bit masks of one machine word carry the state of a row's cells


def model_errors(model: RecordModel, file: YamlFile) -> Iterator[OrgauditError]:
    """Everything in a record model that does not fit together, each with its place."""
    for name in model.tables:
        yield from _Checks(model, name, file).errors()
    yield from _tables_of_one_name(model, file)
    yield from tables_called_alike(model, file)
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
        yield from self.fields_named(self.table.primaryKey, "primaryKey")
        where = self.file.where(self.at, key=True)
        if len(self.table.fields) > _MOST_FIELDS:
            yield OrgauditError("too-many-fields", {"table": self.name, "most": _MOST_FIELDS}, where)
        if not is_name(self.name):
            yield OrgauditError("no-name", {"name": self.name}, where)
        yield from steps_that_clash(self.model, self.name, self.file)
        yield from fields_called_alike(self.table, self.file, self.at)
        yield from self._times()
        for i, field in enumerate(self.table.fields):
            yield from self._field(field, (*self.at, "fields", i))
        yield from self.sequences()
        yield from self.paths()
        if self.table.attest is not None:
            yield from self._types({"rule": "string", "answer": "boolean"}, "attest")

    # -- time

    def _times(self) -> Iterator[OrgauditError]:
        roles = [f.role for f in self.table.fields if f.role]
        twice = len(roles) != len(set(roles))
        kinds = [self.table.time or "when" in roles, {"valid_from", "valid_to"} & set(roles), self.table.about]
        if twice or sum(map(bool, kinds)) > 1:
            yield OrgauditError("two-times", {"table": self.name}, self._where_last_role())
        if self.table.about is not None:
            yield from self._about()

    def _where_last_role(self) -> Where:
        """The place of the last role that a field of the table has: what was there before it is no mistake."""
        with_role = [i for i, field in enumerate(self.table.fields) if field.role]
        if not with_role:
            return self.file.where(self.at, key=True)
        return self.file.where((*self.at, "fields", with_role[-1], "role"))

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
        for key, value, reason in self._misplaced(field):
            yield wrong(key, value, reason, self.file, (*path, key))
        kept = {"minimum": field.constraints.minimum, "maximum": field.constraints.maximum}
        for key, value in {**kept, "blank": getattr(field.blank, "value", None)}.items():
            if field.type in DATES and value is not None and not _is_day(value):
                part = ("constraints", key) if key in kept else ("blank", "value")
                yield wrong(key, value, _NO_DATE, self.file, (*path, *part))
        yield from values_that_do_not_fit(field, self.file, path)

    def _misplaced(self, field: Field) -> Iterator[tuple[str, object, dict[str, str]]]:
        """The keys that a field of its type, role or table cannot have: key, value and why."""
        if field.role in ("when", "valid_from", "valid_to") and field.type != "date":
            yield "role", field.role, _NO_DATE
        if field.role == "name" and field.type != "string":
            yield "role", field.role, _ONLY_STRING
        if field.categories and field.type not in ("string", "list"):
            yield "categories", ", ".join(c.value for c in field.categories), _ONLY_TEXTS
        if field.blank in ("open", "not_yet") and field.type != "date":
            yield "blank", field.blank, _NO_DATE
        if field.ends == "exclusive" and field.role != "valid_to":
            yield "ends", field.ends, {"zh": "只用于 role: valid_to", "en": "it belongs to role: valid_to"}
        if field.normalize and field.type != "string":
            yield "normalize", ", ".join(field.normalize), _ONLY_STRING
        if field.year and field.type != "yearmonth":
            reason = {"zh": "只用于 yearmonth 类型", "en": "it belongs to fields of type yearmonth"}
            yield "year", ", ".join(field.year), reason
        if field.computed is not None and field.name in self.table.primaryKey:
            reason = {"zh": "计算得出的字段不能作主键", "en": "a computed field cannot be part of the primary key"}
            yield "computed", field.computed, reason

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
