"""What validators ask of keys that stand together, in JSON Schema.

`oneOf` would say it shortest, and a validator's message would then be that nothing fits. These are made of `if` and
`then`, so that the error stands at the key that is wrong and names the others. `errorMessage` is what editors show
instead of their own words; other tools pass over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]
NAME = "named"  #: the key by which a demand says its name; it is gone from what is printed
Demands = tuple[Schema, ...]


def demanded(*keys: str) -> Schema:
    """All of these keys are there."""
    return {"required": list(keys)}


def refused(keys: Sequence[str], why: str) -> Schema:
    """None of these keys says anything."""
    return {"properties": {key: {"const": None, "errorMessage": why} for key in keys}}


def if_given(keys: str | tuple[str, ...], *then: Schema, otherwise: Schema | None = None) -> Schema:
    """What holds beside a key, or beside any of several; `otherwise` is what holds without all of them."""
    several = (keys,) if isinstance(keys, str) else keys
    asked = demanded(*several) if len(several) == 1 else {"anyOf": [demanded(key) for key in several]}
    found: Schema = {"if": asked}
    if then:
        found["then"] = then[0] if len(then) == 1 else {"allOf": list(then)}
    return found if otherwise is None else {**found, "else": otherwise}


def one_at_most(*keys: str) -> Schema:
    """The first of these keys refuses the others."""
    return {
        "allOf": [
            if_given(key, refused(keys[i + 1 :], f"`{key}` stands here already: only one of them may"))
            for i, key in enumerate(keys[:-1])
        ]
    }


def one_at_least(*keys: str) -> Schema:
    """One of these keys is there.

    Of several keys that are missing no keyword tells; a key that cannot be there is asked for by a name that does.
    """
    return if_given(keys, otherwise=demanded(f"one of {_listed(keys)}"))


def exactly_one(*keys: str) -> Schema:
    """One of these keys, and no other of them."""
    return {"allOf": [one_at_least(*keys), one_at_most(*keys)]}


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys)


def named(name: str, schema: Schema) -> Schema:
    """A demand of several models: it stands among the definitions, once (see shape)."""
    return {NAME: name, **schema}
