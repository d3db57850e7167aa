"""What a rule costs where there is next to nothing to compare: records of three clubs and fifteen meetings.

    python benchmarks/a_rule.py [--rules 100] [--repeat 5]

The same check with one rule and with so many more of its kind, turn by turn, whole processes; the difference of the medians,
divided by the rules between them; reading the rule is part of it. A rule of the kind `fails` has fourteen findings, each with its evidence.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODEL = """\
records: clubs
title: {zh: 会, en: Clubs}
tables:
  clubs:
    singular: club
    title: {zh: 会, en: Clubs}
    primaryKey: [id]
    owner: self
    fields:
      - {name: id, type: string, constraints: {required: true}}
      - {name: name, type: string, role: name}
      - {name: kind, type: string}
      - {name: seats, type: integer}
  meetings:
    singular: meeting
    title: {zh: 会议, en: Meetings}
    primaryKey: [id]
    owner: club
    fields:
      - {name: id, type: string, constraints: {required: true}}
      - {name: club_id, type: string}
      - {name: kind, type: string}
      - {name: held_on, type: date, role: when}
    foreignKeys: [{fields: [club_id], reference: {resource: clubs}}]
"""
CLUBS = "id,name,kind,seats\na,A,x,3\nb,B,y,5\nc,C,x,7\n"
MANIFEST = "as_of: 2024-12-31\nperiod: {from: 2024-01-01, to: 2024-12-31}\n"
COUNT = "count: meetings where kind = 'general' or kind = 'k%d'"
KINDS = {
    "condition": "require: seats > 1 or kind = 'k%d'",
    "count": f"every: quarter\n    {COUNT}\n    at_least: 0",
    "fails": f"every: month\n    {COUNT}\n    at_least: 1",
}


def standard(folder: Path, kind: str, rules: int) -> Path:
    """A standard of so many rules of a kind, no two of them alike."""
    folder.mkdir()
    rule = "  - id: R-{0}\n    modality: must\n    for: clubs where kind = 'x'\n    {1}\n"
    text = "standard: toy\ntitle: {zh: 玩, en: Toy}\nrules:\n"
    text += "".join(rule.format(i, KINDS[kind] % i) for i in range(rules))
    (folder / "standard.yaml").write_text(text, "utf-8")
    (folder / "records.yaml").write_text(MODEL, "utf-8")
    return folder


def records(folder: Path) -> Path:
    """Three clubs, five meetings of each."""
    folder.mkdir()
    held = [f"{c}{m},{c},general,2024-{m}-10" for m in ("01", "02", "03", "05", "08") for c in "abc"]
    (folder / "clubs.csv").write_text(CLUBS, "utf-8")
    (folder / "meetings.csv").write_text("\n".join(["id,club_id,kind,held_on", *held, ""]), "utf-8")
    (folder / "orgaudit.yaml").write_text(MANIFEST, "utf-8")
    return folder


def seconds(*words: str | Path) -> float:
    """A whole process."""
    begun = time.perf_counter()
    ended = subprocess.run([sys.executable, "-m", "orgaudit", *map(str, words)], stdout=subprocess.DEVNULL, check=False)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"ended with {ended.returncode}")
    return time.perf_counter() - begun


def main() -> None:
    """Prints milliseconds a rule."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        of = records(work / "records")
        sides = {(k, n): standard(work / f"{k}-{n}", k, n) for k in KINDS for n in (1, 1 + asked.rules)}
        taken: dict[tuple[str, int], list[float]] = {side: [] for side in sides}
        for _ in range(asked.repeat):
            for side, path in sides.items():
                taken[side].append(
                    seconds("check", of, "-s", path, "-q", "--no-cache", "-o", f"json={work / 'out.json'}")
                )
        for kind in KINDS:
            few, many = (statistics.median(taken[kind, n]) for n in (1, 1 + asked.rules))
            print(f"{kind}: {(many - few) / asked.rules * 1000:.1f} ms a rule ({few:.2f} s with one)")


if __name__ == "__main__":
    main()
