"""What the operations on returns take and answer with."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from joinedup_web.api.answering import Page, PageAsked

Status = Literal[
    "waiting", "checking", "ready", "refused", "loading", "loaded", "kept_out", "withdrawing", "withdrawn", "replaced",
    "failed",
]  # fmt: skip
Severity = Literal["REJECT_FILE", "REJECT_GROUP", "REJECT_RECORD", "WARNING"]
PLACE = "national code of the trust, such as RKL"


class SendAsked(Schema):
    """What is sent, and for which trust."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(
        min_length=1,
        max_length=255,
        description="name of the file; its ending says what it is: zip, xml, mdb, accdb",
    )
    place: str = Field(
        "", max_length=20, description=f"{PLACE}; needed only by who may send for several trusts"
    )


class FindingsAsked(PageAsked):
    """Which findings."""

    rule: str | None = Field(None, max_length=20, description="national rule, such as IDS20127")
    file: str | None = Field(None, max_length=255, description="file of the return")
    severity: Severity | None = Field(None, description="what follows from it")


class WithdrawReason(Schema):
    """Why a return is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        min_length=1, max_length=300, description="in a few words; the ledger keeps it. Name no patient"
    )


class RuleOut(Schema):
    """One rule that was broken."""

    rule: str
    severity: Severity = Field(description="what follows from it")
    times: int
    first: str = Field(description="file, row and column where it was broken first")
    message: str = Field(description="what is wrong there")


class FileOut(Schema):
    """One file of a return."""

    file: str
    rows: int
    accepted: int = Field(description="rows that are, or would be, taken")


class NotRun(Schema):
    """A rule that was not applied."""

    rule: str
    why: str


class SubmissionSummary(Schema):
    """A return that was sent, and how far it has come."""

    submission: UUID = Field(description="by which it is asked for")
    place: str = Field(description=PLACE)
    name: str = Field(description="name of the file, made plain")
    size: int = Field(description="bytes")
    way: Literal["page", "folder", "api"] = Field(description="how it came")
    sent_at: datetime
    status: Status
    under_way: bool = Field(description="whether something is being done with it: ask again in a few seconds")
    period: str = Field(description="month that it is of, such as 2026-03; empty before its check")
    window: str = Field(description="primary or refresh; empty before its check")
    made: str = Field(description="when its header says that it was made; empty before its check")


class SubmissionOut(SubmissionSummary):
    """A return in full, with what was found in it."""

    says: str = Field(description="what to do now, or what went wrong, in words")
    rows: int = Field(description="rows read; 0 before its check")
    accepted: int = Field(description="rows that are, or would be, taken")
    rules_version: str = Field(description="version of the national rules; empty before its check")
    lake_state: int | None = Field(description="state of the lake that it made")
    findings: int = Field(description="how many there are: see its findings")
    rules: list[RuleOut] = Field(description="rules that were broken, the worst first")
    files: list[FileOut]
    not_run: list[NotRun]


class SubmissionsPage(Page):
    """Returns that were sent."""

    items: list[SubmissionSummary]


class FindingOut(Schema):
    """One thing wrong in a return. Values that could point to a person are shown as a shape, such as 10 digits."""

    number: int = Field(description="its place in the report, from 1")
    rule: str
    severity: Severity
    file: str = Field(description="empty where it is about the whole return")
    row: int | None = Field(description="1 is the first row of data")
    column: str
    value: str = Field(description="the value, or its shape")
    message: str


class FindingsPage(Page):
    """Findings of one return."""

    submission: UUID
    status: Status = Field(description="of the return: before its check has ended there are none")
    items: list[FindingOut]
