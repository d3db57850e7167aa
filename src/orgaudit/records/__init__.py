"""Records: what people hand in, read into typed tables, with everything that is wrong with it."""

from orgaudit.records.cells import TYPES as SQL_TYPES
from orgaudit.records.facts import Coverage, Facts
from orgaudit.records.load import Records, load_records, load_rows
from orgaudit.records.manifest import Manifest, read_manifest
from orgaudit.records.named import named_in_paths
from orgaudit.records.parts import FileRead
from orgaudit.records.problems import Problem
from orgaudit.records.receipt import Receipt, receipt_of
from orgaudit.records.written import WrittenRow

__all__ = [
    "SQL_TYPES",
    "Coverage",
    "Facts",
    "FileRead",
    "Manifest",
    "Problem",
    "Receipt",
    "Records",
    "WrittenRow",
    "load_records",
    "load_rows",
    "named_in_paths",
    "read_manifest",
    "receipt_of",
]
