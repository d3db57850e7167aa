"""What pydantic finds wrong in a file, in plain words and with the place it stands at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.yamlfile import Path, YamlFile

_TEXT = {"zh": "文本", "en": "a text"}
_NUMBER = {"zh": "数", "en": "a number"}
_TRUTH = {"zh": "true 或 false", "en": "true or false"}
_LIST = {"zh": "列表", "en": "a list"}
_KEYS = {"zh": "一组“键: 值”", "en": "a mapping of keys"}
_NOTHING = {"zh": "空的", "en": "nothing"}
#: the beginning of an error's type, and what would be right
_EXPECTED = {
    "string": _TEXT,
    "int": _NUMBER,
    "float": _NUMBER,
    "bool": _TRUTH,
    "list": _LIST,
    "dict": _KEYS,
    "model": _KEYS,
}


def located(errors: Sequence[Any], model: type[BaseModel], file: YamlFile, path: Path) -> list[OrgauditError]:
    """The errors of a model that does not fit; what several branches of a union say of one place is said once."""
    by_place: dict[tuple[Path, bool], list[Any]] = {}
    for error in errors:
        steps = (*path, *_steps_in(at(file.data, path), error["loc"]))
        by_place.setdefault((steps, error["type"].partition("_")[0] in _EXPECTED), []).append(error)
    found: list[OrgauditError] = []
    for (steps, is_kind), told in by_place.items():
        if is_kind:
            found.append(_wrong_kind(told, steps, file))
        else:
            found += [_located(error, model, file, steps) for error in told]
    return found


def at(data: Any, path: Path) -> Any:
    """What stands at a path."""
    for step in path:
        data = data[step]
    return data


def _wrong_kind(errors: Sequence[Any], steps: Path, file: YamlFile) -> OrgauditError:
    """Something else than a text, a number, a list … that is expected there."""
    key = next((str(step) for step in reversed(steps) if isinstance(step, str)), file.name)
    value = errors[0]["input"]
    kinds = [_EXPECTED[e["type"].partition("_")[0]] for e in errors]
    where = file.where(steps)
    if kinds == [_TEXT] and isinstance(value, (int, float)):
        return OrgauditError("not-text", {"key": key, "value": str(value).lower()}, where)
    expected = {
        language: word.join(dict.fromkeys(k[language] for k in kinds))
        for language, word in (("zh", "或"), ("en", " or "))
    }
    return OrgauditError("wrong-kind", {"key": key, "expected": expected, "found": _kind_of(value)}, where)


def _kind_of(value: object) -> Mapping[str, str]:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _TRUTH
    if isinstance(value, (int, float)):
        return _NUMBER
    return _TEXT if isinstance(value, str) else _LIST if isinstance(value, list) else _KEYS


def _located(error: Any, model: type[BaseModel], file: YamlFile, steps: Path) -> OrgauditError:
    kind, is_key = error["type"], error["type"] == "extra_forbidden"
    where = file.where(steps, key=is_key)
    if is_key:
        known = _keys_at(model, error["loc"][:-1])
        return OrgauditError("unknown-key", did_you_mean(str(error["loc"][-1]), known), where)
    if kind == "missing":
        return OrgauditError("missing-key", {"key": error["loc"][-1]}, where)
    if kind.startswith("shape-"):
        return OrgauditError(kind, error.get("ctx", {}), where)
    key = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str)), "")
    if kind == "literal_error":
        words = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        if error["input"] is None:
            expected = {"en": f"one of {', '.join(words)}", "zh": f"{'、'.join(words)} 之一"}
            return OrgauditError("wrong-kind", {"key": key, "expected": expected, "found": _NOTHING}, where)
        told = {**did_you_mean(str(error["input"]), words), "known": ", ".join(words)}
        return OrgauditError("unknown-word", {"key": key, "value": error["input"], **told}, where)
    return OrgauditError("wrong-value", {"key": key, "value": error["input"], "reason": error["msg"]}, where)


def _steps_in(data: Any, loc: tuple[Any, ...]) -> Path:
    """The steps of a location that the file has: the others name a branch of a union, or a key that is missing."""
    steps: list[Any] = []
    for step in loc:
        if (isinstance(data, dict) and step in data) or (isinstance(data, list) and isinstance(step, int)):
            data = data[step]
            steps.append(step)
    return tuple(steps)


def _keys_at(model: Any, loc: tuple[Any, ...]) -> list[str]:
    """The keys that the model at this location knows, found by walking annotations as far as they are plain."""
    for step in loc:
        if isinstance(step, int) or not hasattr(model, "model_fields"):
            continue
        field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
        if field is not None:
            model = _model_in(field.annotation)
    fields = getattr(model, "model_fields", {})
    return [f.alias or n for n, f in fields.items()]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in getattr(annotation, "__args__", ()) if (m := _model_in(a)) is not None), None)
