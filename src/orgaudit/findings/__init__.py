"""Verdicts, findings and the audit they belong to: the words that every output shares."""

from orgaudit.findings.audit import Audit, Cell, Organization, each_key
from orgaudit.findings.facts import Blank, Evidence, RuleInfo, Stretch, Subject
from orgaudit.findings.finding import Check, Figure, Finding, Strip, fingerprint
from orgaudit.findings.kept import NEAR, SPARING, Findings, kinds_of
from orgaudit.findings.problems import NOTICES, STRAY, Problem, Repair
from orgaudit.findings.since import Settled, Trend, Waiver
from orgaudit.findings.two_standards import Contrast, Demand, Elsewhere
from orgaudit.findings.words import Disposition, Severity, Tally, Text, Verdict, empty_tally

__all__ = [
    "NEAR",
    "NOTICES",
    "SPARING",
    "STRAY",
    "Audit",
    "Blank",
    "Cell",
    "Check",
    "Contrast",
    "Demand",
    "Disposition",
    "Elsewhere",
    "Evidence",
    "Figure",
    "Finding",
    "Findings",
    "Organization",
    "Problem",
    "Repair",
    "RuleInfo",
    "Settled",
    "Severity",
    "Stretch",
    "Strip",
    "Subject",
    "Tally",
    "Text",
    "Trend",
    "Verdict",
    "Waiver",
    "each_key",
    "empty_tally",
    "fingerprint",
    "kinds_of",
]
