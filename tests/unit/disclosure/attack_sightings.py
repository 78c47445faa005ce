"""Figures as the attack sees them, and what it finds, in few words."""

from __future__ import annotations

from joinedup.disclosure.attacking_cells import Cell, Rules, Sighting

EXACT = Rules("R", "exact", 1, 5)
FIVES = Rules("R", "fives", 5, 5)
ROUNDED_ONLY = Rules("R", "fives", 5, 0)
BRENT = ("borough", "E09000005")
NWL = ("north_west_london", "NWL")
BOROUGHS = [("borough", f"E090000{n}") for n in ("05", "09", "13", "15", "17", "18", "20", "33")]


def seen(
    value, group="All", *, measure="M001", which="numerator", place=BRENT, period="2025-26", breakdown="kind",
    decimals=0, release="R", where="cells.csv", data="",
):  # fmt: skip
    breakdown = "total" if group == "All" else breakdown
    cell = Cell(measure, which, *place, period, breakdown, group, data)
    return Sighting(cell, value, decimals, release, where)


def tables(values, **where):
    return [seen(value, group, **where) for group, value in values.items()]


def only(found):
    assert len(found.findings) == 1
    return found.findings[0]
