"""Archives: a zip of a folder, taken apart within limits; a name that leads elsewhere, a bomb or a broken one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from orgaudit.records.problems import Problem
from orgaudit.records.scratch import scratch

MOST_FILES = 10_000
MOST_BYTES = 4 << 30  #: of all files of an archive together, unpacked
_UTF8_NAME = 0x800
_CHUNK = 1 << 20


def unpacked(path: Path, name: str, folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, str]]:
    """The files of an archive, each with its name behind the archive's."""
    try:
        with ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.filename.endswith("/")]
            if not members:
                problems.append(Problem("empty-file", name))
            if refused := too_large(members, name):
                problems.append(refused)
                return
            for member in sorted(members, key=_name):
                yield from _member(archive, member, name, folder, problems)
    except (BadZipFile, LargeZipFile, OSError, ValueError, NotImplementedError) as e:
        problems.append(Problem("broken-file", name, value=str(e)))


def too_large(members: list[ZipInfo], name: str) -> Problem | None:
    """Why an archive is not unpacked: what it declares to hold is beyond the limits."""
    size = sum(m.file_size for m in members)
    if len(members) > MOST_FILES:
        return Problem("too-many-files", name, value=f"{len(members):,}", values={"limit": f"{MOST_FILES:,}"})
    if size > MOST_BYTES:
        return Problem("too-large", name, value=f"{size:,}", values={"limit": f"{MOST_BYTES:,}"})
    return None


def _member(
    archive: ZipFile, member: ZipInfo, name: str, folder: Path, problems: list[Problem]
) -> Iterator[tuple[Path, str]]:
    inside = _name(member)
    parts = PurePosixPath(inside).parts
    if any((p.startswith(".") and p != "..") or p.startswith("~$") or p == "__MACOSX" for p in parts):
        return
    if not inside:
        problems.append(Problem("broken-file", name, value="a file without a name"))
        return
    shown = f"{name}/{inside}"
    if ".." in parts or inside.startswith("/") or "\\" in inside or ":" in inside:
        problems.append(Problem("outside-folder", shown, value=inside))
        return
    copy = scratch(folder, shown, Path(inside).suffix.lower())
    try:
        with archive.open(member) as stream, copy.open("wb") as out:
            left = member.file_size
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:  # it lied about its size
                    raise BadZipFile(f"{inside}: more than {member.file_size:,} bytes")
                out.write(chunk)
    except (BadZipFile, RuntimeError, ZlibError, EOFError, OSError, NotImplementedError) as e:
        problems.append(Problem("broken-file", shown, value=str(e)))
        return
    yield copy, shown


def _name(member: ZipInfo) -> str:
    """The name of a file inside; Chinese Windows writes GBK where nothing is declared."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
