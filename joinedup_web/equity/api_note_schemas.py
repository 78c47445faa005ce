"""What the operations on notes take and answer with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from joinedup_web.api.answering import Page, PageAsked
from joinedup_web.equity.models import LONGEST

Kind = Literal["success", "challenge", "explanation"]
NUMBER = "the ten characters beside a number"


class NotesAsked(PageAsked):
    """Which notes."""

    number: Annotated[str, Field(pattern=r"^[A-Za-z2-7]{10}$")] | None = Field(
        None, description=f"{NUMBER}: notes beside it alone"
    )


class NoteWritten(Schema):
    """A note to be written."""

    model_config = ConfigDict(extra="forbid")

    place: str = Field(
        max_length=20, description="national code of the place of yours that it is written for"
    )
    kind: Kind = Field(description="what it is")
    text: str = Field(
        min_length=1, max_length=LONGEST, description="in a few words; nothing that could point to a person"
    )
    shared: bool = Field(
        False, description="whether everyone who reads notes sees it; service managers alone"
    )


class NoteEnd(Schema):
    """Why a note ends."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=300, description="in a few words; the audit keeps it")


class NoteOut(Schema):
    """A note beside a number."""

    note: UUID = Field(description="by which it is shared and ended")
    number: str = Field(
        description="code of the number in the newest state; empty where that does not have it"
    )
    about: str = Field(description="the number in words: measure, where, when and whom")
    figure: str = Field(
        description="what the number was when the note was written; empty where nobody kept it"
    )
    kind: Kind
    text: str
    place: str = Field(description="national code of the place that it was written for")
    place_name: str
    role: str = Field(description="role of whoever wrote it")
    shared: bool = Field(description="whether everyone who reads notes sees it")
    written_at: datetime
    ended_at: datetime | None = Field(description="since when it is off the charts; null while it stands")


class NotesPage(Page):
    """Notes."""

    items: list[NoteOut]
