"""The workbook to fill in: a sheet a table, with headings, notes, drop-downs, checks, and a sample row that is not read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from orgaudit.messages import in_language, render
from orgaudit.recordmodel import Field, RecordModel, Table
from orgaudit.records.cells import accepted

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ROWS = 2_000  #: for which drop-downs and checks are laid out
_MOST_LISTED = 255  #: characters of a drop-down list that spreadsheets take in place
_SAMPLES = {"date": "2024-03-05", "yearmonth": "2024-03", "integer": "12", "number": "12.5", "list": "甲、乙"}
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")

Needs = Mapping[str, Iterable[str]]


def wanted_fields(model: RecordModel, needs: Iterable[Needs]) -> dict[str, list[Field]]:
    """For each table that people hand in the fields that rules look at, derived ones too; keys, names, what is required."""
    found: dict[str, set[str]] = {}
    for need in needs:
        for table, fields in need.items():
            found.setdefault(table, set()).update(fields)
    for name in [n for n in found if model.tables[n].derive]:
        _add_sources(model, name, found)
    wanted = {}
    for name, declared in model.tables.items():
        if name in found and not declared.derive:
            wanted[name] = [f for f in declared.handed_in if f.name in found[name] or _always(declared, f)]
    return wanted


def _add_sources(model: RecordModel, name: str, found: dict[str, set[str]]) -> None:
    """The tables that a derived one is made from, with every field that its derivation speaks of."""
    for derivation in model.tables[name].derive:
        words = set(_WORD.findall(str(derivation.model_dump())))
        source = derivation.from_
        if model.tables[source].derive and source not in found:
            found[source] = set()
            _add_sources(model, source, found)
        for spoken in {source, *(k.target for k in model.tables[source].foreignKeys if k.forward in words)}:
            found.setdefault(spoken, set()).update(f.name for f in model.tables[spoken].fields if f.name in words)


def _always(table: Table, field: Field) -> bool:
    return field.name in table.primaryKey or field.role == "name" or field.constraints.required


def write_template(model: RecordModel, wanted: Mapping[str, list[Field]], language: str) -> bytes:
    """The workbook in one language."""
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        template = _Template(book, model, language)
        template.lists(wanted)
        for name, fields in wanted.items():
            template.sheet(name, fields)
    return out.getvalue()


class _Template:
    def __init__(self, book: Workbook, model: RecordModel, language: str) -> None:
        self.book, self.model, self.language = book, model, language
        self.must = book.add_format(
            {"bold": True, "bg_color": "#FBE3E1", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.may = book.add_format(
            {"bold": True, "bg_color": "#E7ECF1", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self.sample = book.add_format({"italic": True, "font_color": "#808080"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.text = book.add_format({"num_format": "@"})
        self.places: dict[tuple[str, str], str] = {}

    def say(self, code: str, **values: object) -> str:
        return render(code, values, self.language)

    def titled(self, title: Mapping[str, str], name: str) -> str:
        return str(in_language(title or {self.language: name}, self.language))

    def lists(self, wanted: Mapping[str, list[Field]]) -> None:
        """The words of long drop-downs, which stand on a sheet of their own that nobody sees."""
        long = [
            (t, f)
            for t, fields in wanted.items()
            for f in fields
            if f.categories and len(",".join(self._words(f))) > _MOST_LISTED
        ]
        if not long:
            return
        sheet = self.book.add_worksheet("_")
        sheet.hide()
        for i, (table, field) in enumerate(long):
            words = self._words(field)
            sheet.write_column(0, i, words)
            column = _letters(i)
            self.places[table, field.name] = f"=_!${column}$1:${column}${len(words)}"

    def sheet(self, name: str, fields: list[Field]) -> None:
        """A table: headings with notes, the sample row, and what cells accept."""
        table = self.model.tables[name]
        sheet = self.book.add_worksheet(self.titled(table.title, name)[:31])
        for i, field in enumerate(fields):
            required = field.constraints.required
            sheet.write_string(0, i, self.titled(field.title, field.name), self.must if required else self.may)
            sheet.write_comment(0, i, self._note(table, field), {"x_scale": 2})
            sheet.set_column(
                i, i, 16, self.day if field.type == "date" else self.text if field.type == "string" else None
            )
            sheet.write_string(1, i, self.say("template.sample") if i == 0 else self._sample(field), self.sample)
            self._check(sheet, name, field, i)
        sheet.freeze_panes(1, 1)
        if len(self.book.worksheets()) <= 2:
            sheet.activate()  # the sheet of lists cannot be hidden while it is the active one

    def _note(self, table: Table, field: Field) -> str:
        lines = [self.say("template.required" if field.constraints.required else "template.optional")]
        if field.type != "string" or field.categories:
            lines.append(self.say("template.accepted", accepted=", ".join(self._words(field)) or accepted(field)))
        key = next((k for k in table.foreignKeys if k.fields == [field.name]), None)
        if key is not None:
            target = self.model.tables[key.target]
            lines.append(self.say("template.reference", table=self.titled(target.title, key.target)))
        return "\n".join(lines)

    def _words(self, field: Field) -> list[str]:
        if field.type == "boolean":
            return [self.say("template.yes"), self.say("template.no")]
        return [self.titled(c.label, c.value) for c in field.categories]

    def _sample(self, field: Field) -> str:
        words = self._words(field)
        if words:
            return words[0]
        return {"date": "2024-03-05", "yearmonth": "2024-03", "integer": "12", "number": "12.5", "list": "甲、乙"}.get(
            field.type, "…"
        )

    def _check(self, sheet: Worksheet, table: str, field: Field, column: int) -> None:
        check = self._validation(table, field)
        if check:
            title, message = self.say("template.wrong"), self.say("template.accepted", accepted=accepted(field))[:250]
            check |= {"error_title": title, "error_message": message, "ignore_blank": True}
            sheet.data_validation(2, column, _ROWS, column, check)

    def _validation(self, table: str, field: Field) -> dict[str, Any]:
        if field.type == "list":
            return {}  # several words stand in one cell
        if field.type == "boolean" or field.categories:
            return {"validate": "list", "source": self.places.get((table, field.name)) or self._words(field)}
        if field.type == "date":
            return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1), "error_type": "warning"}
        if field.type in ("integer", "number"):
            kind = "integer" if field.type == "integer" else "decimal"
            least = field.constraints.minimum
            return {"validate": kind, "criteria": ">=", "value": least if isinstance(least, (int, float)) else -1e12}
        return {}


def _letters(i: int) -> str:
    """The name of a column: A … Z, AA …"""
    return (_letters(i // 26 - 1) if i >= 26 else "") + chr(65 + i % 26)
