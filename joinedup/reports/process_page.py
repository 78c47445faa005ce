"""The page of a process map: the picture, then its tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from joinedup.charts import activity_table, process_sentence, process_steps, variant_table
from joinedup.charts.words import HIDDEN, whole
from joinedup.reports.content import Block, Headline, Report, Section

if TYPE_CHECKING:
    from joinedup.charts import ProcessMap
    from joinedup.disclosure import Released

CAUTIONS = (
    "A step is one event and the next of the same case by time; of two at one time, the one that stands first in the record is first.",
    "A time runs from one record to the next. It holds waiting, working and late recording alike.",
    "What follows is not what is caused.",
)


def process_report(
    released: Released[ProcessMap], *, noun: str = "cases", notes: Sequence[str] = ()
) -> Report:
    """The report on one map. Raises YourCommand for what was not released."""
    found = released.value
    about = {**found.about}
    source = (
        f"event log {about['log']}"
        if "log" in about
        else f"returns, state {about.get('snapshot')} of the lake"
    )
    picture = process_steps(released, slug="process-map", caption=_caption(released, source), noun=noun)
    section = Section(
        "map",
        "What follows what",
        (process_sentence(found, noun),),
        (
            picture,
            Block("activities", "Activities", _again(found, noun), activity_table(released)),
            Block(
                "sequences", "Commonest sequences",
                f"Sequences taken in fewer than {found.least} {noun} are added up in the last row.", variant_table(released),
            ),
        ),
        (*CAUTIONS, *notes),
    )  # fmt: skip
    return Report(
        title=picture.title,
        subtitle=picture.subtitle,
        headlines=(Headline(process_sentence(found, noun)),),
        sections=(section,),
        facts=tuple((name.capitalize(), str(value)) for name, value in about.items() if value is not None),
        registry=dict(released.registry),
    )


def _again(found: ProcessMap, noun: str) -> str:
    again = found.count("cases with rework")
    return f"{whole(again)} of {whole(found.count('cases'))} {noun} go through some activity more than once."


def _caption(released: Released[ProcessMap], source: str) -> str:
    display = released.value.display
    if display is None or display.base == 1:
        return f"Source: {source}. Counts are as they are; the log is said not to be of people."
    return (
        f"Source: {source}. Small counts are {HIDDEN} to protect people, others are to the nearest {display.base}; times are "
        "no finer than what is known of them, and absent where fewer than 10 events or 20 cases stand behind them."
    )
