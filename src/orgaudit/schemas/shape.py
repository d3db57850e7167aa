"""From what pydantic says of a model to a schema of which editors and validators speak plainly.

Alternatives become a choice by type (`if` a mapping, `then` these keys): a validator then goes into the one that is meant
and names the place, where `anyOf` would only say that nothing fits.
"""

from __future__ import annotations

from typing import Any

from orgaudit.schemas.demands import NAME, Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: what is read first
_HEAD = ("description", "type", "const", "enum", "pattern", "errorMessage", "required", "properties")
_NAMES = ("properties", "patternProperties")  #: whose keys are names, and no words of JSON Schema
_VALUES = ("examples", "const", "enum", "required", "default")
_NOTHING: tuple[Any, ...] = ({}, [], None)


def published(kind: str, title: str, made: Schema) -> Schema:
    """The schema of a kind of file, as it is printed, from that of its model."""
    shaping = _Shaping(made.get("$defs", {}))
    shaped: Schema = shaping.shaped({key: value for key, value in made.items() if key != "$defs"})
    definitions = {name: shaping.shaped(value) for name, value in shaping.known.items()} | shaping.demands
    head: Schema = {"$schema": DIALECT, "$id": f"urn:orgaudit:{kind}:1", "title": title}
    return head | shaped | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})


class _Shaping:
    """The way through one schema; `known` are its definitions, `demands` those that were found by name on the way."""

    def __init__(self, known: Schema) -> None:
        self.known = known
        self.demands: Schema = {}

    def shaped(self, schema: Any) -> Any:
        """A schema, or a list of schemas, in its new shape."""
        if isinstance(schema, list):
            return [self.shaped(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        found = _patterned(self._chosen(_bare({key: self._inner(key, value) for key, value in schema.items()})))
        found = {key: found[key] for key in [*(k for k in _HEAD if k in found), *(k for k in found if k not in _HEAD)]}
        return self._referred(found) if NAME in found else found

    def _inner(self, key: str, value: Any) -> Any:
        if key in _NAMES:
            return {name: self.shaped(inner) for name, inner in value.items()}
        return value if key in _VALUES else self.shaped(value)

    def _referred(self, schema: Schema) -> Schema:
        name: str = schema.pop(NAME)
        self.demands[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def _chosen(self, schema: Schema) -> Schema:
        """Alternatives as a choice by type, where each type is that of one of them only; others stay as they are."""
        ways = schema.get("anyOf") or schema.get("oneOf") or []
        types = [self._types(way) for way in ways]
        if not ways or not all(types) or _overlap(types, ways):
            return schema
        rest = {key: value for key, value in schema.items() if key not in ("anyOf", "oneOf")}
        if all("enum" in way or "const" in way or way == {"type": "null"} for way in ways):
            return rest | {"enum": [value for way in ways for value in way.get("enum", [way.get("const")])]}
        told = [(several, way) for several, way in zip(types, ways, strict=True) if set(way) != {"type"}]
        if len(told) == 1 and not {"$ref", "enum", "const"} & set(told[0][1]):
            only: Schema = told[0][1]
            return only | rest | {"type": _each_once(types)}  # its words are of its own types only
        return rest | {"type": _each_once(types)} | _all_of([_if_of(*one) for one in told])

    def _types(self, way: Schema) -> list[str]:
        """The types of what fits, as far as it says."""
        if "$ref" in way:
            return self._types(self.known.get(way["$ref"].removeprefix("#/$defs/"), {}))
        if "type" in way:
            return list(way["type"]) if isinstance(way["type"], list) else [way["type"]]
        return []


def _bare(schema: Schema) -> Schema:
    """Without titles made of names, and without defaults that say nothing."""
    untold = {"title"} | ({"default"} if schema.get("default") in _NOTHING else set())
    return {key: value for key, value in schema.items() if key not in untold}


def _patterned(schema: Schema) -> Schema:
    """Keys of a form: a wrong one is told as such, and not only as one that fits no pattern."""
    patterns = schema.pop("patternProperties", {})
    for pattern, value in patterns.items():
        schema["propertyNames"] = {"pattern": pattern, **schema.get("propertyNames", {})}
        schema["additionalProperties"] = value
    return schema


def _overlap(types: list[list[str]], ways: list[Schema]) -> bool:
    """Whether two alternatives that say more than a type are of the same one."""
    told = [t for several, way in zip(types, ways, strict=True) if set(way) != {"type"} for t in several]
    return len(told) != len(set(told))


def _if_of(types: list[str], way: Schema) -> Schema:
    return {"if": {"type": types[0] if len(types) == 1 else types}, "then": way}


def _all_of(schemas: list[Schema]) -> Schema:
    if len(schemas) < 2:
        return schemas[0] if schemas else {}
    return {"allOf": schemas}


def _each_once(types: list[list[str]]) -> list[str]:
    """Each type once; a number may be whole."""
    every = [t for several in types for t in several]
    return list(dict.fromkeys(t for t in every if not (t == "integer" and "number" in every)))
