"""Tiny folders of releases in every format, written by hand: the attack must need nothing of ours."""

from __future__ import annotations

import csv
import json
from html import escape
from pathlib import Path

HEADS = ("measure", "count", "place_level", "place", "period", "breakdown", "group", "value")
FORMATS = ("csv", "json", "html", "xlsx", "pdf")
BRENT = ("borough", "E09000005", "2025-26")


def row(group, value, *, measure="referrals", count="numerator", at=BRENT, breakdown="ethnic_group"):
    """One published figure; "*" is hidden."""
    return (measure, count, *at, "total" if group == "All" else breakdown, group, str(value))


def table(values, **where):
    """Groups of a made-up breakdown and everyone: {"A": 7, "All": 18}."""
    return [row(group, value, **{"breakdown": "kind", **where}) for group, value in values.items()]


def write(folder: Path, rows, *, about=None, formats=("csv",), texts=()) -> Path:
    """A release of these rows in these formats; `texts` are those of a chart in the page."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"profile": "exact", "snapshot": 3, "base": 1, "hide_below": 5} | (about or {})
    (folder / "release.json").write_text(json.dumps(about))
    for name in formats:
        globals()[f"_{name}"](folder, rows, texts)
    return folder


def _csv(folder, rows, texts):
    for name, wanted in (("cells", False), ("percentages", True)):
        kept = [r for r in rows if (r[1] == "percentage") == wanted]
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            csv.writer(stream).writerows([HEADS, *kept])


def _json(folder, rows, texts):
    def cell(text):
        return int(text) if text.isdigit() else text

    listed = [dict(zip(HEADS, (*r[:-1], cell(r[-1])), strict=True)) for r in rows]
    (folder / "cells.json").write_text(json.dumps({"cells": listed}))


def _html(folder, rows, texts):
    body = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>\n" for r in rows)
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    points = "".join(f'<circle r="2"><title>{escape(text)}</title></circle>' for text in texts)
    page = (
        f"<html><body><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table><svg>{points}</svg>"
    )
    (folder / "report.html").write_text(f"{page}</body></html>")


def _xlsx(folder, rows, texts):
    import xlsxwriter

    with xlsxwriter.Workbook(str(folder / "tables.xlsx")) as book:
        share = book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet("Counts")
        sheet.write_row(0, 0, ["A title"])
        for at, cells in enumerate([HEADS, *rows], start=2):
            sheet.write_row(at, 0, cells[:-1])
            last = cells[-1]
            if last.endswith("%"):
                sheet.write_number(at, 7, float(last[:-1]) / 100, share)
            elif last.replace(",", "").isdigit():
                sheet.write_number(at, 7, int(last.replace(",", "")))
            else:
                sheet.write_string(at, 7, last)


def _pdf(folder, rows, texts):
    import typst

    cells = ", ".join(json.dumps(text) for text in (*HEADS, *(c for r in rows for c in r)))
    source = f"#set page(width: 40cm)\n#table(columns: 8, ..({cells}).map(c => text(size: 7pt, c)))"
    path = folder / "report.typ"
    path.write_text(source)
    (folder / "report.pdf").write_bytes(typst.compile(str(path)))
    path.unlink()
