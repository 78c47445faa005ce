"""How `joinedup meetings` speaks: plain tables and quotes for people, lists for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from joinedup.cli.output import print_table

if TYPE_CHECKING:
    from joinedup.governance.meetings import Dated, Difference, Meeting, Proposal, Quote, Step
    from joinedup.governance.meetings.digest import Paper


def steps_as_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """A step a file: what it is, what became of it, and what to do where it failed."""
    return [vars(step) for step in steps]


def differences_as_json(found: Iterable[Difference]) -> list[dict[str, Any]]:
    """What each record says of each field that differs."""
    return [{"field": each.field, "about": each.about, "says": dict(each.says)} for each in found]


def digest_as_json(quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """A quote each: sentence, rule, paper, place, letters, link and hash."""
    return [
        {
            "sentence": quote.sentence,
            "rule": quote.rule,
            "why": quote.why,
            "paper": quote.paper.title,
            "summary_by_others": quote.paper.summary,
            "sha256": quote.paper.sha256,
            "page": quote.page,
            "paragraph": quote.paragraph,
            "letters": [quote.begin, quote.end],
            "heading": quote.heading,
            "link": quote.link,
        }
        for quote in quotes
    ]


def proposals_as_json(proposals: Iterable[Proposal]) -> list[dict[str, Any]]:
    """A topic each, with its first sentences and who said what of it."""
    return [
        {
            "topic": found.topic,
            "title": found.title,
            "tracker_topic": found.tracker,
            "status": found.status,
            "word": found.word,
            "times": found.times,
            "triggers": digest_as_json(found.triggers),
            "decided": found.decided.model_dump(mode="json") if found.decided else None,
        }
        for found in proposals
    ]


def dates_as_json(dates: Iterable[Dated]) -> list[dict[str, Any]]:
    """A day, or a month where no day is named, with the sentence that names it."""
    return [
        {
            "day": found.day,
            "month": found.month,
            "time": found.time,
            "what": found.what,
            "place": found.place,
            "quote": digest_as_json([found.quote])[0] if found.quote else None,
        }
        for found in dates
    ]


def print_meetings(meetings: Sequence[Meeting]) -> None:
    """One line a meeting."""
    print_table(
        ("Meeting", "Day", "Records", "Differences"),
        [(m.id, m.day, ", ".join(r.source.council for r in m.records), len(m.differences)) for m in meetings],
        right=(3,),
    )


def print_meeting(meeting: Meeting, papers: Sequence[Paper], dates: Sequence[Dated]) -> None:
    """A meeting as its records say it, then where they differ."""
    at = f", {meeting.time}" if meeting.time else ""
    print(
        f"{meeting.committee}\n{meeting.day:%A %-d %B %Y}{at}{f', {meeting.venue}' if meeting.venue else ''}"
    )
    if meeting.status:
        print(f"Status in the records: {meeting.status}")
    for record in meeting.records:
        source = record.source
        print(
            f"\nRecord {record.key}: {source.file}, sha256 {source.sha256[:12]}…, imported {source.on} by {source.by}"
        )
        print(
            "\n".join([*(f"  {item.number} {item.title}".rstrip() for item in record.items), *record.notes])
        )
        if record.attendance:
            print("  " + "; ".join(f"{who.name} ({who.attendance or 'listed'})" for who in record.attendance))
    print(f"\nDifferences: {len(meeting.differences)}")
    for found in meeting.differences:
        print(f"- {found.in_words()}")
    print("\nPapers")
    print_table(("Paper", "Kind", "sha256"), [(p.title[:70], p.medium, p.sha256) for p in papers])
    print("\nDates")
    print_table(("When", "What"), [(d.day or f"{d.month}, no day named", d.what[:90]) for d in dates])


def print_digest(meeting: Meeting, quotes: Sequence[Quote], most: int) -> None:
    """Quotes under the rule that chose them, each with its place."""
    print(f"{meeting.committee}, {meeting.day:%-d %B %Y}: {len(quotes)} sentences quoted.")
    if any(quote.paper.summary for quote in quotes):
        print("Some are of a summary that others wrote, not of the council's own papers; each says so.")
    for rule in dict.fromkeys(quote.rule for quote in quotes):
        found = [quote for quote in quotes if quote.rule == rule]
        print(f"\n{found[0].why}")
        for quote in found[: most or None]:
            print(
                f"- “{quote.sentence}”\n  {quote.paper.title}, {quote.place}, sha256 {quote.paper.sha256[:12]}…"
            )
            if quote.link:
                print(f"  {quote.link}")
        if most and len(found) > most:
            print(f"  and {len(found) - most} more: --most 0 shows all.")


def print_topics(meeting: Meeting, proposals: Sequence[Proposal]) -> None:
    """A topic a line, the first sentence that triggered it below."""
    print(f"{meeting.committee}, {meeting.day:%-d %B %Y}: {len(proposals)} topics proposed.")
    for found in proposals:
        word = found.decided
        status = f"{word.word} by {word.by} on {word.on}" if word else "proposed, for a person to confirm"
        print(f"\n{found.topic}: {found.title} ({status})")
        first = found.triggers[0]
        print(f"  “{found.word}” in “{first.sentence[:200]}”\n  {first.paper.title}, {first.place}")
        if found.times > 1:
            print(f"  and in {found.times - 1} more.")
