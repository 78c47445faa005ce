"""Operations on returns: send one, follow it, read what was found, submit it, withdraw it; by the desk's actions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from joinedup.definitions.return_spec import ReturnSpec
from joinedup.errors import UnreadableFile
from joinedup.returns.containers import MAX_BYTES_IN
from joinedup.returns.reading import ENDINGS
from joinedup_web.api.answering import PageAsked, change, headers_of, operation, part_of
from joinedup_web.api.problems import Refused
from joinedup_web.organisations.scope import scope_in
from joinedup_web.returns import actions, asking, models, presenting
from joinedup_web.returns.api_schemas import (
    FindingsAsked,
    FindingsPage,
    SendAsked,
    SubmissionOut,
    SubmissionsPage,
    WithdrawReason,
)
from joinedup_web.returns.models import Finding, Submission
from joinedup_web.returns.receiving import receive

router = Router(tags=["Returns"])
TYPES = (
    "application/octet-stream", "application/zip", "application/x-zip-compressed", "application/xml", "text/xml",
    "application/msaccess", "application/x-msaccess", "application/vnd.ms-access",
)  # fmt: skip
SENT = {
    "requestBody": {
        "required": True,
        "description": "the file itself, with its Content-Length",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
    }
}
Identity = Annotated[UUID, Path(description="submission, as sending it answered")]
NOT_THERE = "There is no such return where you may do that."
LISTED = "/api/v1/submissions lists those of your trust."


class Whole:
    """A stream that must hold as many bytes as were announced: what was cut off is no return."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int = -1, /) -> bytes:
        """The next block. Raises UnreadableFile where the stream ends too early."""
        block = self._stream.read(size)
        self._left -= len(block)
        if not block and self._left > 0:
            raise UnreadableFile("The file was cut off on its way.", remedy="Send it again.")
        return block


@router.post(
    "/submissions/send", url_name="api_send_return", operation_id="send_return", summary="Send a return",
    response={202: SubmissionOut}, openapi_extra=SENT,
)  # fmt: skip
@change
def send_return(request: HttpRequest, asked: Query[SendAsked]) -> Status[dict[str, Any]]:
    """Send one return of your trust and have it checked: a zip of CSV files, an XML document or an Access database.

    Send the file itself, not a form. It is taken as it comes, up to 500 MB, and checked by a job: ask for the
    submission until nothing is under way. The same file sent twice is one submission.
    """
    length = _length(request)
    _check_kind(request, asked.name)
    token = getattr(request, "kinds", None)
    stream: Any = Whole(request, length)
    found = receive(stream, asked.name, request.user, place=asked.place, kinds=token)
    headers_of(request)["Location"] = f"/api/v1/submissions/{found.pk}"
    return Status(202, _whole(found))


def _length(request: HttpRequest) -> int:
    """How long the file is. Raises Refused where that is not said, or where it is more than is taken."""
    told = request.headers.get("Content-Length", "")
    if not told.isdecimal() or "Transfer-Encoding" in request.headers:
        raise Refused(411, "How long the file is was not said.")
    if len(told) > len(str(MAX_BYTES_IN)) or int(told) > MAX_BYTES_IN:  # int() itself refuses endless digits
        raise Refused(
            413, f"The file is larger than {MAX_BYTES_IN // 1024**2} MB.",
            "A month of one provider is far smaller: check what was exported.",
        )  # fmt: skip
    return int(told)


def _check_kind(request: HttpRequest, name: str) -> None:
    """Refuse with 415 what is sent as something else than a file of ours, or named so."""
    if request.content_type not in TYPES:
        raise Refused(415, "A file is sent by itself, not in a form or as JSON.", f"Content-Type: {TYPES[0]}")
    if PurePath(name.lower()).suffix not in ENDINGS:
        raise Refused(
            415, "We read no files of that kind.", f"The name ends with one of {', '.join(ENDINGS)}."
        )


def _made_of(request: HttpRequest) -> str:
    """Of what an answer is made: the submissions that may be seen, or the one that is asked for, as they stand."""
    rows = asking.submissions(scope_in(request))
    one = request.resolver_match.kwargs.get("submission") if request.resolver_match else None
    rows = rows if one is None else rows.filter(pk=one)
    return repr(list(rows.values_list("pk", "state", "step", "steps", "message", "lake_state")))


@router.get(
    "/submissions", url_name="api_submissions", operation_id="submissions", summary="Returns that were sent",
    response=SubmissionsPage,
)  # fmt: skip
@operation(_made_of)
def submissions(request: HttpRequest, asked: Query[PageAsked]) -> dict[str, Any]:
    """Returns of your trust, the newest first, however they were sent."""
    part = part_of(request, asked, asking.submissions(scope_in(request)))
    part["items"] = [_summary(one) for one in part["items"]]
    return part


@router.get(
    "/submissions/{uuid:submission}", url_name="api_submission", operation_id="submission", summary="One return",
    response=SubmissionOut,
)  # fmt: skip
@operation(_made_of)
def submission(request: HttpRequest, submission: Identity) -> dict[str, Any]:
    """How far a return has come, what to do now, and what was found in it, by rule and by file."""
    return _whole(_of(request, submission, "see"))


@router.get(
    "/submissions/{uuid:submission}/findings", url_name="api_findings", operation_id="findings",
    summary="What was found in a return", response=FindingsPage,
)  # fmt: skip
@operation(_made_of)
def findings(request: HttpRequest, submission: Identity, asked: Query[FindingsAsked]) -> dict[str, Any]:
    """Every finding of the check with its file, row and column; narrowed by rule, file and consequence."""
    found = _of(request, submission, "see")
    _check_names(found, asked)
    narrowed = {name: getattr(asked, name) or "" for name in ("rule", "file", "severity")}
    part = part_of(request, asked, asking.findings(found, **narrowed))
    return {"submission": found.pk, "status": found.state, **part}


@router.post(
    "/submissions/{uuid:submission}/submit", url_name="api_submit_return", operation_id="submit_return",
    summary="Submit a return", response={202: SubmissionOut},
)  # fmt: skip
@change
def submit_return(request: HttpRequest, submission: Identity) -> Status[dict[str, Any]]:
    """Have a return that passed its check loaded. It takes the place of an earlier one of the same month."""
    found = _of(request, submission, "send")
    return Status(202, _whole(actions.submit(by=scope_in(request), submission=found)))


@router.post(
    "/submissions/{uuid:submission}/withdraw", url_name="api_withdraw_return", operation_id="withdraw_return",
    summary="Withdraw a return", response={202: SubmissionOut},
)  # fmt: skip
@change
def withdraw_return(
    request: HttpRequest, submission: Identity, told: WithdrawReason
) -> Status[dict[str, Any]]:
    """Take a return back, for a reason: before it is loaded at once, afterwards out of what is held by a job."""
    found = _of(request, submission, "withdraw")
    return Status(202, _whole(actions.withdraw(by=scope_in(request), submission=found, reason=told.reason)))


def _of(request: HttpRequest, submission: UUID, action: str) -> Submission:
    found = asking.submission_of(scope_in(request), submission, action)
    if found is None:
        raise Refused(404, NOT_THERE, LISTED)
    return found


def _check_names(found: Submission, asked: FindingsAsked) -> None:
    """A rule or file that the return does not know is no empty answer."""
    rules = {one.id for one in ReturnSpec.load("talking_therapies").rules} | set(found.counts)
    if asked.rule is not None and asked.rule not in rules:
        raise Refused(404, "There is no such rule.", "The submission lists the rules that were broken.")
    files = {one["file"] for one in found.files} | set(asking.by_file(found))
    if asked.file is not None and asked.file not in files:
        raise Refused(404, "The return has no such file.", "The submission lists its files.")


def _summary(one: Submission) -> dict[str, Any]:
    kept = ("name", "size", "way", "sent_at", "period", "made")
    return {
        "submission": one.pk, "place": one.place_id, "status": one.state,
        "under_way": one.state in models.UNDER_WAY, "window": one.kind,
        **{name: getattr(one, name) for name in kept},
    }  # fmt: skip


def _whole(one: Submission) -> dict[str, Any]:
    return {
        **_summary(one), "says": _says(one), "rows": one.rows, "accepted": one.rows_accepted,
        "rules_version": one.rules_version, "lake_state": one.lake_state, "findings": sum(asking.by_file(one).values()),
        "rules": [_rule(one, first) for first in presenting.worst_first(one, asking.first_of_each_rule(one))],
        "files": [{name: file[name] for name in ("file", "rows", "accepted")} for file in one.files],
        "not_run": [{"rule": rule, "why": why} for rule, why in presenting.rules_not_run(one)],
    }  # fmt: skip


def _says(one: Submission) -> str:
    told = (one.message, presenting.what_next(one), one.step if one.state in models.UNDER_WAY else "")
    return " ".join(words for words in told if words) or presenting.STATES[one.state]


def _rule(one: Submission, first: Finding) -> Mapping[str, Any]:
    return {
        "rule": first.rule, "severity": first.severity, "times": one.counts.get(first.rule, 1),
        "first": presenting.where_of(first), "message": first.message,
    }  # fmt: skip
