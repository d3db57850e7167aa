"""Finds standards by identifier or path and loads them with their record model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orgaudit
from orgaudit.errors import OrgauditError, OrgauditErrors, Where, did_you_mean
from orgaudit.recordmodel import RecordModel, load_record_model, validated
from orgaudit.standards.check import Checker
from orgaudit.standards.language import NOT_BUILT, RuleKeys, StandardKeys
from orgaudit.standards.rules import Standard
from orgaudit.yamlfile import YamlFile, read_yaml

_PACKAGE = Path(orgaudit.__file__).parent


def shipped_folder() -> Path:
    """Where the shipped standards lie: inside an installed package, or at the top of a checkout."""
    installed = _PACKAGE / "shipped"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "standards"


def shipped_standards() -> dict[str, Path]:
    """The identifiers of the shipped standards with their files."""
    return {p.parent.name: p for p in sorted(shipped_folder().glob("*/standard.yaml"))}


def find_standard(name: str) -> Path:
    """The file of a standard, given its identifier, its folder or its file."""
    path = Path(name)
    for candidate in (path, path / "standard.yaml"):
        if candidate.is_file():
            return candidate
    shipped = shipped_standards()
    if name in shipped:
        return shipped[name]
    raise OrgauditError("unknown-standard", did_you_mean(name, shipped))


def find_record_model(standard: Path) -> Path:
    """The record model of a standard: `records.yaml` in its folder or a folder above, else the shipped one."""
    for folder in list(standard.resolve().parents)[:2]:
        if (folder / "records.yaml").is_file():
            return folder / "records.yaml"
    return shipped_folder() / "records.yaml"


def load_standard(name: str, model: RecordModel | None = None) -> Standard:
    """A checked standard; raises OrgauditErrors with everything that is wrong in its file."""
    path = find_standard(name)
    shown = _shown(path)
    model = model or load_record_model(find_record_model(path), _shown(find_record_model(path)))
    file = read_yaml(path, shown)
    keys, rules, errors = _parts(file)
    checker = Checker(keys, rules, file, model) if keys is not None else None
    errors += checker.errors if checker else []
    if errors or checker is None or keys is None:
        raise OrgauditErrors(errors)
    return Standard(
        id=keys.standard,
        title=keys.title,
        model=checker.model,
        parameters=checker.parameters,
        readings=checker.readings,
        groups=checker.groups,
        numbers=checker.numbers,
        rules=checker.rules,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        path=shown,
    )


def _parts(file: YamlFile) -> tuple[StandardKeys | None, list[tuple[int, RuleKeys]], list[OrgauditError]]:
    """The keys of a standard and of each rule (with its place in the list) that has the right shape, and all errors of shape."""
    errors = list(_not_built(file))
    rules = file.data.get("rules") if isinstance(file.data, dict) else None
    if not isinstance(rules, list):
        keys, wrong = validated(StandardKeys, file)
        return keys, [], errors or wrong
    unbuilt = {e.where.line for e in errors if e.where}
    keys, wrong = validated(StandardKeys, replace(file, data={**file.data, "rules": []}))
    errors += [e for e in wrong if not e.where or e.where.line not in unbuilt]
    found: list[tuple[int, RuleKeys]] = []
    for i in range(len(rules)):
        refused = any(_keys_not_built(rules[i], ("rules", i), file, depth=3))
        rule, wrong = (None, []) if refused else validated(RuleKeys, file, ("rules", i))
        errors += wrong
        found += [(i, rule)] if rule is not None else []
    return keys, found, errors


def _shown(path: Path) -> str:
    """A path as people should read it: relative where it lies below the working folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _not_built(file: YamlFile) -> Iterator[OrgauditError]:
    """Keys of the language that are not built yet, each refused by its name."""
    if not isinstance(file.data, dict):
        yield OrgauditError("not-a-standard", {}, Where(file.name, 1, 1))
        return
    yield from _keys_not_built(file.data, (), file, depth=1)
    rules = file.data.get("rules")
    for i, rule in enumerate(rules if isinstance(rules, list) else []):
        yield from _keys_not_built(rule, ("rules", i), file, depth=3)


def _keys_not_built(data: Any, path: tuple[str | int, ...], file: YamlFile, depth: int) -> Iterator[OrgauditError]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in NOT_BUILT:
                yield OrgauditError("not-built", {"what": f"`{key}`"}, file.where((*path, key), key=True))
            elif depth > 1 and key in ("when", "unless"):
                yield from _keys_not_built(value, (*path, key), file, depth - 1)
    elif isinstance(data, list) and depth > 1:
        for i, item in enumerate(data):
            yield from _keys_not_built(item, (*path, i), file, depth)
