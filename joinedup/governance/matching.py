"""Which row of a newer file is which row of a tracker: by the council's own identity, never by where a row stands.

Rows are the same where the reference number and the words agree, or the words and the meeting, or the reference number
alone. A key counts only where it names one row on each side. Rows that nothing tells apart are paired in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from joinedup.governance.tracker import Item, Tracker


@dataclass(frozen=True)
class Pair:
    """A row of the tracker and the same row of the newer file. `doubtful`: by its number alone, with other words."""

    old: Item
    new: Item
    doubtful: bool = False


@dataclass(frozen=True, eq=False)
class _Face:
    """What a row is known by."""

    item: Item
    reference: str
    words: str
    meeting: str


Faces = dict[str, _Face]
"""Rows that are not paired yet, by id."""
Key = Callable[[_Face], Hashable | None]


def paired(old: Tracker, new: Tracker, apart: Collection[str] = ()) -> tuple[Pair, ...]:
    """The rows that are the same, in the order of the newer file. `apart` are rows of the newer file (by id) of which a
    person said that they are others than those that their number alone names."""
    before, after = _faces(old), _faces(new)
    pairs: list[Pair] = []
    for key in (_all, _number_and_words, _words_and_meeting):
        pairs += _once(before, after, key)
    asked = {name: face for name, face in after.items() if name not in apart}
    for key in (_sheet_and_number, _number):
        pairs += [Pair(pair.old, pair.new, _reworded(pair, old, new)) for pair in _once(before, asked, key)]
    after = {name: face for name, face in after.items() if name in asked or name in apart}
    for key in (_words_and_meeting, _blank):
        pairs += _in_order(before, after, key)
    places = {item.id: place for place, item in enumerate(new.items)}
    return tuple(sorted(pairs, key=lambda pair: places[pair.new.id]))


def _faces(tracker: Tracker) -> Faces:
    return {item.id: _face(tracker, item) for item in tracker.items}


def _face(tracker: Tracker, item: Item) -> _Face:
    layout, sheet = tracker.layouts[item.sheet], tracker.workbook.sheet(item.sheet)
    raised = item.history.state.raised if item.history else None
    words = (raised.text or raised.topic) if raised else ""
    meeting = str(raised.meeting or "") if raised else ""
    return _Face(item, _plain(layout.text(sheet, item.row, "reference")), _plain(words), meeting)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _all(face: _Face) -> Hashable | None:
    return (face.item.sheet, face.reference, face.words, face.meeting) if face.words else None


def _number_and_words(face: _Face) -> Hashable | None:
    return (face.reference, face.words) if face.reference and face.words else None


def _words_and_meeting(face: _Face) -> Hashable | None:
    return (face.words, face.meeting) if face.words else None


def _sheet_and_number(face: _Face) -> Hashable | None:
    return (face.item.sheet, face.reference) if face.reference else None


def _number(face: _Face) -> Hashable | None:
    return face.reference or None


def _blank(face: _Face) -> Hashable | None:
    return face.item.sheet if face.item.blank else None


def _grouped(faces: Faces, key: Key) -> dict[Hashable, list[_Face]]:
    groups: dict[Hashable, list[_Face]] = {}
    for face in faces.values():
        value = key(face)
        if value is not None:
            groups.setdefault(value, []).append(face)
    return groups


def _once(before: Faces, after: Faces, key: Key) -> list[Pair]:
    """Pair what a key names once on each side. A row with words is never the one that became blank."""
    olds, news = _grouped(before, key), _grouped(after, key)
    return [
        _taken(before, after, olds[value][0], news[value][0])
        for value in olds
        if len(olds[value]) == len(news.get(value, ())) == 1
        and (olds[value][0].item.blank or not news[value][0].item.blank)
    ]


def _in_order(before: Faces, after: Faces, key: Key) -> list[Pair]:
    olds, news = _grouped(before, key), _grouped(after, key)
    return [
        _taken(before, after, old, new)
        for value in olds
        for old, new in zip(olds[value], news.get(value, ()), strict=False)
    ]


def _taken(before: Faces, after: Faces, old: _Face, new: _Face) -> Pair:
    del before[old.item.id], after[new.item.id]
    return Pair(old.item, new.item)


def _reworded(pair: Pair, old: Tracker, new: Tracker) -> bool:
    before, after = _face(old, pair.old), _face(new, pair.new)
    return bool(before.words) and before.words != after.words
