"""Cells: from text as people write it to typed values, as SQL of the loading engine; one expression a field type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from orgaudit.recordmodel import DATES, Field, Table, first_day

TYPES = {
    "string": "varchar",
    "integer": "bigint",
    "number": "decimal(18,4)",
    "boolean": "boolean",
    "date": "date",
    "yearmonth": "date",
    "list": "varchar[]",
}

#: what people write for yes and no
YES, NO = ("是", "有", "√", "✓", "true", "yes", "y", "1"), ("否", "×", "✗", "false", "no", "n", "0")

_SPACES = " \t\u3000\u00a0\ufeff"
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_MONTHS = ("%Y-%m", "%Y/%m", "%Y.%m", "%Y年%m月", "%Y%m")
ACCEPTED = {
    "integer": "12",
    "number": "12.5",
    "boolean": "是/否, true/false, 1/0",
    "date": "2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日, 20240305",
    "yearmonth": "2024-03, 2024/3, 2024.3, 2024年3月, 202403",
    "list": "甲、乙",
    "string": "text",
}


def quoted(text: str) -> str:
    """A text literal."""
    return "'" + text.replace("'", "''") + "'"


def column(name: str) -> str:
    """A column name."""
    return '"' + name.replace('"', '""') + '"'


def cleaned(raw: str, missing: Sequence[str], *, many: bool = True) -> str:
    """The cell without spaces around it; NULL if nothing is left or a word for nothing stands there.

    Trimming costs more than all else that is done to a cell, and hardly any cell needs it: of `many` its ends are looked at
    first. Of few rows that costs more than it spares: each word has to be read by the engine.
    """
    trimmed = f"trim({raw}, {quoted(_SPACES)})"
    slowly = f"case when {_one_of(trimmed, dict.fromkeys(['', *missing]))} then null else {trimmed} end"
    if not many:
        return slowly
    ends = f"{_no_space(f'ascii({raw})')} and {_no_space(f'ascii(({raw})[-1])')}"
    return f"case when strlen({raw}) > {longest(missing)} and {ends} then {raw} else {slowly} end"


def is_clean(raw: str, first: str, last: str, missing: Sequence[str]) -> str:
    """SQL: `cleaned` would leave a cell as it is that begins and ends with these characters (their codes)."""
    says = f"not ({_one_of(raw, dict.fromkeys(['', *missing]))})"
    some = f"case when strlen({raw}) > {longest(missing)} then true else {says} end"
    return f"({_no_space(first)} and {_no_space(last)} and {some})"


def longest(missing: Sequence[str]) -> int:
    """The bytes of the longest word for nothing."""
    return max(len(word.encode()) for word in ("", *missing))


def _no_space(code: str) -> str:
    """SQL: the code of a character is none of a space of any kind."""
    # not `in (…)`: see _one_of
    wide = " and ".join(f"{code} <> {ord(c)}" for c in _SPACES if c > " ")
    return f"{code} > {ord(' ')} and {wide}"


def cleaned_text(text: str) -> str | None:
    """The same of a text that says something."""
    return text.strip(_SPACES) or None


def _one_of(text: str, words: Iterable[str]) -> str:
    # not `in (…)`: the engine would make a join of each longer list, and a table has dozens of them
    return f"list_position([{', '.join(map(quoted, words))}], {text}) > 0"


def typed(field: Field, text: str) -> str:
    """The value of a cleaned text, NULL if it is none of the field's type."""
    if field.type == "list" and field.categories:
        items = f"list_transform({_list(text)}, lambda x: {_category(field, 'x')})"
        return f"case when list_contains(list_transform({items}, lambda y: y is null), true) then null else {items} end"
    if field.categories:
        return _category(field, text)
    return _BY_TYPE[field.type](text)


def _date(text: str) -> str:
    # four digits of a year come first: `24.3.5` is no date, and neither is a month
    return _day(text, r"[1-9]\d{3}\D\d{1,2}\D\d{1,2}日?|[1-9]\d{7}", _DATES)


def _yearmonth(text: str) -> str:
    return _day(text, r"[1-9]\d{3}\D\d{1,2}月?|[1-9]\d{5}", _MONTHS)


def _day(text: str, shape: str, formats: tuple[str, ...]) -> str:
    parsed = f"try_strptime({text}, [{', '.join(map(quoted, formats))}])"
    return f"case when regexp_full_match({text}, {quoted(shape)}) then cast({parsed} as date) end"


def _integer(text: str) -> str:
    return rf"case when regexp_full_match({text}, '[+-]?\d{{1,18}}') then try_cast({text} as bigint) end"


def _number(text: str) -> str:
    return rf"case when regexp_full_match({text}, '[+-]?\d+([.]\d+)?') then try_cast({text} as decimal(18,4)) end"


def _boolean(text: str) -> str:
    yes, no = (_one_of(f"lower({text})", words) for words in (YES, NO))
    return f"case when {yes} then true when {no} then false end"


def _list(text: str) -> str:
    return rf"string_split_regex({text}, '\s*[、,，;；|]\s*')"


def _category(field: Field, text: str) -> str:
    """The value that a spelling stands for; a spelling of an earlier category wins."""
    seen: set[str] = set()
    branches = []
    for category in field.categories:
        spellings = (field.plain(s).casefold() for s in category.spellings)
        words = [w for w in dict.fromkeys(spellings) if w not in seen]
        seen.update(words)
        if words:
            branches.append(f"when {_one_of(f'lower({text})', words)} then {quoted(category.value)}")
    return f"case {' '.join(branches)} end"


_BY_TYPE: dict[str, Callable[[str], str]] = {
    "string": lambda text: text,
    "date": _date,
    "yearmonth": _yearmonth,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "list": _list,
}


def accepted(field: Field) -> str:
    """What would be right in a cell of this field."""
    if field.categories:
        return ", ".join(f"{c.value} {c.label.get('zh', '')}".strip() for c in field.categories)
    return ACCEPTED[field.type]


def breaks(field: Field, value: str) -> list[tuple[str, str]]:
    """(what is kept, SQL that is true where a typed value breaks it) for each constraint of a field."""
    kept = field.constraints
    found = []
    if kept.minimum is not None:
        found.append((f">= {kept.minimum}", f"{value} < {_bound(field, kept.minimum)}"))
    if kept.maximum is not None:
        found.append((f"<= {kept.maximum}", f"{value} > {_bound(field, kept.maximum)}"))
    if kept.pattern is not None:
        found.append((kept.pattern, f"not regexp_full_match({value}, {quoted(kept.pattern)})"))
    return found


def _bound(field: Field, bound: object) -> str:
    return f"date {quoted(first_day(str(bound)).isoformat())}" if field.type in DATES else str(bound)


YEARS = (1, 9998)  #: those that a calendar has


def beyond(table: Table, field: Field, value: str) -> list[tuple[str, str]]:
    """The same for a field that says of which time a record speaks: there is no fifth quarter."""
    about = table.about
    if about is None or field.name not in about.fields or field.type in DATES:
        return []
    first, last = (1, 12 // about.part[1]) if about.part and about.part[0] == field.name else YEARS
    return [(f"{first}–{last}", f"{value} not between {first} and {last}")]
