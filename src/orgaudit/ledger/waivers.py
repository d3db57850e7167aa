"""The keys of a file of waivers, as it is written; nothing applies them yet."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field as Key
from pydantic import RootModel, WithJsonSchema

from orgaudit.recordmodel import Strict
from orgaudit.schemas import DAY


class WaiverKeys(Strict):
    """A decision that findings of a rule are let be, until a day."""

    rule: str = Key(description="The rule whose findings are waived.", examples=["SPB-3-1"])
    subject: str | None = Key(default=None, description="The key of the subject; left out: every subject.")
    reason: str = Key(description="Why it is let be.")
    approver: str = Key(description="Who decided it.")
    expires: Annotated[date, WithJsonSchema(DAY)] = Key(description="The last day on which it holds.")


class WaiversKeys(RootModel[list[WaiverKeys]]):
    """The waivers of an organization, one after the other."""
