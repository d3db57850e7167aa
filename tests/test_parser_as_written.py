"""sqlglot may be installed with its compiled modules, of which no class can be made: the language stands on its source."""

from __future__ import annotations

from types import ModuleType

import pytest
from sqlglot import parser
from sqlglot.dialects.dialect import Dialect

from orgaudit.expressions import parse
from orgaudit.expressions.parse import Language, parse_expression


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The parser's module as it is where it is compiled: another file, the same source beside it."""
    monkeypatch.setattr(parser, "__file__", f"{parser.__file__.removesuffix('.py')}.cpython-311-x86_64-linux-gnu.so")
    return parser


def test_a_module_that_is_not_compiled_is_taken_as_it_is() -> None:
    assert parse._as_written(parser) is parser


def test_of_a_compiled_module_the_source_is_read(compiled: ModuleType) -> None:
    written = parse._as_written(compiled)
    assert written.__file__ == parse._as_written(written).__file__ != compiled.__file__
    assert written.Parser is not compiled.Parser

    class OfTheSource(written.Parser):  # type: ignore[name-defined,misc]
        FUNCTIONS = Language.parser_class.FUNCTIONS
        RANGE_PARSERS = Language.parser_class.RANGE_PARSERS

    class Other(Dialect):
        Tokenizer = Language.tokenizer_class
        Parser = OfTheSource

    text = "kind in ('a', 'b') and not closed_on is recorded and days(a.b, date '2024-01-01') between 3 and 5"
    assert Other().parser().parse(Other().tokenize(text), text) == [parse_expression(text)]
