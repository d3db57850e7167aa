"""`orgaudit init`: a standard to start from, written from the templates in `orgaudit/scaffold`.

A template is the file itself. A line that begins with `#en` or `#zh`, or ends so, is of that language; DOMAIN stands for
the identifier of the standard, in names of files too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import orgaudit
from orgaudit.cli.exits import OK
from orgaudit.cli.files import write_whole
from orgaudit.cli.options import language_of
from orgaudit.cli.schema import KINDS, text_of
from orgaudit.errors import OrgauditError, OrgauditErrors, Where
from orgaudit.messages import LANGUAGES, render

TEMPLATES = Path(orgaudit.__file__).parent / "scaffold"
_DOMAIN = re.compile(r"\w[\w-]*")
_COMMENT = re.compile(r"(?P<indent> *)#(?P<language>zh|en) (?P<text>.*)")
_LINE = re.compile(r"(?P<text>.*?) #(?P<language>zh|en)")


def init(folder: Path, domain: str | None, lang: str) -> int:
    """Writes the files of a new standard, unless one of them is there already."""
    language = language_of(lang)
    files = {folder / name: text for name, text in scaffold(_named(domain, folder), language)}
    there = [OrgauditError("exists", {}, Where(path.as_posix())) for path in files if path.exists()]
    if there:
        raise OrgauditErrors(there)
    for path, text in files.items():
        _write(path, text)
        print(path.as_posix())
    print(render("init.next", {"folder": folder.as_posix()}, language))
    return OK


def _named(domain: str | None, folder: Path) -> str:
    """The identifier asked for, or the name of the folder."""
    name = folder.resolve().name if domain is None else domain
    if not _DOMAIN.fullmatch(name):
        raise OrgauditError("wrong-option", {"option": "--domain", "value": name, "reason": "reading-club"})
    return name


def scaffold(domain: str, language: str) -> Iterator[tuple[str, str]]:
    """(path below the folder, text) of each file of a new standard."""
    for path in sorted(p for p in TEMPLATES.rglob("*") if p.is_file()):
        name = _in_language_of(path.relative_to(TEMPLATES).as_posix(), language)
        if name is not None:
            yield name.replace("DOMAIN", domain), _told(path.read_text(encoding="utf-8"), language, domain)
    for kind in KINDS:
        yield f"schemas/{kind}.schema.json", text_of(kind)


def _in_language_of(name: str, language: str) -> str | None:
    """The name without its language; None where it is of another."""
    for other in LANGUAGES:
        if f".{other}." in name:
            return name.replace(f".{other}.", ".") if other == language else None
    return name


def _told(text: str, language: str, domain: str) -> str:
    lines = (_line(line, language) for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line is not None).replace("DOMAIN", domain)


def _line(line: str, language: str) -> str | None:
    """A line without the mark of its language; None where it is of another."""
    comment, marked = _COMMENT.fullmatch(line), _LINE.fullmatch(line)
    if comment:
        return f"{comment['indent']}# {comment['text']}" if comment["language"] == language else None
    if marked:
        return marked["text"] if marked["language"] == language else None
    return line


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(path.parent.as_posix())) from e
    write_whole(path, text)
