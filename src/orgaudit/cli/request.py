"""What `orgaudit check` was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """What was asked for on the command line."""

    records: Path
    standards: Sequence[str]
    select: Sequence[str]
    ignore: Sequence[str]
    as_of: str | None
    period: str | None
    fail_on: str
    max_unknown: str | None
    format: str
    outputs: Sequence[str]
    lang: str
    verbosity: int
    color: bool | None
    memory_limit: str | None
    temp_limit: str | None
    redact: bool = False
    waivers: Path | None = None
    no_waivers: bool = False
    baseline: Path | None = None
    timings: bool = False
    no_cache: bool = False
    group_by: str = "organization"
    statistics: bool = False
    careful: bool = False
