"""The names that a record model uses: references, orders, paths and derivations lead to what is there."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence

from orgaudit.errors import OrgauditError, Where, did_you_mean
from orgaudit.recordmodel.fields import DATES
from orgaudit.recordmodel.model import RecordModel
from orgaudit.recordmodel.tables import Complete, Derivation, ForeignKey, Order
from orgaudit.yamlfile import Path, YamlFile


def wrong(key: str, value: object, reason: dict[str, str], file: YamlFile, path: Path) -> OrgauditError:
    """A value that does not fit its key, with the reason in both languages."""
    return OrgauditError("wrong-value", {"key": key, "value": value, "reason": reason}, file.where(path))


class Names:
    """The names of one table."""

    def __init__(self, model: RecordModel, name: str, file: YamlFile) -> None:
        self.model, self.name, self.file, self.table = model, name, file, model.tables[name]
        self.at: Path = ("tables", name)

    def unknown(self, names: Iterable[str], known: Iterable[str], *path: str | int) -> Iterator[OrgauditError]:
        """An error for each name that is not known, at a place of the table."""
        for name in names:
            if name not in known:
                where = self.file.where((*self.at, *path), key=not path)
                yield OrgauditError("unknown-name", did_you_mean(name, known), where)

    def fields_named(self, names: Sequence[str], *path: str | int) -> Iterator[OrgauditError]:
        """An error for each of several names at a place of the table that is no field of it, or stands twice."""
        for i, name in enumerate(names):
            yield from self.unknown([name], self.table.by_name, *path, i)
            if name in names[:i]:
                where = self.file.where((*self.at, *path, i))
                yield OrgauditError("value-twice", {"value": name, "name": path[-1]}, where)

    def references(self) -> Iterator[OrgauditError]:
        """What is wrong with the references of the table."""
        for i, key in enumerate(self.table.foreignKeys):
            path: Path = ("foreignKeys", i)
            at = self.file.where((*self.at, *path))
            if key.target not in self.model.tables:
                there = self.file.where((*self.at, *path, "reference", "resource"))
                yield OrgauditError("unknown-table", did_you_mean(key.target, self.model.tables), there)
            else:
                yield from self._reference(key, at)
            if key.is_several and key.name is None:
                yield OrgauditError("missing-key", {"key": "name"}, at)
            yield from self.fields_named(key.fields, *path, "fields")

    def _reference(self, key: ForeignKey, at: Where) -> Iterator[OrgauditError]:
        """A reference names all fields of the other's primary key, each by a field of its type."""
        target = self.model.tables[key.target]
        there = key.reference.fields or target.primaryKey
        if sorted(there) != sorted(target.primaryKey) or len(there) != len(key.fields):
            known = {"target": key.target, "fields": ", ".join(target.primaryKey), "given": ", ".join(key.fields)}
            yield OrgauditError("reference-key", known, at)
            return
        for here, other in self.model.pairs(key):
            mine, its = self.table.by_name.get(here), target.by_name.get(other)
            if mine and its and mine.type != its.type:
                yield OrgauditError("wrong-type", {"name": here, "expected": its.type, "type": mine.type}, at)

    def sequences(self) -> Iterator[OrgauditError]:
        """What is wrong with its order, and with what it is derived from."""
        if self.table.order is not None:
            yield from self._order(self.table.order, self.name, (*self.at, "order"))
        for i, derivation in enumerate(self.table.derive):
            path = (*self.at, "derive", i)
            if derivation.from_ not in self.model.tables:
                known = did_you_mean(derivation.from_, self.model.tables)
                yield OrgauditError("unknown-table", known, self.file.where((*path, "from")))
            else:
                yield from self._derivation(derivation, path)

    def _derivation(self, derivation: Derivation, path: Path) -> Iterator[OrgauditError]:
        """Its fields are there, each filled once, and its source is made before it."""
        if derivation.order is not None:
            yield from self._order(derivation.order, derivation.from_, (*path, "order"))
        for part, names in (("key", list(derivation.key or ())), ("fields", list(derivation.fields))):
            yield from self.unknown(names, self.table.by_name, *path[2:], part)
        for name in set(derivation.key or ()) & set(derivation.fields):
            yield OrgauditError("name-clash", {"name": name, "table": self.name}, self.file.where((*path, "fields")))
        tables = list(self.model.tables)
        is_derived = self.model.tables[derivation.from_].derive
        if is_derived and tables.index(derivation.from_) >= tables.index(self.name):
            names_ = f"{self.name} ← {derivation.from_}"
            yield OrgauditError("circle", {"names": names_}, self.file.where((*path, "from")))

    def _order(self, order: Order, table: str, path: Path) -> Iterator[OrgauditError]:
        if not order.by:
            reason = {"zh": "应至少有一个字段或路径", "en": "at least one field or path is expected"}
            yield wrong("by", "[]", reason, self.file, (*path, "by"))
        texts = [(key, i, text) for key in ("by", "within") for i, text in enumerate(getattr(order, key))]
        for key, i, text in texts:
            *steps, name = text.split(".")
            last = _along(self.model, table, steps)
            known = self.model.tables[last or table].by_name
            if last is None or name not in known:
                yield OrgauditError("unknown-name", did_you_mean(text, known), self.file.where((*path, key, i)))

    def paths(self) -> Iterator[OrgauditError]:
        """What is wrong with the paths to its owner, time and name, and to those who may be in a list."""
        owner = [] if self.table.owner in (None, "self") else str(self.table.owner).split(".")
        reached = yield from self._steps(owner, "owner")
        if reached is not None and self.table.owner and len(self.model.tables[reached].primaryKey) > 1:
            reason = {"zh": "负责者的主键只能有一列", "en": "what answers for records has a key of one column"}
            yield wrong("owner", self.table.owner, reason, self.file, (*self.at, "owner"))
        for key, kinds in (("time", ("date",)), ("name", ("string",))):
            text = getattr(self.table, key)
            if text is not None:
                yield from self._field_behind(text, key, kinds)
        if self.table.complete is not None:
            yield from self._complete(self.table.complete)
        yield from self._names_within()

    def _names_within(self) -> Iterator[OrgauditError]:
        """Names are told apart within records of one table, to which also the rows lead that have names for keys."""
        for path in self.table.names_within:
            if self.model.reach(self.name, path) is None:
                known = did_you_mean(path.split(".")[0], self.model.hops(self.name))
                where = self.file.where((*self.at, "names_within"))
                yield OrgauditError("unknown-reference", {**known, "table": self.name}, where)
        homes = {self.model.reach(self.name, path) for path in self.table.names_within}
        if len(homes) > 1 or (homes and self.table.field_with("name") is None):
            reason = {
                "zh": "各路径应通向同一张表，且本表应有名称字段",
                "en": "the paths lead to one table, and this one has names",
            }
            yield wrong(
                "names_within", ", ".join(self.table.names_within), reason, self.file, (*self.at, "names_within")
            )
        if self.table.names_with is not None:
            yield from self._names_with(self.table.names_with)
        for i, key in enumerate(self.table.foreignKeys):
            if key.named.within is not None:
                yield from self._home(key, (*self.at, "foreignKeys", i, "named", "within"))

    def _names_with(self, name: str) -> Iterator[OrgauditError]:
        """A day or a month stands beside names that are told apart within a home."""
        yield from self.unknown([name], {n for n, f in self.table.by_name.items() if f.type in DATES}, "names_with")
        if not self.table.names_within:
            reason = {"zh": "须与 names_within 同用", "en": "it belongs to names_within"}
            yield wrong("names_with", name, reason, self.file, (*self.at, "names_with"))

    def _home(self, key: ForeignKey, path: Path) -> Iterator[OrgauditError]:
        target = self.model.tables.get(key.target)
        if target is not None and target.names_within and self.model.home_table(key.target) is None:
            return  # what is wrong there is told there
        home = self.model.reach_forwards(self.name, str(key.named.within))
        if target is not None and (home is None or home != self.model.home_table(key.target)):
            reason = {
                "zh": "应通向对方名称所限定的表",
                "en": "it leads to the table within which the other's names are told apart",
            }
            yield wrong("within", key.named.within, reason, self.file, path)

    def _steps(self, steps: list[str], *path: str) -> Generator[OrgauditError, None, str | None]:
        """The table that forward references lead to from this one; what is not there is an error."""
        table = self.name
        for step in steps:
            key = self.model.tables[table].forwards.get(step)
            if key is None or key.target not in self.model.tables:
                known = did_you_mean(step, self.model.tables[table].forwards)
                yield OrgauditError("unknown-reference", {**known, "table": table}, self.file.where((*self.at, *path)))
                return None
            table = key.target
        return table

    def _field_behind(self, text: str, key: str, kinds: tuple[str, ...]) -> Iterator[OrgauditError]:
        *steps, name = text.split(".")
        table = yield from self._steps(steps, key)
        if table is not None:
            fields = {f.name: f for f in self.model.tables[table].fields if f.type in kinds}
            yield from self.unknown([name], fields, key)

    def _complete(self, complete: Complete) -> Iterator[OrgauditError]:
        """`per` is a reference of the table, `among` are ways from there to records that another reference names."""
        parent = self.table.forwards.get(complete.per)
        yield from self._steps([complete.per], "complete", "per")
        for path in complete.among if parent is not None else []:
            table: str | None = parent.target if parent is not None else None
            for step in path.split("."):
                hop = self.model.hop(table, step) if table in self.model.tables else None
                table = hop.to if hop is not None else None
            if not any(k.target == table and k is not parent for k in self.table.foreignKeys):
                known = did_you_mean(path, self.model.hops(parent.target))  # type: ignore[union-attr]
                where = self.file.where((*self.at, "complete", "among"))
                yield OrgauditError("unknown-reference", {**known, "table": self.name}, where)


def _along(model: RecordModel, table: str, steps: list[str]) -> str | None:
    """The table that forward references lead to; None where one of them is not there."""
    for step in steps:
        key = model.tables[table].forwards.get(step)
        if key is None or key.target not in model.tables:
            return None
        table = key.target
    return table
