"""Outcomes per referral, each with its own chain of stages.

Two time bases are never mixed: a referral cohort followed forward, or referrals that ended in a period.
Published flows are a third thing: counts of one period that are not the same people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from joinedup.equity.chain import Stage
from joinedup.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

Basis = Literal["cohort", "discharged", "flows"]

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {
        stage.name: stage
        for stage in (
            Stage("first_treatment", "first treatment", "leak", "before a first treatment", splits=True),
            Stage(
                "second_treatment",
                "second treatment",
                "leak",
                "between first and second treatment",
                splits=True,
            ),
            Stage("ended", "treatment ended", "open", "in how many are still open"),
            Stage(
                "scope",
                "at caseness, so able to recover",
                "scope",
                "in how many are at caseness at the start",
            ),
            Stage("paired", "first and last scores", "leak", "for want of a last questionnaire"),
            Stage("reliably_improved", "reliably improved", "leak", "in improving reliably"),
            Stage("recovered", "recovered", "leak", "in getting below caseness"),
            Stage("finished", "finished treatment", "leak", "before a course is finished", nested=False),
            Stage("outcome", "outcome", "leak", "between finishing and the outcome"),
        )
    }
)


@dataclass(frozen=True)
class Outcome:
    """An outcome per referral, in words too. `flow` is its published count, `beside` the official
    percentage that stands beside it, never mixed with it.
    """

    name: str
    title: str
    verb: str
    doing: str
    stages: tuple[str, ...]
    flow: str
    beside: str
    in_scope: bool

    def chain(self, basis: Basis) -> tuple[Stage, ...]:
        """Stages of the chain on a time basis."""
        if basis == "flows":
            names = ("finished", "scope", "outcome") if self.in_scope else ("finished", "outcome")
            opens = f"between finishing and {self.doing}"
            return tuple(
                replace(STAGES[name], opens=opens) if name == "outcome" else STAGES[name] for name in names
            )
        if basis == "discharged":
            return tuple(replace(STAGES[name], splits=False) for name in self.stages if name != "ended")
        return tuple(STAGES[name] for name in self.stages)


OUTCOMES: Final[Mapping[str, Outcome]] = MappingProxyType(
    {
        outcome.name: outcome
        for outcome in (
            Outcome(
                "reliable_recoveries_per_referral",
                "Reliable recoveries per referral",
                "reach reliable recovery",
                "recovering",
                tuple(name for name in STAGES if name not in ("finished", "outcome")),
                flow="reliable_recovery",
                beside="M195",
                in_scope=True,
            ),
            Outcome(
                "recoveries_per_referral",
                "Recoveries per referral",
                "reach recovery",
                "recovering",
                ("first_treatment", "second_treatment", "ended", "scope", "paired", "recovered"),
                flow="recovery",
                beside="M192",
                in_scope=True,
            ),
            Outcome(
                "reliable_improvements_per_referral",
                "Reliable improvements per referral",
                "improve reliably",
                "improving",
                ("first_treatment", "second_treatment", "ended", "paired", "reliably_improved"),
                flow="reliable_improvement",
                beside="M186",
                in_scope=False,
            ),
        )
    }
)


def outcome_of(outcome: str | Outcome) -> Outcome:
    """The outcome of that name, of its official measure id, or of the measure's own name. Raises
    UnknownName.
    """
    if isinstance(outcome, Outcome):
        return outcome
    for known in OUTCOMES.values():
        if outcome in (known.name, known.beside, known.flow):
            return known
    nearest = get_close_matches(outcome, OUTCOMES, n=1) or list(OUTCOMES)
    raise UnknownName(
        f"There is no outcome per referral called '{outcome}'.", remedy=f"Try {', '.join(nearest)}."
    )
