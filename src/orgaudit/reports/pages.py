"""Pages about standards for a terminal: a rule explained, lists of rules and standards, the clauses of a source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from orgaudit.messages import in_language
from orgaudit.reports.breaking import broken, columns_of
from orgaudit.reports.terminal import Terminal

Data = dict[str, Any]


_MOST = 8  #: scenarios of a rule that a page shows


class Pages(Terminal):
    """Writes pages about standards."""

    def text(self, several: object) -> str:
        """A text that exists in several languages, in the reader's."""
        return str(in_language(several, self.language) or "")

    def line(self, text: str = "", indent: int = 0, style: str = "") -> None:
        """Prints a text, broken where the width ends; its further lines are indented, too."""
        for line in broken(text, self.console.width - indent):
            self.console.print(" " * indent + line, style=style, soft_wrap=True)

    # -- a rule

    def explain(self, rules: Sequence[Data]) -> None:
        """One rule after the other; where several standards have it, each says which."""
        for i, rule in enumerate(rules):
            if i:
                self.line()
            self._rule(rule)

    def _rule(self, rule: Data) -> None:
        self.line(f"{rule['rule']} {self.text(rule['title'])}".strip(), style="bold")
        self.line(f"{self.text(rule['standard']['title'])} ({rule['standard']['id']})")
        self.line(" · ".join(self._grade(rule)))
        for label, lines in self._parts(rule):
            if lines:
                self.line()
                self.line(label, style="bold")
                for line in lines:
                    self.line(line, 2)
        for statement in rule["sql"]:
            self.console.print(f"\n{statement};", soft_wrap=True)

    def _grade(self, rule: Data) -> Iterator[str]:
        if rule["clause"]:
            yield rule["clause"]
        yield self.say(f"modality.{rule['modality']}")
        yield self.say(f"severity.{rule['severity']}")
        span = rule["in_force"]
        if span["from"] or span["to"]:
            yield self.say("explain.in-force", first=span["from"] or "…", last=span["to"] or "…")

    def _parts(self, rule: Data) -> Iterator[tuple[str, list[str]]]:
        yield self.say("explain.quote"), self._quote(rule)
        yield self.say("explain.sentence", day=rule["as_of"]), self.text(rule["sentence"]).split("\n")
        yield self.say("explain.exemptions"), [self._exemption(e) for e in rule["exemptions"]]
        yield self.say("explain.readings"), [self._reading(r) for r in rule["readings"]]
        yield self.say("explain.parameters", day=rule["as_of"]), [self._parameter(p) for p in rule["parameters"]]
        yield self.say("explain.tailoring"), [self._change(c) for c in rule["tailoring"]]
        yield self.say("explain.remedy"), [r for r in [self.text(rule["remedy"])] if r]
        yield self.say("explain.matter"), self._matter(rule)
        yield self.say("explain.needs"), [self._need(n) for n in rule["needs"]]
        yield self.say("explain.breaches"), [b for b in [", ".join(rule["breaches"])] if b]
        yield self.say("explain.scenarios"), self._scenarios(rule["scenarios"])
        yield self.say("explain.sql"), [self.say("explain.statements", count=len(rule["sql"]))] if rule["sql"] else []

    def _matter(self, rule: Data) -> list[str]:
        """The matter of a rule, and what other standards have on it."""
        others = [" ".join(filter(None, [r["rule"], r["clause"], f"({r['standard']})"])) for r in rule["same_matter"]]
        return [rule["matter"], *(f"- {o}" for o in others)] if rule["matter"] else []

    def _scenarios(self, names: list[str]) -> list[str]:
        """The first few scenarios of a rule; the JSON has them all."""
        more = [self.say("explain.more-scenarios", count=len(names) - _MOST)] if len(names) > _MOST else []
        return [*(f"- {n}" for n in names[:_MOST]), *more]

    def _quote(self, rule: Data) -> list[str]:
        source = rule["source"]
        place = source and ", ".join(filter(None, [self.text(source["title"]) or source["document"], rule["clause"]]))
        return [line for line in (rule["quote"], place and f"— {place}") if line]

    def _exemption(self, exemption: Data) -> str:
        notes = [exemption["clause"]] if exemption["clause"] else []
        if exemption["reading"]:
            notes.append(self.say("explain.by-reading", name=exemption["reading"]))
        return self.text(exemption["text"]) + (f" [{self.say('says.comma').join(notes)}]" if notes else "")

    def _reading(self, reading: Data) -> str:
        others = [c for c in reading["choices"] if c != reading["use"]]
        code = "explain.reading" if others else "explain.only-reading"
        return self.say(code, name=reading["reading"], use=reading["use"], why=reading["why"], others=", ".join(others))

    def _parameter(self, parameter: Data) -> str:
        values = "; ".join(f"{day}: {_shown(value)}" for day, value in parameter["values"])
        return f"{parameter['parameter']} = {_shown(parameter['value'])} ({values})"

    def _change(self, change: Data) -> str:
        new = ", ".join(f"{key}: {_shown(value)}" for key, value in change["new"].items())
        return self.say("explain.change", name=change["name"], new=new, why=change["why"], by=change["standard"])

    def _need(self, need: Data) -> str:
        comma = self.say("says.comma")
        fields = comma.join(self.text(f["title"]) or f["field"] for f in need["fields"])
        sources = comma.join(self.text(d["title"]) or d["table"] for d in need["derived_from"])
        code = "explain.need-derived" if sources else "explain.need"
        return self.say(code, table=self.text(need["title"]) or need["table"], fields=fields, tables=sources)

    # -- lists

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under their headings; the last column is broken where the width ends."""
        heads = [self.say(c) for c in columns]
        widths = [max(map(columns_of, column)) for column in zip(heads, *rows, strict=True)][:-1]
        for i, row in enumerate([heads, *rows]):
            cells = [cell + " " * (w - columns_of(cell)) for cell, w in zip(row, widths, strict=False)]
            self.hanging("  ".join(cells) + "  ", row[-1], "bold" if i == 0 else "")

    def hanging(self, head: str, text: str, style: str = "") -> None:
        """A head with a text beside it, whose further lines begin below its first."""
        indent = columns_of(head)
        if indent + 20 > self.console.width:
            self.line(f"{head.rstrip()}  {text}", style=style)
            return
        for i, line in enumerate(broken(text, self.console.width - indent)):
            self.console.print((head if i == 0 else " " * indent) + line, style=style, soft_wrap=True)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
