"""Every rule is told as a sentence: in both languages, from all that it is made of, in words and never in code."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from drawn_rules import draw_standard
from oracle import load_yaml
from support import MODEL, write

from orgaudit import load_record_model, load_standard
from orgaudit.messages import CATALOGUES, LANGUAGES
from orgaudit.standards import Standard, describe, shipped_standards

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
GOLDEN = CASES / "sentences" / "expected.yaml"
DAY = date(2024, 1, 1)
DRAWN = 40  # standards of eight rules

#: what no reader should see: code, and places that were not filled
LEFT_OVER = re.compile(
    r"[{}$]|==|<>|[<>]=|\bNone\b| IS |\br\.|\b(subject|each|event|audit)\.\w|\w_\w|  |[,，。；：] ?[,，。；：]"
)


def written() -> list[Path]:
    """Every standard that is written in the repository as a file of its own."""
    examples = (p for p in (ROOT / "examples").rglob("*.yaml") if re.match("standard: ", plain_head(p)))
    return [*shipped_standards().values(), *sorted(examples), CASES / "comparison" / "standard.yaml"]


def plain_head(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line and not line.startswith("#"))


@cache
def loaded(path: Path) -> Standard:
    return load_standard(str(path))


def of_tables(folder: Path) -> Iterator[Standard]:
    """The standards of the tables of the language documentation."""
    model = load_record_model(CASES / "tables" / "records.yaml")
    for case in sorted((CASES / "tables").glob("*/*.yaml")):
        told = yaml.safe_load(case.read_text(encoding="utf-8"))
        keys = {k: told[k] for k in ("in_force", "parameters", "define", "rules") if k in told}
        calendar = {"calendar": "weekdays"} if "calendar" in told else {}
        path = folder / "standard.yaml"
        path.write_text(yaml.safe_dump({"standard": "row", **keys, **calendar}, allow_unicode=True), encoding="utf-8")
        yield load_standard(str(path), model)


def drawn(folder: Path) -> Iterator[Standard]:
    """Standards drawn at random: they use what nobody thought of together."""
    raw = load_yaml(CASES / "drawn" / "records.yaml")
    model = load_record_model(CASES / "drawn" / "records.yaml")
    for seed in range(DRAWN):
        path = folder / "standard.yaml"
        standard = draw_standard(random.Random(seed), raw, 8)
        path.write_text(yaml.safe_dump(standard, allow_unicode=True), encoding="utf-8")
        yield load_standard(str(path), model)


def sentences(standard: Standard, language: str) -> dict[str, str]:
    return {r.id: describe(r, standard, DAY, language) for r in standard.rules}


def wrong(standard: Standard, language: str) -> dict[str, str]:
    """Sentences in which something is left that is no prose."""
    return {rule: text for rule, text in sentences(standard, language).items() if LEFT_OVER.search(unquoted(text))}


def unquoted(text: str) -> str:
    """Without indents, and without what an author wrote between quotation marks and called an exemption."""
    lines = re.sub(r"^ +", "", text, flags=re.MULTILINE)
    return re.sub(r"“[^”]*”|(?<=^Unless \()[\w-]+|(?<=^除外（)[\w-]+", "Q", lines, flags=re.MULTILINE)


# ---- every rule there is


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", written(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_rule_of_the_repository_is_told(path: Path, language: str) -> None:
    assert len(sentences(loaded(path), language)) > 0
    assert wrong(loaded(path), language) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_the_tables_is_told(language: str, tmp_path: Path) -> None:
    standards = list(of_tables(tmp_path))
    assert len(standards) > 30
    assert [found for s in standards if (found := wrong(s, language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_drawn_at_random_are_told(language: str, tmp_path: Path) -> None:
    assert [found for s in drawn(tmp_path) if (found := wrong(s, language))] == []


@pytest.mark.parametrize("path", written(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_an_english_sentence_has_no_chinese_in_it_and_the_other_way_round(path: Path) -> None:
    assert {r: t for r, t in sentences(loaded(path), "en").items() if re.search(r"[一-鿿，。；：（]", t)} == {}
    assert {r: t for r, t in sentences(loaded(path), "zh").items() if not re.search(r"[一-鿿]", t)} == {}


def test_every_text_of_the_catalogue_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()

    class Heard(dict[str, str]):
        def __getitem__(self, code: str) -> str:
            said.add(code)
            return super().__getitem__(code)

    monkeypatch.setitem(CATALOGUES, "en", Heard(CATALOGUES["en"]))
    for standard in [*map(loaded, written()), *of_tables(tmp_path), *drawn(tmp_path)]:
        sentences(standard, "en")
    for condition in CONDITIONS:
        told(tmp_path, {"modality": "must", "for": "singers", "require": condition})
    for rule, _ in OTHERS:
        told(tmp_path, rule)
    assert {c for c in CATALOGUES["en"] if c.startswith("says.")} - said == set()


# ---- as they read


def golden() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(GOLDEN.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("name", golden())
def test_a_sentence_as_it_reads(name: str) -> None:
    folder, rule = name.split(" ")
    standard = loaded(next(p for p in written() if p.parent.name == folder and p.name == "standard.yaml"))
    assert {language: sentences(standard, language)[rule] for language in LANGUAGES} == golden()[name]


def test_a_sentence_as_it_reads_is_shown_of_every_measure() -> None:
    shown = {name.split(" ")[1] for name in golden()}
    measures = {type(r.measure).__name__ for p in written() for r in loaded(p).rules if r.id in shown}
    assert len(shown) >= 25
    assert measures == {type(r.measure).__name__ for p in written() for r in loaded(p).rules}


# ---- nothing that a rule is made of is passed over


PARAMETERS = {"least": {"2020-01-01": 3, "2024-06-01": 4}}
READINGS = {"ill": {"use": "skip", "choices": ["skip", "break"], "why": "nobody sings ill"}}
RULE: dict[str, Any] = {
    "id": "R",
    "modality": "must",
    "for": "choirs where name <> 'x'",
    "every": "quarter",
    "within": {"from": "period_start", "to": "period_end"},
    "count": "rehearsals where held_on > date '2024-01-01'",
    "at_least": 2,
    "unless": [{"id": "few", "when": {"count": "singers", "at_most": 1}, "effect": "excuse"}],
}
RUN: dict[str, Any] = {
    "id": "R",
    "modality": "must",
    "for": "choirs",
    "consecutive": "month",
    "when": {"count": "rehearsals", "exactly": 0},
    "unless": [{"id": "few", "when": "name = 'x'", "effect": "skip"}],
    "levels": [{"between": [1, 2], "level": "ok"}, {"at_least": 3, "level": "bad", "severity": "minor"}],
}
#: what no other rule here is made of: conditions on a singer, and how they read
CONDITIONS = {
    "true": "always",
    "false": "never",
    "not paid": "its “Paid” is “no”",
    "fee in (1, 2.5)": "its fee is 1 or 2.5",
    "fee = 1234567.25": "its fee is 1234567.25",
    "starts_with(name, 'A')": "its name begins with “A”",
    "has(languages, 'en')": "among its languages is “en”",
    "abs(fee) > 1": "the amount of its fee without its sign is more than 1",
    "-fee < 0": "−its fee is less than 0",
    "least(fee, age) = 1": "the least of its fee or its age is 1",
    "greatest(fee, age) = 1": "the greatest of its fee or its age is 1",
    "greatest(joined_on, left_on) = as_of": "the latest of its “Joined on” date or its “Left on” date is the day of the audit",
    "anniversary(joined_on, 2024) <> as_of": "the anniversary of its “Joined on” date in the year 2024 is not the day of the audit",
    "date(2024, month(joined_on), 1) = as_of": "the date with the year 2024, the month the month (1 to 12) of its “Joined on” date",
    "add_days(joined_on, age) < as_of": "its “Joined on” date moved on by as many days as its age is before the day of the audit",
    "add_months(joined_on, age) < as_of": "moved on by as many months as its age",
    "add_years(joined_on, age) < as_of": "moved on by as many years as its age",
    "add_years(joined_on, 2) < as_of": "2 years after its “Joined on” date is before the day of the audit",
    "lower(trim(name)) = 'x'": "its name without spaces around it in lower case is “x”",
    "$ill = 'skip'": "the reading “ill” is “skip”",
    "case when paid then 1 else 2 end = 1": "(1 if its “Paid” is “yes”, otherwise 2) is 1",
    **{
        f"last_weekday(joined_on, '{day.lower()}') = as_of": f"the last {day} in the month of its “Joined on” date"
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    },
}
#: and whole rules
OTHERS: list[tuple[dict[str, Any], str]] = [
    (
        {"for": "rehearsals dated held_on", "modality": "may", "count": "presence", "at_least": 1},
        "Every rehearsal (by the “Held on” date): there may be at least 1 of its presence.",
    ),
    (
        {"for": "choirs", "every": "week", "step": "week", "modality": "must", "count": "rehearsals", "at_least": 1},
        "Every choir, in every stretch of 1 week (a new one beginning with each week) through all of which it exists: "
        "there must be at least 1 of its rehearsals.",
    ),
    *(
        (
            {"for": "choirs", "modality": "must", "consecutive": period, "when": "name = 'x'", "at_most": 1},
            f"Every choir: the number of {periods} in a row in which its name is “x” must be at most 1.",
        )
        for period, periods in (("week", "weeks"), ("half-year", "calendar half-years"), ("year", "years"))
    ),
]

CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    (RULE, "modality", "should"),
    (RULE, "modality", "goal"),
    (RULE, "modality", "may"),
    (RULE, "modality", "fact"),
    (RULE, "for", "choirs where name = 'x'"),
    (RULE, "for", "choirs where name <> 'y'"),
    (RULE, "for", "choirs where name is recorded"),
    (RULE, "for", "choirs where not (name <> 'x')"),
    (RULE, "for", "choirs where name <> 'x' or id = 'y'"),
    (RULE, "for", "choirs where name <> 'x' and id = 'y'"),
    (RULE, "for", "choirs"),
    (RULE, "every", "month"),
    (RULE, "every", "4 months"),
    (RULE, "alive", "sometime"),
    (RULE, "alive", "at_end"),
    (RULE, "within", {"from": "period_start"}),
    (RULE, "within", {"to": "period_end"}),
    (RULE, "within", "30 days after period_end"),
    (RULE, "within", "1 month after period_end"),
    (RULE, "within", None),
    (RULE, "each", {"number": [1, 2]}),
    (RULE, "count", "rehearsals where held_on >= date '2024-01-01'"),
    (RULE, "count", "rehearsals where held_on > date '2024-01-02'"),
    (RULE, "count", "rehearsals ever where held_on > date '2024-01-01'"),
    (RULE, "count", "rehearsals dated held_on where held_on > date '2024-01-01'"),
    (RULE, "count", "audit.rehearsals where held_on > date '2024-01-01'"),
    (RULE, "count", "singers where joined_on > date '2024-01-01'"),
    (RULE, "count", "rehearsals where held_on > period_start"),
    (RULE, "count", "rehearsals where held_on > as_of"),
    (RULE, "count", "rehearsals where held_on > add_days(period_start, 3)"),
    (RULE, "count", "rehearsals where held_on > add_months(period_start, 3)"),
    (RULE, "at_least", 3),
    (RULE, "at_least", "$least"),
    (RULE, "unless", []),
    (RULE, "unless", [{"id": "few", "when": {"count": "singers", "at_most": 2}}]),
    (RULE, "unless", [{"id": "few", "when": {"count": "singers", "less_than": 1}}]),
    (RULE, "unless", [{"id": "few", "when": {"count": "singers", "at_most": 1}, "effect": {"at_least": 1}}]),
    (RULE, "unless", [{"id": "few", "during": "yearly 07-01 to 08-31"}]),
    (RULE, "unless", [{"id": "few", "during_all": "yearly 07-01 to 08-31"}]),
    (RULE, "unless", [{"id": "few", "during": "yearly 07-01 to 08-30"}]),
    (RUN, "consecutive", "quarter"),
    (RUN, "consecutive", "rehearsals"),
    (RUN, "when", "name = 'y'"),
    (RUN, "when", {"count": "rehearsals", "exactly": 1}),
    (RUN, "when", {"count": "rehearsals", "at_most": 0}),
    (RUN, "levels", [{"between": [1, 3], "level": "ok"}, {"at_least": 4, "level": "bad", "severity": "minor"}]),
    (RUN, "levels", [{"between": [1, 2], "level": "fine"}, {"at_least": 3, "level": "bad", "severity": "minor"}]),
    (RUN, "levels", [{"between": [1, 2], "level": "ok"}, {"at_least": 3, "level": "bad", "severity": "major"}]),
    (RUN, "unless", [{"id": "few", "when": "name = 'x'", "effect": "break"}]),
    (RUN, "unless", [{"id": "few", "when": "name = 'x'"}]),
    (RUN, "unless", [{"id": "few", "when": {"count": "singers", "at_least": 1}, "effect": "skip"}]),
]
MEASURES: list[dict[str, Any]] = [
    {"distinct": "held_on of rehearsals", "at_least": 2},
    {"sum": "age of singers", "at_least": 2},
    {"min": "age of singers", "at_least": 2},
    {"max": "age of singers", "at_least": 2},
    {"max": "held_on of rehearsals", "at_least": "date '2024-03-01'"},
    {"share": {"of": "singers", "where": "paid"}, "at_least": "30%"},
    {"share": {"of": "singers", "where": "not paid"}, "at_least": "30%"},
    {"ratio": {"of": {"count": "singers"}, "to": {"count": "rehearsals"}}, "at_least": "1/2"},
    {"ratio": {"of": {"count": "rehearsals"}, "to": {"count": "singers"}}, "at_least": "1/2"},
    {"value": "days(founded_on, dissolved_on)", "at_least": 2},
    {"require": "name is recorded"},
    {"done": "dissolved_on"},
    {"all": [{"id": "a", "count": "singers", "at_least": 2}, {"id": "b", "count": "rehearsals", "at_least": 2}]},
    {"any": [{"id": "a", "count": "singers", "at_least": 2}, {"id": "b", "count": "rehearsals", "at_least": 2}]},
    {"count": ["rehearsals", "audit.rehearsals"], "at_least": 2},
    *({"count": "rehearsals", kind: 2} for kind in ("at_least", "at_most", "more_than", "less_than", "exactly")),
    {"count": "rehearsals", "between": [1, 2]},
    {"count": "rehearsals"},
]
GAPS = [{"gap": "rehearsals", "at_most": "45 days", "ends": e} for e in ("closed", "open", "first", "last")]


def told(folder: Path, rule: dict[str, Any], language: str = "en") -> str:
    """The sentence of one rule on the choirs."""
    keys = {k: v for k, v in {**rule, "id": "R"}.items() if v is not None}
    standard = {"standard": "choir-rules", "parameters": PARAMETERS, "readings": READINGS, "rules": [keys]}
    write(folder, {"records.yaml": MODEL, "standard.yaml": yaml.safe_dump(standard, allow_unicode=True)})
    read = load_standard(str(folder / "standard.yaml"))
    return describe(read.rules[0], read, DAY, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("rule", "key", "value"), CHANGES, ids=lambda x: str(x)[:60])
def test_another_key_another_sentence(
    rule: dict[str, Any], key: str, value: Any, language: str, tmp_path: Path
) -> None:
    other = {**deepcopy(rule), key: value}
    assert told(tmp_path, other, language) != told(tmp_path, rule, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_reads_differently(language: str, tmp_path: Path) -> None:
    plain = {k: v for k, v in RULE.items() if k not in ("count", "at_least", "unless")}
    found = [told(tmp_path, {**plain, **measure}, language) for measure in MEASURES]
    found += [told(tmp_path, {"modality": "must", "for": "choirs", **gap}, language) for gap in GAPS]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_as_it_reads(condition: str, tmp_path: Path) -> None:
    assert CONDITIONS[condition] in told(tmp_path, {"modality": "must", "for": "singers", "require": condition})


@pytest.mark.parametrize(("rule", "text"), OTHERS, ids=lambda x: str(x)[:60])
def test_a_rule_as_it_reads(rule: dict[str, Any], text: str, tmp_path: Path) -> None:
    assert told(tmp_path, rule) == text


def test_a_parameter_has_the_value_of_the_day_and_says_when_it_was_another(tmp_path: Path) -> None:
    rule = {"modality": "must", "for": "choirs", "count": "rehearsals", "at_least": "$least"}
    assert "at least 3 (from 2024-06-01: 4) of its rehearsals" in told(tmp_path, rule)
    read = load_standard(str(tmp_path / "standard.yaml"))
    later = describe(read.rules[0], read, date(2024, 7, 1), "en")
    assert "at least 4 (before 2024-06-01: 3) of its rehearsals" in later


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_that_is_a_whole_table_is_told_by_its_name(language: str, tmp_path: Path) -> None:
    rule = {"id": "R", "modality": "must", "for": "choirs", "count": "rehearsals in every_one", "at_least": 1}
    standard = {"standard": "choir-rules", "define": {"every_one": "rehearsals"}, "rules": [rule]}
    write(tmp_path, {"records.yaml": MODEL, "standard.yaml": yaml.safe_dump(standard, allow_unicode=True)})
    read = load_standard(str(tmp_path / "standard.yaml"))
    assert "every one" in describe(read.rules[0], read, DAY, language)
