"""Every norm of a shipped standard's source has become something: none is forgotten, none is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import MODEL, lines_of, orgaudit, write, write_standard

from orgaudit.standards import clauses_of, load_standard, shipped_standards

#: the source of each standard, how many norms it has, and how they are numbered
SOURCES = {
    "street-party-building": ("002", 107, 3),
    "branch-standardization": ("004", 43, 2),
    "united-front-base": ("000", 36, 2),
    "united-front-district": ("003", 45, 2),
    "cppcc-party-building": ("001", 28, 2),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_norm_of_the_source_stands_in_the_clauses(name: str) -> None:
    source, count, digits = SOURCES[name]
    path = shipped_standards()[name]
    norms = [c.norm for c in clauses_of(load_standard(name), path)]
    assert norms == [f"{source}-{n:0{digits}}" for n in range(1, count + 1)]


@pytest.mark.parametrize("name", SOURCES)
def test_no_norm_waits_for_its_rule(name: str) -> None:
    assert [c.norm for c in clauses_of(load_standard(name), shipped_standards()[name]) if not c.covered] == []


# ---- clauses that do not fit their rules

RULES = """standard: choir-rules
rules:
  - {id: R1, norms: [n1], modality: must, for: choirs, require: name is recorded}
  - {id: R2, modality: must, for: choirs, require: name is recorded}
"""
CLAUSES = """clauses:
  - {norm: n1, disposition: rules, rules: [R1]}
  - {norm: n2, disposition: attest, why: only people can say}
"""


def told(folder: Path, rules: str, clauses: str) -> list[str]:
    """What is wrong with a standard and the clauses beside it."""
    write(folder, {"clauses.yaml": clauses})
    return lines_of(rules, folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("why: only", "wy: only", "clauses.yaml:3:37: unknown key `wy`. Did you mean `why`?"),
        ("norm: n2", "norm: n1", "clauses.yaml:3:12: the norm `n1` is listed twice."),
        ("rules: [R1]", "rules: [R1, NOSUCH]", "clauses.yaml:2:48: there is no rule `NOSUCH`"),
        (
            "rules: [R1]",
            "rules: [R1, R2]",
            "clauses.yaml:2:48: the norm `n1` names `R2`, whose `norms` do not name it.",
        ),
        ("rules: [R1]", "rules: []", "clauses.yaml:2:5: the norm `n1` is to be carried by rules and names none."),
        ("norms: [n1]", "norms: [n1, n9]", "standard.yaml:3:26: `R1` names the norm `n9`, which is not listed."),
        ("norms: [n1]", "norms: [n1, n2]", "standard.yaml:3:26: `R1` names the norm `n2`, whose rules do not name it."),
        ("why: only people can say", "why: ''", "clauses.yaml:3:42: a name or a reason is expected"),
        ("clauses:", "clause:", "clauses.yaml:1:1: unknown key `clause`. Did you mean `clauses`?"),
    ],
)
def test_clauses_and_rules_that_disagree(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert told(tmp_path, RULES, CLAUSES) == []
    lines = told(tmp_path, RULES.replace(old, new), CLAUSES.replace(old, new))
    assert any(line.startswith(said) for line in lines)


def test_clauses_in_the_standard_itself(tmp_path: Path) -> None:
    assert lines_of(RULES + CLAUSES, tmp_path) == []
    (line,) = lines_of(RULES + CLAUSES.replace("[R1]", "[R1, R2]"), tmp_path)
    assert line.startswith("standard.yaml:6:48: the norm `n1` names `R2`")


@pytest.mark.parametrize("command", ["lint", "coverage", "test", "check"])
def test_commands_tell_it(command: str, tmp_path: Path) -> None:
    write(tmp_path, {"s/clauses.yaml": CLAUSES.replace("n2", "n1"), "r/choirs.csv": "id,name\nC1,Larks\n"})
    standard = write_standard(tmp_path / "s", RULES)
    words = [tmp_path / "r", "--standard", standard] if command == "check" else [standard]
    ran = orgaudit(command, *words)
    assert ran.code == 2
    assert "clauses.yaml:3:12: the norm `n1` is listed twice." in ran.err


def test_rules_of_an_extended_standard_speak_of_its_clauses(tmp_path: Path) -> None:
    write(tmp_path, {"base/standard.yaml": RULES, "base/clauses.yaml": CLAUSES, "base/records.yaml": MODEL})
    mine = "standard: mine\nextends: [{standard: base}]\nrules:\n"
    mine += "  - {id: M1, norms: [m1], modality: must, for: choirs, require: name is recorded}\n"
    clauses = "clauses:\n  - {norm: m1, disposition: rules, rules: [M1, R2]}\n"
    assert told(tmp_path, mine, clauses) == []
