"""`joinedup meetings`: council meetings in, made one where they are one, quoted, and followed up."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from joinedup.cli.meetings_words import (
    dates_as_json,
    differences_as_json,
    digest_as_json,
    print_digest,
    print_meeting,
    print_meetings,
    print_topics,
    proposals_as_json,
    steps_as_json,
)
from joinedup.cli.options import AsJson, day
from joinedup.cli.output import print_json, print_table

if TYPE_CHECKING:
    from joinedup.governance.cells import Sheet
    from joinedup.governance.meetings.proposing import TopicWord
    from joinedup.governance.meetings.register import Register

app = typer.Typer()
Folder = Annotated[
    Path, typer.Option("--register", help="The folder of the register and its papers.", metavar="DIR")
]
MeetingName = Annotated[
    str, typer.Argument(help="A meeting, by its id: `joinedup meetings show`.", metavar="MEETING")
]
By = Annotated[str, typer.Option("--by", help="The role that does it, not a name.")]
On = Annotated[str | None, typer.Option("--on", help="The day of it (default: today).", metavar="YYYY-MM-DD")]
Why = Annotated[str, typer.Option("--why", help="Why, in a sentence.")]
Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Records and papers: ModernGov .xml, saved pages, .txt, .pdf, or folders.", metavar="FILE..."
    ),
]
Council = Annotated[str, typer.Option("--council", help="Whose records they are, where they do not say.")]
Committee = Annotated[str, typer.Option("--committee", help="The committee, where the record does not say.")]
Url = Annotated[str, typer.Option("--url", help="Where the record was published.")]
Fetched = Annotated[str | None, typer.Option("--fetched", help="When it was saved.", metavar="YYYY-MM-DD")]
ForMeeting = Annotated[
    str, typer.Option("--meeting", help="The meeting that papers belong to.", metavar="ID")
]
Example = Annotated[bool, typer.Option("--example", help="Import the example: one meeting, two councils.")]
DEFAULT = Path("meetings")


@app.command("import")
def import_(
    files: Files = None,
    register: Folder = DEFAULT,
    council: Council = "",
    committee: Committee = "",
    url: Url = "",
    fetched: Fetched = None,
    meeting: ForMeeting = "",
    example: Example = False,
    by: By = "scrutiny officer",
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Import records of council meetings and their papers; the same again changes nothing.

    Example: joinedup meetings import --example --register meetings/
    """
    from joinedup.errors import YourCommand
    from joinedup.governance.meetings import example_pages, import_files

    paths = [*(files or []), *(example_pages() if example else ())]
    if not paths:
        raise YourCommand("Nothing to import is named.", remedy="Name files or folders, or try --example.")
    kept, steps = import_files(
        register,
        paths,
        by=by,
        on=day(on, "--on") or date.today(),
        council=council,
        committee=committee,
        url=url,
        fetched=day(fetched, "--fetched"),
        meeting=meeting,
    )
    if as_json:
        candidates = [vars(found) for found in kept.candidates]
        print_json({"steps": steps_as_json(steps), "meetings": len(kept.meetings), "candidates": candidates})
    else:
        print_table(
            ("File", "What", "Result", "Meeting", ""),
            [
                (s.file, s.what, s.result, ", ".join(s.meetings[:2]), f"{s.message} {s.remedy}".strip())
                for s in steps
            ],
        )
        _print_candidates(kept)
    if any(step.result == "failed" for step in steps):
        raise typer.Exit(1)


@app.command("show")
def show(
    meeting: Annotated[
        str | None, typer.Argument(help="A meeting, by its id; without one, all.", metavar="MEETING")
    ] = None,
    register: Folder = DEFAULT,
    calendar: Annotated[
        Path | None, typer.Option("--calendar", help="Write its days as a calendar.", metavar="FILE.ics")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the meetings, or one: what its records say, where they differ, its papers and dates.

    Example: joinedup meetings show --register meetings/
    """
    from joinedup.governance.meetings import dates_of, digest_of

    kept = _read(register)
    if meeting is None:
        found = kept.candidates
        if as_json:
            rows = [
                {"meeting": m.id, "day": m.day, "committee": m.committee, "records": m.keys}
                for m in kept.meetings
            ]
            print_json({"meetings": rows, "candidates": [vars(each) for each in found]})
            return
        print_meetings(kept.meetings)
        _print_candidates(kept)
        return
    one = kept.meeting(meeting)
    papers = kept.papers_of(one)
    dates = dates_of(one.committee, one.day, digest_of(register, papers), at=one.time, venue=one.venue)
    if calendar is not None:
        from joinedup.governance.meetings.following import calendar_file

        _write(calendar, calendar_file(one.id, dates))
    if as_json:
        print_json(
            {
                "meeting": one.id,
                "records": [record.model_dump(mode="json") for record in one.records],
                "differences": differences_as_json(one.differences),
                "papers": [vars(paper) for paper in papers],
                "dates": dates_as_json(dates),
            }
        )
        return
    print_meeting(one, papers, dates)


@app.command("digest")
def digest(
    meeting: MeetingName,
    register: Folder = DEFAULT,
    most: Annotated[int, typer.Option("--most", help="Sentences of each rule; 0 for all.", min=0)] = 5,
    tracker: Annotated[
        Path | None,
        typer.Option(
            "--tracker",
            help="Write recommendations and requests as rows for the tracker.",
            metavar="FILE.xlsx",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Quote the papers of a meeting: decisions, recommendations, requests, deadlines and numbers, each with its place.

    Example: joinedup meetings digest 2025-11-18-north-west-london-joint-health-overview-and-scrutiny-committee
    """
    from joinedup.governance.meetings import digest_of, propose, resolve, tracker_rows

    kept = _read(register)
    one = kept.meeting(meeting)
    papers = kept.papers_of(one)
    quotes = digest_of(register, papers)
    for quote in quotes:
        resolve(register, quote)  # nothing is shown that does not stand there
    if tracker is not None:
        sheet = tracker_rows(one.id, one.day, quotes, kept.with_topics(one, propose(register, papers)))
        _write(tracker, _workbook(sheet, tracker))
    if as_json:
        print_json({"meeting": one.id, "quotes": digest_as_json(quotes)})
    else:
        print_digest(one, quotes, most)


@app.command("topics")
def topics(
    meeting: MeetingName,
    register: Folder = DEFAULT,
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", help="Confirm a topic; repeat for several.", metavar="TOPIC"),
    ] = None,
    refuse: Annotated[
        list[str] | None,
        typer.Option("--refuse", help="Refuse a topic; repeat for several.", metavar="TOPIC"),
    ] = None,
    by: By = "scrutiny officer",
    on: On = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Propose topics by the words of the papers, each with the sentence that triggered it; confirm or refuse them.

    Example: joinedup meetings topics MEETING --confirm maternity --by "scrutiny officer"
    """
    from joinedup.governance.meetings import propose

    kept = _read(register)
    one = kept.meeting(meeting)
    proposals = propose(register, kept.papers_of(one))
    if confirm or refuse:
        known = {proposal.topic for proposal in proposals}
        words = _topic_words(
            one.keys, known, confirm or [], refuse or [], by, day(on, "--on") or date.today(), why
        )
        kept = _changed(register, lambda found: _with_words(found, words))
    proposals = kept.with_topics(kept.meeting(meeting), proposals)
    if as_json:
        print_json({"meeting": one.id, "topics": proposals_as_json(proposals)})
    else:
        print_topics(one, proposals)


@app.command("decide")
def decide(
    first: Annotated[str, typer.Argument(help="A record, by its key.", metavar="RECORD")],
    second: Annotated[str, typer.Argument(help="Another record, by its key.", metavar="RECORD")],
    same: Annotated[bool, typer.Option("--same/--different", help="Whether they are of one meeting.")],
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence.")],
    register: Folder = DEFAULT,
    by: By = "scrutiny officer",
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Say of two records whether they are of one meeting, where joinedup asks.

    Example: joinedup meetings decide RECORD RECORD --same --why "the second day was the reserve"
    """
    from joinedup.errors import YourCommand
    from joinedup.governance.meetings.identity import Identity

    if not why.strip() or not by.strip():
        raise YourCommand("Who says it, and why, is not said.", remedy="Add --by ROLE and --why REASON.")
    word = Identity(
        first=first,
        second=second,
        are="same" if same else "different",
        by=by,
        on=day(on, "--on") or date.today(),
        why=why,
    )
    kept = _changed(register, lambda found: found.decided(word))
    if as_json:
        print_json(
            {"meetings": [m.id for m in kept.meetings], "candidates": [vars(c) for c in kept.candidates]}
        )
    else:
        print_meetings(kept.meetings)
        _print_candidates(kept)


def _read(folder: Path) -> Register:
    from joinedup.errors import YourCommand
    from joinedup.governance.meetings import Register
    from joinedup.governance.meetings.register import FILE

    if not (folder / FILE).is_file():
        raise YourCommand(
            f"{folder} holds no register of meetings.",
            remedy="Make one: joinedup meetings import FILE... --register DIR",
        )
    return Register.load(folder)


def _changed(folder: Path, change: Callable[[Register], Register]) -> Register:
    """The register with a change that is on the disk when this returns; nobody else writes it meanwhile."""
    from joinedup.governance.meetings.register import writing

    with writing(folder) as before:
        after = change(before)
        after.save(folder)
    return after


def _topic_words(
    records: tuple[str, ...],
    known: set[str],
    confirm: list[str],
    refuse: list[str],
    by: str,
    on: date,
    why: str,
) -> list[TopicWord]:
    from joinedup.errors import UnknownName, YourCommand
    from joinedup.governance.meetings.proposing import TopicWord

    if not by.strip():
        raise YourCommand("Who says it is not said.", remedy="Add --by ROLE.")
    if both := set(confirm) & set(refuse):
        raise YourCommand(
            f"Both confirmed and refused: {', '.join(sorted(both))}.", remedy="Say one of the two."
        )
    if strange := sorted({*confirm, *refuse} - known):
        raise UnknownName(
            f"Not proposed for this meeting: {', '.join(strange)}.",
            remedy="Name topics as the list names them.",
        )
    said = [(topic, "confirmed") for topic in confirm] + [(topic, "refused") for topic in refuse]
    return [
        TopicWord.model_validate(
            {"topic": topic, "records": records, "word": word, "by": by, "on": on, "why": why}
        )
        for topic, word in said
    ]


def _with_words(register: Register, words: list[TopicWord]) -> Register:
    for word in words:
        register = register.topic_decided(word)
    return register


def _print_candidates(register: Register) -> None:
    for found in register.candidates:
        print(f"\nOne meeting or two? {' '.join(found.reasons)}\n  {found.first}\n  {found.second}")
        print("  Say which: joinedup meetings decide RECORD RECORD --same|--different --why REASON")


def _workbook(sheet: Sheet, out: Path) -> bytes:
    from joinedup.errors import YourCommand
    from joinedup.governance.cells import Workbook
    from joinedup.governance.csv_sheets import write_csv
    from joinedup.governance.writing import write_xlsx

    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise YourCommand("Rows for the tracker are .xlsx or .csv.", remedy="Name a file that ends so.")
    return write_xlsx(Workbook((sheet,))) if out.suffix.lower() == ".xlsx" else write_csv(sheet)


def _write(out: Path, content: bytes) -> None:
    """A new file, whole or not at all; one that is there is somebody's."""
    from joinedup.errors import YourCommand

    if out.exists():
        raise YourCommand(f"{out.name} is there already.", remedy="Name another file.")
    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise YourCommand(f"{out} cannot be written.", remedy="Check the folder.") from error
    print(f"Written: {out}", file=sys.stderr)
