"""A tracker of scrutiny in tests: rows as a council keeps them, figures that come, and who does what with them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from joinedup.governance.cells import Sheet, Value, Workbook
from joinedup.governance.writing import write_xlsx
from tests.system.web.test_access_matrix import client

BRENT = "GB-LAE-BEN"
MEETING = date(2025, 11, 18)
HEAD = (
    "Ref",
    "Topic",
    "Recommendation",
    "Meeting",
    "To whom",
    "Response",
    "Accepted",
    "Status",
    "Our colour",
)
ROWS: tuple[tuple[Value, ...], ...] = (
    (
        "R1",
        "Adult Mental Health",
        "See nine in ten people within six weeks.",
        MEETING,
        "West London NHS Trust",
    ),
    ("R2", "Acute beds", "Publish how many beds are open.", MEETING, "CNWL", None, None, "Closed", "blue"),
    ("R3", "Maternity", "=HYPERLINK(1)", MEETING, "CNWL"),
    ("R4",),
)
ENDS = "2025-26-Q4"


def workbook(*rows: tuple[Value, ...], head: tuple[str, ...] = HEAD) -> bytes:
    return write_xlsx(Workbook((Sheet("Tracker", (head, *rows)),)))


def sent(content: bytes, name: str = "council.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


class Room:
    """A tracker of a committee of its own, and the addresses of its rows."""

    def __init__(self) -> None:
        self.committee = f"Committee {uuid4().hex[:8]}"
        self.officer, self.chair = client("scrutiny_officer"), client("scrutiny_chair")

    def bring_in(self, content: bytes, name: str = "council.xlsx", **more: str) -> Any:
        told = {"place": BRENT, "committee": self.committee, "meeting": "", **more}
        return self.officer.post("/scrutiny/new/", {**told, "file": sent(content, name)})

    @property
    def kept(self) -> Any:
        from joinedup_web.governance.scrutiny.models import Tracker

        with self.opened():
            return Tracker.objects.filter(committee=self.committee).first()

    @property
    def address(self) -> str:
        return f"/scrutiny/{self.kept.pk}/"

    def row(self, name: str) -> Any:
        from joinedup_web.governance.scrutiny.models import Row

        sheet, _, number = name.partition("!")
        with self.opened():
            return Row.objects.get(tracker__committee=self.committee, sheet=sheet, number=int(number) - 1)

    def at(self, name: str, what: str = "") -> str:
        return f"/scrutiny/row/{self.row(name).pk}/{what}"

    def status(self, name: str) -> str:
        from joinedup_web.governance.scrutiny.asking import line_of

        with self.opened():
            state = line_of(self.row(name)).state
            return str(state.status) if state is not None else "blank"

    def say(self, browser: Any, name: str, what: str, **told: str) -> Any:
        return browser.post(self.at(name, what), {"why": "as minuted", **told})

    def opened(self) -> Any:
        from joinedup_web.organisations.row_security import opened

        return opened("a test", [BRENT])

    def arrive(self, figures: Any) -> list[Any]:
        from joinedup_web.governance.scrutiny.actions import figures_arrived

        with self.opened():
            return figures_arrived(tracker=self.kept, published=figures, on=date.today())


def published(state: int, last: int) -> Any:
    from joinedup.definitions.lattice import Lattice
    from joinedup.definitions.periods import quarters
    from joinedup.disclosure.profiles import profile_of
    from joinedup.disclosure.published_results import results_of
    from joinedup.disclosure.sums import Key
    from joinedup.governance.published import Published

    shown: dict[Key, int | None] = {}
    periods = quarters(4 if state == 10_000 else 5, ending="2026-03" if state == 10_000 else "2026-06")
    for period in periods:
        for place in (("borough", "E09000005"), ("area", "NWL")):
            for measure, share in (("first_treatment_within_6_weeks", 91), ("finished_course", 100)):
                kept = last if (share, period) == (91, periods[-1]) else share
                told = {
                    "measure": measure, "count": "numerator", "place_level": place[0], "place": place[1],
                    "period": period.key, "breakdown": "total", "group": "All",
                }  # fmt: skip
                shown[Key(**told)] = kept
    released = results_of(
        Lattice.load("talking_therapies"), shown, profile_of("nhs-england"), snapshot=state, rule="x"
    )
    return Published(state, released)


def agree(room: Room, **more: str) -> Any:
    told = {
        "by": "figures", "measure": "M053", "place": "borough|Brent", "comparison": "at_least", "threshold": "90",
        "points": "3", "questions": "",
    }  # fmt: skip
    return room.say(room.officer, "Tracker!2", "test/", **{**told, **more})


def closed(room: Room) -> None:
    assert agree(room).status_code == 302
    assert room.say(room.officer, "Tracker!2", "evidence/").status_code == 302
    assert room.say(room.chair, "Tracker!2", "decide/", accept="yes").status_code == 302
