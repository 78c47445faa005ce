"""Event logs in XES (IEEE 1849), plain or as .gz: <log> of <trace> of <event>, whose attributes are child elements.

    <trace><string key="concept:name" value="..."/>
      <event><string key="concept:name" value="..."/><date key="time:timestamp" value="..."/></event>
    </trace>

The document is read as a stream by expat: a document type is refused where it begins, so there are no entities and
nothing is fetched; no tree is built, and depth and the length of a value are bounded. (defusedxml has these guards
too; its reader takes twice as long for a log.) Traces of one name are one case; a trace without a name is a case of
its own; one without events is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from joinedup.errors import UnreadableFile, UnsafeFile, YourData
from joinedup.journeys.event_logs.log import Attribute, EventLog, Numbers, event_log
from joinedup.journeys.event_logs.times import NotATime, Times
from joinedup.journeys.event_logs.unpacking import blocks

NAME, TIME = "concept:name", "time:timestamp"
DEEPEST: Final = 32
LONGEST: Final = 4 << 20
"""Bytes in which an element must begin or end: no value is longer."""
_FLUSH: Final = 50_000
_REMEDY: Final = "Export the log again as XES."


def read_xes(
    path: str | Path,
    *,
    case: str = NAME,
    activity: str = NAME,
    time: str = TIME,
    attributes: Sequence[str] = (),
) -> EventLog:
    """The log in a .xes or .xes.gz. `case` is a key of traces, `activity` and `time` of events.

    `attributes` are keys of traces, or of events, of which the first value in a case counts. Raises YourData
    naming file, trace and event; UnsafeFile for what no log needs.
    """
    place = Path(path)
    reader = _Reader(place.name, case, activity, time, tuple(attributes))
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        for block in blocks(place):
            parser.Parse(block, False)
            reader.fed(len(block))
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):
        raise UnreadableFile(
            "The XML is not well formed; it may have been cut short.", file=place.name, remedy=_REMEDY
        ) from None
    return reader.log()


class _Reader:
    """What the parser tells, element by element: only codes and times are kept."""

    def __init__(self, file: str, case: str, activity: str, time: str, attributes: tuple[str, ...]) -> None:
        self.file, self.keys = file, {"case": case, "activity": activity, "time": time}
        self.wanted = {case, activity, time, *attributes}
        self.depth, self.in_trace, self.in_event = 0, False, False
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] = {}
        self.times, self.silent, self.traces = Times(), 0, 0
        self.case, self.within, self.number = -1, 0, 0
        self.cases: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self.newest: list[tuple[int, int, str, int, int]] = []
        self.chunks: list[tuple[Numbers, Numbers, Numbers]] = []
        self.known: dict[str, dict[int, str]] = {name: {} for name in attributes}

    def fed(self, size: int) -> None:
        """So many bytes went in; raises UnsafeFile where nothing has begun or ended for too long."""
        self.silent += size
        if self.silent > LONGEST:
            raise UnsafeFile(f"A value is longer than {LONGEST >> 20} MB.", file=self.file, remedy=_REMEDY)

    def doctype(self, *_: object) -> None:
        """A document type, and with it every entity, is refused before it is read."""
        raise UnsafeFile(
            "The XML declares a document type.", file=self.file, remedy="Write it without a DOCTYPE."
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        depth, self.depth, self.silent = self.depth, self.depth + 1, 0
        name = tag.rpartition(":")[2]
        if depth == 3 and self.in_event:
            self.keep(self.event, attributes)
        elif name == "event" and (depth == 2) == self.in_trace and depth <= 2:
            self.open_event(depth)
        elif depth == 2 and self.in_trace:
            self.keep(self.trace, attributes)
        elif depth == 1 and name == "trace":
            self.in_trace, self.trace, self.case, self.within = True, {}, -1, 0
            self.traces += 1
        elif depth == 0 and name != "log":
            raise UnreadableFile("The outermost element is not <log>.", file=self.file, remedy=_REMEDY)
        elif depth >= DEEPEST:
            raise UnsafeFile(f"The XML nests deeper than {DEEPEST} levels.", file=self.file, remedy=_REMEDY)

    def open_event(self, depth: int) -> None:
        """An event begins."""
        if depth != 2:
            raise self.fault("An event stands outside a trace.", "event-in-trace")
        self.in_event, self.event = True, {}
        self.within += 1

    def keep(self, held: dict[str, str], attributes: Mapping[str, str]) -> None:
        """An attribute of the trace or event that is open."""
        key = attributes.get("key", "")
        if key in self.wanted:
            if held is self.trace and self.within and key == self.keys["case"]:
                raise self.fault("Its name stands after its events.", "name-before-events", key)
            if key in held:
                raise self.fault(f"The attribute {key} stands there twice.", "key-once", key)
            held[key] = attributes.get("value", "")

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth, self.silent = self.depth - 1, 0
        if self.in_event and self.depth == 2:
            self.in_event = False
            self.take()
        elif self.in_trace and self.depth == 1:
            self.in_trace = False
            if self.case >= 0:
                self.remember(self.trace)

    def take(self) -> None:
        """An event is complete."""
        name, when = self.event.get(self.keys["activity"]), self.event.get(self.keys["time"])
        if not name:
            raise self.fault("It has no activity.", "event-has-activity", self.keys["activity"])
        if not when:
            raise self.fault("It has no time.", "event-has-time", self.keys["time"])
        if self.case < 0:
            title = self.trace.get(self.keys["case"])
            self.case = self.number if title is None else self.cases.setdefault(title, self.number)
            self.number += self.case == self.number
        code = self.codes.setdefault(name, len(self.codes))
        self.newest.append((self.case, code, when, self.traces, self.within))
        if self.known:
            self.remember(self.event)
        if len(self.newest) >= _FLUSH:
            self.flush()

    def remember(self, held: Mapping[str, str]) -> None:
        """What an event or a trace says of its case; a trace outweighs its events."""
        for name, own in self.known.items():
            if value := held.get(name):
                if held is self.trace:
                    own[self.case] = value
                else:
                    own.setdefault(self.case, value)

    def flush(self) -> None:
        """Newest events to arrays."""
        case, code, when, trace, within = zip(*self.newest, strict=True) if self.newest else ((),) * 5
        try:
            times = self.times.read(pa.array(when, pa.string()))
        except NotATime as fault:
            self.traces, self.within = trace[fault.place], within[fault.place]
            raise self.fault(*_not_a_time(fault), self.keys["time"]) from None
        self.chunks.append((np.array(case, np.int64), np.array(code, np.int64), times))
        self.newest.clear()

    def fault(self, words: str, rule: str, key: str | None = None) -> YourData:
        """What is wrong with the trace or event that is open."""
        where = f"Trace {self.traces:,}" + (f", event {self.within:,}" if self.within else "")
        return YourData(
            f"{where}: {words}",
            file=self.file,
            column=key,
            rule=rule,
            remedy="Mend the log, or name another key.",
        )

    def log(self) -> EventLog:
        """All of it."""
        self.flush()
        case, code, time = (np.concatenate(parts) for parts in zip(*self.chunks, strict=True))
        known = {name: _attribute(own, self.number) for name, own in self.known.items()}
        return event_log(self.codes, case, code, time, attributes=known, file=self.file)


def _not_a_time(fault: NotATime) -> tuple[str, str]:
    if fault.mixed:
        return (
            "Some times have an offset from UTC and this one has none, or the other way.",
            "one-kind-of-time",
        )
    return "The time is not a date and time of ISO 8601.", "time-has-form"


def _attribute(own: Mapping[int, str], cases: int) -> Attribute:
    names = tuple(dict.fromkeys(own.values()))
    at = {name: code for code, name in enumerate(names)}
    codes = np.full(cases, -1, np.int32)
    for case, value in own.items():
        codes[case] = at[value]
    return Attribute(names, codes)
