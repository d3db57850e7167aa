"""What a rule asked of a subject, in words: its bound, with the time that it is for."""

from __future__ import annotations

from orgaudit.findings import Demand
from orgaudit.messages import render
from orgaudit.reports.wording import bound_text, spoken

_EVERY = {
    "week": "contrast.week",
    "month": "contrast.month",
    "quarter": "contrast.quarter",
    "half-year": "contrast.half-year",
    "year": "contrast.year",
}
_UNITS = {
    "week": "contrast.weeks-of",
    "month": "contrast.months-of",
    "quarter": "contrast.quarters-of",
    "half-year": "contrast.half-years-of",
    "year": "contrast.years-of",
    "event": "contrast.events-of",
}


def demand_text(demand: Demand, language: str) -> str:
    """`at least 1 a quarter`"""
    said = bound_text(demand.bound, language)
    if not said:
        said = render("contrast.ladder" if "levels" in demand.bound else "contrast.act", {}, language)
    if demand.run is not None:
        said = _of_run(said, demand, language)
    if demand.within == "own":
        said = render("contrast.own-window", {"bound": said}, language)
    elif demand.within is not None:
        said = render("contrast.within", {"bound": said, "time": spoken(demand.within, language)}, language)
    return _in_each(said, demand.every, language) if demand.every else said


def _in_each(bound: str, every: str, language: str) -> str:
    if every in _EVERY:
        return render(_EVERY[every], {"bound": bound}, language)
    return render("contrast.months", {"bound": bound, "count": every.split(maxsplit=1)[0]}, language)


def _of_run(bound: str, demand: Demand, language: str) -> str:
    run = str(demand.run)
    count = {"count": run.split(maxsplit=1)[0]}
    unit = render(_UNITS[run], {}, language) if run in _UNITS else render("contrast.spans-of", count, language)
    values = {"bound": bound, "unit": unit}
    if demand.rule.measure == "consecutive":
        return render("contrast.in-a-row", values, language)
    return render("contrast.altogether", values, language)
