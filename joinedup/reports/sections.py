"""The sections on access, waits, outcomes and groups of people."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from joinedup.charts import Lens, Picture, by_group, control, funnel, per_thousand, rates_of
from joinedup.definitions import Breakdown, Measure, Places
from joinedup.reports.asked import EXPERIENCE, GROUPS
from joinedup.reports.content import Block, Section
from joinedup.reports.material import Material, residents_of, target
from joinedup.reports.over_time import wait_pictures
from joinedup.reports.tables import grid

if TYPE_CHECKING:
    from joinedup.disclosure import Released
    from joinedup.measures import MeasureResult

STANDARDS = {
    "M195": "reliable recovery",
    "M192": "recovery",
    "M186": "reliable improvement",
    "M053": "six weeks",
    "M055": "eighteen weeks",
}


def access(material: Material, caption: str) -> Section:
    """Who gets in: referrals and first treatments beside residents, by borough and by group; and by service."""
    names = {"M001": "Referrals", "M031": "First treatments", "M076": "Courses finished"}
    services = Block(
        "services",
        "Referrals, first treatments and finished courses by service",
        "Each counted in the year by its own national date.",
        grid(material.yearly, names, first="Service", levels=("service", "total")),
    )
    return Section(
        slug="access",
        heading="Who gets in",
        lead=(
            "Referrals beside the number of residents say who asks for help or is sent; first treatments say who gets it.",
        ),
        items=(_by_borough(material, caption), *_by_residents(material, caption), services),
        cautions=(
            "Need is not in these figures: fewer referrals per 1,000 residents may mean less need, or a door that is harder to find.",
            "Residents are those of the 2021 census, or mid-2020 estimates by deprivation: older than the referrals. People whose group is not "
            "stated are in no dot, so rates by ethnic group are a little too low.",
        ),
    )


def _by_borough(material: Material, caption: str) -> Picture:
    places, on = Places.load(), material.year.end
    residents = {b.code: places.residents("borough", b.code, on=on).total for b in places.boroughs(on)}
    rates = rates_of(material.boroughs, residents, key="place")
    return per_thousand(
        rates, slug="boroughs", what="borough of residence", period=material.year.key, caption=caption
    )


def _by_residents(material: Material, caption: str) -> tuple[Picture, ...]:
    found = []
    for slug in ("ethnic_group", "deprivation_decile"):
        breakdown = Breakdown.load(slug)
        residents = residents_of(slug, material.year.end)
        rates = rates_of(
            material.residents, residents, key="group", breakdown=slug, area=Places.load().home.area
        )
        if rates:
            order = [name for name in breakdown.stated_names if residents.get(name)]
            what = "ethnic group" if slug == "ethnic_group" else "deprivation tenth"
            found.append(
                per_thousand(
                    rates, slug=f"residents-{slug.replace('_', '-')}", what=what, period=material.year.key, caption=caption,
                    reference=breakdown.reference if breakdown.reference in order else order[-1], order=order, people=breakdown.people,
                )
            )  # fmt: skip
    return tuple(found)


def waits(material: Material, caption: str) -> Section:
    """How long people wait: the six-week standard and the wait for a second treatment, over time; who still waits."""
    six, second, on = Measure.load("M053"), Measure.load("M047"), material.year.end
    return Section(
        slug="waits",
        heading="How long people wait",
        lead=(
            "The standard asks that three in four begin within six weeks. The longer wait often comes after the first treatment.",
        ),
        items=(
            control(
                material.monthly, second, slug="second-treatment", caption=caption, target=target(second, on),
                name="Over 90 days between treatments",
            ),
            control(
                material.monthly, six, slug="six-weeks", caption=caption, target=target(six, on),
                name="First treatment within six weeks",
            ),
            *wait_pictures(material.over_time, caption),
            _still_waiting(material),
        ),
        cautions=(
            "Waits of people who finished say nothing of those who left or still wait: read them with the table of people waiting.",
        ),
    )  # fmt: skip


def _still_waiting(material: Material) -> Block:
    names = {
        "M038": "Waiting for a first treatment",
        "M045": "More than 90 days",
        "M044": "More than 18 weeks",
    }
    return Block(
        "waiting",
        f"People waiting on {material.year.end:%-d %B %Y}",
        "Referred, not yet treated, not discharged.",
        grid(material.waiting, names, first="Service"),
    )


def outcomes(material: Material, caption: str) -> Section:
    """Who gets better: reliable recovery over time and in a funnel, and all outcomes by service with pairing."""
    recovery = Measure.load("M195")
    return Section(
        slug="outcomes",
        heading="Who gets better",
        lead=(
            "Reliable recovery: recovered, and by more than the error of the questionnaires, among people who could recover.",
        ),
        items=(
            control(
                material.monthly,
                recovery,
                slug="recovery-months",
                caption=caption,
                target=target(recovery, material.year.end),
            ),
            funnel(
                services_only(material.yearly, material),
                recovery,
                slug="recovery-funnel",
                caption=caption,
                unit="People who finished and could recover",
                beside=material.paired,
            ),
            _all_outcomes(material),
        ),
        cautions=(
            "Services see different people; the section on gaps compares like with like.",
            "People without scores at both ends count as not recovered: the funnel's table has the share with both.",
        ),
    )


def services_only(released: Released[MeasureResult], material: Material) -> Released[MeasureResult]:
    """A released result narrowed to known services: nothing is shown that was not released."""
    services = tuple(service.code for service in Places.load().services(material.year.end))
    return replace(released, value=released.value.only(level="service", place=services))


def _all_outcomes(material: Material) -> Block:
    names = {
        "M195": "Reliable recovery",
        "M192": "Recovery",
        "M186": "Reliable improvement",
        "M1010": "Deterioration",
        "M053": "Six weeks",
        "M055": "Eighteen weeks",
    }
    table = grid(material.yearly, names, first="Service", levels=("service", "total"))
    return Block("all-outcomes", "Outcomes and waits by service", _standards(material), table)


def _standards(material: Material) -> str:
    found = [(name, target(Measure.load(m), material.year.end)) for m, name in STANDARDS.items()]
    told = ", ".join(f"{name} {value:.0f}%" for name, value in found if value is not None)
    return f"Standards in force on {material.year.end:%-d %B %Y}: {told}." if told else ""


def groups(material: Material, caption: str) -> Section:
    """Access, experience and outcome by group."""
    lenses = [
        Lens(Measure.load("M053"), "within 6 weeks", "Access", "First treatment within six weeks"),
        Lens(Measure.load("M047"), "over 90 days between", "Wait", "More than 90 days between treatments"),
        Lens(Measure.load(EXPERIENCE), "question 1: always", "Experience", "'All of the time' to question 1"),
        Lens(Measure.load("M195"), "reliable recovery", "Outcome", "Reliable recovery"),
    ]
    items = tuple(
        by_group(
            material.groups,
            Breakdown.load(slug),
            lenses,
            slug=f"by-{slug.replace('_', '-')}",
            caption=caption,
        )
        for slug in GROUPS
    )
    return Section(
        slug="groups",
        heading="How it differs between groups of people",
        lead=(
            "The same four measures for each group: a first treatment within six weeks; a second more than 90 days after it; what people say; "
            "and getting better.",
        ),
        items=items,
        cautions=(
            "Groups overlap and differ in age, place and problem: a difference here is a question, not a cause.",
            "What is not stated is shown last, hollow, and is never a finding; people who leave early are more often not stated.",
            "Experience is the share who answered the first question about treatment with 'all of the time'. Returns carry the question's code "
            "(747901000000107) and not its words, and only people who fill in the form are heard.",
        ),
    )
