"""The words of a sentence: what tables, fields, values, times and parameters are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orgaudit.messages import render
from orgaudit.periods import Duration, parse_duration
from orgaudit.recordmodel import Field
from orgaudit.standards.rules import Rule, Standard

#: words that do not make a noun: a heading that begins or ends with one is quoted, as “Part of”
_PARTICLES = frozenset(
    ("a", "as", "at", "by", "for", "from", "had", "has", "in", "is", "of", "off", "on", "since", "to", "until", "with")
)
_UNITS = {"days": "unit.days", "working days": "unit.working-days", "months": "unit.months"}


@dataclass(frozen=True)
class Noun:
    """Something that the sentence speaks of, and how what it has begins (`its`); `plain` if that reads well."""

    text: str
    own: str
    table: str
    plain: bool = True


@dataclass(frozen=True)
class Place:
    """Where in a sentence an expression stands: whom its names mean, and which time it speaks of."""

    rows: Mapping[str, Noun]
    start: Noun  # where paths begin
    period: str = ""  # what period_start is the first day of
    when: str = ""  # on which day states are asked
    depth: int = 0


class Words:
    """The words for one rule in one language; parameters have the value in force on a day."""

    def __init__(self, rule: Rule, standard: Standard, day: date, language: str) -> None:
        self.rule, self.standard, self.model = rule, standard, standard.model
        self.day, self.language = day, language
        self.proper = standard.model.proper_words if language == "en" else frozenset()

    def say(self, code: str, **values: object) -> str:
        """A text of the catalogue."""
        return render(code, values, self.language)

    # -- names

    def text(self, several: Mapping[str, str], name: str) -> str:
        """A title in this language; else what English readers can take from the name, others from the other title."""
        plain = name.replace("_", " ").strip()
        found = several.get(self.language) or ("" if self.language == "en" else several.get("en", ""))
        return found or plain

    def things(self, table: str) -> str:
        """The records of a table."""
        declared = self.model.tables[table]
        return self._within_a_sentence(self.text(declared.title, table))

    def thing(self, table: str) -> str:
        """One record of a table."""
        declared = self.model.tables[table]
        if declared.holds_breaches:
            return self.say("says.breach")
        return declared.singular.replace("_", " ") if self.language == "en" else self.things(table)

    def field(self, table: str, name: str) -> str:
        """A field, as it stands in the middle of a sentence."""
        declared = self.model.tables[table]
        if declared.holds_breaches and not declared.by_name[name].title:
            return self.say(f"says.breach-{name}")
        found = declared.by_name[name]
        title = self._heading(self.text(found.title, name), found)
        is_day = found.type == "date" and not {"date", "day"} & set(title.lower().split())
        return self.say("says.date-field", field=title) if is_day else title

    def _heading(self, title: str, of: Field) -> str:
        """A heading that would be no noun in a sentence stands in quotation marks."""
        words = title.lower().split()
        ends = {words[0], words[-1]} if words else set()
        odd = self.language == "zh" and (len(title) < 2 or "（" in title)
        if of.type == "boolean" or odd or (self.language == "en" and ends & _PARTICLES):
            return self.quoted(title)
        return self._within_a_sentence(title)

    def _within_a_sentence(self, title: str) -> str:
        """Without its capital letter, unless its first word is a name."""
        first = title.split(" ", maxsplit=1)[0]
        plain = self.language == "en" and first[1:].islower() and first not in self.proper
        return title[0].lower() + title[1:] if plain else title

    def quoted(self, text: object) -> str:
        """In quotation marks."""
        return self.say("says.quoted", text=text)

    # -- values

    def value(self, value: object, like: Field | None = None) -> str:
        """A constant: by its label, where it is a category of the field it is compared with."""
        if isinstance(value, bool):
            return self.say("says.yes") if value else self.say("says.no")
        if isinstance(value, (int, float)):
            return str(int(value) if value == int(value) else value)
        if isinstance(value, date):
            return value.isoformat()
        label = next((c.label for c in like.categories if c.value == value), {}) if like else {}
        return self.quoted(self.text(label, str(value)) if label else value)

    def either(self, texts: Sequence[str]) -> str:
        """`a, b or c`"""
        if len(texts) == 1:
            return texts[0]
        return self.say("says.or", first=self.say("says.comma").join(texts[:-1]), last=texts[-1])

    def duration(self, duration: Duration) -> str:
        """`30 days`"""
        years = duration.unit == "months" and duration.count % 12 == 0
        unit, count = ("unit.years", duration.count // 12) if years else (_UNITS[duration.unit], duration.count)
        text = self.say(unit, count=count)
        return text.removesuffix("s") if count == 1 and self.language == "en" else text

    def parameter(self, name: str, like: Field | None = None) -> str:
        """The value in force on the day, with those before and after it."""
        if name not in self.standard.parameters:
            return self.say("says.reading", name=self.quoted(name.replace("_", " ")))
        values = self.standard.parameters[name].values
        now = max((i for i, (day, _) in enumerate(values) if day <= self.day), default=0)
        told = [self._of_parameter(v, like) for _, v in values]
        others = [
            self.say("says.before-that", day=values[i + 1][0], value=told[i])
            if i < now
            else self.say("says.from-then", day=values[i][0], value=told[i])
            for i in range(len(values))
            if i != now
        ]
        separator = self.say("says.semicolon")
        return self.say("says.parameter", value=told[now], others=separator.join(others)) if others else told[now]

    def _of_parameter(self, value: object, like: Field | None) -> str:
        if isinstance(value, tuple):
            return self.either([self._of_parameter(v, like) for v in value])
        duration = parse_duration(value) if isinstance(value, str) else None
        if duration is not None:
            return self.duration(duration)
        is_ratio = isinstance(value, str) and value[:1].isdigit() and ("%" in value or "/" in value)
        return str(value) if is_ratio else self.value(value, like)

    # -- who has what

    def noun(self, text: str, table: str, *, plain: bool = True) -> Noun:
        """A noun with its possessive."""
        own = self.say("says.owns" if text.endswith("s") else "says.own", noun=text)
        return Noun(text, own, table, plain)

    def has(self, noun: Noun, thing: str) -> str:
        """`its meetings`, `the meetings of its groups`"""
        if not noun.plain:
            return self.say("says.things-of", noun=noun.text, things=thing)
        return self.say("says.has", owner=noun.own, thing=thing).strip()
