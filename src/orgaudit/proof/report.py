"""What a run of scenarios tells: to a person, as JSON, as JUnit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from orgaudit.messages import LANGUAGES, Language, render, render_error
from orgaudit.proof.expect import Difference
from orgaudit.proof.kinds import KINDS, Kinds
from orgaudit.proof.mutants import Mutant
from orgaudit.proof.mutate import Fate, Tried
from orgaudit.proof.run import Outcome, Result
from orgaudit.reports.wording import problem_text

_MARKS = {
    Outcome.ERROR: "!",
    Outcome.DIFFERS: "✗",
    Outcome.TODO_KEPT: "✗",
    Outcome.TODO: "…",
    Outcome.AS_EXPECTED: "✓",
}
_RULE_WIDTH = 14


@dataclass(frozen=True)
class Tested:
    """A standard with what its scenarios came to."""

    standard: str
    results: Sequence[Result]
    kinds: Sequence[Kinds]
    mutants: Sequence[Tried] = ()
    unused: Sequence[str] = ()

    @property
    def counts(self) -> Counter[Outcome]:
        """How many scenarios came to what."""
        return Counter(r.outcome for r in self.results)

    @property
    def fates(self) -> Counter[Fate]:
        """How many mutants came to what."""
        return Counter(t.fate for t in self.mutants)


# -- for a person


def as_text(tested: Sequence[Tested], language: Language, verbosity: int) -> str:
    """What differs, what each rule has, and one last line."""
    lines = [line for one in tested for line in _of_standard(one, language, verbosity)]
    total = sum((one.counts for one in tested), Counter[Outcome]())
    fates = sum((one.fates for one in tested), Counter[Fate]())
    return "\n".join([*lines, summary_line(total, language), *mutants_line(fates, language), ""])


def summary_line(counts: Counter[Outcome], language: Language) -> str:
    """`12 scenarios: 11 as expected, 1 not, 0 to do.`"""
    wrong = sum(counts[o] for o in (Outcome.DIFFERS, Outcome.TODO_KEPT, Outcome.ERROR))
    values = {"all": counts.total(), "good": counts[Outcome.AS_EXPECTED], "wrong": wrong, "todo": counts[Outcome.TODO]}
    return render("scenarios.summary", values, language)


def mutants_line(fates: Counter[Fate], language: Language) -> list[str]:
    """`35 mutants: 30 noticed, 3 not, 2 equivalent. 4 more are no standards.`"""
    if not fates:
        return []
    values = {fate.value: fates[fate] for fate in Fate}
    return [render("mutants.summary", {**values, "all": fates.total() - fates[Fate.NO_STANDARD]}, language)]


def _of_standard(one: Tested, language: Language, verbosity: int) -> Iterator[str]:
    yield one.standard
    for result in one.results:
        if result.outcome != Outcome.AS_EXPECTED or verbosity > 0:
            yield f"  {_MARKS[result.outcome]} {result.scenario.name}  {result.scenario.where}"
            yield from (f"      {line}" for line in details(result, language))
    if verbosity >= 0:
        yield from _table(one.kinds, language)
    yield from _mutants(one, language, verbosity)


def _mutants(one: Tested, language: Language, verbosity: int) -> Iterator[str]:
    """The mutants that nobody notices, each with the scenario to add; those that are equivalent, each with why."""
    for tried in one.mutants:
        if tried.fate == Fate.UNNOTICED:
            yield f"  ? {tried.mutant.name}"
            yield f"      {advice(tried.mutant, language)}"
        elif tried.fate == Fate.EQUIVALENT:
            yield f"  = {tried.mutant.name}"
            yield f"      {render('mutants.equivalent', {'why': tried.why}, language)}"
        elif tried.fate == Fate.NOTICED and verbosity > 0:
            yield f"  ✓ {tried.mutant.name}  ← {tried.by}"
    for name in one.unused:
        yield f"  ✗ {name}"
        yield f"      {render('mutants.unused', {}, language)}"


def advice(mutant: Mutant, language: Language) -> str:
    """The scenario to add, so that a mutant is noticed."""
    values = {"rules": ", ".join(mutant.rules[:3]), "old": mutant.old, "new": mutant.new}
    return render(f"mutants.{mutant.kind}", values, language)


def details(result: Result, language: Language) -> Iterator[str]:
    """Why a scenario is not as expected."""
    if result.outcome == Outcome.TODO:
        yield render("scenarios.todo", {"why": result.scenario.todo}, language)
        return
    if result.outcome == Outcome.TODO_KEPT:
        yield render("scenarios.todo-kept", {}, language)
    yield from (render_error(e, language) for e in result.errors)
    yield from (difference_text(d, language) for d in result.differences)
    yield from (f"{p.file}:{p.row}: {problem_text(p, language)}" for p in result.problems)


def difference_text(difference: Difference, language: Language) -> str:
    """`SPB-3-1 B1 2024-Q2: expected fail, came pass (2).`"""
    values = {"expected": difference.expected, "came": difference.came}
    if not difference.rule:
        return render("scenarios.no-problem", values, language)
    check = " ".join(filter(None, [difference.rule, difference.check]))
    return render("scenarios.difference", {**values, "check": check}, language)


def _table(kinds: Sequence[Kinds], language: Language) -> Iterator[str]:
    """For each rule with scenarios which verdicts they show, and what is missing."""
    shown = [k for k in kinds if k.scenarios]
    if shown:
        yield "  " + render("scenarios.kinds", {}, language)
    for one in shown:
        marks = " ".join(v if v in one.verdicts else "·" * len(v) for v in KINDS[:4])
        missing = render("scenarios.missing", {"kinds": ", ".join(one.missing)}, language) if one.missing else ""
        yield f"    {one.rule:<{_RULE_WIDTH}} {one.scenarios:>3}  {marks}  {missing}".rstrip()
    without = [k.rule for k in kinds if not k.named]
    if without:
        yield "  " + render("scenarios.none", {"count": len(without), "rules": ", ".join(without)}, language)


# -- for machines


def as_json(tested: Sequence[Tested], language: Language, verbosity: int) -> str:
    """Every scenario with what it came to, and the kinds of every rule."""
    data = {"orgaudit": "1", "standards": [_standard_data(one) for one in tested]}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _standard_data(one: Tested) -> dict[str, object]:
    return {
        "standard": one.standard,
        "counts": {o.value: one.counts[o] for o in Outcome},
        "scenarios": [_scenario_data(r) for r in one.results],
        "rules": [
            {
                "rule": k.rule,
                "scenarios": k.scenarios,
                "verdicts": sorted(k.verdicts),
                "levels": sorted(k.levels_shown),
                "excuses": sorted(k.shown),
                "missing": k.missing,
            }
            for k in one.kinds
        ],
        "mutants": [
            {
                "mutant": t.mutant.name,
                "rules": list(t.mutant.rules),
                "fate": t.fate.value,
                "noticed_by": t.by,
                "why": t.why,
                "advice": {lang: advice(t.mutant, lang) for lang in LANGUAGES} if t.fate == Fate.UNNOTICED else None,
            }
            for t in one.mutants
        ],
        "unused_equivalents": list(one.unused),
    }


def _scenario_data(result: Result) -> dict[str, object]:
    scenario = result.scenario
    return {
        "name": scenario.name,
        "file": scenario.where.file,
        "line": scenario.where.line,
        "outcome": result.outcome.value,
        "todo": scenario.todo,
        "differences": [vars(d) for d in result.differences],
        "problems": [{"code": p.code, "line": p.row, "column": p.column, "value": p.value} for p in result.problems],
        "errors": [{"zh": render_error(e, "zh"), "en": render_error(e, "en")} for e in result.errors],
    }


def as_junit(tested: Sequence[Tested], language: Language, verbosity: int) -> str:
    """A suite a standard: what differs is a failure, what could not be run an error, what is to do skipped."""
    root = Xml.Element("testsuites")
    for one in tested:
        counts = one.counts
        suite = Xml.SubElement(
            root,
            "testsuite",
            name=one.standard,
            tests=str(len(one.results)),
            failures=str(counts[Outcome.DIFFERS] + counts[Outcome.TODO_KEPT]),
            errors=str(counts[Outcome.ERROR]),
            skipped=str(counts[Outcome.TODO]),
        )
        for result in one.results:
            _add_case(suite, result, language)
        if one.mutants:
            _add_mutants(root, one, language)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _add_mutants(root: Xml.Element, one: Tested, language: Language) -> None:
    tried = [t for t in one.mutants if t.fate != Fate.NO_STANDARD]
    suite = Xml.SubElement(
        root,
        "testsuite",
        name=f"{one.standard} mutants",
        tests=str(len(tried)),
        failures=str(one.fates[Fate.UNNOTICED]),
        errors="0",
        skipped=str(one.fates[Fate.EQUIVALENT]),
    )
    for t in tried:
        case = Xml.SubElement(suite, "testcase", name=t.mutant.name, classname=one.standard)
        if t.fate == Fate.UNNOTICED:
            Xml.SubElement(case, "failure", message=advice(t.mutant, language))
        elif t.fate == Fate.EQUIVALENT:
            Xml.SubElement(case, "skipped", message=t.why or "")


_TAGS = {
    Outcome.ERROR: "error",
    Outcome.DIFFERS: "failure",
    Outcome.TODO_KEPT: "failure",
    Outcome.TODO: "skipped",
}


def _add_case(suite: Xml.Element, result: Result, language: Language) -> None:
    where = result.scenario.where
    case = Xml.SubElement(
        suite, "testcase", name=result.scenario.name, classname=where.file, file=where.file, line=str(where.line)
    )
    tag = _TAGS.get(result.outcome)
    if tag:
        lines = list(details(result, language))
        told = Xml.SubElement(case, tag, message=lines[0] if lines else "")
        told.text = "\n".join(lines)


Writer = Callable[[Sequence[Tested], Language, int], str]

#: the choices of `--format`
WRITERS: dict[str, Writer] = {"text": as_text, "json": as_json, "junit": as_junit}
