"""The records of the Quarry Lane Housing Co-operative for 2024, an invented body, with stories planted in them.

    python examples/housing-cooperative/generate.py [FOLDER]

rewrites `records/` beside this file (or below the folder), always to the same bytes. Ordinary life keeps every by-law;
whatever an audit finds was planted, and is told in `stories.yaml`, under the words that stand as comments here.
"""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
Row = dict[str, Any]
CHANCE = random.Random(20241231)

BLOCKS = {
    "A": "Alder House",
    "B": "Birch House",
    "C": "Cedar House",
    "D": "Damson House",
    "E": "Elder House",
    "F": "Fir House",
}
STAIRCASES = ["A1", "A2", "B1", "B2", "C1", "C2", "D1", "D2", "E1", "F1"]
LIFTS = {"A1", "A2", "C1", "C2", "F1"}
OUTSIDE = {
    "A26": "Olga Brand",
    "B26": "Piet Quay",
    "C26": "Rhea Stone",
    "D26": "Silas Ford",
    "E16": "Tess Ivory",
    "F16": "Udo Marsh",
}
GIVEN = (
    "Ada Ben Cleo Dan Edda Finn Gwen Hal Ines Jory Kit Lena Milo Nell Otis Pia Quin Rosa Sten Tilda Uma Vic Wren Yara Zeno"
).split()
FAMILY = "Ashby Barlow Copse Dray Elmore Fenwick Garth Heath Ivers Jessop Kell Larch Moss Nettle Orchard Pike Quill Rowan".split()


def d(text: str) -> date:
    """A date, of 2024 unless it says its year."""
    return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text)


# ------------------------------------------------------------------------------------------------ houses and people


def houses() -> Iterator[Row]:
    yield {"id": "Q", "name": "Quarry Lane", "kind": "estate"}
    for block, name in BLOCKS.items():
        yield {"id": block, "name": name, "kind": "block", "part_of": "Q"}
    for stairs in STAIRCASES:
        name = f"{BLOCKS[stairs[0]]}, staircase {stairs[1]}"
        yield {"id": stairs, "name": name, "kind": "staircase", "part_of": stairs[0], "lift": stairs in LIFTS}


def flats() -> Iterator[Row]:
    for stairs in STAIRCASES:
        for n in range(1, 7):
            area = CHANCE.choice([48, 54, 60, 72, 84])
            yield {"id": f"{stairs}{n}", "staircase_id": stairs, "area": area, "shares": area // 6}


FLATS = list(flats())


def members() -> Iterator[Row]:
    names = [f"{g} {f}" for g in GIVEN for f in FAMILY]
    CHANCE.shuffle(names)
    homes = [f["id"] for f in FLATS if f["id"] not in OUTSIDE]
    seconds = homes[3::4] + homes[1:8:2]
    for number, home in enumerate([*homes, *seconds[:16]], 1):
        joined = date(CHANCE.randint(1998, 2022), CHANCE.randint(1, 12), 1)
        yield {"id": f"M{number:02}", "name": names[number], "flat_id": home, "joined_on": joined}


MEMBERS = list(members())
NAME_OF = {m["flat_id"]: m["name"] for m in reversed(MEMBERS)}


# ------------------------------------------------------------------------------------------------ bodies and meetings

BOARD = [  # member, post, elected on, from, until
    ("M01", "chair", "2022-05-21", "2022-05-21", None),
    ("M02", "treasurer", "2023-05-13", "2023-05-13", None),
    ("M03", "secretary", "2023-05-13", "2023-05-13", "2024-09-16"),
    ("M04", "secretary", None, "2024-10-08", None),  # nobody was secretary at the end of September
    ("M05", "ordinary", "2022-05-21", "2022-05-21", "2024-06-20"),  # lost the seat in time
    ("M06", "ordinary", "2023-05-13", "2023-05-13", None),
    ("M07", "ordinary", "2021-05-22", "2021-05-22", "2024-05-25"),
    ("M08", "ordinary", "2021-05-22", "2021-05-22", "2024-05-25"),
    ("M08", "ordinary", "2024-05-25", "2024-05-25", None),
    ("M09", "ordinary", "2024-05-25", "2024-05-25", None),
    ("M10", "ordinary", "2020-06-20", "2020-06-20", None),  # a term that nobody ended
    ("M11", "ordinary", "2022-05-21", "2022-05-21", None),
]
COMMITTEES = {  # kind, name, members (the first convenes), set up, dissolved
    "AUDIT": ("audit_committee", "Auditors", ["M20", "M21", "M09"], "2023-05-13", None),  # M09 sits on the board too
    "GARDEN": ("committee", "Garden committee", ["M30", "M31", "M32", "M33"], "2019-04-01", None),
    "WORKS": ("committee", "Works committee", ["M34", "M35"], "2020-04-01", None),  # only two
    "HOMES": ("committee", "Allocations committee", ["M36", "M37", "M38"], "2018-04-01", "2024-10-31"),
    "COURT": ("committee", "Courtyard committee", ["M39", "M40", "M41"], "2021-04-01", None),
}
BOARD_DAYS = (
    "2023-07-11 2023-09-12 2023-10-10 2023-11-14 2023-12-12 01-09 02-13 04-16 05-14 06-11 07-09 09-10 10-15 11-12 12-10"
).split()  # nothing in March: 63 days without a meeting; in summer that would be allowed
COMMITTEE_DAYS = {
    "AUDIT": ["03-05", "11-19"],
    "GARDEN": ["05-07"],  # once only
    "WORKS": ["04-09", "10-08"],
    "HOMES": ["06-04"],  # no longer there at the end of the year
    "COURT": ["02-20", "06-18", "12-19"],
}
AWAY = {  # who did not come to which meeting of the board
    "2024-02-13": {"M05": "absent"},
    "2024-04-16": {"M05": "absent", "M06": "excused"},  # M06 stands aside: a contract with the brother's firm
    "2024-05-14": {"M05": "absent", "M06": "absent"},
    "2024-07-09": {"M06": "absent", "M10": "excused"},
    "2024-09-10": {"M08": "absent"},
    "2024-10-15": {"M08": "absent", "M11": "absent", "M02": "excused", "M09": "excused", "M10": "excused"},  # 3 of 8
    "2024-11-12": {"M08": "excused", "M11": "absent"},
    "2024-12-10": {"M08": "absent", "M11": "absent", "M09": "excused", "M10": "excused"},  # 4 of 8
}
LISTS_LOST = {"BOARD-2024-06-11"}
MINUTES = {  # otherwise a week after the meeting
    "BOARD-2024-02-13": "2024-03-04",
    "GARDEN-2024-05-07": "2024-05-32",
    "COURT-2024-12-19": None,
}


def bodies() -> list[Row]:
    """Bodies with their seats, one below the other."""
    seats = [dict(zip(("member_id", "post", "elected_on", "from_on", "to_on"), s, strict=True)) for s in BOARD]
    found = [{"id": "BOARD", "name": "Board", "kind": "board", "set_up_on": "2018-01-01", "seats": seats}]
    for id, (kind, name, people, first, last) in COMMITTEES.items():
        held = [
            {"member_id": m, "post": "ordinary" if i else "convenor", "from_on": first, "to_on": last}
            for i, m in enumerate(people)
        ]
        found.append({"id": id, "name": name, "kind": kind, "set_up_on": first, "dissolved_on": last, "seats": held})
    return found


def meetings() -> Iterator[Row]:
    days = {"BOARD": BOARD_DAYS, **COMMITTEE_DAYS}
    for body, held in days.items():
        for day in map(d, held):
            id = f"{body}-{day}"
            minutes = MINUTES.get(id, day + timedelta(days=CHANCE.randint(4, 12)))
            yield {
                "id": id,
                "body_id": body,
                "kind": "body",
                "held_on": day,
                "called_on": day - timedelta(days=14),
                "minutes_on": minutes,
            }
    yield {
        "id": "AGM-2024",
        "kind": "annual",
        "held_on": d("05-25"),
        "called_on": d("05-10"),
        "minutes_on": d("06-05"),
    }  # a holiday too few
    yield {
        "id": "EGM-2024",
        "kind": "extraordinary",
        "held_on": d("11-16"),
        "called_on": d("10-31"),
        "minutes_on": d("11-25"),
    }


def attendance() -> Iterator[Row]:
    for meeting in MEETINGS:
        body, day = meeting.get("body_id"), str(meeting["held_on"])
        for who in dict.fromkeys(in_office(body, day)) if meeting["id"] not in LISTS_LOST else ():
            away = AWAY.get(day, {}) if body == "BOARD" else {}
            yield {"meeting_id": meeting["id"], "member_id": who, "status": away.get(who, "present")}


def in_office(body: str | None, day: str) -> list[str]:
    if body == "BOARD":
        return [m for m, _, _, first, last in BOARD if first <= day and (last is None or day < last)]
    return COMMITTEES[body][2] if body else []


MEETINGS = list(meetings())


def door_list() -> Iterator[Row]:
    """Who signed at the two general meetings: the annual one is well attended, the other is not."""
    number = iter(range(1, 999))
    for meeting, every in (("AGM-2024", 2), ("EGM-2024", 6)):
        proxies = {"AGM-2024": {"B13": "Hal Dray", "D15": "Hal Dray", "F12": "Hal Dray", "A15": "Nell Kell", "C13": "Nell Kell"},
                   "EGM-2024": {"E13": None}}[meeting]  # fmt: skip
        outside = {"AGM-2024": ["A26", "B26", "C26"], "EGM-2024": ["A26", "D26"]}[meeting]
        for i, flat in enumerate(f["id"] for f in FLATS):
            if flat in proxies:
                signed, capacity = proxies[flat], "proxy"
            elif flat in outside:
                signed, capacity = OUTSIDE[flat], "outside_owner"
            elif i % every == 0 and flat in NAME_OF:
                signed, capacity = NAME_OF[flat], "holder"
            else:
                continue
            yield {"id": next(number), "meeting_id": meeting, "flat_id": flat, "name": signed, "capacity": capacity}


# ------------------------------------------------------------------------------------------------ charges and arrears

UNPAID = {  # flat: months without a payment
    "A12": ["2024-03", "2024-04"],
    "B13": ["2024-05", "2024-06", "2024-07"],
    "C14": ["2024-08", "2024-09", "2024-10", "2024-11", "2024-12"],
    "D11": ["2024-02", "2024-03", "2024-04", "2024-05", "2024-06"],  # April and May deferred: three that count
    "E13": ["2024-04", "2024-05", "2024-06", "2024-07"],  # June in dispute: two, and one
    "A15": ["2023-11", "2023-12", "2024-01"],
    "D23": ["2024-01", "2024-02", "2024-03"],  # all deferred
}
NEVER_CHARGED = {("E15", "2024-05")}
BLANK_PAID = {("F12", "2024-09")}
TWICE = {("B22", "2024-10")}  # once as paid, once as not


def charges(year: int) -> Iterator[Row]:
    months = range(7, 13) if year == 2023 else range(1, 13)
    for flat in FLATS:
        due = flat["area"] * 6
        for month in (f"{year}-{m:02}" for m in months):
            key = (flat["id"], month)
            if key in NEVER_CHARGED:
                continue
            paid = None if key in BLANK_PAID else 0 if month in UNPAID.get(flat["id"], ()) else due
            yield {"flat_id": flat["id"], "month": month, "due": due, "paid": paid}
            if key in TWICE:
                yield {"flat_id": flat["id"], "month": month, "due": due, "paid": 0}


DEFERRALS = [
    ("V1", "D11", "hardship", "2024-04-01", "2024-05-31", "BOARD-2024-02-13"),
    ("V2", "E13", "dispute", "2024-06-01", "2024-06-30", "GARDEN-2024-05-07"),  # not by the board
    ("V3", "D23", "hardship", "2024-01-01", "2024-08-31", "BOARD-2023-12-12"),  # eight months
]
LETTERS = [
    ("L01", "notice", "02-15", "A15", None),
    ("L02", "plan", "02-20", "A15", None),
    ("L03", "reminder", "04-20", "A12", None),
    ("L04", "reminder", "03-15", "D11", None),
    ("L05", "notice", "07-10", "D11", None),
    ("L06", "plan", "07-22", "D11", None),
    ("L07", "reminder", "05-10", "E13", None),
    ("L08", "reminder", "08-12", "E13", None),
    ("L09", "reminder", "06-10", "B13", None),
    ("L10", "plan", "08-20", "B13", None),  # a plan, and no notice
    ("L11", "house_rules", "06-10", None, "Olga Brand"),
    ("L12", "house_rules", "07-15", None, "Piet Quay"),  # too late
    ("L13", "house_rules", "12-05", None, "Silas Ford"),
]
CEDAR_LETTERS = [
    ("L21", "reminder", "09-05", "C14", None),
    ("L22", "notice", "11-08", "C14", None),
    ("L23", "house_rules", "06-12", None, "Rhea Stoan"),  # nobody of that name
]

# ------------------------------------------------------------------------------------------------ suppliers and money

SUPPLIERS = [
    ("S1", "Brisk Cleaning", "cleaning", None),
    ("S2", "Slate & Sons", "roofs", None),
    ("S3", "Hoist Works", "lifts", ("M06", "brother's firm", "2020-01-01")),
    ("S4", "Warm Pipe", "heating", ("M70", "shareholder", "2019-01-01")),
    ("S5", "Fresh Coat", "painting", ("M02", "employed", "2021-06-01")),
    ("S6", "Gutter & Drain", "plumbing", ("M12", "niece", "2022-03-01")),
    ("S7", "Pane & Frame", "windows", None),
    ("S8", "Green Hand", "gardens", None),
]
CONTRACTS = [
    ("K01", "S1", "cleaning of the stairs", "01-22", 8000, "BOARD-2024-01-09"),
    ("K02", "S2", "roof of Alder House", "02-20", 24000, "BOARD-2024-02-13"),
    ("K03", "S3", "lift parts", "04-22", 9000, "BOARD-2024-04-16"),
    ("K04", "S4", "new boilers", "05-06", 68000, "BOARD-2024-04-16"),
    ("K05", "S8", "trees", "06-03", 6200, None),  # nobody decided
    ("K06", "S5", "painting of Fir House", "07-15", 13000, "BOARD-2024-07-09"),
    ("K07", "S7", "windows", "09-17", 18000, "BOARD-2024-09-10"),
    ("K08", "S6", "gutters", "10-21", 12000, "BOARD-2024-10-15"),
    ("K09", "S1", "clearing of snow", "11-18", 3500, None),
    ("K10", "S99", "signs", "12-12", 4000, "BOARD-2024-12-10"),  # no such supplier
]
OFFERS = [
    ("K02", "S2", 24000), ("K02", "S6", 25500),
    ("K04", "S4", 68000), ("K04", "S7", 71000), ("K04", "S8", 75000),
    ("K06", "S5", 13000), ("K06", "S6", 13500),
    ("K07", "S7", 18000), ("K07", "S2", 14500), ("K07", "S6", 19000),
    ("K08", "S6", 12000), ("K08", "S2", 12100), ("K08", "S1", None),
]  # fmt: skip


def suppliers() -> Iterator[Row]:
    """Suppliers, with those of the members who have an interest in them."""
    for id, name, trade, interest in SUPPLIERS:
        told: Row = {"id": id, "name": name, "trade": trade}
        if interest is not None:
            told["interests"] = [dict(zip(("member_id", "nature", "from_on"), interest, strict=True)) | {"to_on": None}]
        yield told


def budgets() -> Iterator[Row]:
    for block in BLOCKS:
        for line, base in (("cleaning", 4000), ("repairs", 9000), ("heating", 15000)):
            before = base + CHANCE.randint(0, 9) * 100
            yield {
                "house_id": block,
                "line": line,
                "year": 2023,
                "budgeted": before,
                "spent": before - CHANCE.randint(1, 9) * 50,
            }
            now = before + CHANCE.randint(0, 4) * 50
            now = {("B", "cleaning"): before * 115 // 100, ("F", "heating"): before * 120 // 100}.get(
                (block, line), now
            )
            spent: int | None = now - CHANCE.randint(0, 9) * 40
            if (block, line) in (("A", "repairs"), ("E", "heating")):
                spent = now + 800 if block == "A" else None
            voted = "AGM-2024" if (block, line) == ("F", "heating") else None
            yield {"house_id": block, "line": line, "year": 2024, "budgeted": now, "spent": spent, "meeting_id": voted}
    yield {"house_id": "D", "line": "garden", "year": 2024, "budgeted": 1200, "spent": 1100}


def reserves() -> Iterator[Row]:
    for block in BLOCKS:
        yearly = 12 * sum(f["area"] * 6 for f in FLATS if f["id"][0] == block)
        shares = {"C": [24, 25, 26, 18, 19], "D": [12, 11, 11, 10, 11]}.get(block, [19, 20, 20, 21, 21])
        for (year, quarter), share in zip([(2023, 4), (2024, 1), (2024, 2), (2024, 3), (2024, 4)], shares, strict=True):
            balance = None if (block, year, quarter) == ("E", 2024, 4) else yearly * share // 100
            yield {"house_id": block, "year": year, "quarter": quarter, "balance": balance}
    yield {"house_id": "F", "year": 2024, "quarter": 5, "balance": 9000}  # no such quarter


# ------------------------------------------------------------------------------------------------ inspections, complaints


def inspections() -> Iterator[Row]:
    found = [
        ("A", "fire", "03-11"),
        ("B1", "fire", "03-12"),
        ("B2", "fire", "03-12"),
        ("C", "fire", "03-13"),
        ("D", "fire", "03-14"),
        ("F", "fire", "03-15"),
    ]
    found += [(stairs, "lift", day) for stairs in ("A1", "A2", "C1") for day in ("2023-10-05", "03-12", "08-20")]
    found += [
        ("C2", "lift", "2023-11-02"),
        ("C2", "lift", "07-15"),
        ("F1", "lift", "2023-10-05"),
        ("F1", "lift", None),
        ("F1", "lift", "08-20"),
    ]
    found += [(b, "roof", "04-22") for b in BLOCKS if b != "C"]
    for half, day in (("H1", "02-06"), ("H2", "09-03")):
        found += [(s, "alarms", day) for s in STAIRCASES if s[0] != "C" and not (s[0] == "D" and half == "H2")]
        found.append(("C", "sprinklers", day))
    found.append(("A", "chimney", "10-01"))
    for i, (house, kind, day) in enumerate(found, 1):
        yield {"id": f"I{i:02}", "house_id": house, "kind": kind, "done_on": d(day) if day else None}


POLICIES = [
    ("P1", "A", "2020-01-01", None), ("P2", "B", "2020-01-01", None),
    ("P3", "C", "2020-01-01", None), ("P4", "E", "2020-01-01", None),
    ("P5", "D1", "2021-01-01", None), ("P6", "D2", "2021-01-01", None),
    ("P7", "F", "2020-01-01", "2024-09-01"), ("P8", "F", "2024-10-15", None),
]  # fmt: skip
TOPICS = ["noise", "heating", "light", "bins", "damp", "bicycles"]


def complaints() -> Iterator[Row]:
    ordinary: list[Row] = []
    for month in range(1, 13):
        for _ in range(2):
            day = date(2024, month, CHANCE.randint(1, 7))
            flat = CHANCE.choice([f["id"] for f in FLATS if f["id"][:2] not in ("B1", "F1")])
            urgent = CHANCE.random() < 0.3
            answered = day + timedelta(days=CHANCE.randint(1, 2) if urgent else CHANCE.randint(2, 9))
            ordinary.append({"flat_id": flat, "urgent": urgent, "received_on": day, "answered_on": answered})
    planted = [
        ("D12", None, "09-02", "09-20"),  # fourteen working days: too many by now
        ("A14", None, "06-03", "06-20"),  # thirteen working days: allowed then
        ("C22", None, "12-20", None),
        ("E12", None, "10-07", "2024-02-30"),
        ("F11", True, "08-12", "08-13"), ("F13", True, "10-02", "10-07"), ("F14", True, "11-04", "11-08"),
        *(("B11", None, f"{day}5", f"{day}7") for day in ("02-0", "02-1", "03-0", "03-1", "04-0")),  # five in three months
        ("A11", None, "2025-01-03", None),
    ]  # fmt: skip
    for flat, urgent, day, answer in planted:
        answered = answer if answer is None or len(answer) > 5 else d(answer)
        ordinary.append({"flat_id": flat, "urgent": urgent, "received_on": d(day), "answered_on": answered})
    for i, row in enumerate(sorted(ordinary, key=lambda r: r["received_on"]), 1):
        yield {"id": f"Z{i:02}", "topic": CHANCE.choice(TOPICS), **row}


DECLARATIONS = [
    ("A", "11-04", True),
    ("B", "11-05", False),
    ("D", "10-01", False),
    ("D", "12-02", True),
    ("E", "11-06", True),
    ("F", "11-07", True),
]

# ------------------------------------------------------------------------------------------------ files


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split("; "))


HEADINGS = {  # what stands above the column = the field
    "houses": pairs("House=id; Name=name; Kind=kind; Part of=part_of; Lift=lift"),
    "flats": pairs("Flat=id; Staircase=staircase_id; Square metres=area; Shares=shares"),
    "members": pairs("Member=id; Name=name; Flat=flat_id; Joined on=joined_on; Left on=left_on"),
    "meetings": pairs(
        "Meeting=id; Body=body_id; Kind=kind; Held on=held_on; Called on=called_on; Minutes published on=minutes_on"
    ),
    "attendance": pairs("Meeting=meeting_id; Member=member_id; Status=status"),
    "door_list": pairs("No.=id; Meeting=meeting_id; Flat=flat_id; Signed by=name; As=capacity"),
    "charges": pairs("Flat=flat_id; Month=month; Due=due; Paid=paid"),
    "deferrals": pairs("Deferral=id; Flat=flat_id; Kind=kind; From=from_on; To=to_on; Granted at=meeting_id"),
    "letters": pairs("Letter=id; Kind=kind; Sent on=sent_on; Flat=flat_id; Addressee=addressee"),
    "contracts": pairs(
        "Contract=id; Supplier=supplier_id; For=subject_matter; Signed on=signed_on; Amount=amount; "
        "Decided at=meeting_id"
    ),
    "offers": pairs("Contract=contract_id; Supplier=supplier_id; Amount=amount"),
    "budgets": pairs("House=house_id; Line=line; Year=year; Budgeted=budgeted; Spent=spent; Voted at=meeting_id"),
    "reserves": pairs("House=house_id; Year=year; Quarter=quarter; Balance=balance"),
    "inspections": pairs("Inspection=id; House=house_id; Kind=kind; Done on=done_on"),
    "policies": pairs("Policy=id; House=house_id; From=from_on; Until=to_on"),
    "complaints": pairs(
        "Complaint=id; Flat=flat_id; Topic=topic; Urgent=urgent; Received on=received_on; "
        "Answered on=answered_on; Remarks=remarks"
    ),
    "declarations": pairs("Declaration=id; House=house_id; Rule=rule; Given on=given_on; Kept=kept"),
}
LABELS = {
    "annual": "AGM",
    "extraordinary": "EGM",
    "body": "meeting of a body",
    "outside_owner": "outside owner",
    "alarms": "smoke alarms",
}

MANIFEST = """\
# What the office of Quarry Lane says about these records.
standards: [../standard.yaml]
as_of: 2024-12-31
period: {from: 2024-01-01, to: 2024-12-31}
submitted_by: The office of Quarry Lane
covers:
  meetings: {from: 2023-07-01}
  attendance: {from: 2023-07-01}
  charges: {from: 2023-07-01}
  inspections: {from: 2023-07-01}
files:
  - {path: bodies.yaml, table: bodies, record_path: bodies}
  - {path: bodies.yaml, table: seats, record_path: [bodies, seats], meta: {body_id: [bodies, id]}}
  - {path: suppliers.json, table: suppliers, record_path: suppliers}
  - {path: suppliers.json, table: interests, record_path: [suppliers, interests], meta: {supplier_id: [suppliers, id]}}
  - {path: arrears/*.csv, table: charges}
"""


def cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else LABELS.get(str(value), str(value))


def write_csv(name: str, table: str, rows: Iterable[Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS[table])
    writer.writerows([cell(row.get(field)) for field in HEADINGS[table].values()] for row in rows)
    write(name, text.getvalue())


def write_bodies(name: str) -> None:
    lines = ["# Bodies of the co-operative and who sits on them", "bodies:"]
    for body in bodies():
        seats = body.pop("seats")
        told = [f"{k}: {v}" for k, v in body.items() if v is not None]
        lines += [f"  - {told[0]}", *(f"    {t}" for t in told[1:]), "    seats:"]
        lines += [f"      - {{{', '.join(f'{k}: {v}' for k, v in seat.items() if v is not None)}}}" for seat in seats]
    write(name, "\n".join(lines) + "\n")


def write(name: str, text: str) -> None:
    path = HERE / "records" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def rows(table: str, values: Iterable[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip(HEADINGS[table].values(), row, strict=True)) for row in values]


def main() -> None:
    shutil.rmtree(HERE / "records", ignore_errors=True)
    write("orgaudit.yaml", MANIFEST)
    write_csv("houses.csv", "houses", houses())
    write_csv("flats.csv", "flats", FLATS)
    write_csv("members.csv", "members", MEMBERS)
    write_bodies("bodies.yaml")
    write_csv("meetings.csv", "meetings", sorted(MEETINGS, key=lambda m: (m["held_on"], m["id"])))
    write("minutes/board-2024-05-14.txt", "The board met on 14 May. Two members were absent.\n")
    write_csv("attendance.csv", "attendance", attendance())
    write_csv("door list.csv", "door_list", door_list())
    for year in (2023, 2024):
        write_csv(f"arrears/{year}.csv", "charges", charges(year))
    write_csv("deferrals.csv", "deferrals", rows("deferrals", DEFERRALS))
    for name, letters in (("letters.csv", LETTERS), ("cedar/letters.csv", CEDAR_LETTERS)):
        write_csv(name, "letters", [{**row, "sent_on": d(row["sent_on"])} for row in rows("letters", letters)])
    write("suppliers.json", json.dumps({"suppliers": list(suppliers())}, indent=2, ensure_ascii=False) + "\n")
    write_csv(
        "contracts.csv",
        "contracts",
        [{**row, "signed_on": d(row["signed_on"])} for row in rows("contracts", CONTRACTS)],
    )
    write_csv("offers.csv", "offers", rows("offers", OFFERS))
    write_csv("budgets.csv", "budgets", budgets())
    write_csv("reserves.csv", "reserves", reserves())
    write_csv("inspections.csv", "inspections", inspections())
    write_csv("policies.csv", "policies", rows("policies", POLICIES))
    write_csv("complaints.csv", "complaints", complaints())
    declared = [(f"Y{i}", house, "QL-24-1", d(day), kept) for i, (house, day, kept) in enumerate(DECLARATIONS, 1)]
    write_csv("declarations.csv", "declarations", rows("declarations", declared))


if __name__ == "__main__":
    main()
