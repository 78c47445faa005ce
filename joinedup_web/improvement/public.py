"""What anyone may read of improvement: claims that somebody has published with what was found of them, and benefits.

The database itself holds the same line, for a page that says it is the public one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from joinedup.definitions import Places
from joinedup_web.governance.updates.facts import (
    BENEFITS,
    CLAIMS,
    MEASURE,
    PLACE,
    About,
    Fact,
    measure_key,
)
from joinedup_web.improvement.asking import Told, with_verdicts
from joinedup_web.improvement.checking import NOT_TIED
from joinedup_web.improvement.claim_records import ClaimCheck, Paper, PaperClaim
from joinedup_web.improvement.models import Benefit, Initiative
from joinedup_web.improvement.presenting import amount
from joinedup_web.organisations.row_security import as_public


@dataclass(frozen=True)
class PublicClaim:
    """A claim of which something was found out: what was said of it since it became public, the newest first, and
    what held at that moment. What was said before, perhaps of another measure, stays with its own place."""

    claim: PaperClaim
    checks: tuple[ClaimCheck, ...]


@dataclass(frozen=True)
class PublicPaper:
    """A text whose claims are public; `silent` more are in it of which nothing was found out."""

    paper: Paper
    claims: tuple[PublicClaim, ...]
    silent: int


@dataclass(frozen=True)
class PublicBenefit:
    """A benefit that was published, withdrawn or not, with what released figures say of its initiative."""

    benefit: Benefit
    told: Told


def public_papers() -> list[PublicPaper]:
    """Texts whose claims are public, the newest first."""
    answers = ClaimCheck.objects.exclude(verdict=NOT_TIED).order_by("-checked_at")
    checks = Prefetch("checks", answers, "said")
    claims = Prefetch("claims", PaperClaim.objects.prefetch_related(checks), "found")
    with as_public():
        rows = Paper.objects.exclude(public_since=None).select_related("place")
        return [_paper(one) for one in rows.order_by("-public_since", "title").prefetch_related(claims)]


def _paper(paper: Paper) -> PublicPaper:
    every: list[PaperClaim] = list(paper.found)
    known = tuple(PublicClaim(one, _told(one.said, paper)) for one in every if one.said)
    return PublicPaper(paper, known, len(every) - len(known))


def _told(said: list[ClaimCheck], paper: Paper) -> tuple[ClaimCheck, ...]:
    later = sum(paper.public_since is not None and check.checked_at > paper.public_since for check in said)
    return tuple(said[: later + 1])


def public_benefits() -> list[PublicBenefit]:
    """Benefits that were published, the newest first."""
    with as_public():
        rows = list(Benefit.objects.exclude(published_on=None).order_by("-published_on", "text"))
        initiatives = Initiative.objects.filter(pk__in={one.initiative_id for one in rows})
        told = {one.initiative.pk: one for one in with_verdicts(initiatives)}
    return [PublicBenefit(one, told[one.initiative_id]) for one in rows]


def public_facts() -> list[Fact]:
    """The same for letters and feeds: that a benefit was published or withdrawn, and each check of a claim."""
    found = [fact for one in public_benefits() for fact in _of_benefit(one)]
    return found + [
        fact for paper in public_papers() for one in paper.claims for fact in _of_claim(paper, one)
    ]


def _of_benefit(one: PublicBenefit) -> Iterator[Fact]:
    benefit, plan = one.benefit, one.told.plan
    if benefit.published_on is None:
        return
    key = f"benefit-{benefit.pk}"
    places, measures = (plan.places, plan.measures) if plan is not None else ([], [])
    about, href = _about(places, measures, benefit.place_id), f"{reverse('public_claims')}#{key}"
    title = f"{one.told.initiative.title}: a benefit was published"
    yield Fact(key, benefit.published_on, BENEFITS, title, benefit_words(benefit), href, about)
    if benefit.withdrawn_on is not None:
        title = f"{one.told.initiative.title}: a benefit was withdrawn"
        quote = f"{benefit_words(benefit)} Withdrawn: {benefit.withdrawn_why}"
        yield Fact(f"{key}-withdrawn", benefit.withdrawn_on, BENEFITS, title, quote, href, about)


def benefit_words(benefit: Benefit) -> str:
    """A published benefit as one sentence."""
    now, before = (amount(one, benefit.unit) for one in (benefit.number, benefit.baseline))
    on = f" on {benefit.date:%-d %B %Y}" if benefit.date else ""
    return f"{benefit.text}: {now}, from {before}{on}. Method: {benefit.method}"


def _of_claim(paper: PublicPaper, one: PublicClaim) -> Iterator[Fact]:
    """What held on the day it became public, and each check since that said something else."""
    since, tie = paper.paper.public_since, one.claim.tie
    if since is None:
        return
    measure = tie.get("measure", one.checks[0].measure_id)
    about = _about(tie.get("places", []), [measure], paper.paper.place_id)
    href = f"{reverse('public_claims')}#claim-{one.claim.pk}"
    for check in one.checks:
        title = f"{paper.paper.title}: {one.claim.figure} is {check.verdict}"
        quote = f"{one.claim.sentence} {check.found}".strip()
        on = timezone.localtime(max(since, check.checked_at)).date()
        yield Fact(f"check-{check.pk}", on, CLAIMS, title, quote, href, about)


def _about(places: list[str], measures: list[str], own: str) -> About:
    """Councils of those boroughs, and those measures, as readers of updates choose them."""
    councils = Places.load().roll_up("council", timezone.localdate())
    found = {(PLACE, councils[one]) for one in places if one in councils} | {(PLACE, own)}
    return frozenset(found | {(MEASURE, key) for one in measures if (key := measure_key(one))})
