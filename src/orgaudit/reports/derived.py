"""How a verdict came about, for a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from orgaudit.engine import Derivation, Heard, Measured, Seen
from orgaudit.findings import Audit, Finding, RuleInfo
from orgaudit.messages import in_language
from orgaudit.periods import NO_END, SINCE_EVER
from orgaudit.recordmodel import RecordModel
from orgaudit.reports.pages import Pages
from orgaudit.reports.wording import blank_text, bound_text, place, with_percent

_MARKS = {"counted": "+", "blank": "?", "not_counted": "-"}
_STRIP = {"counts": "■", "may_count": "▒", "passed_over": "·", "may_pass": "?", "ends": "□"}
_MOST = 60  #: records shown of one measure


def derivation_data(derivation: Derivation, findings: Sequence[Finding]) -> dict[str, Any]:
    """A derivation as plain data, days as text, with the findings it led to."""
    data: dict[str, Any] = _plain(asdict(derivation))
    rule = derivation.rule
    return {**data, "rule": rule.rule, "standard": rule.standard, "findings": [f.id for f in findings]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "rule"}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


class DerivationPage(Pages):
    """Writes derivations: why the rule binds, what was looked at, which exemptions were heard, what follows."""

    def __init__(self, language: str, audit: Audit, model: RecordModel, *, color: bool | None = None) -> None:
        super().__init__(language, color=color)
        self.audit, self.model = audit, model

    def write(self, derivation: Derivation, findings: Sequence[Finding]) -> None:
        """One derivation, with the findings it led to."""
        rule = derivation.rule
        self.line(f"{rule.rule} {self.text(rule.title)}".strip(), style="bold")
        self.line(self.text(self.audit.sentence(rule)).replace("\n", " "))
        self._part("derived.check", [" · ".join(self._check(derivation, findings))])
        self._part("derived.bound", list(self._bound(derivation)))
        for measured in derivation.measured:
            self._measured(measured)
        self._part("derived.exemptions", [x for h in derivation.exemptions for x in self._heard(h)])
        self._part("derived.therefore", [self._therefore(derivation)])
        questions = dict.fromkeys(b for f in findings for b in f.decided_by)
        self._part("derived.settle", [f"- {blank_text(b, self.audit, self.language)}" for b in questions])

    def _part(self, code: str, lines: Sequence[str], **values: object) -> None:
        if lines:
            self.line()
            self.line(self.say(code, **values), style="bold")
            for line in lines:
                self.line(line, 2)

    def _check(self, derivation: Derivation, findings: Sequence[Finding]) -> Iterator[str]:
        key = derivation.subject.key
        yield f"{derivation.name} ({key})" if derivation.name else key
        if derivation.label:
            yield derivation.label
        yield from (f.id for f in findings)

    def _bound(self, derivation: Derivation) -> Iterator[str]:
        if derivation.subject.file:
            yield self.say("derived.subject", subject=place(derivation.subject))
        yield from (f"  {self._cell(c.table, c.field, c.text)}" for c in derivation.cells)
        yield self.say(f"derived.belongs-{derivation.belongs}")
        yield self.say(f"derived.alive-{derivation.alive}")
        if derivation.in_force == "no":
            yield self.say("derived.in-force-no")
        if derivation.first or derivation.last:
            yield self.say("derived.days", first=_day(derivation.first), last=_day(derivation.last))

    def _cell(self, table: str, field: str, text: str | None) -> str:
        title = self.text(self.audit.titles.get(f"{table}.{field}")) or field
        return f"{title}: {self._value(table, field, text)}"

    def _value(self, table: str, field: str, text: str | None) -> str:
        """What stands in a cell, in the reader's words."""
        if text is None:
            return self.say("derived.unknown-cell")
        declared = self.model.tables.get(table)
        known = declared.by_name.get(field) if declared else None
        if text == "":
            return self.say(f"derived.{known.blank if known and isinstance(known.blank, str) else 'none'}")
        if known and known.type == "boolean":
            return self.say("says.yes" if text == "true" else "says.no")
        label = next((c.label for c in known.categories if c.value == text), None) if known else None
        return str(in_language(label, self.language)) if label else _real_day(text)

    # -- what was looked at

    def _measured(self, measured: Measured) -> None:
        lines = [self._searched(measured)] if measured.tables else []
        lines += list(self._records(measured.records, searched=bool(measured.tables)))
        lines += list(self._strip(measured))
        lines += [self._item(i, measured.rule) for i in measured.items]
        lines.append(self._found(measured))
        code = "derived.measured-part" if measured.part else "derived.measured"
        self._part(code, lines, part=measured.part)

    def _searched(self, measured: Measured) -> str:
        return self.say("derived.searched", tables=self.say("says.comma").join(map(self._where, measured.tables)))

    def _where(self, table: str) -> str:
        told = self.audit.tables.get(table)
        paths = [str(f["path"]) for f in told["files"]] if told else [self.say("derived.not-handed-in")]  # type: ignore[attr-defined]
        title = self.text(self.audit.titles.get(table)) or table
        return self.say("derived.searched-table", table=title, files=", ".join(dict.fromkeys(paths)))

    def _records(self, records: Sequence[Seen], *, searched: bool = False, quiet: bool = False) -> Iterator[str]:
        """Each record once; `quiet` only counts those that do not count."""
        ordered = sorted(_each_once(records), key=_order)
        shown = [r for r in ordered if not quiet or r.evidence.shows != "not_counted"]
        yield from (self._record(r) for r in shown[:_MOST])
        if len(shown) > _MOST:
            yield self.say("derived.more", count=len(shown) - _MOST)
        if len(ordered) > len(shown):
            yield self.say("derived.others", count=len(ordered) - len(shown))
        if searched and not ordered:
            yield self.say("derived.nothing")

    def _record(self, record: Seen) -> str:
        evidence = record.evidence
        cells = "; ".join(self._cell(c.table, c.field, c.text) for c in dict.fromkeys(record.cells))
        how = self.say(f"derived.{evidence.shows}")
        return f"{_MARKS[evidence.shows]} {evidence.key} {place(evidence)} {how}" + (f" ({cells})" if cells else "")

    def _strip(self, measured: Measured) -> Iterator[str]:
        if not measured.months:
            return
        yield self.say("derived.strip") + ": " + "".join(_STRIP[m.is_] for m in measured.months)
        for month in measured.months:
            names = [*month.exemptions, *(f"{n}?" for n in month.perhaps)]
            more = f" ({', '.join(names)})" if names else ""
            yield f"{_STRIP[month.is_]} {month.label} {self.say(f'derived.{month.is_}')}{more}"

    def _item(self, item: Any, rule: RuleInfo) -> str:
        verdict = self.say(f"verdict.{item.verdict}")
        level = self.text(rule.levels.get(item.level or "")) or item.level
        found = _interval(item.certain, item.possible)
        verdict = f"{verdict} ({level})" if level else verdict
        return self.say("derived.item", start=_day(item.start), end=_day(item.end), found=found, verdict=verdict)

    def _found(self, measured: Measured) -> str:
        verdict = self.say(f"verdict.{measured.verdict}")
        expected = bound_text(measured.rule.expected, self.language)
        found = with_percent(measured.shown) if measured.shown else _interval(measured.certain, measured.possible)
        if not expected or not found:
            return self.say("derived.found-own", verdict=verdict)
        return self.say("derived.found", found=found, expected=expected, verdict=verdict)

    # -- what follows

    def _heard(self, heard: Heard) -> Iterator[str]:
        clause = f" [{heard.clause}]" if heard.clause else ""
        yield f"{heard.id}: {self.say(f'derived.holds-{heard.holds}')}{clause}"
        yield from (f"  {line}" for line in self._records(heard.records, quiet=True))

    def _therefore(self, derivation: Derivation) -> str:
        verdict = self.say(f"verdict.{derivation.verdict}")
        if derivation.verdict == "not_applicable" and derivation.excuse:
            return self.say("derived.excused", verdict=verdict, id=derivation.excuse)
        if derivation.verdict == "unknown" and derivation.doubt:
            return self.say("derived.doubt", verdict=verdict, id=derivation.doubt)
        return verdict


def _each_once(records: Sequence[Seen]) -> list[Seen]:
    """Records that stand in a file, each once for what it shows: a run finds one in several periods."""
    return list({r.evidence: r for r in records if r.evidence.file is not None}.values())


def _order(record: Seen) -> tuple[str, int, int]:
    return str(record.start or ""), list(_MARKS).index(record.evidence.shows), record.evidence.row or 0


def _day(day: date | None) -> str:
    return "…" if day in (None, SINCE_EVER, NO_END) else str(day)


def _real_day(text: str) -> str:
    return "…" if text in (SINCE_EVER.isoformat(), NO_END.isoformat()) else text


def _interval(certain: int | None, possible: int | None) -> str:
    if certain is None:
        return ""
    if possible == certain:
        return str(certain)
    return f"{certain}–{'∞' if possible is None or possible >= 2**31 else possible}"
