"""Row checks of the attendance with Frictionless: required, in set, unique, foreign keys.

python benchmarks/row_checks_frictionless.py RECORDS
"""

from __future__ import annotations

import sys

from frictionless import Checklist, Package, Resource, Schema, system


def main(folder: str) -> None:
    """Checks the records; prints the number of errors."""
    text = {"type": "string", "constraints": {"required": True}}
    attendance = {
        "fields": [
            {"name": "meeting_id", **text},
            {"name": "member_id", **text},
            {
                "name": "status",
                "type": "string",
                "constraints": {"required": True, "enum": ["present", "excused", "absent"]},
            },
        ],
        "primaryKey": ["meeting_id", "member_id"],
        "foreignKeys": [
            {"fields": ["meeting_id"], "reference": {"resource": "meetings", "fields": ["id"]}},
            {"fields": ["member_id"], "reference": {"resource": "members", "fields": ["id"]}},
        ],
    }
    with system.use_context(trusted=True):
        resources = [Resource(name=t, path=f"{folder}/{t}.csv") for t in ("meetings", "members")]
        resources.append(
            Resource(name="attendance", path=f"{folder}/attendance.csv", schema=Schema.from_descriptor(attendance))
        )
        report = Package(resources=resources).validate(Checklist(), limit_errors=1_000_000)
    print(sum(task.stats["errors"] for task in report.tasks))


if __name__ == "__main__":
    main(*sys.argv[1:])
