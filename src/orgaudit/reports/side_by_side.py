"""Where two standards bind one subject with different bounds: pair by pair, and what a finding says of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from orgaudit.findings import Audit, Contrast, Demand, Elsewhere, Finding
from orgaudit.messages import render
from orgaudit.reports.demand_wording import demand_text
from orgaudit.reports.wording import each_told

_MOST_ELSEWHERE = 3  #: of one finding


@dataclass(frozen=True)
class Pair:
    """Two rules with the bounds that they applied, and every subject that both bind so."""

    demands: tuple[Demand, Demand]
    stricter: int | None
    cases: tuple[Contrast, ...]

    @property
    def subjects(self) -> int:
        """How many subjects both bind."""
        return len({(c.subject.table, c.subject.key) for c in self.cases})

    @property
    def verdicts(self) -> Mapping[tuple[str, str], int]:
        """How often which two verdicts stand beside one another."""
        return Counter(c.verdicts for c in self.cases)

    @property
    def differing(self) -> list[Contrast]:
        """Those whose verdicts differ."""
        return [c for c in self.cases if c.verdicts[0] != c.verdicts[1]]

    @property
    def belied(self) -> int:
        """How often the stricter rule is kept and the other is not, because they do not count, or excuse, the same."""
        if self.stricter is None:
            return 0
        kept = ("pass", "fail") if self.stricter == 0 else ("fail", "pass")
        return self.verdicts.get(kept, 0)

    def name(self, i: int) -> str:
        """What one of the rules is called; with its standard, where both are called the same."""
        return name_of(self.demands[i], self.demands[1 - i])


def name_of(demand: Demand, other: Demand) -> str:
    """What a rule is called beside another."""
    same = demand.rule.rule == other.rule.rule
    return f"{demand.rule.rule} ({demand.rule.standard})" if same else demand.rule.rule


def pairs(contrasts: Iterable[Contrast]) -> list[Pair]:
    """All contrasts, those of the same rules, bounds and strictness together; in the order of the first of each."""
    found: dict[tuple[object, ...], list[Contrast]] = {}
    for contrast in contrasts:
        sides = tuple((d.rule.standard, d.rule.rule, repr(d.bound), d.within) for d in contrast.demands)
        found.setdefault((*sides, contrast.stricter), []).append(contrast)
    return [Pair(cases[0].demands, cases[0].stricter, tuple(cases)) for cases in found.values()]


# -- words


def pair_text(pair: Pair, language: str) -> str:
    """Both rules with their clauses and bounds, and which is stricter."""
    sides = [
        render(
            "contrast.side",
            {"rule": _with_clause(pair.name(i), d), "bound": demand_text(d, language)},
            language,
        )
        for i, d in enumerate(pair.demands)
    ]
    said = render("contrast.pair", {"first": sides[0], "second": sides[1]}, language)
    parts = [said, which_text(pair, language), render("contrast.bind", {"subjects": pair.subjects}, language)]
    return ("；" if language == "zh" else "; ").join(parts)


def _with_clause(name: str, demand: Demand) -> str:
    return f"{name} {demand.rule.clause}" if demand.rule.clause else name


def which_text(pair: Pair, language: str) -> str:
    """Which of the two is stricter."""
    if pair.stricter is None:
        return render("contrast.undecided", {}, language)
    return render("contrast.stricter", {"rule": pair.name(pair.stricter)}, language)


def tally_text(pair: Pair, language: str) -> str:
    """`fail / pass: 3, pass / pass: 12`"""
    said = [f"{_verdict(a, language)} / {_verdict(b, language)}: {n}" for (a, b), n in sorted(pair.verdicts.items())]
    belied = render("contrast.belied", {"count": pair.belied}, language) if pair.belied else ""
    return ", ".join(said) + (f" ({belied})" if belied else "")


def case_text(case: Contrast, pair: Pair, names: Mapping[str, str], audit: Audit, language: str) -> str:
    """One subject, at one time, with both verdicts."""
    values = {
        "who": who(case, names, audit, language),
        "periods": periods_text(case),
        "first": _verdict(case.verdicts[0], language),
        "second": _verdict(case.verdicts[1], language),
        "one": pair.name(0),
        "other": pair.name(1),
    }
    return render("contrast.case", values, language)


def who(case: Contrast, names: Mapping[str, str], audit: Audit, language: str) -> str:
    """The organization, and the subject where it is not the organization."""
    organization = names.get(case.organization or "", case.organization or "")
    subject = "" if case.subject.key == case.organization else case.subject.name or case.subject.key
    return " · ".join(filter(None, [organization, subject, each_told(case, audit, language)]))


def periods_text(case: Contrast) -> str:
    """`2024-02 / 2024-Q1`"""
    return " / ".join(dict.fromkeys(case.periods))


def _verdict(verdict: str, language: str) -> str:
    return render(f"html.verdict.{verdict}", {}, language)


def section(
    audit: Audit, language: str, most: int | None = None, most_cases: int | None = None
) -> Iterator[tuple[int, str]]:
    """(depth, line): each pair, its verdicts, and those subjects whose verdicts differ, the first of them."""
    names = {o.key: o.name or o.key for o in audit.organizations}
    for pair in pairs(audit.contrasts())[:most]:
        yield 0, pair_text(pair, language)
        yield 1, tally_text(pair, language)
        shown = pair.differing[:most_cases]
        yield from ((1, case_text(case, pair, names, audit, language)) for case in shown)
        if len(pair.differing) > len(shown):
            yield 1, render("contrast.more", {"count": len(pair.differing) - len(shown)}, language)


# -- of a finding


def elsewhere_texts(finding: Finding, language: str) -> list[str]:
    """What rules of other standards say of its subject, the first few of them."""
    return [elsewhere_text(e, finding, language) for e in finding.elsewhere[:_MOST_ELSEWHERE]]


def with_elsewhere(said: str, finding: Finding, language: str) -> str:
    """What is said of a finding, and in brackets what rules of other standards say of its subject."""
    others = [elsewhere_text(e, finding, language, ids=False) for e in finding.elsewhere[:_MOST_ELSEWHERE]]
    return f"{said} [{' | '.join(others)}]" if others else said


def elsewhere_text(other: Elsewhere, finding: Finding, language: str, *, ids: bool = True) -> str:
    """`Elsewhere BRA-11 asks at least 1 a quarter (less strict): pass, 2024-Q1`"""
    rule = other.demand.rule
    same = rule.rule == finding.rule.rule
    values = {
        "rule": _with_clause(f"{rule.rule} ({rule.standard})" if same else rule.rule, other.demand),
        "bound": demand_text(other.demand, language),
        "grade": _grade(other.is_stricter, language),
        "verdict": _verdict(other.verdict, language),
        "period": other.period,
    }
    known = render("contrast.known-as", {"ids": ", ".join(other.findings)}, language) if other.findings and ids else ""
    return render("contrast.elsewhere", values, language) + (f" [{known}]" if known else "")


def _grade(is_stricter: bool | None, language: str) -> str:
    if is_stricter is None:
        return render("contrast.as-strict", {}, language)
    return render("contrast.is-stricter", {}, language) if is_stricter else render("contrast.laxer", {}, language)
