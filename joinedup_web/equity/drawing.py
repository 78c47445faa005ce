"""From a question to the picture that answers it: which kinds of chart there are for it, and the one asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from joinedup.charts import Lens, Picture, by_group, control, funnel
from joinedup.charts.group_trend import groups_over_time, numbers_by_group
from joinedup.charts.places import among_places, by_place, by_place_and_group, tile_map
from joinedup.charts.points import Points
from joinedup.definitions import Breakdown, Measure, Period, Places
from joinedup.definitions.crossing import halves
from joinedup.definitions.lattice import BOROUGH, EVERYONE
from joinedup.disclosure import Released
from joinedup.disclosure.published_results import TOTAL
from joinedup.errors import UnknownName
from joinedup.measures import MeasureResult
from joinedup.reports.material import target
from joinedup_web.equity.crossing import (
    BOROUGHS,
    EACH,
    LIVED,
    MONTHS,
    OVER_TIME,
    Question,
    area,
    place_names,
    service_names,
)

CONTROL, TREND, FUNNEL, DOTS, MAP, TABLE = "control", "trend", "funnel", "dots", "map", "table"
CHARTS: Mapping[str, str] = {
    CONTROL: "Control chart", TREND: "Trend beside the others", FUNNEL: "Funnel", DOTS: "Dots with limits",
    MAP: "Map", TABLE: "Table",
}  # fmt: skip
SLUG = "figure"


def charts_for(asked: Question, statistic: str) -> tuple[str, ...]:
    """The kinds of chart that suit a question, the usual one first."""
    share = statistic == "percentage"
    if asked.by_place and asked.over_time:
        return (*((CONTROL,) if share and asked.period == MONTHS else ()), TREND, TABLE)
    if asked.by_place:
        maps = (MAP,) if asked.count == LIVED else ()
        return (*((FUNNEL,) if share else ()), DOTS, *maps, TABLE)
    if not share or (asked.over_time and len(halves(asked.by)) > 1):  # a line each would be too many
        return (TABLE,)
    return (TREND, TABLE) if asked.over_time else (DOTS, TABLE)


def chart_words(asked: Question, chart: str) -> str:
    """What a kind of chart is called beside a question."""
    return "Trend" if chart == TREND and not asked.by_place else CHARTS[chart]


def picture_of(
    released: Released[MeasureResult], asked: Question, caption: str, points: Points
) -> Picture | None:
    """The picture that answers; None where nothing of it was published."""
    measure = Measure.load(asked.measure)
    kinds = charts_for(asked, measure.statistic)
    chart = asked.chart if asked.chart in kinds else kinds[0]
    if chart == TABLE:  # of a control chart it would be a row a place: the table of the trend has every month
        chart = TREND if TREND in kinds else kinds[0]
    found = chosen(released, asked)
    if not len(found.value):
        return None
    made = _by_places if asked.by_place else _by_groups
    picture = made(chart, found, measure, asked, {"slug": SLUG, "caption": caption, "points": points})
    return of_boroughs(picture) if asked.count == LIVED else picture


def chosen(released: Released[MeasureResult], asked: Question) -> Released[MeasureResult]:
    """The rows that the question is about."""
    lived = asked.count == LIVED
    wanted: dict[str, Any] = {"measure_id": asked.measure, "period": _periods(released, asked)}
    if asked.by_place:
        wanted |= {"breakdown": EVERYONE, "level": (BOROUGH if lived else "service", TOTAL)}
    elif lived and asked.place == EACH:
        wanted |= {"breakdown": asked.by, "level": BOROUGH}
    elif lived:
        wanted |= {
            "breakdown": asked.by,
            "place": asked.place or area(),
            "level": TOTAL if asked.place in ("", area()) else BOROUGH,
        }
    else:
        wanted |= {"breakdown": asked.by, "level": TOTAL}
    return replace(released, value=released.value.only(**wanted))


def _periods(released: Released[MeasureResult], asked: Question) -> tuple[str, ...]:
    if not asked.over_time:
        return (asked.period,)
    if asked.place == EACH and not asked.by_place:
        return ()  # groups at each place over time: too much for one picture
    every = released.value.table["period"].unique().to_pylist()
    return tuple(key for key in every if Period.parse(key).kind == OVER_TIME[asked.period])


def first_of(asked: Question) -> str:
    """The code of the place that comes first: the one asked for, one's own, or the first of the list."""
    names = dict(place_names()[1:] if asked.count == LIVED else service_names())
    return next(code for code in (asked.place, asked.own, *names) if code in names)


def _by_places(
    chart: str, found: Released[MeasureResult], measure: Measure, asked: Question, more: dict[str, Any]
) -> Picture:
    own = first_of(asked)
    places_only = replace(found, value=found.value.only(level=BOROUGH if asked.count == LIVED else "service"))
    if chart == CONTROL:
        last = max(Period.parse(key).end for key in found.value.table["period"].unique().to_pylist())
        return control(places_only, measure, first=own, target=target(measure, last), **more)
    if chart == FUNNEL:
        return funnel(places_only, measure, unit="People counted", **more)
    whole_of = area() if asked.count == LIVED else _whole(found)
    drawn: Callable[..., Picture] = {TREND: among_places, DOTS: by_place, MAP: tile_map}[chart]
    people = residents() if asked.count == LIVED and measure.statistic == "count" else None
    what = "borough" if asked.count == LIVED else "service"
    return drawn(found, measure, own=own, whole_of=whole_of, what=what, residents=people, **more)


def _whole(found: Released[MeasureResult]) -> str:
    return next((row["place"] for row in found.value.table.to_pylist() if row["level"] == TOTAL), "")


def residents() -> Mapping[str, int]:
    """Residents of each borough and of the area, by the newest count."""
    register, counted = Places.load(), {}
    for code, _ in place_names():
        try:
            level = register.place(code).level
            counted[code] = register.residents(level, code).total
        except UnknownName:  # nobody counted them: the figure is left out of rates
            continue
    return counted


def _by_groups(
    chart: str, found: Released[MeasureResult], measure: Measure, asked: Question, more: dict[str, Any]
) -> Picture:
    breakdown = Breakdown.load(asked.by)
    if asked.over_time:
        return groups_over_time(found, measure, breakdown, **more)
    if measure.statistic != "percentage":
        return numbers_by_group(found, measure, breakdown, slug=SLUG, caption=more["caption"])
    if asked.place == EACH:
        return by_place_and_group(found, measure, breakdown, own=asked.own, what="borough", **more)
    picture = by_group(found, breakdown, [Lens(measure, measure.title)], **more)
    return replace(picture, subtitle=f"{picture.subtitle}, {_where(asked)}")


def _where(asked: Question) -> str:
    if asked.count != LIVED:
        return "everyone treated"
    return Places.load().name(asked.place or area(), short=True)


def of_boroughs(picture: Picture) -> Picture:
    """The library's charts speak of services; these are of boroughs."""
    return replace(
        picture,
        title=_said(picture.title),
        subtitle=_said(picture.subtitle),
        sentence=_said(picture.sentence),
        how_to_read=_said(picture.how_to_read),
        table=replace(picture.table, header=tuple(map(_said, picture.table.header))),
    )


def _said(text: str) -> str:
    pairs = (("services", BOROUGHS), ("service", "borough"), ("Services", "Boroughs"), ("Service", "Borough"))
    for service, borough in pairs:
        text = text.replace(service, borough)
    return text
