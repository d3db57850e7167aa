"""Codes and their texts in Chinese and English: every error, problem, finding and label speaks through `render`.

A text is a format string; a value that is a mapping of languages is taken in the reader's. The two catalogues have the
same codes with the same placeholders (a test holds them together).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from orgaudit.errors import OrgauditError, OrgauditErrors
from orgaudit.messages import contrasts, derived, html, lint, papers, proof, schema
from orgaudit.messages.en import EN
from orgaudit.messages.mistakes_en import MISTAKES_EN
from orgaudit.messages.mistakes_zh import MISTAKES_ZH
from orgaudit.messages.pages_en import PAGES_EN
from orgaudit.messages.pages_zh import PAGES_ZH
from orgaudit.messages.sentences_en import SENTENCES_EN
from orgaudit.messages.sentences_zh import SENTENCES_ZH
from orgaudit.messages.zh import ZH

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
CATALOGUES: dict[str, dict[str, str]] = {
    "zh": ZH
    | MISTAKES_ZH
    | SENTENCES_ZH
    | PAGES_ZH
    | proof.ZH
    | lint.ZH
    | derived.ZH
    | schema.ZH
    | html.ZH
    | papers.ZH
    | contrasts.ZH,
    "en": EN
    | MISTAKES_EN
    | SENTENCES_EN
    | PAGES_EN
    | proof.EN
    | lint.EN
    | derived.EN
    | schema.EN
    | html.EN
    | papers.EN
    | contrasts.EN,
}


def render(code: str, values: Mapping[str, Any], language: str) -> str:
    """The text of a code in a language; unknown codes are a fault of the program, never of its user."""
    shown = {k: in_language(v, language) for k, v in values.items()}
    return CATALOGUES[language][code].format_map(shown)


def in_language(value: Any, language: str) -> Any:
    """A text that exists in several languages, in this one (or in the other, where it does not exist in this)."""
    if isinstance(value, Mapping) and (not value or set(value) <= {"zh", "en"}):
        return value.get(language) or next(iter(value.values()), "")
    return value


def both(code: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The text of a code in each language."""
    return {language: render(code, values, language) for language in LANGUAGES}


def render_error(error: OrgauditError, language: str) -> str:
    """`place: what is wrong — what would be right`, one line an error."""
    if isinstance(error, OrgauditErrors):
        return "\n".join(render_error(e, language) for e in error.errors)
    place = f"{error.where}: " if error.where else ""
    text = render(error.code, error.values, language)
    close = error.values.get("close")
    if close:
        text += " " + render("did-you-mean", {"close": close}, language)
    elif error.values.get("known"):
        text += " " + render("known", {"known": error.values["known"]}, language)
    if error.hint:
        text += " " + render(error.hint, error.values, language)
    return place + text
