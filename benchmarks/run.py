"""Runs the audit beside programs written by hand for the same four rules, and beside other tools for the same row checks.

    python benchmarks/run.py [--branches 2000] [--repeat 5] [--only duckdb,polars] [--work DIR] [--write docs/benchmarks.md]

Each program runs as a process of its own, in an environment of its own below the work folder; the sides take turns. The
findings are compared before anything is timed. Told are medians, ratios of medians to the first of a table, and the most
memory that a process held.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from generate import generate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOUR_RULES = HERE / "four-rules"
_HERE = "ORGAUDIT_BENCHMARK_HERE"  #: where set, every program runs with this interpreter


@dataclass
class Program:
    """One side: its command (`{records}`, `{out}`), and what its environment needs."""

    name: str
    command: Sequence[str]
    needs: Sequence[str] = ()
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def by_hand(name: str, *needs: str) -> Program:
    """A program of this folder that writes findings."""
    return Program(f"{name}, by hand", [str(HERE / f"by_hand_{name}.py"), "{records}", "{out}"], needs)


def row_checks(name: str, *needs: str) -> Program:
    """A program of this folder that checks rows."""
    return Program(name, [str(HERE / f"row_checks_{name}.py"), "{records}"], needs)


def orgaudit(name: str, *options: str) -> Program:
    """The audit itself, from this checkout."""
    return Program(name, ["-m", "orgaudit", *options], [str(ROOT)])


AUDITS = {
    "duckdb": by_hand("duckdb", "duckdb>=2,<3"),
    "orgaudit": orgaudit("orgaudit", "check", "{records}", "-s", str(FOUR_RULES), "-q", "-o", "json={out}"),
    "street": orgaudit(
        "orgaudit, the street's whole standard",
        "check",
        "{records}",
        "-s",
        "street-party-building",
        "-q",
        "-o",
        "json={out}",
    ),
    "polars": by_hand("polars", "polars"),
    "pandas": by_hand("pandas", "pandas"),
    "python": by_hand("python"),
}
ROW_CHECKS = {
    "receipt": orgaudit("orgaudit records", "records", "{records}", "-s", str(FOUR_RULES)),
    "pandera": row_checks("pandera", "pandera[pandas]"),
    "frictionless": row_checks("frictionless", "frictionless"),
    "great_expectations": row_checks("great_expectations", "great_expectations"),
    "pointblank": row_checks("pointblank", "pointblank[pl]"),
    "soda": row_checks("soda", "soda-core-duckdb"),
}


def python_of(program: Program, work: Path) -> Path:
    """The interpreter of a program's environment, which is made where it is missing."""
    if os.environ.get(_HERE):
        return Path(sys.executable)
    folder = work / "environments" / ("orgaudit" if str(ROOT) in program.needs else program.name.split(",")[0])
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        if program.needs:
            subprocess.run([python, "-m", "pip", "install", "--quiet", *program.needs], check=True)
    return python


def run(program: Program, work: Path, records: Path) -> Path:
    """Runs a program once, and notes its time and memory; where its findings are."""
    out = work / f"{abs(hash(program.name))}.json"
    command = [str(python_of(program, work)), *(c.format(records=records, out=out) for c in program.command)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=work)
    _, status, usage = os.wait4(process.pid, 0)
    program.seconds.append(time.perf_counter() - begun)
    program.megabytes.append(usage.ru_maxrss / 1024)
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in (0, 1, 3):
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return out


def findings(path: Path) -> list[tuple[object, ...]]:
    """What a program found, in the same words: rule, subject, first month or quarter, level."""
    told = json.loads(path.read_text("utf-8"))
    if isinstance(told, list):
        return sorted((f["rule"], f["subject"], int(f["period"]), f["level"] or "") for f in told)
    failed = [f for f in told["findings"] if f["verdict"] == "fail"]
    return sorted((f["rule"], f["subject"]["key"], _first(f), f["level"] or "") for f in failed)


def _first(finding: dict) -> int:
    month = date.fromisoformat(finding["period"]["start"]).month
    return (month - 1) // 3 + 1 if finding["rule"] == "GENERAL" else month


def agree(programs: Sequence[Program], work: Path, records: Path) -> int:
    """Every program once, and whether all found the same; how many findings there are."""
    found = {p.name: findings(run(p, work, records)) for p in programs if "street" not in p.name}
    first, *others = found.items()
    for name, theirs in others:
        if theirs != first[1]:
            raise SystemExit(f"{name} and {first[0]} differ: {sorted(set(theirs) ^ set(first[1]))[:5]}")
    return len(first[1])


def measured(programs: Sequence[Program], work: Path, records: Path, repeat: int) -> list[str]:
    """The lines of a table: the sides take turns, the first of them is what the others are held against."""
    for program in programs:
        program.seconds.clear()
        program.megabytes.clear()
    for _ in range(repeat):
        for program in programs:
            run(program, work, records)
    base = statistics.median(programs[0].seconds)
    return [
        f"| {p.name} | {statistics.median(p.seconds):.2f} | {min(p.seconds):.2f} – {max(p.seconds):.2f} "
        f"| {statistics.median(p.seconds) / base:.2f} | {max(p.megabytes):.0f} |"
        for p in programs
    ]


HEAD = ["| program | seconds | from – to | ratio | MB |", "| --- | ---: | ---: | ---: | ---: |"]


def main() -> None:
    """Generates, compares, measures, and writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--branches", type=int, default=2000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", default=",".join([*AUDITS, *ROW_CHECKS]))
    parser.add_argument("--work", type=Path, default=Path("/tmp/orgaudit-benchmarks"))
    parser.add_argument("--write", type=Path)
    parser.add_argument("--here", action="store_true", help="every program with this interpreter")
    parser.add_argument(
        "--most", type=float, help="end with 1 if the audit takes more than this many times the first program"
    )
    asked = parser.parse_args()
    if asked.here:
        os.environ[_HERE] = "1"
    asked.work.mkdir(parents=True, exist_ok=True)
    os.environ["ORGAUDIT_CACHE"] = str(asked.work / "cache")
    records = asked.work / f"records-{asked.branches}"
    rows = generate(records, asked.branches, "csv", 0.0, 0.0, 1)
    wanted = asked.only.split(",")
    audits, checks = ([p for n, p in all_.items() if n in wanted] for all_ in (AUDITS, ROW_CHECKS))
    machine = f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [f"{rows:,} rows of attendance of {asked.branches:,} branches; medians of {asked.repeat}; {machine}.", ""]
    if audits:
        count = agree(audits, asked.work, records)
        lines += [f"Four rules, {count:,} findings, the same in every program:", "", *HEAD]
        lines += [*measured(audits, asked.work, records, asked.repeat), ""]
    if checks:
        lines += ["Row checks of the attendance (required, in set, unique, foreign keys):", "", *HEAD]
        lines += [*measured(checks, asked.work, records, asked.repeat), ""]
    print("\n".join(lines))
    if asked.write:
        put(asked.write, lines)
    if asked.most is not None:
        ratio = statistics.median(audits[1].seconds) / statistics.median(audits[0].seconds)
        sys.exit(ratio > asked.most)


def put(page: Path, lines: Sequence[str]) -> None:
    """The tables between the marks of a page."""
    before, mark, rest = page.read_text("utf-8").partition("<!-- measured -->\n")
    _, end, after = rest.partition("<!-- end -->")
    page.write_text(before + mark + "\n".join(["", *lines]) + end + after, "utf-8")


if __name__ == "__main__":
    main()
