"""A slow, plain reading of docs/reference/language.md and docs/reference/record-model.md.

It shares no code with the engine. Where the two pages leave something open it decides, at the place, for the person
who is judged.

values.py: truth, comparisons, dates. expressions.py: conditions. model.py, cells.py, rows.py, derive.py, records.py:
the record model. ways.py: paths, neighbours, trees. asked.py: what names mean. groups.py: who is counted. measures.py:
what is found. bounds.py: what is lawful. verdicts.py, gaps.py, runs.py: verdicts and exemptions. windows.py, each.py,
rules.py: the checks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .records import Raw, RawRow, World
from .rules import Check, Figure, audit, figures


def load_yaml(path: str | Path) -> Any:
    """YAML with every scalar kept as text."""
    return yaml.load(Path(path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def parse_yaml(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


__all__ = ["Check", "Figure", "Raw", "RawRow", "World", "audit", "figures", "load_yaml", "parse_yaml"]
