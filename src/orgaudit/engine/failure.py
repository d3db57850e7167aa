"""Rules that are not judged: one that speaks of nobody, and one that the engine cannot run: its checks are in error."""

from __future__ import annotations

from orgaudit import sql as q
from orgaudit.engine.context import Context
from orgaudit.engine.outcomes import NO_NUMBER, NONE
from orgaudit.engine.population import checks_table
from orgaudit.engine.verdicts import results_table
from orgaudit.standards import Rule

_CHECK: dict[str, tuple[str, str | int | None]] = {
    "k": ("bigint", 1),
    "s": ("bigint", None),
    "p": ("bigint", 0),
    "label": ("varchar", None),
    "period_start": ("date", None),
    "period_end": ("date", None),
    "first": ("date", None),
    "last": ("date", None),
    "key": ("varchar", ""),
    "name": ("varchar", None),
    "owner": ("varchar", None),
}

_RESULT = {
    "k": "bigint",
    "verdict": "varchar",
    "judged": "varchar",
    "yard": "bigint",
    "least": "bigint",
    "most": "bigint",
    "reach": "bigint",
    **dict.fromkeys(("shown", "level", "possible_level", "excuse", "doubt"), "varchar"),
}


def give_up(context: Context, rule: Rule, reason: str) -> None:
    """Puts every check of a rule in error; one check stands for all where even its population could not be made."""
    context.db.drop(results_table(rule))
    if not context.db.has(checks_table(rule)):
        _one_check(context, rule)
    verdicts: dict[str, q.Sql] = {
        "k": q.col("k", "k"),
        "verdict": q.lit("error"),
        "judged": q.lit("error"),
        "yard": q.lit(0),
        "least": NO_NUMBER,
        "most": NO_NUMBER,
        "shown": q.lit(reason),
        "reach": q.lit(1),
        **dict.fromkeys(("level", "possible_level", "excuse", "doubt"), NONE),
    }
    context.db.run(q.create_table(results_table(rule), q.select(verdicts, q.table(checks_table(rule), "k"))))


def speak_of_nobody(context: Context, rule: Rule) -> None:
    """The verdicts of a rule without a check: there are none."""
    context.db.fill(results_table(rule), _RESULT, [])


def _one_check(context: Context, rule: Rule) -> None:
    columns = _CHECK | {f"each {n}": ("varchar", None) for n in rule.each}
    kinds = {name: kind for name, (kind, _) in columns.items()}
    context.db.fill(checks_table(rule), kinds, [[value for _, value in columns.values()]])
