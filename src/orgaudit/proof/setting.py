"""The circumstances of a scenario: its own, else those of its file; what is wrong with them stands where they are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.periods import named_span
from orgaudit.proof.given import Tables
from orgaudit.proof.keys import Cover, ScenarioFileKeys, ScenarioKeys, Setting
from orgaudit.proof.outline import filled
from orgaudit.recordmodel import RecordModel
from orgaudit.yamlfile import Path, YamlFile

_OF_MANIFEST = ("as_of", "period", "covers", "silence")


@dataclass(frozen=True)
class Circumstances:
    """What scenarios must share to be looked at together; plain text, so that it can be compared."""

    as_of: str
    manifest: str
    parameters: str
    readings: str
    not_handed_in: tuple[str, ...]


def filled_setting(keys: ScenarioFileKeys, case: ScenarioKeys, variables: Mapping[str, Any]) -> Setting:
    """The circumstances of a case: its own, else those of the file; parameters and readings name by name."""
    found: dict[str, Any] = {}
    for part in (keys, case):
        own = {n: v for n, v in part.model_dump(by_alias=True, exclude_unset=True).items() if n in Setting.model_fields}
        for name in ("parameters", "readings", "covers"):
            own[name] = {**found.get(name, {}), **own.get(name, {})}
        found |= own
    return Setting.model_validate(filled(found, variables))


def circumstances(setting: Setting) -> Circumstances:
    """What a setting without errors comes to."""
    return Circumstances(
        str(setting.as_of),
        repr(manifest_of(setting)),
        repr(sorted(setting.parameters.items())),
        repr(sorted(setting.readings.items())),
        tuple(sorted(setting.not_handed_in)),
    )


def manifest_of(setting: Setting) -> dict[str, Any]:
    """What a manifest beside the records would say."""
    said = setting.model_dump(by_alias=True, exclude_none=True)
    found = {name: said[name] for name in _OF_MANIFEST if said.get(name)}
    if isinstance(setting.period, (str, int)):
        first, last = named_span(str(setting.period))
        found["period"] = {"from": first.isoformat(), "to": last.isoformat()}
    return found


def setting_errors(
    setting: Setting, model: RecordModel, tables: Tables, file: YamlFile, case: Path
) -> Iterator[OrgauditError]:
    """Everything that is wrong with the circumstances of a case, at its own place or at that of its file."""
    yield from _Checks(setting, model, tables, file, case).errors()


@dataclass(frozen=True)
class _Checks:
    """The checks of one setting; `case` is the place of the scenario in its file."""

    setting: Setting
    model: RecordModel
    tables: Tables
    file: YamlFile
    case: Path

    def errors(self) -> Iterator[OrgauditError]:
        if self.setting.as_of is None:
            yield OrgauditError("no-as-of", {}, self.file.where(self.case))
        else:
            yield from self._days([("as_of", self.setting.as_of)])
        yield from self._period()
        for name, cover in self.setting.covers.items():
            yield from self._cover(name, cover)
        silent = self.setting.silence if isinstance(self.setting.silence, dict) else {}
        yield from self._unknown("unknown-table", silent, self.model.tables, "silence")
        for i, text in enumerate(self.setting.not_handed_in):
            yield from self._not_handed_in(text, i)

    def _error(self, code: str, values: Mapping[str, object], *path: str | int, key: bool = False) -> OrgauditError:
        """An error at a place of the case, where the case says it, else of the file."""
        said = path[: 2 if path[0] == "covers" else 1]  # what a case says of one table leaves the others to its file
        is_own = self.file.has((*self.case, *said))
        return OrgauditError(code, values, self.file.where((*self.case, *path) if is_own else path, key=key))

    def _unknown(self, code: str, names: Iterable[str], known: Collection[str], *path: str) -> Iterator[OrgauditError]:
        for name in names:
            if name not in known:
                yield self._error(code, did_you_mean(name, known), *path, name, key=True)

    def _days(self, days: Iterable[tuple[str, str | None]], *path: str) -> Iterator[OrgauditError]:
        """Days that there are not; the last of two that comes before the first."""
        found: list[date] = []
        for key, text in days:
            try:
                found += [date.fromisoformat(text)] if text is not None else []
            except ValueError:
                yield self._error("wrong-date", {"value": text}, *path, key)
        if found != sorted(found):
            yield self._error("last-before-first", {"first": found[0], "last": found[1]}, *path, "to")

    def _period(self) -> Iterator[OrgauditError]:
        period = self.setting.period
        if isinstance(period, dict):
            yield from self._days([(key, period.get(key)) for key in ("from", "to")], "period")
        elif period is not None:
            try:
                first, last = named_span(str(period))
            except ValueError:
                yield self._error("wrong-period", {"value": period}, "period")
                return
            if last < first:
                yield self._error("last-before-first", {"first": first, "last": last}, "period")

    def _cover(self, name: str, cover: Cover) -> Iterator[OrgauditError]:
        yield from self._unknown("unknown-table", [name], self.model.tables, "covers")
        yield from self._days([("from", cover.from_), ("to", cover.to)], "covers", name)
        owner = self.model.owner_table(name) if name in self.model.tables else None
        if owner is None or owner in self.setting.not_handed_in:
            return
        there = {row.fields.get(self.model.key_of(owner), "") for row in self.tables.get(owner, ())}
        for i, organization in enumerate(cover.organizations or ()):
            if organization not in there:
                values = {**did_you_mean(organization, there), "table": owner}
                yield self._error("unknown-record", values, "covers", name, "organizations", i)

    def _not_handed_in(self, text: str, number: int) -> Iterator[OrgauditError]:
        name, dot, column = text.partition(".")
        handed_in = [n for n, t in self.model.tables.items() if not t.derive]
        if name not in handed_in:
            yield self._error("unknown-table", did_you_mean(name, handed_in), "not_handed_in", number)
        elif dot:
            known = [f.name for f in self.model.tables[name].handed_in]
            if column not in known:
                yield self._error("unknown-name", did_you_mean(column, known), "not_handed_in", number)
