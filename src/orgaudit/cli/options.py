"""From what people type to what the program takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.messages import Language, both

if TYPE_CHECKING:
    from orgaudit.cachefolder import CacheFolder
    from orgaudit.standards import Standard


def language_of(option: str) -> Language:
    """The language asked for; `auto`: Chinese in a Chinese locale, else English."""
    if option == "zh":
        return "zh"
    if option == "en":
        return "en"
    if option != "auto":
        raise OrgauditError("wrong-option", {"option": "--lang", "value": option, "reason": "zh, en, auto"})
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def chosen_format(option: str) -> str:
    """text or json"""
    if option not in ("text", "json"):
        raise OrgauditError("wrong-option", {"option": "--format", "value": option, "reason": "text, json"})
    return option


def one_of(option: str, value: str, known: Sequence[str]) -> None:
    """Raises OrgauditError where an option has none of the values that it takes."""
    if value not in known:
        raise OrgauditError("wrong-option", {"option": option, "value": value, "reason": ", ".join(known)})


def redact_key() -> bytes:
    """The secret that makes pseudonyms; raises OrgauditError where there is none."""
    secret = os.environ.get("ORGAUDIT_REDACT_KEY", "")
    if not secret:
        raise OrgauditError("no-redact-key")
    return secret.encode()


def cache_of(*, no_cache: bool) -> CacheFolder | None:
    """Where compiled standards are kept: below ORGAUDIT_CACHE, else where the system has such things of a user; None: nowhere."""
    from orgaudit.cachefolder import CacheFolder

    named = os.environ.get("ORGAUDIT_CACHE")
    folder = Path(named) if named else _folder_of_user()
    return None if no_cache or folder is None else CacheFolder(folder / "standards")


def _folder_of_user() -> Path | None:
    """Below XDG_CACHE_HOME, on Windows LOCALAPPDATA, or at home; None for a user who has no home."""
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "orgaudit"
    try:
        return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "orgaudit"
    except RuntimeError:
        return None


def day_of(option: str | None, name: str) -> date | None:
    """2024-12-31"""
    if option is None:
        return None
    try:
        return date.fromisoformat(option)
    except ValueError as e:
        raise OrgauditError("wrong-option", {"option": name, "value": option, "reason": "2024-12-31"}) from e


def period_of(option: str | None) -> tuple[date, date] | None:
    """2024, 2024-Q1, 2024-03 or 2024-01-01..2024-06-30"""
    if option is None:
        return None
    from orgaudit.periods import named_span

    try:
        return named_span(option)
    except ValueError as e:
        reason = "2024, 2024-H1, 2024-Q1, 2024-03, 2024-01-01..2024-06-30"
        raise OrgauditError("wrong-option", {"option": "--period", "value": option, "reason": reason}) from e


def chosen_rules(standards: Sequence[Standard], select: Sequence[str], ignore: Sequence[str]) -> list[str] | None:
    """The rules that stand and that the patterns leave; None for all of them; raises OrgauditError as `matching` does.

    Of a pattern that matches only rules of readings that are not chosen, the error names the reading.
    """
    rules = [r.id for s in standards for r in s.rules]
    for pattern in [*select, *ignore]:
        out = [(r, s) for s in standards for r in s.left_out if fnmatchcase(r, pattern)]
        if out and not any(fnmatchcase(r, pattern) for r in rules):
            raise does_not_stand(*out[0])
    return matching(rules, select, ignore)


def does_not_stand(rule: str, standard: Standard) -> OrgauditError:
    """Why a rule of a standard does not stand, and how it would."""
    is_off = any(c.kind == "rule" and c.name == rule and c.new.get("off") for c in standard.changes)
    readings = ", ".join(f"{n}={use}" for n, use in standard.left_out[rule].items() if standard.readings[n].use != use)
    reason = both("left-out.off", {}) if is_off else both("left-out.reading", {"readings": readings})
    values = {"rule": rule, "standard": standard.id, "reason": reason}
    return OrgauditError("rule-left-out", values, hint=None if is_off else "hint-choose-reading")


def matching(rules: Sequence[str], select: Sequence[str], ignore: Sequence[str]) -> list[str] | None:
    """The rules that the patterns leave (`SPB-3-*`); None for all of them; a pattern that matches nothing is an error."""
    for pattern in [*select, *ignore]:
        if not any(fnmatchcase(r, pattern) for r in rules):
            raise OrgauditError("unknown-select", did_you_mean(pattern, rules))
    if not select and not ignore:
        return None
    kept = [r for r in rules if not select or any(fnmatchcase(r, p) for p in select)]
    return [r for r in kept if not any(fnmatchcase(r, p) for p in ignore)]


def outputs_of(options: Sequence[str], formats: Sequence[str]) -> list[tuple[str, str]]:
    """(format, path) of each FORMAT=PATH."""
    outputs = []
    for option in options:
        kind, equals, path = option.partition("=")
        if not equals or kind not in formats or not path:
            reason = f"FORMAT=PATH, {', '.join(formats)}"
            raise OrgauditError("wrong-option", {"option": "--output", "value": option, "reason": reason})
        outputs.append((kind, path))
    return outputs
