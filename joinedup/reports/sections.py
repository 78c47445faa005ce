"""The sections on access, waits, outcomes, groups and data quality."""

from __future__ import annotations

from joinedup.charts import Lens, Table, by_group, control, figures, funnel
from joinedup.charts.words import HIDDEN, percent, whole
from joinedup.definitions import Breakdown, Measure, Places
from joinedup.reports.content import Block, Section
from joinedup.reports.material import BY_TRUST, GROUPS, Material, target


def access(material: Material, caption: str) -> Section:
    """Who gets in: referrals and first treatments, by borough beside its residents, and by service."""
    return Section(
        slug="access",
        heading="Who gets in",
        lead=(
            "Referrals beside the number of residents say who asks for help or is sent; first treatments say who gets it.",
        ),
        items=(_boroughs(material), _services(material)),
        cautions=(
            "Need is not in these figures: fewer referrals per 1,000 residents may mean less need, or a door that is harder to find.",
            "Residents are the mid-2020 estimates or the 2021 census, whichever the definitions hold; both are older than the referrals.",
        ),
    )


def _boroughs(material: Material) -> Block:
    places, on = Places.load(), material.year.end
    referred = {f.place: f for f in figures(material.boroughs, measure_id="M001")}
    treated = {f.place: f for f in figures(material.boroughs, measure_id="M031")}
    rows, codes = [], []
    for borough in places.boroughs(on):
        asked, seen = referred.get(borough.code), treated.get(borough.code)
        if asked is None:
            continue
        residents = places.residents("borough", borough.code, on=on).total
        rate = HIDDEN if asked.numerator is None else f"{1000 * asked.numerator / residents:.1f}"
        rows.append(
            (
                borough.name,
                whole(residents),
                whole(asked.numerator),
                rate,
                whole(seen.numerator if seen else None),
            )
        )
        codes.append(asked.code)
    header = ("Borough of residence", "Residents", "Referrals", "Referrals per 1,000", "First treatments")
    known = [(float(row[3]), row[0]) for row in rows if row[3] != HIDDEN]
    spread = (
        f"They run from {min(known)[0]} per 1,000 residents in {min(known)[1]} to {max(known)[0]} in {max(known)[1]}."
        if known
        else ""
    )
    return Block(
        "boroughs",
        "Referrals by borough of residence",
        spread,
        Table(header, tuple(rows), frozenset({1, 2, 3, 4}), tuple(codes)),
    )


def _services(material: Material) -> Block:
    names = {"M001": "Referrals", "M031": "First treatments", "M076": "Courses finished"}
    found = {
        measure: {f.place: f for f in figures(material.yearly, measure_id=measure, level="service")}
        for measure in names
    }
    rows, codes = [], []
    for place, figure in found["M001"].items():
        rows.append(
            (
                figure.place_name,
                *(whole(found[m][place].numerator if place in found[m] else None) for m in names),
            )
        )
        codes.append(figure.code)
    table = Table(("Service", *names.values()), tuple(rows), frozenset({1, 2, 3}), tuple(codes))
    return Block(
        "services",
        "Referrals, first treatments and finished courses by service",
        "Each counted in the year by its own national date.",
        table,
    )


def waits(material: Material, caption: str) -> Section:
    """How long people wait: the six-week standard and the wait for a second treatment, over time; who still waits."""
    six, second = Measure.load("M053"), Measure.load("M047")
    return Section(
        slug="waits",
        heading="How long people wait",
        lead=(
            "The standard asks that three in four begin within six weeks. The longer wait often comes after the first treatment.",
        ),
        items=(
            control(material.monthly, second, slug="second-treatment", caption=caption, target=10.0),
            control(
                material.monthly,
                six,
                slug="six-weeks",
                caption=caption,
                target=target(six, material.year.end),
            ),
            _still_waiting(material),
        ),
        cautions=(
            "Waits of people who finished say nothing of those who left or still wait: read them with the table of people waiting.",
        ),
    )


def _still_waiting(material: Material) -> Block:
    names = {
        "M038": "Waiting for a first treatment",
        "M045": "More than 90 days",
        "M044": "More than 18 weeks",
    }
    found = {
        measure: {f.place: f for f in figures(material.waiting, measure_id=measure)} for measure in names
    }
    rows = tuple(
        (f.place_name, *(whole(found[m][place].numerator) for m in names))
        for place, f in found["M038"].items()
    )
    codes = tuple(f.code for f in found["M038"].values())
    on = f"{material.year.end:%-d %B %Y}"
    return Block(
        "waiting",
        f"People waiting on {on}",
        "Referred, not yet treated, not discharged.",
        Table(("Service", *names.values()), rows, frozenset({1, 2, 3}), codes),
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
                _one_level(material),
                recovery,
                slug="recovery-funnel",
                caption=caption,
                unit="People who finished and could recover",
            ),
            _all_outcomes(material),
        ),
        cautions=("Services see different people; the section on gaps compares like with like.",),
    )


def _one_level(material: Material):  # type: ignore[no-untyped-def]  # Released[MeasureResult], narrowed to services
    from dataclasses import replace

    services = [s.code for s in Places.load().services(material.year.end)]
    return replace(material.yearly, value=material.yearly.value.only(level="service", place=tuple(services)))


def _all_outcomes(material: Material) -> Block:
    names = {
        "M195": "Reliable recovery",
        "M192": "Recovery",
        "M186": "Reliable improvement",
        "M1010": "Deterioration",
        "M053": "Six weeks",
        "M055": "Eighteen weeks",
    }
    found = {m: {f.place: f for f in figures(material.yearly, measure_id=m)} for m in names}
    rows = tuple(
        (f.place_name, *(percent(found[m][place].value) for m in names)) for place, f in found["M195"].items()
    )
    codes = tuple(f.code for f in found["M195"].values())
    sentence = "Standards: reliable recovery 48%, recovery 50%, reliable improvement 67%, six weeks 75%, eighteen weeks 95%."
    return Block(
        "all-outcomes",
        "Outcomes and waits by service",
        sentence,
        Table(("Service", *names.values()), rows, frozenset(range(1, 7)), codes),
    )


def groups(material: Material, caption: str) -> Section:
    """Access, experience and outcome by group."""
    lenses = [
        Lens(Measure.load("M053"), "First treatment within 6 weeks"),
        Lens(Measure.load("M047"), "Over 90 days to the second"),
        Lens(Measure.load("M195"), "Reliable recovery"),
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
            "The same three measures for each group: getting in on time, the wait within treatment, and getting better.",
        ),
        items=items,
        cautions=(
            "Groups overlap and differ in age, place and problem: a difference here is a question, not a cause.",
            "What is not stated is shown last and is never a finding; people who leave early are more often not stated.",
        ),
    )


def quality(material: Material, caption: str) -> Section:
    """Data quality by trust, side by side: what is stated, and whether scores come in pairs."""
    return Section(
        slug="quality",
        heading="How good the data are, by trust",
        lead=(
            "Figures by group are only as good as what is recorded. Each cell is a share of the trust's referrals, or of finished courses.",
        ),
        items=(_stated(material), _paired(material)),
    )


def _stated(material: Material) -> Block:
    totals = {f.place: f for f in figures(material.stated, breakdown="total")}
    rows = []
    for slug in BY_TRUST:
        breakdown = Breakdown.load(slug)
        missing = {f.place: f for f in figures(material.stated, breakdown=slug, group=breakdown.not_stated)}
        rows.append(
            (
                breakdown.title,
                *(
                    _share(missing.get(place), total)
                    for place, total in totals.items()
                    if place != "not_known"
                ),
            )
        )
    names = [total.place_name for place, total in totals.items() if place != "not_known"]
    table = Table(
        ("What is recorded", *(f"{name}: not stated" for name in names)),
        tuple(rows),
        frozenset(range(1, len(names) + 1)),
    )
    return Block("not-stated", "How often it is not stated", "Of referrals in the year.", table)


def _share(part, whole_figure) -> str:  # type: ignore[no-untyped-def]  # two figures
    if part is None or part.numerator is None or not whole_figure.numerator:
        return HIDDEN
    return f"{100 * part.numerator / whole_figure.numerator:.0f}%"


def _paired(material: Material) -> Block:
    names = {
        "M202": "Both questionnaires paired",
        "M201": "PHQ-9 paired",
        "M199": "First PHQ-9 only",
        "M200": "No PHQ-9",
    }
    found = {m: {f.place: f for f in figures(material.paired, measure_id=m)} for m in names}
    rows = tuple(
        (f.place_name, *(percent(found[m][place].value) if place in found[m] else HIDDEN for m in names))
        for place, f in found["M202"].items()
    )
    codes = tuple(f.code for f in found["M202"].values())
    return Block(
        "paired",
        "Scores at both ends",
        "Of courses finished in the year.",
        Table(("Trust", *names.values()), rows, frozenset({1, 2, 3, 4}), codes),
    )
