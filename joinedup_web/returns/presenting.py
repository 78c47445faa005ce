"""Words, links and tables of the returns desk. Pages show what is here and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from joinedup.definitions.return_spec import ReturnSpec
from joinedup_web.returns import jobs, models
from joinedup_web.returns.asking import Job, Moment
from joinedup_web.returns.models import Finding, Submission

STATES = {
    models.WAITING: "Waiting for its check", models.CHECKING: "Being checked", models.READY: "Checked: ready to submit",
    models.REFUSED: "Refused", models.LOADING: "Being loaded", models.LOADED: "Loaded",
    models.KEPT_OUT: "Not loaded: a later one is held", models.WITHDRAWING: "Being withdrawn",
    models.WITHDRAWN: "Withdrawn", models.REPLACED: "Replaced by a later one", models.FAILED: "Stopped by a fault",
}  # fmt: skip
COLOURS = {
    models.READY: "blue", models.LOADED: "green", models.REFUSED: "red", models.FAILED: "red",
    models.KEPT_OUT: "orange", models.REPLACED: "grey", models.WITHDRAWN: "grey",
}  # fmt: skip
HAPPENED = {**STATES, models.WAITING: "Sent", models.READY: "Checked", models.LOADING: "Submitted"}
SEVERITIES = {
    "REJECT_FILE": "Whole return refused", "REJECT_GROUP": "Row and what hangs on it left out",
    "REJECT_RECORD": "Row and what hangs on it left out", "WARNING": "Taken, with a warning",
}  # fmt: skip
WORST_FIRST = tuple(SEVERITIES)
FALLS = "It falls with"  # as `kinship` says of rows that hang on a rejected one
WAYS = {"page": "on this page", "folder": "through the watched folder", "api": "by a program"}
TASKS = {
    jobs.CHECK: "Check", jobs.LOAD: "Load into the lake", jobs.WITHDRAW: "Take out of the lake",
    jobs.JOURNEYS: "Build journeys", jobs.FIGURES_TASK: "Release figures for pages",
}  # fmt: skip
STATUSES = {
    "todo": ("Waiting", "white"), "doing": ("Running", "blue"), "succeeded": ("Done", "green"),
    "failed": ("Failed", "red"), "cancelled": ("Cancelled", "grey"), "aborted": ("Stopped", "grey"),
}  # fmt: skip
STEPS = 3


@dataclass(frozen=True)
class ByRule:
    """One rule that was broken: how bad, how often, where first, and the page of its findings."""

    rule: str
    severity: str
    times: int
    where: str
    message: str
    href: str


def by_rule(submission: Submission, first: Iterable[Finding]) -> list[ByRule]:
    """Every rule that was broken, the worst and then the most frequent first."""
    rows = [
        ByRule(
            one.rule, SEVERITIES.get(one.severity, one.severity), submission.counts.get(one.rule, 1),
            where_of(one), one.message, findings_href(submission, rule=one.rule),
        )
        for one in worst_first(submission, first)
    ]  # fmt: skip
    return rows


def worst_first(submission: Submission, first: Iterable[Finding]) -> list[Finding]:
    """The first findings of rules, the worst and then the most frequent rule first."""
    return sorted(first, key=lambda one: _order(one, submission.counts.get(one.rule, 1)))


def _order(one: Finding, times: int) -> tuple[bool, int, int]:
    """What is wrong in itself before what only falls with it, the worst and then the most frequent first."""
    return FALLS in one.message, WORST_FIRST.index(one.severity), -times


def where_of(one: Finding) -> str:
    """File, row and column of a finding, as far as it has them."""
    parts = (one.file, f"row {one.row:,}" if one.row else "", one.column)
    return ", ".join(part for part in parts if part) or "the whole return"


def findings_href(submission: Submission, **asked: str) -> str:
    """The page of findings, narrowed."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("return_findings", args=[submission.pk]) + (f"?{query}" if query else "")


def summary(submission: Submission) -> list[tuple[str, str]]:
    """What a submission is, as label and value."""
    left_out = submission.rows - submission.rows_accepted
    who = str(submission.sent_by) if submission.sent_by else "a system of the trust"
    lines = [
        ("Trust", f"{submission.place.name} ({submission.place_id})"),
        ("Month", month_words(submission.period) if submission.period else "not known yet"),
        ("Window", {"primary": "Primary", "refresh": "Refresh"}.get(submission.kind, "")),
        ("Made", made_words(submission.made)),
        ("Sent", f"by {who}, {WAYS.get(submission.way, submission.way)}"),
        ("Size", size_words(submission.size)),
    ]  # fmt: skip
    if submission.outcome:
        lines += [
            ("Rows read", f"{submission.rows:,}"),
            (
                "Rows left out",
                "none" if not left_out else f"{left_out:,}" if submission.state != models.REFUSED else "all",
            ),
            ("Rules", f"IDS v{submission.rules_version}"),
        ]
    if submission.lake_state:
        lines.append(("State of the lake", str(submission.lake_state)))
    return [(label, value) for label, value in lines if value]


def what_next(submission: Submission) -> str:
    """What the person does now, in a sentence or two."""
    left_out = submission.rows - submission.rows_accepted
    if submission.state == models.READY and left_out:
        return (
            f"It can be submitted. {left_out:,} of {submission.rows:,} rows would be left out: mend them at the source "
            "and send the file again, or submit it as it is and send a refresh later."
        )
    return {
        models.READY: "It can be submitted. Nothing would be left out.",
        models.REFUSED: "Nothing of it can be taken. Mend what stands below at the source and send the new file.",
        models.LOADED: "It is held. A later return of the same month will replace it. Pages show the new figures "
        "once they are released.",
        models.KEPT_OUT: "A return of this month that was made later is held already, so this one changed nothing.",
        models.REPLACED: "A later return of the same month is held instead.",
        models.WITHDRAWN: "It is not held. The ledger keeps that it was there.",
    }.get(submission.state, "")


def made_words(made: str) -> str:
    """2026-04-20T09:30:00, which names no zone, as a person says it."""
    return f"{datetime.fromisoformat(made):%-d %B %Y, %H:%M}" if made else ""


def month_words(period: str) -> str:
    """2026-03 as March 2026."""
    months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
    return f"{months[int(period[5:]) - 1]} {period[:4]}"


def size_words(size: int) -> str:
    """Bytes as a person says them."""
    return f"{size / 1024**2:,.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1024)):,} KB"


@dataclass(frozen=True)
class Narrowing:
    """The choices above the findings, and which are made."""

    rules: Sequence[tuple[str, str]]
    files: Sequence[tuple[str, str]]
    severities: Sequence[tuple[str, str]]
    rule: str
    file: str
    severity: str

    @property
    def asked(self) -> dict[str, str]:
        """What is narrowed, for addresses."""
        return {k: getattr(self, k) for k in ("rule", "file", "severity") if getattr(self, k)}

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return urlencode(self.asked)


def narrowing(
    submission: Submission, files: Iterable[str], severities: Iterable[str], asked: Mapping[str, str]
) -> Narrowing:
    """The choices of one submission; a choice that it does not have counts as none."""
    rules = [
        ("", "Every rule"),
        *((rule, f"{rule} ({n:,})") for rule, n in sorted(submission.counts.items())),
    ]
    named = [("", "Every file"), *((file, file) for file in sorted(files) if file)]
    kinds = [
        ("", "Every consequence"),
        *((s, SEVERITIES.get(s, s)) for s in WORST_FIRST if s in set(severities)),
    ]
    chosen = {
        name: value if value in dict(options) else ""
        for name, options in (("rule", rules), ("file", named), ("severity", kinds))
        for value in (asked.get(name, ""),)
    }
    return Narrowing(rules, named, kinds, **chosen)


def rules_not_run(submission: Submission) -> list[tuple[str, str]]:
    """Rules that were not applied, each with its reason."""
    return sorted(submission.not_run.items())


def rule_words(rule: str) -> str:
    """What a national rule is about: the columns it names."""
    found = next((one for one in ReturnSpec.load("talking_therapies").rules if one.id == rule), None)
    return ", ".join(found.columns) if found else ""


def job_advice(job: Job) -> str:
    """What to do about a job that failed."""
    if job.status != "failed":
        return ""
    if job.submission is not None:
        return job.submission.message or "Open the return to see what became of it."
    return "Pages go on showing the figures of before. Tell whoever runs joinedup."


def happened(moments: Iterable[Moment]) -> list[tuple[Moment, str]]:
    """What became of a submission, in words."""
    return [(one, HAPPENED.get(one.state, one.state)) for one in moments]
