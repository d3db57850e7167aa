"""The notice (通报) in its usual four parts, and a letter for each organization: Markdown to be edited and sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from orgaudit.findings import Audit, Finding
from orgaudit.messages import in_language, render
from orgaudit.reports.grades import grades_of
from orgaudit.reports.machines import open_failures
from orgaudit.reports.markdown import plain
from orgaudit.reports.visible import visible
from orgaudit.reports.wording import about_text, message

_MOST_RULES = 8  #: named in the second and third part


def write_notice(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """The general situation, what is well done, problems by organization, what is asked for; then the letters."""
    notice = _Notice(audit, findings, language)
    parts = (notice.head, notice.situation, notice.well, notice.problems, notice.demands, notice.letters)
    return visible("\n".join(line for part in parts for line in part())) + "\n"


class _Notice:
    def __init__(self, audit: Audit, findings: Sequence[Finding], language: str) -> None:
        self.audit, self.language = audit, language
        self.names = {o.key: o.name or o.key for o in audit.organizations}
        self.failures = list(open_failures(findings))
        self.by_organization: dict[str | None, list[Finding]] = defaultdict(list)
        for finding in self.failures:
            self.by_organization[finding.organization].append(finding)
        self.grades = grades_of(findings, self.names)

    def say(self, code: str, **values: object) -> str:
        return render(code, values, self.language)

    def head(self) -> Iterator[str]:
        titles = "、".join(str(in_language(s["title"], self.language)) for s in self.audit.standards)
        yield f"# {plain(self.say('notice.title', standards=titles))}"
        yield ""
        yield self.say("notice.days", first=self.audit.period.start, last=self.audit.period.end, as_of=self.audit.as_of)
        yield ""

    def situation(self) -> Iterator[str]:
        tally, colors = self.audit.tally, Counter(g.color for g in self.grades.values())
        yield f"## {self.say('notice.situation')}"
        yield ""
        yield self.say(
            "notice.situation-text", organizations=len(self.names), checks=f"{sum(tally.values()):,}", failures=len(self.failures),
            unknown=tally["unknown"], pending=tally["pending"], red=colors["red"], yellow=colors["yellow"], green=colors["green"],
        )  # fmt: skip
        yield ""

    def well(self) -> Iterator[str]:
        """Rules that everybody keeps, and organizations of which nothing is open."""
        yield f"## {self.say('notice.well')}"
        yield ""
        kept = [
            r for r in self.audit.rules
            if (t := self.audit.by_rule.get((r.standard, r.rule))) and t["pass"] and not (t["fail"] or t["unknown"])
        ]  # fmt: skip
        titles = [plain(str(in_language(r.title, self.language))) for r in kept[:_MOST_RULES]]
        green = [
            plain(self.names[k])
            for k, g in self.grades.items()
            if g.color == "green" and k in self.audit.by_organization
        ]
        if titles:
            yield self.say("notice.kept", rules=self._joined(titles))
            yield ""
        if green:
            yield self.say("notice.green", names=self._joined(green[:30]), count=len(green))
            yield ""

    def problems(self) -> Iterator[str]:
        yield f"## {self.say('notice.problems')}"
        yield ""
        if not self.failures:
            yield self.say("notice.none")
            yield ""
        worst = Counter((f.rule.standard, f.rule.rule) for f in self.failures).most_common(_MOST_RULES)
        titles = {(r.standard, r.rule): plain(str(in_language(r.title, self.language))) for r in self.audit.rules}
        yield from (f"- {titles[rule]}: {count}" for rule, count in worst)
        yield ""
        for key, found in self._ranked():
            yield f"### {plain(self._name(key))}"
            yield ""
            yield from (f"{i}. {self._line(f)}" for i, f in enumerate(found, 1))
            yield ""

    def demands(self) -> Iterator[str]:
        yield f"## {self.say('notice.demands')}"
        yield ""
        rules = {(f.rule.standard, f.rule.rule): f.rule for f in self.failures}
        remedies = dict.fromkeys(str(in_language(r.remedy, self.language)) for r in rules.values() if r.remedy)
        yield from (f"{i}. {plain(text)}" for i, text in enumerate(remedies, 1))
        yield ""
        yield self.say("notice.demand-text")
        yield ""

    def letters(self) -> Iterator[str]:
        """A letter for each organization with open failures, to be cut out and sent."""
        for key, found in self._ranked():
            yield "---"
            yield ""
            yield f"## {plain(self.say('notice.letter', name=self._name(key)))}"
            yield ""
            yield self.say("notice.letter-text", count=len(found), as_of=self.audit.as_of)
            yield ""
            for i, finding in enumerate(found, 1):
                yield f"{i}. {self._line(finding)}"
                remedy = in_language(finding.rule.remedy, self.language)
                yield f"   {self.say('notice.remedy', remedy=plain(str(remedy)))}" if remedy else ""
            yield ""
            yield self.say("notice.reply")
            yield ""

    def _ranked(self) -> list[tuple[str | None, list[Finding]]]:
        order = {o.key: i for i, o in enumerate(self.audit.organizations)}
        return sorted(self.by_organization.items(), key=lambda g: order.get(g[0] or "", len(order)))

    def _line(self, finding: Finding) -> str:
        title, said = in_language(finding.rule.title, self.language), message(finding, self.audit, self.language)
        basis = " ".join(filter(None, [finding.rule.clause, finding.rule.rule]))
        return plain(f"{title}（{basis}）{about_text(finding, self.audit)}: {said}")

    def _name(self, key: str | None) -> str:
        return self.names.get(key or "", key or "") or self.say("label.no-organization")

    def _joined(self, texts: Sequence[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(texts)
