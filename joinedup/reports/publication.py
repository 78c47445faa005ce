"""A publication as a folder of files, all of them there or none: CSV, JSON, workbook, page and PDF."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from joinedup.definitions.lattice import Lattice
from joinedup.disclosure.cube import cube_of
from joinedup.disclosure.ledger import append_release, load_releases
from joinedup.disclosure.profiles import profile_of
from joinedup.disclosure.publishing import Publication, publish
from joinedup.disclosure.sums import Key
from joinedup.errors import MissingPart, YourCommand
from joinedup.journeys import load_journeys
from joinedup.lake import open_lake
from joinedup.lake.durable import fsync, fsync_all
from joinedup.reports.publication_page import render_page
from joinedup.reports.publication_pdf import render_sheets

Progress = Callable[[str, int, int], None]
HEADS = (*Key._fields, "value")
NAME = "release.json"


def release_lake(
    lake: Path,
    out: Path,
    *,
    profile: str = "nhs-england",
    lattice: str = "talking_therapies",
    as_known: date | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Publish a lattice of a lake into the folder `out`, and enter it in the release ledger of the lake.

    Naive releases show how the attack works: they are of demo lakes only, and are not entered. Raises
    YourCommand, UnknownName, MissingPart; nothing is left behind then.
    """
    show = progress or (lambda step, done, total: None)
    opened, rule, chosen = open_lake(lake, as_known=as_known), profile_of(profile), Lattice.load(lattice)
    if not rule.publishes and opened.purpose != "demo":
        raise YourCommand(
            f"The profile {rule.name} does not protect people.", remedy="Use nhs-england or opensafely."
        )
    _check_free(out, replace)
    show("Counting every cell", 0, 1)
    cube = cube_of(load_journeys(opened), chosen)
    show("Counting every cell", 1, 1)
    show("Hiding, and trying to find out", 0, 1)
    earlier = load_releases(opened.path)
    publication = publish(cube, rule, earlier)
    show("Hiding, and trying to find out", 1, 1)
    show("Writing the release", 0, 1)
    about = write_publication(
        publication,
        out,
        replace=replace,
        enter=(lambda: append_release(opened.path, publication, earlier)) if rule.publishes else None,
    )
    show("Writing the release", 1, 1)
    return about


def write_publication(
    publication: Publication,
    out: Path,
    *,
    replace: bool = False,
    enter: Callable[[], int] | None = None,
) -> dict[str, Any]:
    """Write the folder `out` and give back what its release.json says.

    Everything is written beside it first and takes its name at the end, after `enter` has entered it in the
    ledger: a release may be entered and not be there, never the other way round. Raises YourCommand for a folder that
    holds something, unless `replace` and it holds a release; MissingPart without the extra `reports`.
    """
    _check_free(out, replace)
    out.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        about = _fill(publication, staged)
        staged.chmod(0o755)
        if enter is not None:
            enter()
        _take_name(staged, out)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return about


def _check_free(out: Path, replace: bool) -> None:
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not replace or not (out / NAME).is_file():
        kind = "a release" if (out / NAME).is_file() else "something that is no release"
        remedy = "Name a new folder with --out" + (", or add --replace." if (out / NAME).is_file() else ".")
        raise YourCommand(f"{out} holds {kind} already.", remedy=remedy)


def _take_name(staged: Path, out: Path) -> None:
    fsync_all([*staged.iterdir(), staged])
    if out.exists():
        before = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        out.rename(before / "old")
        try:
            staged.rename(out)
        except OSError:
            (before / "old").rename(out)
            raise
        finally:
            shutil.rmtree(before, ignore_errors=True)
    else:
        staged.rename(out)
    fsync(out.parent)


def _fill(publication: Publication, folder: Path) -> dict[str, Any]:
    cells, percentages = list(publication.rows()), list(publication.percentages())
    files = {
        "cells.csv": _csv(cells).encode(),
        "cells.json": _json(cells).encode(),
        "percentages.csv": _csv(percentages).encode(),
        "tables.xlsx": _workbook(publication, cells, percentages),
        "report.html": render_page(publication, cells, percentages).encode(),
        "report.pdf": render_sheets(publication, cells, percentages),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    about = {
        **describe(publication),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (folder / NAME).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return about


def describe(publication: Publication) -> dict[str, Any]:
    """What a release says of itself: its rules, what it is of, and how many cells are hidden.

    How many of them are small it does not say: of stars that are told to be large, the others are the small ones.
    """
    rule = publication.profile
    return {
        "profile": rule.name,
        "base": rule.display.base,
        "hide_below": rule.hide_below,
        "snapshot": publication.snapshot,
        "lattice": publication.lattice.slug,
        "lattice_version": publication.lattice.version,
        "cells": len(publication.keys),
        "hidden": publication.shown.count(None),
    }


def _csv(rows: Iterable[tuple[Key, str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows((*key, value) for key, value in rows)
    return text.getvalue()


def _json(rows: Iterable[tuple[Key, str]]) -> str:
    listed = [
        dict(zip(HEADS, (*key, value if value == "*" else int(value)), strict=True)) for key, value in rows
    ]
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":"))


def _workbook(
    publication: Publication, cells: list[tuple[Key, str]], percentages: list[tuple[Key, str]]
) -> bytes:
    """One sheet a measure, and one of percentages; numbers as numbers, nothing that runs."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingPart("Workbooks need XlsxWriter.", remedy="Install joinedup[reports].") from error
    sheets: dict[str, list[tuple[Key, str]]] = {}
    for key, value in cells:
        sheets.setdefault(f"{key.measure[:18]} {key.count}", []).append((key, value))
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": publication.lattice.title, "comments": "Made by joinedup"})
        for name, rows in {**sheets, "percentages": percentages}.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(HEADS) - 1, 20)
            sheet.write_row(0, 0, HEADS)
            for i, (key, value) in enumerate(rows, start=1):
                for j, text in enumerate(key):
                    sheet.write_string(i, j, text)
                write = sheet.write_string if value == "*" else sheet.write_number
                write(i, len(key), value if value == "*" else float(value))
    return content.getvalue()
