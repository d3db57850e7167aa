"""Standards as they were loaded before: kept with the files that they were made of, made anew when one of them changes."""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, is_dataclass
from datetime import date
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from orgaudit.cachefolder import CacheFolder
from orgaudit.consulted import noted, unchanged
from orgaudit.recordmodel import RecordModel, Strict
from orgaudit.standards.rules import Standard
from orgaudit.standards.whereabouts import shipped_folder

_PACKAGE = Path(__file__).parent.parent
#: whoever reads, checks and holds what a standard is made of: another version may make something else
_LIBRARIES = ("pydantic", "pyyaml", "sqlglot")
#: where the classes are that an entry may name; they hold data, and making one does nothing
_HOMES = (
    "orgaudit.errors",
    "orgaudit.expressions.tree",
    "orgaudit.periods",
    "orgaudit.recordmodel.fields",
    "orgaudit.recordmodel.model",
    "orgaudit.recordmodel.tables",
    "orgaudit.standards.compiled",
    "orgaudit.standards.measures",
    "orgaudit.standards.rules",
)


@dataclass(frozen=True)
class Compiled:
    """Standards, with the one record model that they share."""

    standards: list[Standard]
    model: RecordModel


def load_standards(names: Sequence[str], cache: CacheFolder | None = None) -> Compiled:
    """Checked standards; with a cache those that were loaded before, while nothing that they are made of has changed.

    Raises OrgauditErrors with everything that is wrong in their files.
    """
    if cache is None:
        return _made(names)
    name = _name(names)
    return _kept(cache.read(name)) or _made_and_kept(names, name, cache)


def _made(names: Sequence[str]) -> Compiled:
    from orgaudit.standards.files import record_model_of
    from orgaudit.standards.load import load_standard

    model = record_model_of(names)
    return Compiled([load_standard(n, model) for n in names], model)


def _made_and_kept(names: Sequence[str], name: str, cache: CacheFolder) -> Compiled:
    with noted() as files:
        made = _made(names)
    with suppress(RecursionError):  # a chain of some hundred terms is a tree too deep to be written
        cache.write(name, json.dumps(files).encode() + b"\n" + pickle.dumps(made, protocol=5))
    return made


def _kept(entry: bytes | None) -> Compiled | None:
    """What an entry holds; None where its files are not what they were, or it is none of ours."""
    try:
        files, _, made = (entry or b"{}").partition(b"\n")
        found = _Reader(BytesIO(made)).load() if made and unchanged(json.loads(files)) else None
    except Exception:  # bytes that are no entry may raise anything
        return None
    return found if isinstance(found, Compiled) else None


def _name(names: Sequence[str]) -> str:
    """What an entry is found by: what is asked for and from where, and the program that makes it."""
    asked = [*names, str(Path.cwd()), str(shipped_folder()), sys.version, *map(version, _LIBRARIES)]
    digest = hashlib.sha256(json.dumps(asked).encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Reader(pickle.Unpickler):
    """Reads data, and nothing that could be called to do something."""

    def find_class(self, module: str, name: str) -> Any:
        """`date`, or a class of ours that holds data; raises UnpicklingError for anything else."""
        if (module, name) == ("datetime", "date"):
            return date
        found = getattr(import_module(module), name, None) if module in _HOMES else None
        if (
            isinstance(found, type)
            and found.__module__ == module
            and (is_dataclass(found) or issubclass(found, Strict))
        ):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")
