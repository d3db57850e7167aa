"""The keys of a rule: whom it binds, when, and what exempts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Tag, WithJsonSchema, model_validator
from pydantic import Field as Key

from orgaudit.recordmodel import Day, Said, Strict, Text, wrong_shape
from orgaudit.schemas import EVERY, LENGTH, Demands, demanded, exactly_one, if_given, one_at_least, refused, text
from orgaudit.standards.language.bounds import BOUNDS, Bounded, Scalar, Severity
from orgaudit.standards.language.measures import A_BOUND, Laddered, TestKeys, shape_of

Modality = Literal["must", "must_not", "should", "may", "goal", "fact"]
_WHOLE = ("gap", "consecutive", "periods")  # over the whole audited period
_EFFECT = text(r"excuse|skip|break|\$\w+", "excuse, skip, break, a reading as $name, or keys that put another bound")
_AFTER = text(r".+ after .+", "DURATION after DATE, as 30 days after received_on")


def _every(form: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"every": {**form, "type": ["string", "null"]}}}


class InForce(Strict):
    """The first and the last day on which a standard or rule binds."""

    from_: Day | None = Key(
        default=None, alias="from", description="The first day on which it binds; left out: since ever."
    )
    to: Day | None = Key(default=None, description="The last day on which it binds; left out: until further notice.")


class WindowKeys(Strict):
    """`within: {from: DATE, to: DATE}`"""

    from_: str | None = Key(
        default=None,
        alias="from",
        description="The first day of the window: a date expression.",
        examples=["received_on"],
    )
    to: str | None = Key(
        default=None,
        description="The last day of the window: a date expression.",
        examples=["add_days(received_on, 14)"],
    )


class ExemptionKeys(Strict):
    """One named reason for which a check does not apply."""

    demands: ClassVar[Demands] = (
        exactly_one("when", "during", "during_all"),
        {"properties": {"effect": {"if": {"type": "object"}, "then": A_BOUND}}},
    )

    id: Said = Key(description="The name of the exemption, which findings show.", examples=["merged"])
    clause: Said | None = Key(default=None, description="The clause that exempts.")
    when: (
        Annotated[Annotated[str | bool, Tag("text")] | Annotated[TestKeys, Tag("keys")], Discriminator(shape_of)] | None
    ) = Key(
        default=None,
        description="It holds where this is true: a condition, or a measure with a bound.",
        examples=["is_merged"],
    )
    during: str | None = Key(
        default=None,
        description="It holds where a record of this group, or a season, overlaps the window.",
        examples=["leaves where approved", "yearly 07-01 to 08-31"],
    )
    during_all: str | None = Key(
        default=None, description="It holds where one record of this group, or a season, covers the whole window."
    )
    effect: Annotated[
        Annotated[str, WithJsonSchema(_EFFECT), Tag("text")] | Annotated[Bounded, Tag("keys")], Discriminator(shape_of)
    ] = Key(
        default="excuse",
        description="`excuse`; in runs `skip` or `break`; a `$reading` that chooses; or another bound, as `{at_most: 75 days}`.",
    )

    @model_validator(mode="after")
    def _one_condition(self) -> ExemptionKeys:
        if sum(x is not None for x in (self.when, self.during, self.during_all)) != 1:
            raise wrong_shape("shape-exemption")
        if isinstance(self.effect, Bounded) and not self.effect.bounds:
            raise wrong_shape("shape-bound")
        return self


class RuleKeys(Laddered):
    """One rule."""

    demands: ClassVar[Demands] = (
        if_given("every", otherwise=refused(("step", "alive"), "this belongs to `every`")),
        if_given("step", _every(LENGTH), otherwise=_every(EVERY)),
        if_given(_WHOLE, refused(("within", "every"), "the measure looks at the whole audited period")),
        if_given("done", demanded("within")),
        if_given("matter", one_at_least(*BOUNDS, "levels", "within")),
    )

    id: Said = Key(description="The identifier of the rule, unique in the standard.", examples=["SPB-3-1"])
    norms: list[Said] = Key(default_factory=list, description="The norms of `clauses.yaml` that the rule carries.")
    clause: Said | None = Key(
        default=None,
        description="The clause that the rule comes from; a number is quoted.",
        examples=["二（三）", "12.3"],
    )
    quote: Said | None = Key(default=None, description="The words of the clause.")
    title: Text = Key(default_factory=dict, description="What the rule is called, in Chinese and English.")
    remedy: Text = Key(default_factory=dict, description="What to do about a breach, in Chinese and English.")
    note: Said | None = Key(default=None, description="Anything else a reader should know.")
    matter: Said | None = Key(
        default=None,
        description="What it says how much of: rules of other standards with the same word are compared with it.",
        examples=["general_meeting"],
    )
    modality: Modality = Key(description="How much it binds; failures of `may`, `goal` and `fact` are advisory.")
    severity: Severity | None = Key(
        default=None,
        description="How grave a breach is; left out: major for must and must_not, minor for should, else info.",
    )
    reading: dict[str, str] = Key(
        default_factory=dict,
        description="The rule stands only under these choices of readings.",
        examples=[{"no_meeting_month": "skip"}],
    )
    in_force: InForce | None = Key(default=None, description="When the rule binds; left out: as the standard.")
    for_: str | None = Key(
        default=None,
        alias="for",
        description="Whom it binds: a group, or `breaches of RULE`; left out: the whole audit, as one subject.",
        examples=["organizations where kind = 'branch'"],
    )
    each: dict[str, list[Scalar] | str] = Key(
        default_factory=dict,
        description="One obligation a value: of a list, `$name`, a group, or `EXPR of GROUP`; of several names all combinations.",
        examples=[{"topic": ["law", "safety"]}],
    )
    every: str | None = Key(default=None, description="How often: one check a period.")
    step: Annotated[str, WithJsonSchema(EVERY)] | None = Key(
        default=None, description="Windows of the length of `every` that slide: one begins at each of these periods."
    )
    alive: Literal["throughout", "sometime", "at_end"] = Key(
        default="throughout",
        description="Of `every`: which subjects a period binds: those that exist throughout it, sometime in it, or at its end.",
    )
    within: (
        Annotated[
            Annotated[str, WithJsonSchema(_AFTER), Tag("text")] | Annotated[WindowKeys, Tag("keys")],
            Discriminator(shape_of),
        ]
        | None
    ) = Key(
        default=None,
        description="The window: `DURATION after DATE`, or from a date to a date.",
        examples=["30 days after received_on"],
    )
    unless: list[ExemptionKeys] = Key(default_factory=list, description="The exemptions; the first that holds counts.")

    @model_validator(mode="after")
    def _keys_go_together(self) -> RuleKeys:
        for key in ("step", "alive"):
            if key in self.model_fields_set and self.every is None:
                raise wrong_shape("shape-with-every", key=key)
        if self.measure in ("consecutive", "periods", "gap") and (self.within or self.every):
            raise wrong_shape("shape-whole-period", measure=self.measure)
        if self.matter is not None and not (self.is_bounded or self.within):
            raise wrong_shape("shape-matter")
        return self
