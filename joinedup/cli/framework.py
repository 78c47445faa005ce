"""`joinedup framework`: maturity and competence by framework: forms out, forms in, levels that evidence allows."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from joinedup.cli.framework_words import described, place_json, print_described, print_results
from joinedup.cli.options import AsJson, OptionalLake, day
from joinedup.cli.output import print_json, print_table

if TYPE_CHECKING:
    from joinedup.governance.frameworks.evidence import LakeHeld, NothingHeld
    from joinedup.governance.frameworks.results import Results

app = typer.Typer()
Files = Annotated[
    list[Path], typer.Argument(help="Forms that were filled in: .xlsx, .csv or .yaml.", metavar="FILE...")
]


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the frameworks: what they judge, how many domains, criteria and levels.

    Example: joinedup framework list
    """
    from joinedup.definitions.frameworks import Framework

    rows = [
        {
            "framework": one.slug, "title": one.title, "judges": one.unit, "domains": len(one.domains),
            "criteria": len(one.criteria), "levels": len(one.levels), "views": [view.slug for view in one.views],
            "texts": one.texts,
        }
        for one in Framework.all()
    ]  # fmt: skip
    if as_json:
        print_json({"frameworks": rows})
        return
    print_table(
        ("Framework", "Title", "Judges", "Domains", "Criteria", "Levels"),
        [(r["framework"], r["title"], r["judges"], r["domains"], r["criteria"], r["levels"]) for r in rows],
        right=(3, 4, 5),
    )


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A framework, as `framework list` names it.", metavar="NAME")],
    form: Annotated[
        Path | None,
        typer.Option("--form", help="Write the blank form: .xlsx, .csv or .yaml.", metavar="FILE"),
    ] = None,
    part: Annotated[
        str, typer.Option("--part", help="One form alone: scores, roadmap, charter or neighbourhoods.")
    ] = "",
    place: Annotated[str, typer.Option("--place", help="Fill in the place, by code or name.")] = "",
    view: Annotated[str, typer.Option("--view", help="Fill in who scores, as `partner`.")] = "",
    partner: Annotated[str, typer.Option("--partner", help="Fill in the partner, as Council.")] = "",
    round_: Annotated[str, typer.Option("--round", help="Fill in the round, as 2026-03.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show a framework: domains, criteria, levels, statements, questions; or write its blank form.

    Example: joinedup framework show maturity --form brent.xlsx --place Brent --view partner --partner Council
    """
    from joinedup.definitions.frameworks import Framework

    found = Framework.load(name)
    if form is None:
        told = described(found)
        print_json(told) if as_json else print_described(told)
        return
    from joinedup.governance.frameworks.writing import blank_pages, write_pages

    pages = blank_pages(found, place=_place(place, found.unit), view=view, partner=partner, round_=round_)
    chosen = [one for one in pages if one.kind.name == part] if part else list(pages)
    _check(form, replace, bool(chosen), [one.kind.name for one in pages])
    kind = form.suffix.lower()
    if kind == ".csv" and not part:
        chosen = chosen[:1]
    _write(form, write_pages(chosen, kind, found))
    if as_json:
        print_json({"written": str(form), "forms": [one.kind.name for one in chosen]})
    else:
        print(f"Written: {form} ({', '.join(one.kind.name for one in chosen)})")


@app.command("score")
def score(
    files: Files,
    lake: OptionalLake = None,
    moderate: Annotated[
        Path | None,
        typer.Option(
            "--moderate", help="Write the form of the meeting that decides, with proposals.", metavar="FILE"
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a form that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Score filled-in forms: levels that evidence allows, spread between partners, gaps, pace, clashes, neighbourhoods.

    With --lake measures that were given as evidence are judged on released figures. Exit code 1 where something of a
    file was left out.

    Example: joinedup framework score brent-*.xlsx --lake demo/lake
    """
    results, _ = _scored(files, lake)
    if moderate is not None:
        _moderate(results, moderate, replace)
    if as_json:
        print_json(
            {
                "places": [place_json(one, results) for one in results.places],
                "findings": [one.to_json() for one in results.findings],
            }
        )
    else:
        print_results(results)
    if results.left_out:
        raise typer.Exit(1)


@app.command("report")
def report(
    files: Files,
    out: Annotated[Path, typer.Option("--out", help="The page to write (.html).", metavar="FILE.html")],
    framework: Annotated[
        str, typer.Option("--framework", help="Which one, where the forms are of several.", metavar="NAME")
    ] = "",
    lake: OptionalLake = None,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="A day whose map is drawn; give two (default: either side of the merger).",
            metavar="YYYY-MM-DD",
        ),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a page that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write one self-contained page on filled-in forms, and beside it what opens the codes of its figures.

    Example: joinedup framework report forms/*.xlsx --out maturity.html --lake demo/lake
    """
    from joinedup.errors import YourCommand
    from joinedup.reports.framework_page import AFTER, BEFORE, framework_report
    from joinedup.reports.framework_writing import write_page

    days = tuple(found for text in maps or [] if (found := day(text, "--map")) is not None)
    if len(days) not in (0, 2):
        raise YourCommand("The page draws two maps.", remedy="Give --map twice, or not at all.")
    if out.exists() and not replace:
        raise YourCommand(f"{out.name} is there already.", remedy="Name another file, or add --replace.")
    results, held = _scored(files, lake)
    chosen = _framework(framework, results)
    both: tuple[date, date] = (days[0], days[1]) if len(days) == 2 else (BEFORE, AFTER)
    written = write_page(framework_report(results, chosen, maps=both, registry=held.registry), out)
    if as_json:
        print_json(
            {"written": [str(path) for path in written], "findings": [f.to_json() for f in results.findings]}
        )
    else:
        print("\n".join(f"Written: {path}" for path in written))
    if results.left_out:
        raise typer.Exit(1)


def _scored(files: list[Path], lake: Path | None) -> tuple[Results, LakeHeld | NothingHeld]:
    from joinedup.governance.frameworks.evidence import LakeHeld, NothingHeld
    from joinedup.governance.frameworks.results import score_files

    held: Any = NothingHeld()
    if lake is not None:
        from joinedup.journeys import load_journeys
        from joinedup.lake import open_lake

        held = LakeHeld(load_journeys(open_lake(lake)))
    return score_files(files, held), held


def _moderate(results: Results, out: Path, replace: bool) -> None:
    from joinedup.governance.frameworks.moderating import proposal, undecided
    from joinedup.governance.frameworks.writing import write_filled

    _check(out, replace, True, [])
    _write(out, write_filled([proposal(undecided(results.places))], out.suffix.lower()))


def _framework(name: str, results: Results) -> str:
    from joinedup.definitions.frameworks import Framework
    from joinedup.errors import YourCommand

    if name:
        return Framework.load(name).slug
    if len(results.frameworks) != 1:
        found = ", ".join(results.frameworks) or "none that could be read"
        raise YourCommand(
            f"The forms are of several frameworks, or of none: {found}.", remedy="Name one with --framework."
        )
    return results.frameworks[0]


def _place(words: str, level: str) -> str:
    from joinedup.definitions.places import Places
    from joinedup.errors import UnknownName
    from joinedup.governance.frameworks.entries import place_named

    if not words:
        return ""
    found = place_named(words, level)
    if found is None:
        known = [one.label for one in Places.load().places if one.level == level]
        raise UnknownName(f"There is no {level} called {words!r}.", remedy=f"Try {', '.join(known[:15])}.")
    return found.code


def _check(out: Path, replace: bool, known: bool, parts: list[str]) -> None:
    from joinedup.errors import YourCommand

    if not known:
        raise YourCommand("The framework has no such form.", remedy=f"There are: {', '.join(parts)}.")
    if out.exists() and not replace:
        raise YourCommand(f"{out.name} is there already.", remedy="Name another file, or add --replace.")


def _write(out: Path, content: bytes) -> None:
    """Whole or not at all."""
    from joinedup.errors import YourCommand

    beside = out.with_name(f".{out.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise YourCommand(f"{out} cannot be written.", remedy="Check the folder.") from error
