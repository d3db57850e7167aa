"""The audit as Markdown: for a job's summary, a wiki, a mail."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from orgaudit.findings import Audit, Finding, Verdict
from orgaudit.messages import in_language, render
from orgaudit.reports.order import by_name, in_order_of_names
from orgaudit.reports.side_by_side import elsewhere_texts, section
from orgaudit.reports.summary import summarize
from orgaudit.reports.visible import visible
from orgaudit.reports.wording import about_text, message

_MOST = 200  #: findings of one organization
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~&])")


def write_markdown(audit: Audit, findings: Sequence[Finding], language: str) -> str:
    """What was found, organization by organization, and the tally."""

    def say(code: str, **values: object) -> str:
        return render(code, values, language)

    titles = "、".join(str(in_language(s["title"], language)) for s in audit.standards)
    span = say("label.period", first=audit.period.start, last=audit.period.end)
    lines = [f"# {plain(titles)}", "", f"{say('label.as-of', as_of=audit.as_of)} · {span}", ""]
    summary = summarize(audit, findings)
    lines += ["| " + " | ".join(say(f"html.verdict.{v}") for v in summary.verdicts) + " |"]
    lines += [
        "|" + " --- |" * len(summary.verdicts),
        "| " + " | ".join(f"{n:,}" for n in summary.verdicts.values()) + " |",
        "",
    ]
    names = {o.key: o.name or o.key for o in audit.organizations}
    place = by_name(audit)
    grouped: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in in_order_of_names(findings, audit):
        if finding.verdict is not Verdict.PENDING:
            grouped[finding.organization].append(finding)
    for key, found in sorted(grouped.items(), key=lambda g: place(g[0])):
        name = names.get(key or "", key or "") or say("label.no-organization")
        lines += [f"## {plain(name)}", ""]
        lines += [_line(f, audit, language) for f in found[:_MOST]]
        lines += [f"- + {len(found) - _MOST}"] if len(found) > _MOST else []
        lines.append("")
    lines += _contrasts(audit, language)
    return visible("\n".join(lines).rstrip()) + "\n"


def _contrasts(audit: Audit, language: str) -> list[str]:
    lines = [f"{'  ' * depth}- {plain(text)}" for depth, text in section(audit, language, most_cases=_MOST)]
    return [f"## {plain(render('contrast.title', {}, language))}", "", *lines] if lines else []


def _line(finding: Finding, audit: Audit, language: str) -> str:
    verdict = render(f"html.verdict.{finding.verdict.value}", {}, language)
    title = in_language(finding.rule.title, language) or ""
    about, said = about_text(finding, audit, language), message(finding, audit, language)
    said = render("notice.about", {"about": about, "said": said}, language) if about else said
    others = "".join(f"\n  - {plain(text)}" for text in elsewhere_texts(finding, language))
    return f"- **{verdict}** {plain(finding.rule.rule)} {plain(str(title))} — {plain(said)}{others}"


def plain(text: str) -> str:
    """A text that Markdown leaves as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
