"""The notice (通报) in its usual four parts, and a letter for each organization: blocks, and Markdown to be edited and sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from orgaudit.findings import Audit, Finding, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.grades import grades_of
from orgaudit.reports.hosts import open_failures
from orgaudit.reports.markdown import plain
from orgaudit.reports.order import by_name, in_order_of_names
from orgaudit.reports.side_by_side import elsewhere_texts, pair_text, pairs
from orgaudit.reports.visible import visible
from orgaudit.reports.wording import about_text, message

_MOST_RULES, _MOST_NAMES = 8, 30  #: named in the second and third part


class Block(NamedTuple):
    """A paragraph of a notice.

    `kind` is `title`, `part`, `unit` (headings), `text`, `bullet`, `item` (numbered), `remedy` (of the item before), or
    `letter`: the heading of one, which begins a page.
    """

    kind: str
    text: str


def write_notice(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """The notice as Markdown."""
    return visible("\n".join(_markdown(notice(audit, findings, language)))) + "\n"


def _markdown(blocks: Iterator[Block]) -> Iterator[str]:
    marks = {"title": "# ", "part": "## ", "letter": "## ", "unit": "### ", "bullet": "- ", "remedy": "   "}
    number, before = 0, ""
    for block in blocks:
        number = number + 1 if block.kind == "item" else number if block.kind == "remedy" else 0
        if before and not ({before, block.kind} <= {"item", "remedy"} or before == block.kind == "bullet"):
            yield ""
        if block.kind == "letter":
            yield from ("---", "")
        yield (f"{number}. " if block.kind == "item" else marks.get(block.kind, "")) + plain(block.text)
        before = block.kind


def notice(audit: Audit, findings: Sequence[Finding], language: str) -> Iterator[Block]:
    """The general situation, what is well done, problems by organization, what is asked for; then the letters."""
    made = _Notice(audit, findings, language)
    for part in (made.head, made.situation, made.well, made.problems, made.demands, made.letters):
        yield from part()


class _Notice:
    def __init__(self, audit: Audit, findings: Sequence[Finding], language: str) -> None:
        self.audit, self.findings, self.language = audit, findings, language
        self.names = {o.key: o.name or o.key for o in audit.organizations}
        self.failures = list(open_failures(findings))
        self.by_organization: dict[str | None, list[Finding]] = defaultdict(list)
        for finding in in_order_of_names(self.failures, audit):
            self.by_organization[finding.organization].append(finding)
        self.grades = grades_of(findings, self.names)

    def say(self, code: str, **values: object) -> str:
        return render(code, values, self.language)

    def head(self) -> Iterator[Block]:
        titles = "、".join(str(in_language(s["title"], self.language)) for s in self.audit.standards)
        yield Block("title", self.say("notice.title", standards=titles))
        days = {"first": self.audit.period.start, "last": self.audit.period.end, "as_of": self.audit.as_of}
        yield Block("text", self.say("notice.days", **days))

    def situation(self) -> Iterator[Block]:
        tally, colors = self.audit.tally, Counter(g.color for g in self.grades.values())
        yield Block("part", self.say("notice.situation"))
        said = self.say(
            "notice.situation-text", organizations=len(self.names), checks=f"{sum(tally.values()):,}", failures=len(self.failures),
            unknown=tally["unknown"], pending=tally["pending"], red=colors["red"], yellow=colors["yellow"], green=colors["green"],
        )  # fmt: skip
        yield Block("text", said)
        decided = Counter(f.disposition.value for f in self.findings if f.verdict is Verdict.FAIL)
        waived, baselined = decided["waived"], decided["baselined"]
        if waived or baselined:
            yield Block("text", self.say("notice.decided", waived=waived, baselined=baselined))

    def well(self) -> Iterator[Block]:
        """Rules that everybody keeps, and organizations of which nothing is open."""
        yield Block("part", self.say("notice.well"))
        kept = [
            r for r in self.audit.rules
            if (t := self.audit.by_rule.get((r.standard, r.rule))) and t["pass"] and not (t["fail"] or t["unknown"])
        ]  # fmt: skip
        titles = [str(in_language(r.title, self.language)) for r in kept[:_MOST_RULES]]
        green = [k for k, g in self.grades.items() if g.color == "green" and k in self.audit.by_organization]
        if titles:
            yield Block("text", self.say("notice.kept", rules=self._joined(titles)))
        if green:
            names = self._joined([self.names[k] for k in sorted(green, key=by_name(self.audit))[:_MOST_NAMES]])
            yield Block("text", self.say("notice.green", names=names, count=len(green)))

    def problems(self) -> Iterator[Block]:
        yield Block("part", self.say("notice.problems"))
        if not self.failures:
            yield Block("text", self.say("notice.none"))
        worst = Counter((f.rule.standard, f.rule.rule) for f in self.failures).most_common(_MOST_RULES)
        titles = {(r.standard, r.rule): str(in_language(r.title, self.language)) for r in self.audit.rules}
        yield from (Block("bullet", self.say("notice.count", title=titles[rule], count=count)) for rule, count in worst)
        yield from self._contrasts()
        for key, found in self._sorted():
            yield Block("unit", self._name(key))
            for finding in found:
                yield Block("item", self._line(finding))
                yield from self._elsewhere(finding)

    def _contrasts(self) -> Iterator[Block]:
        """Where two standards ask for different things: whoever reads the notice should know by which."""
        found = [pair_text(p, self.language) for p in pairs(self.audit.contrasts())]
        if found:
            yield Block("text", self.say("contrast.title"))
            yield from (Block("bullet", text) for text in found[:_MOST_RULES])

    def _elsewhere(self, finding: Finding) -> Iterator[Block]:
        yield from (Block("remedy", text) for text in elsewhere_texts(finding, self.language))

    def demands(self) -> Iterator[Block]:
        yield Block("part", self.say("notice.demands"))
        rules = {(f.rule.standard, f.rule.rule): f.rule for f in self.failures}
        remedies = dict.fromkeys(str(in_language(r.remedy, self.language)) for r in rules.values() if r.remedy)
        yield from (Block("item", text) for text in remedies)
        yield Block("text", self.say("notice.demand-text"))

    def letters(self) -> Iterator[Block]:
        """A letter for each organization with open failures, to be cut out and sent."""
        for key, found in self._sorted():
            yield Block("letter", self.say("notice.letter", name=self._name(key)))
            yield Block("text", self.say("notice.letter-text", count=len(found), as_of=self.audit.as_of))
            for finding in found:
                yield Block("item", self._line(finding))
                yield from self._elsewhere(finding)
                remedy = in_language(finding.rule.remedy, self.language)
                if remedy:
                    yield Block("remedy", self.say("notice.remedy", remedy=remedy))
            yield Block("text", self.say("notice.reply"))

    def _sorted(self) -> list[tuple[str | None, list[Finding]]]:
        place = by_name(self.audit)
        return sorted(self.by_organization.items(), key=lambda g: place(g[0]))

    def _line(self, finding: Finding) -> str:
        title, said = in_language(finding.rule.title, self.language), message(finding, self.audit, self.language)
        basis = " ".join(filter(None, [finding.rule.clause, finding.rule.rule]))
        about = about_text(finding, self.audit, self.language)
        said = self.say("notice.about", about=about, said=said) if about else said
        return self.say("notice.line", title=title, basis=basis, said=said)

    def _name(self, key: str | None) -> str:
        return self.names.get(key or "", key or "") or self.say("label.no-organization")

    def _joined(self, texts: Sequence[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(texts)
