"""Where standards and their record models lie, by identifier or path."""

from __future__ import annotations

from pathlib import Path

import orgaudit
from orgaudit.consulted import is_there
from orgaudit.errors import OrgauditError, did_you_mean

_PACKAGE = Path(orgaudit.__file__).parent


def shipped_folder() -> Path:
    """Where the shipped standards lie: inside an installed package, or at the top of a checkout."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "standards"


def shipped_standards() -> dict[str, Path]:
    """The identifiers of the shipped standards with their files."""
    return {p.parent.name: p for p in sorted(shipped_folder().glob("*/standard.yaml"))}


def find_standard(name: str) -> Path:
    """The file of a standard, given its identifier, its folder or its file."""
    path = Path(name)
    for candidate in (path, path / "standard.yaml"):
        if is_there(candidate):
            return candidate
    shipped = shipped_standards()
    if name in shipped:
        return shipped[name]
    raise OrgauditError("unknown-standard", did_you_mean(name, shipped))


def record_model_beside(standard: Path) -> Path | None:
    """The record model of a standard: `records.yaml` in its folder or a folder above; None where there is none."""
    for folder in list(standard.resolve().parents)[:2]:
        if is_there(folder / "records.yaml"):
            return folder / "records.yaml"
    return None


def shipped_record_model() -> Path:
    """The record model of the shipped standards, which holds where there is no other."""
    return shipped_folder() / "records.yaml"


def beside(path: Path, name: str) -> Path:
    """Another standard: beside the one that names it, else by its identifier."""
    for candidate in (path.parent / name, path.parent / name / "standard.yaml"):
        if is_there(candidate):
            return candidate
    return find_standard(name)
