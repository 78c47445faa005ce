"""Which page a note belongs to, and whether its figure has changed since it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from joinedup.charts import Figure
from joinedup.charts.words import span
from joinedup.definitions import Measure, Places
from joinedup.errors import UnknownName
from joinedup.reports.packs.content import Comment
from joinedup.reports.tables import shown

if TYPE_CHECKING:
    from joinedup.reports.packs.figures import Material
    from joinedup.reports.packs.notes import Note

TOTAL_NAMES = ("", "total", "all", "everyone", "all services")


@dataclass(frozen=True)
class Placed:
    """A note beside a figure of the pack."""

    comment: Comment
    measure: str
    place: str
    period: str
    written: str


@dataclass(frozen=True)
class Commentary:
    """Every note that is about a figure of the pack, the newest first, and how many others there were."""

    placed: tuple[Placed, ...] = ()
    elsewhere: int = 0
    not_shared: int = 0

    def about(self, measures: Iterable[str], places: Iterable[str] | None = None) -> tuple[Comment, ...]:
        """Comments on these measures (national ids), at these places or anywhere."""
        wanted, where = set(measures), None if places is None else set(places)
        return tuple(
            one.comment
            for one in self.placed
            if one.measure in wanted and (where is None or one.place in where)
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was given and is not shown, in words."""
        told = (
            (self.elsewhere, "about figures that this pack does not hold"),
            (self.not_shared, "not shared, and this pack is for the public"),
        )
        return tuple(
            f"{number} {'note is' if number == 1 else 'notes are'} left out: {why}."
            for number, why in told
            if number
        )


def commentary_of(notes: Sequence[Note], material: Material) -> Commentary:
    """Each note beside its figure. Raises UnknownName for a measure or a place that there is not."""
    open_ones = [note for note in notes if not (material.layout.public and note.shared is False)]
    by_code, by_cell = _figures(material)
    placed, elsewhere = [], 0
    for note in open_ones:
        figure = by_code.get(note.number) if note.number else by_cell.get(_cell(note))
        if figure is None:
            elsewhere += 1
        else:
            placed.append(_placed(note, figure))
    order = sorted(placed, key=lambda one: (one.period, one.written, one.comment.text), reverse=True)
    return Commentary(tuple(order), elsewhere, len(notes) - len(open_ones))


def _figures(material: Material) -> tuple[dict[str, Figure], dict[tuple[str, str, str], Figure]]:
    from joinedup.charts import figures

    every = [*figures(material.monthly), *figures(material.yearly)]
    return {f.code: f for f in every}, {(f.measure, _key(f.place), f.period.key): f for f in every}


def _cell(note: Note) -> tuple[str, str, str]:
    return Measure.load(note.measure).id, _place(note.place), note.period


def _key(place: str) -> str:
    return "" if place.casefold() in TOTAL_NAMES else place


def _place(name: str) -> str:
    """The code of a place named by its code, its name or its short one; one word for everyone."""
    if not _key(name):
        return ""
    places = Places.load()
    try:
        return places.place(name).code
    except UnknownName:
        plain = name.casefold()
        found = [p for p in places.places if plain in (p.name.casefold(), p.label.casefold())]
        services = [p for p in found if p.level in ("service", "trust")] or found
        if not services:
            raise
        return services[0].code


def _placed(note: Note, figure: Figure) -> Placed:
    now = shown(figure, figure.measure)
    where = figure.place_name if _key(figure.place) else "all services together"
    about = f"{Measure.load(figure.measure).title}, {where}, {span(figure.period.key)}, {now}"
    comment = Comment(note.text, about, note.who, figure.code, _flag(note, now))
    return Placed(comment, figure.measure, figure.place, figure.period.key, note.written)


def _flag(note: Note, now: str) -> str:
    """Whether the figure is another than when the note was written; nothing where nobody noted what it was."""
    if not note.figure:
        return ""
    then, today = _number(note.figure), _number(now)
    if then == today:  # neither is a number where the figure was hidden then, and is hidden now
        return ""
    return f"The figure has changed since: it was {note.figure} when this was written."


def _number(text: str) -> float | None:
    found = re.search(r"[-\u2212]?\d+(?:\.\d+)?", text.replace(",", ""))
    return None if found is None else round(float(found.group().replace("\u2212", "-")), 1)


def marked(comments: Sequence[Comment], most: int) -> tuple[Comment, ...]:
    """The first so many; the last of them says how many more there are, in the section of commentary."""
    if len(comments) <= most:
        return tuple(comments)
    last = comments[most - 1]
    more = f"{last.flag} And {len(comments) - most} more, under Commentary.".strip()
    return (*comments[: most - 1], replace(last, flag=more))
