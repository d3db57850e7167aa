"""Records: what people hand in, read into typed tables, with everything that is wrong with it."""

from orgaudit.records.facts import Coverage, Facts
from orgaudit.records.load import FileRead, Records, load_records
from orgaudit.records.manifest import Manifest, read_manifest
from orgaudit.records.problems import Problem

__all__ = ["Coverage", "Facts", "FileRead", "Manifest", "Problem", "Records", "load_records", "read_manifest"]
