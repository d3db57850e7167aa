"""`orgaudit schema`: the JSON Schema of each kind of file that people write, and of what is printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orgaudit.cli.exits import OK
from orgaudit.cli.files import write_whole
from orgaudit.cli.options import language_of
from orgaudit.errors import OrgauditError, Where, did_you_mean
from orgaudit.ledger import WaiversKeys
from orgaudit.messages import render
from orgaudit.proof import ScenarioFileKeys
from orgaudit.recordmodel import RecordModel
from orgaudit.records import Manifest
from orgaudit.schemas import published
from orgaudit.standards import CalendarKeys, ClausesKeys, StandardKeys, shipped_folder

if TYPE_CHECKING:
    from pydantic import BaseModel

FINDINGS = "findings"  #: what is printed; the other kinds are what people write
MODELS: dict[str, type[BaseModel]] = {
    "standard": StandardKeys,
    "records": RecordModel,
    "scenarios": ScenarioFileKeys,
    "manifest": Manifest,
    "clauses": ClausesKeys,
    "calendar": CalendarKeys,
    "waivers": WaiversKeys,
}
KINDS = (*MODELS, FINDINGS)


def schema(kind: str | None, folder: Path | None, lang: str) -> int:
    """Prints a schema, or the list of them; with a folder writes it, or all of them, there."""
    language = language_of(lang)
    if kind is not None and kind not in KINDS:
        raise OrgauditError("unknown-schema", did_you_mean(kind, KINDS))
    if folder is not None:
        for path in write_schemas(folder, KINDS if kind is None else (kind,)):
            print(path.as_posix())
    elif kind is not None:
        sys.stdout.write(text_of(kind))
    else:
        width = max(map(len, KINDS))
        print(*(f"{k:{width}}  {render(f'schema.{k}', {}, language)}" for k in KINDS), sep="\n")
    return OK


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file."""
    if kind == FINDINGS:
        found: dict[str, Any] = json.loads(_findings().read_text(encoding="utf-8"))
        return found
    return published(kind, render(f"schema.{kind}", {}, "en"), MODELS[kind].model_json_schema())


def text_of(kind: str) -> str:
    """The schema as it is printed."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"


def write_schemas(folder: Path, kinds: tuple[str, ...] = KINDS) -> list[Path]:
    """Writes `KIND.schema.json` of each kind, and returns the paths; raises OrgauditError where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise OrgauditError("unwritable", {"reason": e.strerror or str(e)}, Where(folder.as_posix())) from e
    paths = [folder / f"{kind}.schema.json" for kind in kinds]
    for kind, path in zip(kinds, paths, strict=True):
        write_whole(path, text_of(kind))
    return paths


def _findings() -> Path:
    """The published schema: with the shipped standards in an installed package, among the docs of a checkout."""
    installed = shipped_folder() / "findings.schema.json"
    return installed if installed.is_file() else shipped_folder().parent / "docs" / "findings.schema.json"
