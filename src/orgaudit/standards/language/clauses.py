"""The keys of `clauses.yaml`: what became of every norm of a source."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field as Key

from orgaudit.recordmodel import Said, Strict
from orgaudit.schemas import Demands, demanded

Disposition = Literal["rules", "attest", "not_a_norm", "planned"]


class ClauseKeys(Strict):
    """One norm of the source."""

    demands: ClassVar[Demands] = (
        {
            "if": {"properties": {"disposition": {"const": "rules"}}, "required": ["disposition"]},
            "then": {"required": ["rules"], "properties": {"rules": {"minItems": 1}}},
            "else": demanded("why"),
        },
    )

    norm: Said = Key(description="The identifier of the norm, unique in the source.")
    clause: Said | None = Key(default=None, description="The clause in which it stands.")
    disposition: Disposition = Key(
        description="What became of it: `rules` carry it, only people can `attest` it, it is `not_a_norm`, or a rule is `planned`."
    )
    rules: list[Said] = Key(default_factory=list, description="The rules that carry it, or exempt by it.")
    why: Said | None = Key(default=None, description="Why no rule carries it, or how the rules do.")


class ClausesKeys(Strict):
    """All norms of the source."""

    clauses: list[ClauseKeys] = Key(description="All norms of the source, in its order.")
