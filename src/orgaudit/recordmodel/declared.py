"""Whether the values that a field declares are ones that it can have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel.fields import Field
from orgaudit.recordmodel.naming import wrong
from orgaudit.recordmodel.spelling import spelled
from orgaudit.yamlfile import Path, YamlFile

_NUMBERS = ("integer", "number")
_NO_NUMBER = {"zh": "应为数", "en": "a number is expected"}
_NO_ENDS = {"zh": "只用于数和日期", "en": "it belongs to numbers and dates"}
_REVERSED = {"zh": "大于最大值", "en": "it is greater than the maximum"}
_NO_PATTERN = {"zh": "不是正则表达式", "en": "it is no regular expression"}
_TWICE = {"zh": "已经代表另一个取值", "en": "it stands for another category already"}


def values_that_do_not_fit(field: Field, file: YamlFile, path: Path) -> Iterator[OrgauditError]:
    """An error for each limit, pattern, blank value and category that its field cannot have."""
    yield from _limits(field, file, path)
    blank = getattr(field.blank, "value", None)
    if field.type in _NUMBERS and blank is not None and not _is_number(blank):
        yield wrong("blank", blank, _NO_NUMBER, file, (*path, "blank", "value"))
    pattern = field.constraints.pattern
    if pattern is not None and not _is_pattern(pattern):
        yield wrong("pattern", pattern, _NO_PATTERN, file, (*path, "constraints", "pattern"))
    seen: dict[str, str] = {}
    for i, category in enumerate(field.categories):
        for spelling in dict.fromkeys(category.spellings):
            known = seen.setdefault(spelled(spelling), f"{i}")
            if known != f"{i}":
                yield wrong("categories", spelling, _TWICE, file, (*path, "categories", i))


def _limits(field: Field, file: YamlFile, path: Path) -> Iterator[OrgauditError]:
    least, most = field.constraints.minimum, field.constraints.maximum
    for key, value in (("minimum", least), ("maximum", most)):
        if value is None or field.type in ("date", "yearmonth"):
            continue
        if field.type not in _NUMBERS:
            yield wrong(key, value, _NO_ENDS, file, (*path, "constraints", key))
        elif not _is_number(value):
            yield wrong(key, value, _NO_NUMBER, file, (*path, "constraints", key))
    if field.type in _NUMBERS and _is_number(least) and _is_number(most) and float(str(least)) > float(str(most)):
        yield wrong("minimum", least, _REVERSED, file, (*path, "constraints", "minimum"))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
