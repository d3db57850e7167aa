"""Text to sqlglot's syntax tree, in a dialect without functions of its own: what is no expression is refused here."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp, parser
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType
from sqlglot.tokens import Tokenizer

from orgaudit.errors import OrgauditError

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # what it warns about is refused by the checker, with a place


def _as_written(module: ModuleType) -> ModuleType:
    """A module of sqlglot from its source: nothing can be made of what `sqlglot[c]` compiles, which may be installed."""
    source = Path(sqlglot.__file__).parent / "parser.py"
    if Path(str(module.__file__)) == source:
        return module
    spec = spec_from_file_location("sqlglot parser as written", source)
    assert spec is not None and spec.loader is not None  # a file of Python has both
    written = module_from_spec(spec)
    spec.loader.exec_module(written)
    return written


if not TYPE_CHECKING:
    parser = _as_written(parser)


def _parse_is(self: parser.Parser, this: exp.Expression | None) -> exp.Expression | None:
    """`x is recorded`, `x is not recorded`"""
    negated = self._match(TokenType.NOT)
    if not self._match_text_seq("RECORDED"):
        self.raise_error("`is` is followed by `recorded` or `not recorded`")
    node: exp.Expression = exp.Is(this=this, expression=exp.var("recorded"))
    return exp.Not(this=node) if negated else node


class _Parser(parser.Parser):
    FUNCTIONS = {}  # noqa: RUF012  every call stays a plain name: which ones there are is this language's affair
    FUNCTION_PARSERS = {}  # noqa: RUF012
    NO_PAREN_FUNCTIONS = {}  # noqa: RUF012
    RANGE_PARSERS = {  # noqa: RUF012
        **parser.Parser.RANGE_PARSERS,
        TokenType.IS: _parse_is,
    }


#: words that begin a statement; here none does, and a field may be called `comment` or `grant`
_STATEMENTS = {*parser.Parser.STATEMENT_PARSERS, *Tokenizer.COMMANDS} - {TokenType.SEMICOLON, TokenType.FETCH}


class _Tokenizer(Tokenizer):
    COMMANDS = set()  # noqa: RUF012
    KEYWORDS = {k: kind for k, kind in Tokenizer.KEYWORDS.items() if kind not in _STATEMENTS}  # noqa: RUF012


class Language(Dialect):
    """The expression language, for sqlglot's tokenizer and parser."""

    Tokenizer = _Tokenizer
    Parser = _Parser


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> exp.Expression:
    """The raw tree of one expression; raises OrgauditError with `column` in its values."""
    if not text.strip():
        raise OrgauditError("expression-syntax", {"text": text, "reason": _NOTHING, "column": 1})
    _refuse_what_misleads(text)
    language = Language()
    try:
        tokens = language.tokenize(text)
        ends = [t.start for t in tokens[:-1] if t.token_type == TokenType.SEMICOLON]
        if ends:  # whatever stands behind it
            raise OrgauditError("expression-one", {"text": text, "column": ends[0] + 1})
        trees = language.parser().parse(tokens, text)
    except SqlglotError as e:
        raise _syntax_error(e, text) from e
    except RecursionError as e:
        raise OrgauditError("too-deep", {"text": text, "column": 1}) from e
    if len(trees) != 1 or trees[0] is None:
        raise OrgauditError("expression-one", {"text": text, "column": 1})
    tree = trees[0]
    assert isinstance(tree, exp.Expression)  # what a parse returns
    if max(node.depth for node in tree.walk()) > _DEEPEST:
        raise OrgauditError("too-deep", {"text": text, "column": 1})
    return tree


_DEEPEST = 100  #: steps from an expression to the innermost of its parts: nobody reads, and no engine takes, any number
_WORDS = ("and", "or", "not", "in", "is", "between", "case", "when", "then", "else", "end", "recorded")
_NOTHING = {"zh": "这里什么也没有写", "en": "nothing is written here"}
_NOT_COMPLETE = {"zh": "没有写完", "en": "it is not complete"}
_OPEN_QUOTE = {"zh": "引号没有闭合", "en": "a quotation mark is never closed"}


def _syntax_error(e: SqlglotError, text: str) -> OrgauditError:
    """What a parser says, in plain words, at the column of the first sign that does not fit."""
    detail = (getattr(e, "errors", None) or [{}])[0]
    said = str(detail.get("description") or e).split("\n")[0]
    word = str(detail.get("highlight") or "")
    values: dict[str, object] = {"text": text, "reason": said, "column": detail.get("col") or 1}
    if "Unexpected token" in said:
        at, word, close = _unexpected(text, int(detail.get("col") or 1), word)
        values |= {"column": at, "close": close}
        values["reason"] = {"zh": f"这里不该有“{word}”", "en": f"`{word}` is not expected here"}
    elif said.startswith("Expecting "):
        sign = said.removeprefix("Expecting ")
        values["reason"] = {"zh": f"少了“{sign}”", "en": f"a `{sign}` is missing"}
    elif "<class" in said or said.startswith(("Expected", "Required")):  # something that the parser needs is missing
        values["reason"] = _NOT_COMPLETE
    elif said.startswith("Error tokenizing"):
        values["reason"] = _OPEN_QUOTE
    return OrgauditError("expression-syntax", values)


def _unexpected(text: str, end: int, word: str) -> tuple[int, str, str]:
    """The column and the text of a word that does not fit, or of the one before it that resembles a word of the language."""
    start = max(end - max(len(word), 1), 0)
    before = re.search(r"(\w+)\s*\Z", text[:start])
    for at, found in ((before.start(1), before[1]) if before else (start, word), (start, word)):
        close = get_close_matches(found.lower(), _WORDS, n=1, cutoff=0.7)
        if close and found.lower() not in _WORDS:
            return at + 1, found, close[0]
    return start + 1, word, ""


#: a date without quotation marks: numbers that are subtracted
_BARE_DATE = re.compile(r"(?<![\w'.$-])(\d{4}-\d\d?-\d\d?)(?![\w'.-])")
_COMMENT = re.compile(r"--|/\*|#")
_QUOTED = re.compile(r"'(?:[^']|'')*'")


def _refuse_what_misleads(text: str) -> None:
    """Dates that would be subtracted, and comments, which would hide what stands behind them."""
    plain = _QUOTED.sub(lambda quoted: "'" + " " * (len(quoted[0]) - 2) + "'", text)
    comment, bare = _COMMENT.search(plain), _BARE_DATE.search(plain)
    if comment:
        values = {"text": text, "what": f"`{comment[0]}`", "column": comment.start() + 1}
        raise OrgauditError("expression-refused", values)
    if bare:
        raise OrgauditError("bare-date", {"day": bare[1], "column": bare.start(1) + 1})


@dataclass(frozen=True)
class RawGroup:
    """The parts of a group's text; `offset` is where its condition begins."""

    path: str
    within: str | None
    dated: str | None
    ever: bool
    where: str | None
    offset: int
    columns: tuple[int, int] = (1, 1)  #: of the words behind `in` and `dated`


_HEAD = re.compile(
    r"\s*(?P<path>[\w.]+)(?:\s+in\s+(?P<within>\w+))?(?:\s+(?:dated\s+(?P<dated>\w+)|(?P<ever>ever)))?\s*\Z"
)
#: what separates records from their condition
WHERE = re.compile(r"\swhere\s")


def split_group(text: str) -> RawGroup:
    """PATH [in NAME] [dated FIELD | ever] [where CONDITION] into its parts."""
    where = WHERE.search(text)
    head, condition, offset = (text[: where.start()], text[where.end() :], where.end()) if where else (text, None, 0)
    match = _HEAD.match(head)
    if not match:
        raise OrgauditError("group-syntax", {"text": text, "column": 1})
    columns = match.start("within") + 1, match.start("dated") + 1
    return RawGroup(match["path"], match["within"], match["dated"], bool(match["ever"]), condition, offset, columns)
