"""What it costs to take in one large CSV file: typed, cleaned, with its references and where every row stands.

    python benchmarks/intake.py [--branches 14700] [--repeat 5]

By turns in one process: DuckDB loads the attendance as text; orgaudit reads the same file, its hash included, into the typed
table and asks whether every reference leads somewhere. 14,700 branches are some 5 million rows. Keys that occur twice, what
is derived and which organization has reported are asked of all files together, and not part of it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
from generate import generate

from orgaudit import load_record_model
from orgaudit.records.manifest import Manifest
from orgaudit.records.readers import READERS
from orgaudit.records.references import References
from orgaudit.records.sources import Source, find_sources
from orgaudit.records.tables import Loader
from orgaudit.workdb import WorkDb

_LARGE = "attendance"
_MODEL = Path(__file__).parent.parent / "standards" / "records.yaml"
Turn = tuple[float, float]  #: seconds by the clock, seconds of the processors


def measured(work: Callable[[], object]) -> Turn:
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processors


def as_text(folder: Path) -> Turn:
    with duckdb.connect() as con:
        file = folder / f"{_LARGE}.csv"
        return measured(lambda: con.execute(f"create table t as select * from read_csv('{file}', all_varchar = true)"))


def taken_in(folder: Path) -> Turn:
    """The other files are read first: references lead to them."""
    with WorkDb() as db:
        loader = Loader(db, load_record_model(_MODEL))
        loader.create_tables()
        sources, _ = find_sources(folder, loader.model, Manifest(), db.folder)
        for source in sources:
            if source.table != _LARGE:
                _read(loader, source)
        large = next(source for source in sources if source.table == _LARGE)
        return measured(lambda: _settled(loader, large))


def _read(loader: Loader, source: Source) -> None:
    with loader.wholly(source) as found:
        reading = READERS[source.format](source, loader.model, loader.db.folder)
        found += [f for part in reading.parts if (f := loader.add(part, reading.sha256, reading.encoding))]


def _settled(loader: Loader, source: Source) -> None:
    _read(loader, source)
    References(loader.db, loader.model, set(loader.rows), loader.files, loader.headings).look_at([_LARGE])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--branches", type=int, default=14_700)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "records"
        rows = generate(folder, asked.branches, "csv", 0.0, 0.0, 1)
        turns = [(as_text(folder), taken_in(folder)) for _ in range(asked.repeat)]
    print(f"{rows:,} rows of attendance")
    for i, name in enumerate(("by the clock", "processor time")):
        text, ours = (statistics.median(turn[side][i] for turn in turns) for side in (0, 1))
        print(f"{name}: {ours:.2f} s against {text:.2f} s: {ours / text:.2f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
