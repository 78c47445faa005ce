"""A tracker's rows, findings and figures as lines and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joinedup.governance.figures import Figure
    from joinedup.governance.merging import Merge
    from joinedup.governance.tracker import Item, Tracker

Table = tuple[Sequence[str], Sequence[Sequence[Any]]]


def report_of(tracker: Tracker) -> dict[str, Any]:
    """What an import found: how many topics, rows and blank rows, and each finding."""
    blank = sum(item.blank for item in tracker.items)
    raised = [item.history.state.raised for item in tracker.items if item.history]
    kinds = [found.kind for found in raised if found.text]
    without = len(raised) - len(kinds)
    counts = (
        _many(len(tracker.topics), "topic"),
        _many(kinds.count("recommendation"), "recommendation"),
        _many(kinds.count("information_request"), "request for information", "requests for information"),
        *([f"{_many(without, 'row')} with a topic and no text yet"] if without else []),
        f"{_many(blank, 'blank row')} kept for review",
        _many(len(tracker.findings), "finding"),
    )
    return {
        "summary": f"{', '.join(counts)}.",
        "topics": len(tracker.topics),
        "recommendations": kinds.count("recommendation"),
        "information_requests": kinds.count("information_request"),
        "topics_without_text": without,
        "blank_rows": [item.id for item in tracker.items if item.blank],
        "findings": [
            {
                "sheet": found.sheet,
                "cell": found.cell,
                "rule": found.rule,
                "message": found.message,
                "remedy": found.remedy,
                "text": found.text,
            }
            for found in tracker.findings
        ],
    }


def item_lines(item: Item, today: date) -> Iterator[dict[str, Any]]:
    """A recommendation as it stands, with its history; nothing for a blank row."""
    if item.history is None:
        return
    state = item.history.state
    yield {
        "id": item.id,
        "kind": state.raised.kind,
        "topic": state.raised.topic,
        "text": state.raised.text,
        "to_whom": state.raised.to_whom,
        "meeting": state.raised.meeting,
        "due": state.raised.due,
        "due_by": state.raised.due_by,
        "overdue_days": state.overdue(today),
        "status": str(state.status),
        "answer": state.answered.answer if state.answered else None,
        "response": state.answered.response if state.answered else "",
        "test": state.test.in_words() if state.test else "none set",
        "measures": list(state.raised.measures),
        "reopened": [{"on": found.on, "why": found.why, "tell": found.tell} for found in state.reopenings],
        "history": [
            {"on": on, "status": str(status), "by": by, "why": why} for on, status, by, why in state.changes
        ],
    }


def items_table(items: Sequence[dict[str, Any]]) -> Table:
    """Rows of a tracker: what, to whom, due, status."""
    rows = [
        (
            item["id"],
            (item["text"] or item["topic"])[:60],
            item["to_whom"],
            item["due"] or "no clock",
            f"{item['status']}, {item['overdue_days']} days overdue"
            if item["overdue_days"]
            else item["status"],
            "; ".join(f"reopened {found['on']}: tell the {found['tell']}" for found in item["reopened"]),
        )
        for item in items
    ]
    return ("Row", "Recommendation or request", "To whom", "Due", "Status", ""), rows


def figures_tables(figures: Sequence[Figure]) -> Iterator[tuple[str, Table]]:
    """A table for each measure, places down and periods across, each released figure with its code."""
    for measure in dict.fromkeys(figure.measure for figure in figures):
        found = [figure for figure in figures if figure.measure == measure]
        periods = tuple(dict.fromkeys(figure.period for figure in found))
        cells = {(figure.level, figure.place, figure.period): _shown(figure) for figure in found}
        places = tuple(dict.fromkeys((figure.level, figure.place) for figure in found))
        rows = [
            (place, *(cells.get((level, place, period), "") for period in periods)) for level, place in places
        ]
        percent = ", percent" if found[0].statistic == "percentage" else ""
        yield f"{measure} {found[0].title}{percent}", (("Place", *periods), rows)


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return f"hidden {figure.code}"
    number = f"{figure.value:,.0f}" if figure.statistic in ("count", "sum") else f"{figure.value:,.1f}"
    return f"{number} {figure.code}"


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def report_of_merge(merge: Merge, taken: Collection[str]) -> dict[str, Any]:
    """What merging a newer file came to: what differs and whether it was taken, what is new, and what was kept."""
    from joinedup.governance.cells import text_of

    differences = [
        {
            "row": one.row,
            "cell": one.cell,
            "heading": one.heading,
            "before": text_of(one.before),
            "after": text_of(one.after),
            "both_changed": one.both,
            "refused": one.refused,
            "taken": one.cell in taken,
        }
        for one in merge.differences
    ]
    doubtful = [{"row": pair.old.id, "in_the_file": pair.new.id} for pair in merge.doubtful]
    return {
        "differences": differences,
        "same_number_other_words": doubtful,
        "new_rows": [item.id for item in merge.added],
        "kept_rows": [item.id for item in merge.missing],
        "kept_columns": [f"{sheet}: {heading}" for sheet, heading in merge.columns],
        "kept_sheets": list(merge.sheets),
    }


def merge_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The same as lines."""
    for one in told["differences"]:
        state = one["refused"] or ("taken" if one["taken"] else "not taken")
        both = ", changed on both sides" if one["both_changed"] else ""
        yield f"{one['cell']} {one['heading']}: {one['before']!r} -> {one['after']!r} ({state}{both})"
    for one in told["same_number_other_words"]:
        yield f"{one['in_the_file']} has the number of {one['row']} and other words: check that they are one."
    yield f"New rows: {', '.join(told['new_rows']) or 'none'}."
    kept = [*told["kept_rows"], *told["kept_columns"], *told["kept_sheets"]]
    yield f"Not in the newer file, and kept: {', '.join(kept) or 'nothing'}."
