"""From a YAML file to a pydantic model: every error gets the place it stands at and, where it can, the nearest right name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from orgaudit.errors import OrgauditError, did_you_mean
from orgaudit.schemas import DAY, TEXTS, Demands
from orgaudit.yamlfile import Path, YamlFile

M = TypeVar("M", bound=BaseModel)
_STRING = {"type": "string"}


class Strict(BaseModel):
    """A part of a file in which an unknown key is an error."""

    #: what checks a model is built when the first file is read into one: most runs of most commands never need most of them
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True, defer_build=True
    )
    #: what its validators ask of keys that stand together, for its JSON Schema
    demands: ClassVar[Demands] = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """What pydantic says, and what the validators of the class and of those above it ask."""
        schema = handler.resolve_ref_schema(handler(core))
        asked = [demand for above in reversed(cls.__mro__) for demand in vars(above).get("demands", ())]
        if asked:
            schema["allOf"] = asked
        return schema


def wrong_shape(code: str, **values: object) -> PydanticCustomError:
    """An error about keys that do not go together; its code is one of the message catalogues."""
    return PydanticCustomError(code, code, values)


def known_languages(text: dict[str, str]) -> dict[str, str]:
    """A text in Chinese, English or both; another language is an error."""
    unknown = set(text) - {"zh", "en"}
    if unknown:
        raise ValueError(f"languages are zh and en, not {', '.join(sorted(unknown))}")
    return text


#: a text in Chinese, English or both
Text = Annotated[
    dict[str, str],
    AfterValidator(known_languages),
    WithJsonSchema({"type": "object", "properties": {"zh": _STRING, "en": _STRING}, "additionalProperties": False}),
]
#: a text, or a list of texts
StrList = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v), WithJsonSchema(TEXTS)]
#: a day as it is written; who reads it says whether there is such a day
Day = Annotated[str, WithJsonSchema(DAY)]


def validated(model: type[M], file: YamlFile, path: Path = ()) -> tuple[M | None, list[OrgauditError]]:
    """The model of what stands at `path`, or None and all errors."""
    data = _at(file.data, path)
    try:
        return model.model_validate(data), []
    except ValidationError as e:
        return None, [_located(error, model, file, path) for error in e.errors()]


def as_far_as_it_fits(model: type[M], file: YamlFile, path: Path, instead: Mapping[str, str]) -> M | None:
    """What stands at `path` without its unknown keys and words (told by `validated`), so that the rest can be checked, too.

    `instead` has words in place of wrong ones that are asked for. None where anything else is wrong.
    """
    data = _at(file.data, path)
    try:
        return model.model_validate(data)
    except ValidationError as e:
        wrong = {error["loc"][0]: error["type"] for error in e.errors() if len(error["loc"]) == 1}
        if len(wrong) < e.error_count() or not set(wrong.values()) <= {"extra_forbidden", "literal_error"}:
            return None
    try:
        return model.model_validate(
            {k: v for k, v in data.items() if k not in wrong} | {k: v for k, v in instead.items() if k in wrong}
        )
    except ValidationError:
        return None


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _located(error: Any, model: type[BaseModel], file: YamlFile, path: Path) -> OrgauditError:
    location = (*path, *_steps_in(_at(file.data, path), error["loc"]))
    kind, is_key = error["type"], error["type"] == "extra_forbidden"
    where = file.where(location, key=is_key)
    if is_key:
        known = _keys_at(model, error["loc"][:-1])
        return OrgauditError("unknown-key", did_you_mean(str(error["loc"][-1]), known), where)
    if kind == "missing":
        return OrgauditError("missing-key", {"key": error["loc"][-1]}, file.where(location))
    if kind.startswith("shape-"):
        return OrgauditError(kind, error.get("ctx", {}), where)
    key = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str)), "")
    if kind == "literal_error":
        return OrgauditError(
            "unknown-word", {"key": key, "value": error["input"], "known": error["ctx"]["expected"]}, where
        )
    if kind == "string_type" and isinstance(error["input"], (int, float)):
        return OrgauditError("not-text", {"key": key, "value": error["input"]}, where)
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
