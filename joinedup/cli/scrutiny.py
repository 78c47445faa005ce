"""`joinedup scrutiny`: the committee's tracker in, out, and opened with its figures."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.options import AsJson, OptionalLake, day
from joinedup.cli.output import print_json, print_table
from joinedup.cli.scrutiny_words import (
    figures_tables,
    item_lines,
    items_table,
    merge_lines,
    report_of,
    report_of_merge,
)

if TYPE_CHECKING:
    from joinedup.definitions.scrutiny import TopicList, TopicRow
    from joinedup.governance.tracker import Tracker

app = typer.Typer()
TrackerFile = Annotated[
    Path | None, typer.Option("--tracker", help="A tracker that was imported.", metavar="FILE.json")
]
Topics = Annotated[
    str, typer.Option("--topics", help="The list of topics that ships with joinedup.", metavar="NAME")
]
AsAt = Annotated[
    str | None,
    typer.Option("--as-at", help="What is overdue on this day (default: today).", metavar="YYYY-MM-DD"),
]
DEFAULT = "nwl_jhosc_2025_11_18"


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The committee's tracker: .xlsx or .csv.", metavar="FILE")],
    out: Annotated[Path, typer.Option("--out", help="Where the tracker is kept.", metavar="FILE.json")],
    by: Annotated[
        str, typer.Option("--by", help="The role that imports it, not a name.")
    ] = "scrutiny officer",
    on: Annotated[
        str | None, typer.Option("--on", help="The day of the import (default: today).", metavar="YYYY-MM-DD")
    ] = None,
    meeting: Annotated[
        str | None,
        typer.Option("--meeting", help="The meeting of rows that name none.", metavar="YYYY-MM-DD"),
    ] = None,
    committee: Annotated[str, typer.Option("--committee", help="The committee.")] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a tracker that is there, with its history.")
    ] = False,
    merge: Annotated[
        str | None,
        typer.Option(
            "--merge", help="Merge into the tracker that is there: list, take or keep.", metavar="WHAT"
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a tracker: every row kept, and every cell that was not understood listed.

    With --merge the file is merged into the tracker in FILE.json: `list` says what differs and writes nothing, `take`
    takes what the file says, `keep` keeps what the tracker says. Rows are never dropped.

    Example: joinedup scrutiny import tracker.xlsx --out tracker.json --meeting 2025-11-18
    """
    from joinedup.governance.importing import import_tracker

    told: dict[str, Any] = {"meeting": day(meeting, "--meeting"), "committee": committee}
    if merge is None:
        _check_free(out, replace)
    tracker = import_tracker(file, on=day(on, "--on") or date.today(), by=by, **told)
    different: dict[str, Any] = {}
    if merge is not None:
        tracker, different = _merged(_read(out), tracker, merge, told)
    if merge != "list":
        _write(out, tracker.to_json().encode())
    report = {**report_of(tracker), **different}
    if as_json:
        print_json(report)
        return
    print(f"{report['summary']}\n")
    if report["findings"]:
        print_table(
            ("Sheet", "Cell", "Rule", "What", "What to do"),
            [(f["sheet"], f["cell"], f["rule"], f["message"], f["remedy"]) for f in report["findings"]],
        )
    if different:
        print("\n".join(merge_lines(different)))
    print("Nothing was written." if merge == "list" else f"Written: {out}")


def _merged(kept: Tracker, newer: Tracker, what: str, told: dict[str, Any]) -> tuple[Tracker, dict[str, Any]]:
    """The tracker with a newer file merged into it, and what was different."""
    from joinedup.errors import YourCommand
    from joinedup.governance.merging import merged, reckon

    if what not in ("list", "take", "keep"):
        raise YourCommand(f"--merge cannot {what}.", remedy="Write list, take or keep.")
    merge = reckon(kept, newer)
    taken = merge.names if what == "take" else ()
    source = newer.source
    return merged(merge, taken, on=source.on, by=source.by, **told), report_of_merge(merge, taken)


@app.command("export")
def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write: .xlsx or .csv.", metavar="FILE")],
    tracker: TrackerFile = None,
    topics: Topics = DEFAULT,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="The sheet to write as CSV, where there are several.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Export a tracker as the workbook it was, with what has happened since; without one, a workbook to begin with.

    Example: joinedup scrutiny export --tracker tracker.json --out tracker.xlsx
    """
    from joinedup.errors import YourCommand
    from joinedup.governance.exporting import export_tracker, source_workbook
    from joinedup.governance.writing import write_xlsx

    _check_free(out, replace)
    if tracker is not None:
        content = export_tracker(_read(tracker), out.suffix.lower(), sheet)
    elif out.suffix.lower() == ".xlsx":
        content = write_xlsx(source_workbook(_topics(topics)))
    else:
        raise YourCommand("A workbook to begin with is .xlsx.", remedy="Name a file that ends so.")
    _write(out, content)
    if as_json:
        print_json({"written": str(out), "bytes": len(content)})
    else:
        print(f"Written: {out}")


@app.command("show")
def show(
    topic: Annotated[
        str | None, typer.Argument(help="A topic, by name or title; without one, all of them.")
    ] = None,
    tracker: TrackerFile = None,
    lake: OptionalLake = None,
    period: Annotated[
        list[str] | None,
        typer.Option("--period", help="A period, as 2026-03; repeat for several (default: 12 months)."),
    ] = None,
    level: Annotated[
        str, typer.Option("--level", help="borough, partnership, service or trust.")
    ] = "borough",
    as_at: AsAt = None,
    topics: Topics = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Show the topics, or one with its recommendations and the released figures of its measures.

    Example: joinedup scrutiny show adult_mental_health --lake demo/lake
    """
    listed, today = _topics(topics), day(as_at, "--as-at") or date.today()
    kept = _read(tracker) if tracker else None
    if topic is None:
        _show_all(listed, kept, today, as_json)
        return
    row = listed.topic(topic)
    figures = _figures(row, lake, period or [], level) if lake else []
    items = [line for item in kept.of_topic(row) for line in item_lines(item, today)] if kept else []
    if as_json:
        print_json(
            {
                **row.model_dump(exclude={"blank"}),
                "data": "no data held" if row.no_data_held else "held",
                "source": listed.source,
                "items": items,
                "figures": [asdict(figure) for figure in figures],
            }
        )
        return
    _print_topic(row, listed)
    if items:
        print_table(*items_table(items))
    for heading, table in figures_tables(figures):
        print(f"\n{heading}")
        print_table(*table, right=range(1, len(table[0])))


def _show_all(listed: TopicList, kept: Tracker | None, today: date, as_json: bool) -> None:
    rows = [
        {
            "row": number,
            "topic": row.slug,
            "title": row.title,
            "measures": list(row.measures),
            "opens": ", ".join(row.measures)
            or ("Blank row, kept for review." if row.blank else "no data held"),
            "data": "" if row.blank else "no data held" if row.no_data_held else "held",
            "note": "Blank row, kept for review." if row.blank else row.no_data_held or row.held_in_part,
        }
        for number, row in enumerate(listed.rows, 1)
    ]
    items = [line for item in kept.live for line in item_lines(item, today)] if kept else []
    if as_json:
        print_json({"title": listed.title, "source": listed.source, "rows": rows, "items": items})
        return
    blank = len(listed.rows) - len(listed.topics)
    print(f"{listed.title}: {len(listed.topics)} topics, {blank} blank row kept for review.\n")
    print_table(
        ("Row", "Topic", "Title", "Measures"),
        [(r["row"], r["topic"], r["title"], r["opens"]) for r in rows],
        right=(0,),
    )
    if items:
        print()
        print_table(*items_table(items))


def _print_topic(row: TopicRow, listed: TopicList) -> None:
    print(f"{row.title}\n{row.about}")
    if row.no_data_held:
        print(f"No data held. {row.no_data_held}")
    else:
        print(f"Opens: {', '.join(f'{measure.id} {measure.title}' for measure in row.opens())}")
        print(row.held_in_part)
    print(f"Source: {listed.source}\n")


def _figures(row: TopicRow, lake: Path, periods: list[str], level: str) -> list[Any]:
    from joinedup.definitions import Period
    from joinedup.governance.figures import topic_figures
    from joinedup.journeys import load_journeys
    from joinedup.lake import open_lake

    if row.no_data_held:
        return []
    journeys = load_journeys(open_lake(lake))
    return list(topic_figures(row, journeys, periods=[Period.parse(key) for key in periods], level=level))


def _topics(name: str) -> TopicList:
    from joinedup.definitions.scrutiny import TopicList

    return TopicList.load(name)


def _read(path: Path) -> Tracker:
    from joinedup.errors import UnreadableFile
    from joinedup.governance.tracker import Tracker

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UnreadableFile(
            "There is no such tracker, or it cannot be read.",
            file=path.name,
            remedy="Make one: joinedup scrutiny import FILE --out TRACKER.json",
        ) from error
    return Tracker.from_json(text, path.name)


def _check_free(out: Path, replace: bool) -> None:
    from joinedup.errors import YourCommand

    if out.exists() and not replace:
        raise YourCommand(f"{out.name} is there already.", remedy="Name another file, or add --replace.")


def _write(out: Path, content: bytes) -> None:
    """Whole or not at all: a tracker is somebody's only history."""
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as error:
        from joinedup.errors import YourCommand

        beside.unlink(missing_ok=True)
        raise YourCommand(f"{out} cannot be written.", remedy="Check the folder.") from error
