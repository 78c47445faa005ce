"""What is public of one choice, for readers of feeds (RSS, by Django)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.feedgenerator import Rss201rev2Feed

from joinedup_web.governance.updates.asking import Offer
from joinedup_web.governance.updates.facts import Fact

LONG_AGO = datetime.fromisoformat("2025-01-01T00:00:00+00:00")


class Steady(Rss201rev2Feed):
    """A feed that reads the same until something is new, so that readers need not fetch it again."""

    def latest_post_date(self) -> datetime:
        """The time of the newest entry, and not the clock's where there is none."""
        return max((one["pubdate"] for one in self.items), default=LONG_AGO)


def feed_of(offer: Offer, facts: Iterable[tuple[Fact, datetime]], page: str, own: str) -> str:
    """An RSS feed; an entry keeps its id for as long as it is public."""
    feed = Steady(
        title=f"{offer.name}: what is public", link=page, feed_url=own, language="en-gb",
        description=f"Meetings, decisions, promises and figures about {offer.name}, as they become public.",
    )  # fmt: skip
    for one, at in facts:
        feed.add_item(
            title=one.title, link=one.link, description=one.quote, unique_id=f"urn:joinedup:{one.key}",
            unique_id_is_permalink=False, pubdate=at, categories=[one.section],
        )  # fmt: skip
    return str(feed.writeString("utf-8"))
