"""From a YAML file to a pydantic model: every error gets the place it stands at and, where it can, the nearest right name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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

from orgaudit.errors import OrgauditError
from orgaudit.recordmodel.misfits import at, located
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
        raise wrong_shape("shape-language", found=", ".join(sorted(unknown)))
    return text


def something(text: str) -> str:
    """The text, with more than spaces in it."""
    if not text.strip():
        raise wrong_shape("shape-nothing")
    return text


#: a text that says something: a name, a reason
Said = Annotated[str, AfterValidator(something)]
#: a text in Chinese, English or both
Text = Annotated[
    dict[str, Said],
    AfterValidator(known_languages),
    WithJsonSchema({"type": "object", "properties": {"zh": _STRING, "en": _STRING}, "additionalProperties": False}),
]
#: a text, or a list of texts
StrList = Annotated[list[str], BeforeValidator(lambda v: [v] if isinstance(v, str) else v), WithJsonSchema(TEXTS)]
#: a day as it is written; who reads it says whether there is such a day
Day = Annotated[str, WithJsonSchema(DAY)]


def validated(model: type[M], file: YamlFile, path: Path = ()) -> tuple[M | None, list[OrgauditError]]:
    """The model of what stands at `path`, or None and all errors."""
    data = at(file.data, path)
    try:
        found = model.model_validate(data)
    except ValidationError as e:
        return None, located(e.errors(), model, file, path)
    blank = [OrgauditError("blank-key", {"key": p[-1]}, file.where(p)) for p in _blank_keys(found, path)]
    return (None, blank) if blank else (found, [])


def _blank_keys(found: object, path: Path) -> Iterator[Path]:
    """The keys after which nothing is written: who wrote them meant something."""
    if isinstance(found, BaseModel):
        for name in found.model_fields_set:
            key = type(found).model_fields[name].alias or name
            value = getattr(found, name)
            yield from [(*path, key)] if value is None else _blank_keys(value, (*path, key))
    elif isinstance(found, list):
        for i, value in enumerate(found):
            yield from _blank_keys(value, (*path, i))
    elif isinstance(found, dict):
        for name, value in found.items():
            yield from _blank_keys(value, (*path, name))


def as_far_as_it_fits(
    model: type[M], file: YamlFile, path: Path, instead: Mapping[str, str], needed: Collection[str]
) -> M | None:
    """What stands at `path` without what is wrong in it (told by `validated`), so that the rest can be checked, too.

    `instead` has words in place of wrong ones that are asked for. None where the shape of the whole is wrong, or
    something that the rest needs.
    """
    data = at(file.data, path)
    try:
        return model.model_validate(data)
    except ValidationError as e:
        wrong = {error["loc"][0] if error["loc"] else "" for error in e.errors()}
        if "" in wrong or wrong & set(needed) or not isinstance(data, dict):
            return None
    try:
        return model.model_validate(
            {k: v for k, v in data.items() if k not in wrong} | {k: v for k, v in instead.items() if k in wrong}
        )
    except ValidationError:
        return None
