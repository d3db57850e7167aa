"""Every key of a standard has its page, and the example of a page shows what the page says of its keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from orgaudit.findings import Verdict
from orgaudit.proof import Outcome, Result, load_proof, run_scenarios
from orgaudit.standards import language
from orgaudit.standards.language import BOUNDS, MEASURES, StandardKeys
from orgaudit.yamlfile import parse_yaml

ROOT = Path(__file__).parent.parent
KEYS = ROOT / "docs" / "reference" / "keys"
RECORDS = Path(__file__).parent / "cases" / "docs" / "records.yaml"
PAGES = [p for p in sorted(KEYS.glob("*.md")) if p.stem not in ("index", "the-reading-clubs")]
IDS = [p.stem for p in PAGES]

FILE = re.compile(r"<!-- file: (?P<name>\S+) -->\n```yaml\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXPLAINS = re.compile(r"^Keys: (?P<keys>(?:`[\w.]+`(?:, )?)+)$", re.MULTILINE)
EFFECTS = {"excuse", "skip", "break", "$reading", "another bound"}


# ---- the keys that there are


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models of the rule language in the type of a key."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation.__module__.startswith(f"{language.__name__}."):
            yield annotation
        return
    for inner in get_args(annotation):
        yield from models_in(inner)


def keys_there_are() -> set[str]:
    """Every key, as the way to it from the standard or, of a rule, from the rule: `title`, `unless.effect`.

    What several models inherit is one key, and found on the shortest way: the bounds are those of a rule.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()  # (the model that says it, key)
    todo: list[tuple[type[BaseModel], str]] = [(language.RuleKeys, ""), (StandardKeys, "")]
    for model, way in todo:  # grows while it is walked
        for name, field in model.model_fields.items():
            said_by = next(c for c in reversed(model.__mro__) if name in getattr(c, "__annotations__", {}))
            if (said_by.__name__, name) in seen or not said_by.__module__.startswith(f"{language.__name__}."):
                continue
            seen.add((said_by.__name__, name))
            key = way + (field.alias or name)
            found.add(key)
            todo += [(m, f"{key}.") for m in models_in(field.annotation) if m is not language.RuleKeys]
    return found


# ---- what a page holds


@dataclass(frozen=True)
class Page:
    """A page of keys: those it explains, in its order, and the files of its example."""

    name: str
    keys: tuple[str, ...]
    files: dict[str, str]

    @property
    def standard(self) -> dict[str, Any]:
        """What its standard says."""
        data: dict[str, Any] = parse_yaml(self.files["standard.yaml"], "standard.yaml").data
        return data


@cache
def page_of(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    found = EXPLAINS.findall(text)
    assert len(found) == 1, "a page says once, on a line of its own, which keys it explains"
    return Page(
        path.stem,
        tuple(re.findall(r"`([\w.]+)`", found[0])),
        {block["name"]: block["text"] for block in FILE.finditer(text)},
    )


def used(data: Any, way: str = "") -> Iterator[str]:
    """The ways to all keys of a standard, those of rules without `rules`, of names that authors choose without the name."""
    if isinstance(data, list):
        for item in data:
            yield from used(item, way)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield f"{way}{key}"
            yield from used(value, "" if way + key == "rules" else f"{way}{key}.")


def uses(page: Page, key: str) -> bool:
    """Whether an example uses a key; between its parts may stand what the author named."""
    sought = re.compile(r"(?:.+\.)?" + r"\.(?:[\w-]+\.)?".join(map(re.escape, key.split("."))))
    return any(sought.fullmatch(way) for way in used(page.standard))


def run(path: Path, folder: Path) -> list[Result]:
    """What comes of a page's scenarios, with its files and the record model in an empty folder."""
    copy(RECORDS, folder)
    for name, text in page_of(path).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return run_scenarios(load_proof(str(folder)))


# ---- every key has its page


def test_every_key_is_explained_by_one_page_and_none_that_is_not_there() -> None:
    explained = [key for path in PAGES for key in page_of(path).keys]
    assert sorted(explained) == sorted(keys_there_are())


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_a_page_is_named_by_its_first_key(path: Path) -> None:
    page = page_of(path)
    assert page.keys[0] == page.name
    assert path.read_text(encoding="utf-8").startswith(f"# `{page.name}`\n\nKeys: ")


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_the_index_leads_to_every_key(path: Path) -> None:
    index = (KEYS / "index.md").read_text(encoding="utf-8")
    assert [k for k in page_of(path).keys if "." not in k and f"| [`{k}`]({path.name}) | " not in index] == []


def test_the_record_model_of_the_examples_is_shown_as_it_is() -> None:
    shown = (KEYS / "the-reading-clubs.md").read_text(encoding="utf-8")
    assert f"```yaml\n{RECORDS.read_text(encoding='utf-8')}```" in shown


# ---- every page is right


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_the_scenarios_of_a_page_come_as_expected_and_show_more_than_one_verdict(path: Path, tmp_path: Path) -> None:
    results = run(path, tmp_path)
    others = [r for r in results if r.outcome != Outcome.AS_EXPECTED]
    assert [(r.scenario.name, r.differences, r.problems, r.errors) for r in others] == []
    verdicts = {c.verdict for r in results for checks in r.came.values() for c in checks}
    assert len(verdicts & {v.value for v in Verdict}) > 1


@pytest.mark.parametrize("path", PAGES, ids=IDS)
def test_the_example_of_a_page_uses_its_keys(path: Path) -> None:
    page = page_of(path)
    assert [k for k in page.keys if not uses(page, k)] == []


def test_together_the_examples_leave_no_measure_bound_or_effect_out() -> None:
    standards = [page_of(path).standard for path in PAGES]
    rules = [rule for s in standards for rule in s["rules"]]
    words = {way.split(".")[-1] for rule in rules for way in used(rule)}
    assert {*MEASURES, *BOUNDS} - words == set()
    said = [x.get("effect", "excuse") for rule in rules for x in rule.get("unless", [])]
    kinds = {"another bound" if isinstance(e, dict) else "$reading" if e.startswith("$") else e for e in said}
    assert kinds == EFFECTS
