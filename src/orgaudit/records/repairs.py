"""Cells that are not written as they should be and can mean one thing only: repaired, counted and told, each by its kind.

A column is looked at only where the engine could not read a cell; each different text is thought about once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from orgaudit.expressions import LINE, ROW, UNKNOWN_BITS
from orgaudit.findings import Repair
from orgaudit.recordmodel import Field, even, simplified, spelled
from orgaudit.records.cellrules import Written
from orgaudit.records.cells import column, quoted, typed

#: the kinds of repairs, as the receipt tells them
KINDS = ("form", "time", "serial", "numerals", "month", "year", "marks", "unit", "percent", "word", "code", "spelling")

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_FIRST_SERIAL, _LAST_SERIAL, _SERIAL_ZERO = 49 * 365, 150 * 365, date(1899, 12, 30)
_DAY = r"[1-9]\d{3}\D\d{1,2}\D\d{1,2}日?"
_WORDS = {
    "完成": "是",
    "已完成": "是",
    "对": "是",
    "未完成": "否",
    "错": "否",
    "t": "是",
    "f": "否",
    "on": "是",
    "off": "否",
}
_AMOUNT = re.compile(r"[¥￥$]?([+-]?\d+(?:\.\d+)?)(元|万元|万|亿元|亿)?")
_TIMES = {None: 1, "元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}
_COUNTED = re.compile(r"([+-]?\d+)(?:\.0+)?(人|名|个|次|岁|年|天|日|件|篇|学时|小时)?")
_MARKS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_BEFORE_UNIT = re.compile(r"(?<=\d)\s+(?=[^\d\s])|(?<=[¥￥$])\s+")
_CODE = re.compile(r"^[0-9a-z]+[_.、:\-]")

Fixed = tuple[str, str] | None  #: the text as it should stand, and the kind of repair


def repaired(part: Written, texts: Mapping[str, str], headings: Mapping[str, str]) -> Iterator[Repair]:
    """Repairs what the engine could not read of a part; `texts` has for each field the SQL of its text over the raw row `r`."""
    unsound = (part.table.by_name[n] for n in texts if n not in part.sound)
    fields = [f for f in unsound if f.type != "string" or f.categories]
    if not fields:
        return
    sums = ", ".join(f"count(*) filter ({UNKNOWN_BITS} & {part.table.bits[f.name]} <> 0)" for f in fields)
    counts = part.db.load(f"select {sums} from {column(part.name)} where {ROW} >= {part.first}")[0]
    for field, count in zip(fields, counts, strict=True):
        if count:
            yield from _column(part, field, texts[field.name], headings[field.name])


def _column(part: Written, field: Field, text: str, heading: str) -> Iterator[Repair]:
    bit = part.table.bits[field.name]
    rows = f"{column(part.name)} t join {column(part.raw)} r on t.{ROW} = r.rowid + {part.first}"
    unread = f"t.{ROW} >= {part.first} and t.{UNKNOWN_BITS} & {bit} <> 0"
    strange = part.db.load(f"select distinct {text} from {rows} where {unread}")
    fixed = [(t, *found) for (t,) in strange if t is not None and (found := fixed_text(field, t))]
    if not fixed:
        return
    part.db.fill("fixed", {"was": "varchar", "text": "varchar", "kind": "varchar"}, fixed)
    value = typed(field, "f.text")
    met = f"{rows} join fixed f on f.was = {text} where {unread} and {value} is not null"
    told = part.db.load(
        f"select f.kind, count(*), min(t.{LINE}), arg_min(f.was, t.{ROW}), arg_min(f.text, t.{ROW}) from {met} "
        "group by f.kind order by f.kind"
    )
    part.db.change(
        part.name,
        f"update {column(part.name)} t set {column(field.name)} = x.value, {UNKNOWN_BITS} = t.{UNKNOWN_BITS} - {bit} "
        f"from (select t.{ROW} as at, {value} as value from {met}) x where t.{ROW} = x.at",
    )
    part.db.drop("fixed")
    for kind, count, row, before, after in told:
        yield Repair(part.file, part.name, heading, field.name, kind, int(count), int(row), before, after)


def fixed_text(field: Field, text: str) -> Fixed:
    """A cell as it should have been written, if it can mean one thing only."""
    plain = even(text).strip()
    if field.type == "list":
        return _list(field, plain)
    if field.categories:
        return _category(field, plain)
    repair = _BY_TYPE.get(field.type)
    found = repair(plain) if repair else None
    return found if found and found[0] != text else None


def _date(text: str) -> Fixed:
    if with_time := re.fullmatch(rf"({_DAY})[T\s]*\d{{1,2}}[:时]\d{{2}}.*", text):
        return with_time[1], "time"
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and _FIRST_SERIAL < (n := int(text[:5])) < _LAST_SERIAL:
        return (_SERIAL_ZERO + timedelta(days=n)).isoformat(), "serial"
    close = "".join(text.split())
    if not re.fullmatch(_DAY, close) and (
        numerals := re.fullmatch(r"([〇○零一二三四五六七八九\d]{4})年(.{1,3})月(.{1,3})日", close)
    ):
        year, month, day = numerals[1].translate(_NUMERALS), *(_small(p) for p in (numerals[2], numerals[3]))
        return (f"{year}-{month}-{day}", "numerals") if month and day else None
    return close, "form"


def _small(text: str) -> str:
    """A number below a hundred in Chinese numerals: 五, 十, 十二, 二十, 三十一."""
    if text.isdigit():
        return text
    tens, ten, ones = text.partition("十")
    if not ten:
        return tens.translate(_NUMERALS) if len(tens) == 1 else ""
    digits = (tens.translate(_NUMERALS) or "1") + (ones.translate(_NUMERALS) or "0")
    return digits if digits.isdigit() else ""


def _yearmonth(text: str) -> Fixed:
    close = "".join(text.split())
    if day := re.fullmatch(r"([1-9]\d{3})\D(\d{1,2})\D\d{1,2}日?", close):
        return f"{day[1]}-{day[2]}", "month"
    return close, "form"


def _number(text: str) -> Fixed:
    close = _BEFORE_UNIT.sub("", text)
    plain = close.replace(",", "") if _MARKS.fullmatch(close) else close
    kind = "marks" if plain != close else "form"
    if plain.endswith("%") and re.fullmatch(r"[+-]?\d+(\.\d+)?", plain[:-1]):
        return str(Decimal(plain[:-1]) / 100), "percent"
    number = plain.rstrip("元万亿")
    unit = plain[len(number) :]
    number = number.replace(",", "") if _MARKS.fullmatch(number) else number
    if not (amount := _AMOUNT.fullmatch(number + unit)):
        return plain, kind
    value = Decimal(amount[1]) * _TIMES[amount[2]]
    return f"{value:f}", "unit" if amount[2] else kind


def _integer(text: str) -> Fixed:
    close = _BEFORE_UNIT.sub("", text)
    plain = close.replace(",", "") if _MARKS.fullmatch(close) else close
    counted = _COUNTED.fullmatch(plain)
    if counted is None:
        return plain, "form"
    return counted[1], "unit" if counted[2] else "marks" if plain != close else "form"


def _boolean(text: str) -> Fixed:
    close = "".join(text.split()).casefold()
    return (_WORDS[close], "word") if close in _WORDS else (close, "form")


def _category(field: Field, text: str) -> Fixed:
    """The value whose spelling this is but for spaces, script and form; or that stands behind a code of a list."""
    known = {spelled(s): c.value for c in reversed(field.categories) for s in c.spellings}
    close = spelled(text)
    if close in known:
        return known[close], "spelling"
    behind = _CODE.sub("", close)
    return (known[behind], "code") if behind in known else None


def _list(field: Field, text: str) -> Fixed:
    items = [item for item in re.split(r"\s*[、,;|\n/]\s*|\s+", simplified(text)) if item]
    if not field.categories:
        return None
    found = [_category(field, item) for item in items]
    return ("、".join(f[0] for f in found if f), "spelling") if all(found) else None


_BY_TYPE: dict[str, Callable[[str], Fixed]] = {
    "date": _date,
    "yearmonth": _yearmonth,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}

#: what makes a text strange that names a record: wide forms, and characters that nobody sees
STRANGE = quoted(
    r"[\x{3000}\x{00A0}\x{00AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}\x{FF01}-\x{FF5E}]|\p{Han}\s+\p{Han}"
)


def named(text: str) -> str | None:
    """A text that names a record, in plain forms; Chinese names without spaces inside."""
    plain = " ".join(even(text).split())
    return re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", plain) or None
