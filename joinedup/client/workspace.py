"""`open_workspace`: the figures of a workspace elsewhere, for Python."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from joinedup.client import tables
from joinedup.client.asking import Asking
from joinedup.client.tables import WorkspaceTable, table_of
from joinedup.errors import YourCommand

VARIABLE, FILE_VARIABLE = "JOINEDUP_TOKEN", "JOINEDUP_TOKEN_FILE"
Several = str | Sequence[str]
WHOLE = ("group", "reference", "gap", "lower", "upper", "fewer_recoveries", "code")


def open_workspace(url: str, token: str | Path | None = None) -> Workspace:
    """The workspace at an address, asked as the person whose token it is.

    `token` is the token's text, or a Path of a file that holds it; without it the environment variable JOINEDUP_TOKEN
    is read, or the file that JOINEDUP_TOKEN_FILE names. Raises YourCommand for an address that would send the token in
    the open, where there is no token, where it opens nothing any more, and where no workspace answers.
    """
    workspace = Workspace(Asking(url, _token(token)))
    workspace.me()  # says at once what is wrong with address or token
    return workspace


@dataclass(frozen=True, eq=False)
class NumberFound:
    """What a number is. `about` is everything that the workspace says of it, by the names of its API."""

    code: str
    title: str
    value: float | None
    unit: str
    snapshot: int
    about: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, eq=False)
class GapFound:
    """Where a gap opens. `gap` is in outcomes per referral (0 to 1), group less reference, with its 95% limits."""

    title: str
    sentence: str
    group: str
    reference: str
    gap: float | None
    lower: float | None
    upper: float | None
    fewer_recoveries: float | None
    code: str
    stages: WorkspaceTable
    counts: WorkspaceTable = field(repr=False)
    about: Mapping[str, Any] = field(repr=False)


class Workspace:
    """A workspace elsewhere. Each question answers with a table of the state it is of; a hidden value is null."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def __repr__(self) -> str:
        return f"Workspace({self._asking.url!r})"

    def me(self) -> dict[str, Any]:
        """Whose token it is, until when, and what it opens."""
        return self._asking.one("me")

    def state(self, state: int | None = None) -> dict[str, Any]:
        """The newest state of the lake, or an earlier one that is kept: what stands out, and its publication."""
        return self._asking.one("state", state=state)

    def measures(self, *, state: int | None = None) -> WorkspaceTable:
        """Measures of which figures are released, with the version of their definitions."""
        return table_of(self._asking.every("measures", state=state), tables.MEASURE)

    def measure(self, name: str) -> dict[str, Any]:
        """One measure as it is defined, by its national id or our name. Raises UnknownName."""
        found: dict[str, Any] = self._asking.one(f"measures/{quote(name, safe='')}")["measure"]
        return found

    def figures(
        self, measure: Several = (), *, by: Several = (), group: Several = (), level: Several = (),
        place: Several = (), period: Several = (), state: int | None = None,
    ) -> WorkspaceTable:  # fmt: skip
        """Released figures that the pages show. A filter left out lets all through; `by="total"` is everyone.

        Raises UnknownName for a measure, breakdown, group, level, place or period that does not exist.
        """
        return self._figures("figures", measure, by, group, level, place, period, state)

    def published(
        self, measure: Several = (), *, by: Several = (), group: Several = (), level: Several = (),
        place: Several = (), period: Several = (), state: int | None = None,
    ) -> WorkspaceTable:  # fmt: skip
        """Figures of the publication by place of residence and period; filters as for `figures`.

        Raises YourCommand while the publication is being made.
        """
        return self._figures("published", measure, by, group, level, place, period, state)

    def gaps(self, *, place: str | None = None, state: int | None = None) -> WorkspaceTable:
        """Every gap between a group and its reference that the pages show: for everyone held (`place="total"`), and
        at each service. Raises UnknownName for a place that does not exist."""
        return table_of(self._asking.every("gaps", place=place, state=state), tables.GAP)

    def gap(self, *, by: str = "", group: str = "", place: str = "", state: int | None = None) -> GapFound:
        """Where one gap opens, for everyone held or at one service: the widest where neither breakdown nor group is
        named. Raises UnknownName."""
        told = self._asking.one("gap", by=by or None, group=group or None, place=place or None, state=state)
        found = told["gap"]
        return GapFound(
            title=told["title"], sentence=told["sentence"],
            **{name: found[name] for name in WHOLE},
            stages=table_of([told], tables.STAGE, "stages"),
            counts=table_of([_as_steps(told)], tables.STEP, "counts"), about=told,
        )  # fmt: skip

    def journey(self, *, by: str = "", group: str = "", state: int | None = None) -> WorkspaceTable:
        """How many take each step of the journey: everyone, or one group beside its reference."""
        told = self._asking.one("journey", by=by or None, group=group or None, state=state)
        return table_of([told], tables.STEP, "steps")

    def waits(self, *, state: int | None = None) -> WorkspaceTable:
        """Waits by group, a row a week: per cent still waiting with limits, or per cent ended and how."""
        return table_of(map(_by_week, self._asking.every("waits", state=state)), tables.WAIT)

    def quality(self, *, state: int | None = None) -> WorkspaceTable:
        """Data quality by trust, a row a cell of the tables on the page."""
        return table_of([self._asking.one("quality", state=state)], tables.CELL, "cells")

    def table(self, slug: str, *, state: int | None = None) -> WorkspaceTable:
        """Any table that pages show, a row a cell. Raises UnknownName."""
        return table_of(
            [self._asking.one(f"tables/{quote(slug, safe='')}", state=state)], tables.CELL, "cells"
        )

    def places(self, day: date | str | None = None, *, level: str | None = None) -> WorkspaceTable:
        """The register of organisations and places as at a day, today where none is named."""
        on = None if day is None else str(day)
        return table_of(self._asking.every("places", on=on, level=level), tables.PLACE)

    def number(self, code: str) -> NumberFound:
        """What the number of a code is, and what is behind it. Raises UnknownName."""
        told = self._asking.one(f"numbers/{quote(code.strip(), safe='')}")
        kept = ("code", "title", "value", "unit", "snapshot")
        return NumberFound(**{name: told[name] for name in kept}, about=told)

    def earlier(self, code: str) -> WorkspaceTable:
        """What a number was in other states of the lake and in releases before them, the newest first; counts are
        those of a percentage or a count. Raises UnknownName."""
        told = self._asking.one(f"numbers/{quote(code.strip(), safe='')}/earlier")
        rows = [{**row, **row["counts"]} for row in told["earlier"]]
        return table_of([{"earlier": rows}], tables.EARLIER, "earlier")

    def notes(self, number: str | None = None) -> WorkspaceTable:
        """Notes that you may read, the newest first; those beside one number where its code is named. Raises
        UnknownName."""
        return table_of(self._asking.every("notes", number=number), tables.NOTE)

    def write_note(
        self, number: str, text: str, *, kind: str, place: str, shared: bool = False
    ) -> Mapping[str, Any]:
        """Write a success, a challenge or an explanation beside a number, for a place of your own; what is kept, with
        its `note`, by which it is shared and ended. Raises YourCommand where you may not."""
        told = {"kind": kind, "text": text, "place": place, "shared": shared}
        return self._asking.change(f"numbers/{quote(number.strip(), safe='')}/notes", told)

    def share_note(self, note: str) -> Mapping[str, Any]:
        """Let everyone who reads notes see it. Raises YourCommand, UnknownName where it is not yours to share."""
        return self._asking.change(f"notes/{quote(note, safe='')}/share")

    def end_note(self, note: str, *, reason: str) -> Mapping[str, Any]:
        """Take it off the charts. Raises YourCommand, UnknownName where it is not yours to end."""
        return self._asking.change(f"notes/{quote(note, safe='')}/end", {"reason": reason})

    def send_return(self, file: str | Path, *, place: str = "") -> Mapping[str, Any]:
        """Send one return of your trust (zip, XML or Access) and have it checked; the submission as it stands.

        `place` is the code of the trust, needed only by who may send for several. Raises YourCommand where you may not
        send, and where the file is not taken.
        """
        path, where = Path(file), {"place": place} if place else {}
        return self._asking.send("submissions/send", path, name=path.name, **where)

    def submissions(self) -> WorkspaceTable:
        """Returns of your trust that were sent, the newest first."""
        return table_of(self._asking.every("submissions"), tables.SUBMISSION)

    def submission(self, submission: str) -> Mapping[str, Any]:
        """How far a return has come, and what was found in it, by rule and by file. Raises UnknownName."""
        return self._asking.one(f"submissions/{quote(submission, safe='')}")

    def findings(
        self,
        submission: str,
        *,
        rule: str | None = None,
        file: str | None = None,
        severity: str | None = None,
    ) -> WorkspaceTable:
        """What was found in a return, a row a finding. Raises UnknownName."""
        path = f"submissions/{quote(submission, safe='')}/findings"
        return table_of(self._asking.every(path, rule=rule, file=file, severity=severity), tables.FINDING)

    def submit_return(self, submission: str) -> Mapping[str, Any]:
        """Have a return that passed its check loaded. Raises YourCommand where it has not."""
        return self._asking.change(f"submissions/{quote(submission, safe='')}/submit")

    def withdraw_return(self, submission: str, *, reason: str) -> Mapping[str, Any]:
        """Take a return back. Raises YourCommand where there is nothing to withdraw."""
        return self._asking.change(f"submissions/{quote(submission, safe='')}/withdraw", {"reason": reason})

    def _figures(
        self, path: str, measure: Several, by: Several, group: Several, level: Several, place: Several,
        period: Several, state: int | None,
    ) -> WorkspaceTable:  # fmt: skip
        parts = self._asking.every(
            path,
            measure=measure,
            breakdown=by,
            group=group,
            level=level,
            place=place,
            period=period,
            state=state,
        )
        return table_of(parts, tables.FIGURE)


def _as_steps(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "counts": [{**row, "step": row["stage"]} for row in told["counts"]]}


def _by_week(part: Mapping[str, Any]) -> dict[str, Any]:
    return {**part, "items": list(_weeks(part["items"]))}


def _weeks(items: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in items:
        yield from ({**one, **point} for point in one["points"] or [{}])


def _token(given: str | Path | None) -> str:
    if isinstance(given, str):
        return _checked(given)
    if given is None and os.environ.get(VARIABLE):
        return _checked(os.environ[VARIABLE])
    file = given or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    if file is None:
        raise YourCommand(
            "There is no token.",
            remedy=f"Make one on your page of tokens; put it into {VARIABLE}, or its file into {FILE_VARIABLE}.",
        )
    try:
        return _checked(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise YourCommand(f"The token's file cannot be read: {file}.", remedy="Check its path.") from error


def _checked(text: str) -> str:
    """A token without the line end of its file. What is no token is not repeated."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise YourCommand(
            "This is no token.", remedy="Copy it again, or make a new one on your page of tokens."
        )
    return token
