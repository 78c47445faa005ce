"""Forms as partners would fill them in, for tests: partnerships, rounds, partners, charters, registers. Invented."""

from __future__ import annotations

from datetime import date

from joinedup.definitions.frameworks import Framework
from joinedup.definitions.places import Places
from joinedup.governance.evidence import MeasureTest, Series
from joinedup.governance.frameworks.assessments import Assessment, Document, Evidence, Live, Score
from joinedup.governance.frameworks.charters import Charter, Role
from joinedup.governance.frameworks.neighbourhoods import Area, Register
from joinedup.governance.frameworks.parts import Cell, Form, FormRow
from joinedup.governance.frameworks.reading import forms_of
from joinedup.governance.frameworks.results import Results, score_forms
from joinedup.governance.frameworks.roadmaps import Milestone, Roadmap
from joinedup.governance.frameworks.writing import Filled, page_of, write_filled

PBP = Framework.load("place_based_partnership")
WCC = Framework.load("world_class_commissioning")
PLACES = (
    "PBP-HILLINGDON",
    "PBP-HARROW",
    "PBP-BRENT",
    "PBP-EALING",
    "PBP-HOUNSLOW",
    "PBP-HF",
    "PBP-BIBOROUGH",
)
PARTNERS = ("Council", "NHS", "Voluntary sector")
DAYS = (date(2024, 9, 30), date(2025, 3, 31), date(2025, 9, 30), date(2026, 3, 31))
PAPER = Document("Terms of reference", date(2025, 2, 1), "https://example.org/terms")


def live(measure: str = "M053", place: str = "E09000005", threshold: float = 75.0, points: int = 3) -> Live:
    """A measure that has to hold at least this."""
    series = Series(measure=measure, level=Places.load().place(place).level, place=place)
    return Live(MeasureTest(series=series, comparison="at_least", threshold=threshold, points=points))


def scores(
    levels: dict[str, int], evidence: dict[str, tuple[Evidence, ...]] | None = None, **local: int
) -> tuple[Score, ...]:
    """Scores of criteria; `local` ones belong to service delivery."""
    offered = evidence or {}
    core = [
        Score(name, level, f"Because of {name}.", offered.get(name, ())) for name, level in levels.items()
    ]
    own = [
        Score(f"local.{name}", level, "", (), name.replace("_", " ").capitalize(), "service_delivery")
        for name, level in local.items()
    ]
    return (*core, *own)


def sheet(
    place: str = "PBP-BRENT", round_: str = "2026-03", day: date = DAYS[-1], view: str = "partner",
    partner: str = "Council",
    framework: Framework = PBP, given: tuple[Score, ...] | None = None, level: int = 2,
) -> Assessment:  # fmt: skip
    """One set of scores: the given ones, else the same level everywhere."""
    found = scores({one.slug: level for one in framework.criteria}) if given is None else given
    return Assessment(framework.slug, framework.version, place, round_, day, view, partner, found)


def moderated(place: str = "PBP-BRENT", **more: object) -> Assessment:
    """What partners agreed."""
    return sheet(place, view="moderated", partner="", **more)  # type: ignore[arg-type]


def forms(*filled: Filled, kind: str = ".yaml") -> tuple[Form, ...]:
    """These as if they had come in a file of that kind."""
    read, found = forms_of(write_filled(filled, kind), f"forms{kind}")
    assert not found, found
    return read


def straight(*filled: Filled) -> tuple[Form, ...]:
    """The same without a file, which is quicker."""
    pages = [page_of(one) for one in filled]
    return tuple(
        Form(
            page.kind,
            "forms.xlsx",
            {name: Cell(value, 1, name) for name, value in page.head.items()},
            tuple(
                FormRow(at, {name: Cell(value, at, page.kind.columns[name]) for name, value in row.items()})
                for at, row in enumerate(page.rows, 1)
            ),
        )
        for page in pages
    )


def results(*filled: Filled, held: object = None) -> Results:
    """What these come to."""
    return score_forms(straight(*filled), held)  # type: ignore[arg-type]


def world() -> list[Filled]:
    """Seven partnerships over four rounds, which rise at different paces and do not all have evidence."""
    found: list[Filled] = []
    for at, place in enumerate(PLACES):
        for step, day in enumerate(DAYS):
            for who, partner in enumerate((*PARTNERS, "")):
                levels = {
                    one.slug: max(1, min(4, _level(at, k, step) + (_lean(at, k, who) if partner else 0)))
                    for k, one in enumerate(PBP.criteria)
                }
                dated = Document("Board paper", day, f"https://example.org/{place.lower()}/{step}")
                offered = {one.slug: (dated,) for k, one in enumerate(PBP.criteria) if (k + at) % 5}
                view = "partner" if partner else "moderated"
                own = {"mens_sheds": 2} if at == 2 else {}
                found.append(
                    sheet(place, f"{day:%Y-%m}", day, view, partner, given=scores(levels, offered, **own))  # type: ignore[arg-type]
                )
    found += [roadmap(), charter(), register()]
    return found


def _level(at: int, k: int, step: int) -> int:
    return 1 + ((k * 7 + at) % 3 + step * (1 + at % 3)) // 3


def _lean(at: int, k: int, who: int) -> int:
    return (k + at + who * 2) % 3 - 1


def roadmap(place: str = "PBP-BRENT") -> Roadmap:
    """Two steps: one done, one overdue."""
    return Roadmap(
        PBP.slug,
        place,
        (
            Milestone(
                "inclusive_board", 3, "Give residents a vote.", "Chair", date(2026, 1, 31), date(2026, 1, 20)
            ),
            Milestone("coordinated_flow", 3, "Measure hand-offs.", "Managing director", date(2026, 2, 28)),
        ),
    )


def charter(place: str = "PBP-BRENT") -> Charter:
    """A charter with a clash of each kind."""
    signed = date(2026, 1, 5)
    return Charter(
        PBP.slug,
        place,
        (
            Role("set_priorities", "Integrated Care Board", "RA", "managing_director", "P. One", signed),
            Role("set_priorities", "Local Authorities", "A", "", "", signed),
            Role("coordinate_budgets", "Lead Provider", "R", "icb_borough_director", "P. One", signed),
            Role("run_neighbourhood_teams", "Lead Provider", "A", "", "", None),
            Role("reduce_inequalities", "Local Authorities", "RA", "chair", "P. Two", signed),
        ),
    )


def register(place: str = "PBP-BRENT") -> Register:
    """Brent, 339,821 residents: one neighbourhood fits, one is small, one large; areas amiss."""
    brent = "E09000005"
    rows = [Area("Willesden", brent, f"W{k}", 8_000, "invented") for k in range(10)]
    rows += [Area("Kilburn", brent, f"K{k}", 8_000, "invented") for k in range(5)]
    rows += [Area("Wembley", brent, f"M{k}", 8_000, "invented") for k in range(20)]
    rows += [
        Area("Kilburn", brent, "W0", 8_000),
        Area("", brent, "N1", 8_000),
        Area("Kenton", brent, "X1", None),
    ]
    return Register(PBP.slug, place, tuple(rows))
