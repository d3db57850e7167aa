"""The keys of a standard that extends another: what is different, each with its reason."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field as Key
from pydantic import model_validator

from orgaudit.recordmodel import Day, Said, Strict, wrong_shape
from orgaudit.schemas import Demands, exactly_one
from orgaudit.standards.language.bounds import Bounded, Scalar, Severity


class ChangeKeys(Bounded):
    """What a tailored standard says of a rule of another."""

    why: Said = Key(description="Why it is different here; outputs show it.")
    off: bool = Key(default=False, description="The rule does not stand here.")
    severity: Severity | None = Key(default=None, description="How grave a breach is here.")


class ParameterChangeKeys(Strict):
    """Another value (or values by date) of a parameter."""

    demands: ClassVar[Demands] = (exactly_one("value", "values"),)

    why: Said = Key(description="Why it is different here; outputs show it.")
    value: Scalar | list[Scalar] | None = Key(default=None, description="The value here, since ever.")
    values: dict[Day, Scalar | list[Scalar]] = Key(
        default_factory=dict, description="The values here, by the day from which on they hold."
    )

    @model_validator(mode="after")
    def _says_what(self) -> ParameterChangeKeys:
        if (self.value is None) == (not self.values):
            raise wrong_shape("shape-change")
        return self


class ReadingChangeKeys(Strict):
    """Another choice of a reading."""

    use: str = Key(description="The choice that is made here.")
    why: Said = Key(description="Why it is read so here; outputs show it.")


class ExtendKeys(Strict):
    """Another standard, and what is different here, each with its reason."""

    standard: Said = Key(description="The identifier of the other standard, or a folder beside this file.")
    parameters: dict[str, ParameterChangeKeys] = Key(
        default_factory=dict, description="Parameters with other values here."
    )
    readings: dict[str, ReadingChangeKeys] = Key(default_factory=dict, description="Readings with another choice here.")
    rules: dict[str, ChangeKeys] = Key(
        default_factory=dict, description="Rules that are different here: another bound, another severity, or off."
    )
