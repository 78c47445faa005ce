"""What pages and letters of updates ask: what can be chosen, what is public of it, and who reads it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from joinedup.definitions.measure import Measure
from joinedup.definitions.scrutiny import TopicList
from joinedup_web.governance.boards.public import public_bodies
from joinedup_web.governance.scrutiny.asking import promises
from joinedup_web.governance.updates.facts import (
    BODY,
    MEASURE,
    PLACE,
    TOPIC,
    WORKSTREAM,
    Fact,
    all_facts,
    kind_of,
    topic_key,
)
from joinedup_web.governance.updates.models import Choice, Noticed, Reader
from joinedup_web.governance.updates.telling import POST, shown
from joinedup_web.organisations.models import Place

KINDS = (PLACE, BODY, WORKSTREAM, TOPIC, MEASURE)
NOTICES = "notices"
SHOWN = 50
"""Facts that a page or a feed holds at most."""
Chosen = tuple[str, str]


@dataclass(frozen=True)
class Offer:
    """Something that can be chosen: kind and key as in addresses, and its name."""

    kind: str
    key: str
    name: str

    @property
    def value(self) -> str:
        """As a form has it."""
        return f"{self.kind}/{self.key}"


Known = Mapping[Chosen, Offer]


def offers() -> Known:
    """Everything that can be chosen now: councils, bodies that meet in public, topics, measures."""
    today = timezone.localdate()
    places = [one for one in Place.objects.filter(level="council").order_by("name") if one.holds(today)]
    found = [Offer(PLACE, one.code, one.name) for one in places]
    found += [Offer(kind_of(one), one.body.slug, one.body.name) for one in public_bodies()]
    found += [Offer(TOPIC, key, title) for key, title in _topics().items()]
    measures = sorted({one.slug: one.title for one in Measure.all()}.items(), key=lambda one: one[1])
    found += [Offer(MEASURE, slug, title) for slug, title in measures]
    return {(one.kind, one.key): one for one in found}


def offer_of(kind: str, key: str) -> Offer | None:
    """What those two name; None for anything that is not offered."""
    return offers().get((kind, key))


def facts_about(chosen: Collection[Chosen]) -> list[tuple[Fact, datetime]]:
    """What is public of any of these, with when it came to be: the newest first."""
    wanted = set(chosen)
    return _dated([one for one in all_facts() if wanted & one.about])[:SHOWN]


def notice(now: datetime) -> int:
    """Keep when facts that are new came to be public; how many there were. Those of the very first look are dated as
    they say themselves, for who knows since when they have been public.
    """
    with shown(POST):
        known = set(Noticed.objects.values_list("key", flat=True))
        fresh = [one for one in all_facts() if one.key not in known]
        rows = [Noticed(key=one.key, at=now if known else min(now, _own_day(one))) for one in fresh]
        Noticed.objects.bulk_create(rows, ignore_conflicts=True)
        return len(rows)


def news(chosen: Collection[Chosen], facts: Iterable[tuple[Fact, datetime]], after: datetime) -> list[Fact]:
    """Of facts with their times: those about any of these that came to be public after then, or meet soon."""
    wanted, today = set(chosen), timezone.localdate()
    soon = today + timedelta(days=14)
    return [
        one for one, at in facts
        if wanted & one.about and (at > after or (one.meets is not None and today <= one.meets <= soon))
    ]  # fmt: skip


def dated_facts() -> list[tuple[Fact, datetime]]:
    """Everything that is public, with when it came to be."""
    return _dated(all_facts())


def noticed_facts() -> list[tuple[Fact, datetime]]:
    """The same without what came between this look and the last `notice`: it is told next time, and not twice."""
    with shown(NOTICES):
        at = dict(Noticed.objects.values_list("key", "at"))
    return [(one, at[one.key]) for one in all_facts() if one.key in at]


def reader_of(identity: str) -> tuple[Reader, list[Chosen]] | None:
    """A reader by the id of a link, with what they chose; None where there is none any more."""
    with shown(identity):
        reader = Reader.objects.filter(pk=identity).first()
        if reader is None:
            return None
        rows = Choice.objects.filter(reader=reader).order_by("kind", "key")
        return reader, list(rows.values_list("kind", "key"))


def named(chosen: Iterable[Chosen], known: Known) -> list[Offer]:
    """What was chosen with its names, in the order of kinds; what is not offered any more keeps its key as a name."""
    found = [known.get(one) or Offer(*one, one[1]) for one in chosen]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.name))


def _dated(facts: Iterable[Fact]) -> list[tuple[Fact, datetime]]:
    with shown(NOTICES):
        at = dict(Noticed.objects.values_list("key", "at"))
    found = [(one, at.get(one.key, _own_day(one))) for one in facts]
    return sorted(found, key=lambda one: (one[1], one[0].key), reverse=True)


def _own_day(fact: Fact) -> datetime:
    """The beginning of a fact's own day, or of today for one that lies ahead: it does not move while it is read."""
    return timezone.make_aware(datetime.combine(min(fact.on, timezone.localdate()), time()))


def _topics() -> dict[str, str]:
    found = {one.slug.replace("_", "-"): one.title for one in TopicList.load().topics if not one.blank}
    for line in promises():
        topic = line.state.raised.topic if line.state else ""
        if topic:
            found.setdefault(topic_key(topic), topic)
    return found
