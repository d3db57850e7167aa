"""What the tests of every example share: its records are audited, and what they come to is held against its stories."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support import orgaudit, outliving

from orgaudit import audit, load_records, load_standard
from orgaudit.cli.options import chosen_rules
from orgaudit.findings import Audit, Check, Finding
from orgaudit.standards import record_model_of
from orgaudit.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

Key = tuple[str, str, tuple[str, ...], str]
Story = dict[str, Any]


@dataclass(frozen=True)
class Audited:
    """What an audit of an example came to."""

    audit: Audit
    checks: dict[Key, Check]
    findings: list[Finding]
    figures: dict[str, str | None]

    def check_of(self, story: Mapping[str, Any]) -> Check:
        """The check that a story tells of; a story that names no period tells of the only one."""
        each = tuple(map(str, story.get("each", {}).values()))
        found = [
            c
            for (rule, subject, value, period), c in self.checks.items()
            if (rule, subject, value) == (story["rule"], story["subject"], each)
            and period == story.get("period", period)
        ]
        assert len(found) == 1, f"{story['id']}: {len(found)} checks"
        return found[0]

    def verdicts(self, rule: str, subject: str) -> dict[str, str]:
        """The verdict for each period of a rule's subject (or subjects, by the beginning of their keys)."""
        chosen = [c for c in self.checks.values() if c.rule == rule and c.subject.startswith(subject)]
        return {f"{c.subject} {c.period}": c.verdict for c in chosen}


@cache
def audited(records: Path, standard: str | None = None) -> Audited:
    """An audit as `orgaudit check` makes it by the manifest; `standard`: against another one, all rules."""
    manifest = read_yaml(records / "orgaudit.yaml").data
    (name,) = [standard] if standard else manifest["standards"]
    name = str((records / name).resolve()) if name.startswith(".") else name
    model = record_model_of([name])
    loaded = load_records(records, model, default_as_of=date(2024, 12, 31))
    try:
        chosen = load_standard(name, model)
        rules = chosen_rules([chosen], [], [] if standard else manifest.get("ignore", []))
        made = outliving(audit(loaded, [chosen], rules))
        checks = {(c.rule, c.subject, tuple(map(str, c.each)), c.period): c for c in made.checks()}
        figures = {f.subject.key: f.shown for f in made.figures()}
        return Audited(made, checks, list(made.findings()), figures)
    finally:
        loaded.db.close()


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Example:
    """The tests of an example whose class says its `name`, a folder with records, stories, expected.json and generate.py.

    `python -m orgaudit check examples/NAME/records -f json > examples/NAME/expected.json` writes what is expected.
    """

    name: str
    code = 1  # what `orgaudit check` ends with
    verdicts: frozenset[str] = frozenset({"pass", "fail", "unknown", "pending", "not_applicable"})  # of the stories

    @classmethod
    def folder(cls) -> Path:
        return EXAMPLES / cls.name

    @classmethod
    def told(cls, part: str) -> list[Story]:
        """`stories` or `problems`"""
        return read_yaml(cls.folder() / "stories.yaml").data.get(part) or []

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for argument, part in {"story": "stories", "problem": "problems"}.items():
            if argument in metafunc.fixturenames:
                metafunc.parametrize(argument, type(self).told(part), ids=lambda s: s["id"])

    @pytest.fixture
    def found(self) -> Audited:
        return audited(self.folder() / "records")

    # ---- what is told comes out

    def test_a_story_comes_out_as_told(self, story: Story, found: Audited) -> None:
        assert found.check_of(story).verdict == story["expect"]
        if "level" in story:
            runs = [f for f in found.findings if (f.rule.rule, f.subject.key) == (story["rule"], story["subject"])]
            assert {r.level for r in runs} == {story["level"]}

    def test_stories_are_told_once_and_of_all_these_verdicts(self) -> None:
        stories = self.told("stories")
        ids = [s["id"] for s in stories + self.told("problems")]
        assert len(set(ids)) == len(ids)
        assert {s["expect"] for s in stories} == self.verdicts

    # ---- nothing else comes out

    def test_whatever_does_not_pass_is_told_by_a_story(self, found: Audited) -> None:
        told = [found.check_of(s) for s in self.told("stories")]
        rest = [c for c in found.checks.values() if c.verdict not in ("pass", "not_applicable") and c not in told]
        assert rest == []

    def test_few_checks_are_unknown_and_none_in_error(self, found: Audited) -> None:
        assert found.audit.tally["unknown"] < 0.05 * sum(found.audit.tally.values())
        assert found.audit.tally["error"] == 0

    def test_a_planted_problem_is_reported(self, problem: Story, found: Audited) -> None:
        asked = [k for k in ("code", "file", "row", "column", "value") if k in problem]
        reported = [[getattr(p, k) for k in asked] for p in found.audit.problems]
        assert [problem[k] for k in asked] in reported

    def test_only_planted_problems_are_reported(self, found: Audited) -> None:
        told = {(p["code"], p.get("file", ""), p.get("row")) for p in self.told("problems")}
        reported = {(p.code, p.file, p.row) for p in found.audit.problems if not p.is_notice}
        assert reported - told == set()

    def test_what_is_open_says_what_would_settle_it(self, found: Audited) -> None:
        unsaid = [f for f in found.findings if f.verdict.value == "unknown" and not (f.decided_by or f.doubt)]
        assert [(f.rule.rule, f.subject.key) for f in unsaid] == []

    # ---- the files themselves

    def test_the_json_is_the_expected_one_byte_by_byte(self) -> None:
        ran = orgaudit("check", self.folder() / "records", "--format", "json")
        assert ran.code == self.code
        assert ran.out == (self.folder() / "expected.json").read_bytes().decode("utf-8")

    def test_the_generator_makes_the_same_bytes(self, tmp_path: Path) -> None:
        subprocess.run([sys.executable, "-W", "error", self.folder() / "generate.py", tmp_path], check=True)
        made, kept = files_of(tmp_path / "records"), files_of(self.folder() / "records")
        assert made.keys() == kept.keys()
        assert {name for name in made if made[name] != kept[name]} == set()


class ExampleOfASource(Example):
    """An example of a shipped standard: every rule binds somebody whose check can be decided."""

    undecided: frozenset[str] = frozenset()  # rules that bind nobody here; docs/explanation/examples.md says why
    kept: frozenset[str] = frozenset()  # rules without a planted breach
    figures: frozenset[str] = frozenset()  # rules without a verdict

    def test_every_rule_has_a_decided_check(self, found: Audited) -> None:
        decided = {c.rule for c in found.checks.values() if c.verdict in ("pass", "fail")}
        assert {r.rule for r in found.audit.rules} - decided == self.undecided | self.figures

    def test_every_rule_has_a_breach_but_these(self, found: Audited) -> None:
        broken = {c.rule for c in found.checks.values() if c.verdict == "fail"}
        assert {r.rule for r in found.audit.rules} - broken == self.undecided | self.figures | self.kept
