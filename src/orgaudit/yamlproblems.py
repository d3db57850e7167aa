"""What the parser of YAML says, in the words of those who write it."""

from __future__ import annotations

from collections.abc import Mapping

_TAB = {"zh": "缩进只能用空格，不能用制表符", "en": "lines are indented by spaces, never by tabs"}
_SIGN = {"zh": "以“{sign}”开头的文本要加引号", "en": "a text that begins with {sign} must be quoted"}

#: what the parser's text has in it, and what it means; the first that fits
_MEANINGS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("tab character", _TAB),
    (
        "mapping values are not allowed",
        {
            "zh": "这里不能再有“键: 值”（上一行少了冒号，或文本里的冒号要加引号）",
            "en": "no `key: value` can stand here (a colon is missing before, or a text with a colon must be quoted)",
        },
    ),
    ("flow sequence", {"zh": "列表少了“,”或“]”", "en": "a `,` or `]` is missing in a list"}),
    ("flow mapping", {"zh": "花括号里少了“,”或“}”", "en": "a `,` or `}` is missing in a mapping"}),
    ("end of stream", {"zh": "引号没有闭合", "en": "a quotation mark is never closed"}),
    (
        "expected '-' indicator",
        {"zh": "列表各项的“-”要对齐", "en": "the items of a list begin with `-`, all in one column"},
    ),
    ("expected <block end>", {"zh": "各行的缩进不一致", "en": "the lines are not indented alike"}),
    ("could not find expected ':'", {"zh": "键后少了冒号", "en": "a colon is missing after a key"}),
    ("unknown escape", {"zh": "双引号里的反斜杠要写成两个", "en": "a backslash inside double quotes is written twice"}),
    ("undefined alias", {"zh": "以“*”开头的文本要加引号", "en": "a text that begins with * must be quoted"}),
)


def meaning(problem: str, sign: str) -> object:
    """The plain words for a parser's problem at a sign of the text; its own where there are no others."""
    if "cannot start any token" in problem:
        return _TAB if sign == "\t" else {k: v.format(sign=sign) for k, v in _SIGN.items()}
    return next((dict(said) for part, said in _MEANINGS if part in problem), problem)
