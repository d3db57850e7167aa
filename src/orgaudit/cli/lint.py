"""`orgaudit lint`: standards in, what is probably not meant and an exit code out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from orgaudit.cli.excerpts import excerpt
from orgaudit.cli.exits import FINDINGS, OK
from orgaudit.cli.options import chosen_format, language_of
from orgaudit.cli.test import standards_meant
from orgaudit.engine import MOST_CHECKS, checks_made
from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.messages import both, render
from orgaudit.proof import LINTS, Lint, Linted, lints_of, load_proof
from orgaudit.records import load_records

MANY_CHECKS = "many-checks"  #: the lint that needs records


def lint(
    names: Sequence[str], select: Sequence[str], ignore: Sequence[str], records: Path | None, kind: str, lang: str
) -> int:
    """Prints every lint, and returns the exit code."""
    language, kind = language_of(lang), chosen_format(kind)
    codes = _codes(select, ignore)
    meant = standards_meant(names)
    found = [lint for name in meant for lint in _lints(name, codes, records)]
    if kind == "json":
        sys.stdout.write(json.dumps([_data(x) for x in found], ensure_ascii=False, indent=2) + "\n")
    else:
        for one in found:
            print(f"{one.where}: {one.code}: {render(one.code, one.values, language)}", *excerpt(one.where), sep="\n")
        code, count = ("lint.summary", len(found)) if found else ("lint.clean", len(meant))
        print(render(code, {"count": count}, language))
    return FINDINGS if found else OK


def _codes(select: Sequence[str], ignore: Sequence[str]) -> list[str]:
    """The lints that the patterns leave; one that matches none is an error."""
    known = [*LINTS, MANY_CHECKS]
    for pattern in [*select, *ignore]:
        if not any(fnmatchcase(code, pattern) for code in known):
            raise OrgauditError("unknown-lint", did_you_mean(pattern, known))
    kept = [c for c in known if not select or any(fnmatchcase(c, p) for p in select)]
    return [c for c in kept if not any(fnmatchcase(c, p) for p in ignore)]


def _lints(name: str, codes: Sequence[str], records: Path | None) -> Iterator[Lint]:
    proof = load_proof(name)
    linted = Linted(proof.draft, proof.standard, {rule for s in proof.scenarios for rule in s.expect})
    yield from lints_of(linted, codes)
    if records is not None and MANY_CHECKS in codes:
        yield from _many_checks(linted, records)


def _many_checks(linted: Linted, folder: Path) -> Iterator[Lint]:
    """Rules that make more checks of these records than anybody can want."""
    loaded = load_records(folder, linted.draft.model, default_as_of=date.today())
    try:
        for rule, place in linted.rules:
            count = checks_made(loaded, linted.standard, rule)
            if count is not None and count > MOST_CHECKS:
                values = {"rule": rule.id, "count": count, "most": MOST_CHECKS}
                yield Lint(MANY_CHECKS, linted.where(*place), values)
    finally:
        loaded.db.close()


def _data(lint: Lint) -> dict[str, object]:
    where = lint.where
    return {
        "code": lint.code,
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "message": both(lint.code, lint.values),
    }
