"""`joinedup journeys map`: what follows what, in our own journeys or in any event log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli import lakes
from joinedup.cli.options import AsJson, AsKnown, OptionalLake, day
from joinedup.cli.output import print_json, print_table, progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from joinedup.disclosure import Released
    from joinedup.journeys.event_logs import EventLog

XES, CSV = (".xes", ".xes.gz"), (".csv", ".csv.gz")
Log = Annotated[
    Path | None, typer.Option("--log", help="An event log: .xes, .csv, or either as .gz.", metavar="FILE")
]
Column = Annotated[str | None, typer.Option(help="Column of CSV, or key of XES if it is not the usual one.")]
Delimiter = Annotated[str, typer.Option(help="Between values of CSV; \\t for a tab.")]
Quote = Annotated[str, typer.Option(help="Around values of CSV.")]
Encoding = Annotated[str, typer.Option(help="utf-8, utf-16, cp1252 or latin-1.")]
TimeForm = Annotated[str | None, typer.Option(help="Form of times, as %d/%m/%Y %H:%M (default: ISO 8601).")]
LeaveOut = Annotated[
    bool, typer.Option("--leave-out-incomplete", help="Leave out rows without case, activity or time.")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", help="Only cases with this value; repeat for several.", metavar="COLUMN=VALUE"),
]
Borough = Annotated[str | None, typer.Option(help="A borough of residence, by name or code.")]
By = Annotated[str | None, typer.Option(help="A breakdown, such as ethnic_group, with --group.")]
Group = Annotated[str | None, typer.Option(help="The group of it to show.")]
PeriodKey = Annotated[str | None, typer.Option(help="Referred in this period, as 2025-26 or 2026-03.")]
StageName = Annotated[str | None, typer.Option(help="Only journeys that came as far as this stage.")]
Variants = Annotated[int | None, typer.Option(help="Only cases of the so many commonest sequences.", min=1)]
Least = Annotated[int, typer.Option(help="Name steps taken in at least so many cases.")]
HideRare = Annotated[
    float,
    typer.Option(help="Name steps taken in at least this share of cases.", metavar="SHARE", min=0, max=1),
]
ProfileName = Annotated[str, typer.Option(help="nhs-england, opensafely; model for a log not of people.")]
Out = Annotated[Path | None, typer.Option(help="Write FILE.svg, or FILE.html with tables.", metavar="FILE")]

app = lakes.journeys


@app.command("map")
def process_map(
    log: Log = None,
    case: Column = None,
    activity: Column = None,
    time: Column = None,
    delimiter: Delimiter = ",",
    quote: Quote = '"',
    encoding: Encoding = "utf-8",
    time_form: TimeForm = None,
    leave_out: LeaveOut = False,
    where: Where = None,
    lake: OptionalLake = None,
    borough: Borough = None,
    by: By = None,
    group: Group = None,
    period: PeriodKey = None,
    stage: StageName = None,
    variants: Variants = None,
    least: Least = 10,
    hide_rare: HideRare = 0.0,
    profile: ProfileName = "nhs-england",
    out: Out = None,
    as_known: AsKnown = None,
    as_json: AsJson = False,
) -> None:
    """Show what follows what: how often, how long it takes, the commonest sequences, and what is done again.

    Example: joinedup journeys map --log SEPSIS.xes.gz --out map.html

    Example: joinedup journeys map --lake demo/lake --borough Brent --period 2025-26
    """
    if (lake is None) == (log is None):
        raise typer.BadParameter("name a lake or a log, one of the two", param_hint="--lake / --log")
    _check_profile(profile, own=lake is not None)
    from joinedup.charts import release_process
    from joinedup.journeys.event_logs import common_variants, discover

    with progress(as_json) as show:
        show("Reading the log", 0, 1)
        if log is not None:
            form = {"delimiter": delimiter.replace("\\t", "\t"), "quote": quote, "encoding": encoding}
            columns = {"case": case, "activity": activity, "time": time}
            found, about = _imported(log, columns, {**form, "time_form": time_form}, where or [], leave_out)
        else:
            narrowing = {"borough": borough, "by": by, "group": group, "period": period, "stage": stage}
            found, about = _own(lake, narrowing, day(as_known, "--as-known"))  # type: ignore[arg-type]  # checked above
        show("Reading the log", 1, 1)
        if variants is not None:
            found, about = common_variants(found, variants), {**about, "commonest sequences": variants}
        show("Looking at what follows what", 0, 1)
        asked = {"least": least, "share": hide_rare, "profile": profile, "left_out": found.left_out}
        released = release_process(discover(found), about=about, **asked)  # type: ignore[arg-type]  # by name
        show("Looking at what follows what", 1, 1)
    _answer(released, out, as_json, "journeys" if lake else "cases")


def _check_profile(name: str, *, own: bool) -> None:
    """True counts leave only for a log that is said not to be of people. Raises YourCommand."""
    from joinedup.disclosure.profiles import profile_of
    from joinedup.errors import YourCommand

    if profile_of(name).publishes or (name == "model" and not own):
        return
    raise YourCommand(
        f"A map does not leave under the profile '{name}'.",
        remedy="Use nhs-england or opensafely; model for an imported log that is not of people.",
    )


def _imported(
    file: Path, columns: Mapping[str, str | None], form: Mapping[str, Any], where: list[str], leave_out: bool
) -> tuple[EventLog, dict[str, Any]]:
    from joinedup.errors import UnreadableFile
    from joinedup.journeys.event_logs import CsvForm, read_csv_log, read_xes

    wanted = dict(_pair(one) for one in where)
    named = {name: value for name, value in columns.items() if value is not None}
    name = file.name.lower()
    if name.endswith(XES):
        log = read_xes(file, attributes=tuple(wanted), **named)
    elif not name.endswith(CSV):
        raise UnreadableFile(
            "This is neither .xes nor .csv.",
            file=file.name,
            remedy="Name a log as .xes, .csv, or either as .gz.",
        )
    elif len(named) < len(columns):
        raise typer.BadParameter(
            "name all three columns of a CSV log", param_hint="--case, --activity, --time"
        )
    else:
        log = read_csv_log(file, form=CsvForm(**form), attributes=tuple(wanted), leave_out=leave_out, **named)
    return log.where(**wanted), {"log": file.name, **wanted}


def _pair(text: str) -> tuple[str, str]:
    column, is_said, value = text.partition("=")
    if not is_said:
        raise typer.BadParameter(f"{text} is not COLUMN=VALUE", param_hint="--where")
    return column, value


def _own(
    lake: Path, wanted: Mapping[str, str | None], as_known: date | None
) -> tuple[EventLog, dict[str, Any]]:
    from joinedup.definitions import Period
    from joinedup.journeys import load_journeys
    from joinedup.journeys.event_logs.own import borough_code, log_of_journeys, reached, referred_in
    from joinedup.lake import open_lake

    by = wanted["by"]
    if (by is None) != (wanted["group"] is None):
        raise typer.BadParameter("name a breakdown and one of its groups", param_hint="--by / --group")
    records = load_journeys(open_lake(lake, as_known=as_known))
    log = log_of_journeys(records, [by] if by else [])
    narrow: dict[str, Callable[[EventLog, str], EventLog]] = {
        "borough": lambda held, name: held.where(borough=borough_code(name, records.last_day)),
        "group": lambda held, name: held.where(**{by or "": name}),
        "period": lambda held, key: referred_in(held, Period.parse(key)),
        "stage": reached,
    }
    for name, narrower in narrow.items():
        if value := wanted[name]:
            log = narrower(log, value)
    said = {name: value for name, value in wanted.items() if value is not None}
    return log, {"snapshot": records.snapshot, "rule": records.rule, **said}


def _answer(released: Released[Any], out: Path | None, as_json: bool, noun: str) -> None:
    from joinedup.charts import activity_table, process_sentence, step_table, variant_table

    files = _written(released, out, noun) if out else []
    if as_json:
        print_json(
            {
                **released.value.to_json(),
                "profile": released.profile,
                "files": files,
            }
        )
        return
    print(process_sentence(released.value, noun))
    for title, table in (
        ("Steps", step_table(released)),
        ("Activities", activity_table(released)),
        ("Sequences", variant_table(released)),
    ):
        print(f"\n{title}")
        print_table(table.header, table.rows, right=sorted(table.numeric))
    for line in _told(released, noun):
        print(f"Note: {line}")
    for file in files:
        print(f"Written: {file}")


def _told(released: Released[Any], noun: str) -> list[str]:
    from joinedup.charts.words import whole

    left_out = released.value.count("left out")
    if noun == "journeys":
        return [
            f"Journeys referred before the first day of the returns are left out ({whole(left_out)} in the whole "
            "lake): what came before is not known."
        ]
    return [f"Rows without case, activity or time that are left out: {whole(left_out)}."] if left_out else []


def _written(released: Released[Any], out: Path, noun: str) -> list[str]:
    from joinedup.errors import YourCommand
    from joinedup.reports import process_report, write_report

    made = process_report(released, noun=noun, notes=_told(released, noun))
    if out.suffix.lower() == ".svg":
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(made.pictures[0].svg["page"], encoding="utf-8")
        return [str(out)]
    if out.suffix.lower() != ".html":
        raise YourCommand(
            f"{out.name} is neither .svg nor .html.", remedy="Give a name with one of these ends."
        )
    return [str(file) for file in write_report(made, out)]
