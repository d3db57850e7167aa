"""What fields may be called: whatever an expression can name wherever it stands; the rest is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlglot.tokens import Tokenizer
from support import CHOIRS, MODEL, a_rule, check, write

from orgaudit import load_record_model
from orgaudit.errors import OrgauditError
from orgaudit.expressions.parse import parse_expression
from orgaudit.recordmodel.checks import RESERVED

WORDS = sorted({w.lower() for w in Tokenizer.KEYWORDS if w.isalpha()} - RESERVED)
HEAD = "id,choir_id,name,voice,age,joined_on,left_on,paid,languages,"


def with_field(name: str) -> str:
    """The record model with a text of this name in the table of the singers."""
    before = "      - {name: fee,"
    assert MODEL.count(before) == 1
    field = f"      - {{name: {name}, type: string, title: {{zh: 备注, en: Remark}}, blank: none}}\n"
    return MODEL.replace(before, field + before)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_is_not_reserved_can_be_named_anywhere(word: str) -> None:
    first, last, alone = (parse_expression(text) for text in (f"{word} = 'x'", f"'x' = {word}", f"{word} is recorded"))
    assert first.this.sql() == last.expression.sql() == alone.this.sql() == word


@pytest.mark.parametrize("name", ["comment", "grant", "drop", "delete", "load", "update"])
@pytest.mark.parametrize(
    "measure",
    [
        "count: singers where {} = 'hello'",
        "count: singers where {} is recorded",
        "distinct: '{} of singers'",
        "count: singers where 'a' < {}",
    ],
)
def test_a_field_with_the_name_of_a_statement(name: str, measure: str) -> None:
    rows = f"{HEAD}{name}\nS1,C1,Alma,,20,,,,,hello\nS2,C2,Bo,,30,,,,,\n"
    rule = a_rule(f"for: choirs\n{measure.format(name)}\nat_least: 1")
    told = check(rule, {"choirs.csv": CHOIRS, "singers.csv": rows}, model=with_field(name))
    assert told.verdicts == {"C1": "pass", "C2": "fail"}


@pytest.mark.parametrize("name", ["like", "outer", "for", "distinct"])
def test_a_name_that_no_expression_can_take_is_refused(name: str, tmp_path: Path) -> None:
    folder = write(tmp_path, {"records.yaml": with_field(name)})
    with pytest.raises(OrgauditError) as raised:
        load_record_model(folder / "records.yaml")
    (error,) = raised.value.errors  # type: ignore[attr-defined]
    assert (error.code, error.values) == ("name-clash", {"name": name, "table": "singers"})
    assert error.where is not None and error.where.line > 1


def test_a_statement_is_no_expression() -> None:
    for text in ("drop table choirs", "comment on table choirs is 'x'", "update singers set age = 1", "select 1"):
        with pytest.raises(OrgauditError) as raised:
            check(a_rule(f'for: choirs\nrequire: "{text}"'), {"choirs.csv": CHOIRS})
        assert raised.value.errors[0].where.line == 6  # type: ignore[attr-defined]
