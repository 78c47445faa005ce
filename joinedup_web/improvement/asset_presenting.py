"""What is agreed once as a table for files: a row for each trust. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from joinedup.charts import Table
from joinedup_web.equity.figures import Shown
from joinedup_web.improvement.asset_asking import Standing

HEADER = (
    "Kind", "Title", "Version", "Agreed on", "Review by", "Review", "Owner", "Trust", "What the trust does",
    "Of version", "Entered on", "Adopted by",
)  # fmt: skip


def table_of(found: Iterable[Standing], on: date) -> Shown:
    """The register on a day."""
    rows = tuple(row for one in found for row in _rows(one))
    return Shown(
        slug="agreed-once", title=f"Agreed once for several trusts, as it stood on {on:%-d %B %Y}", subtitle="",
        sentence="One row for each trust that it is for.", how_to_read="",
        caption="From the workspace's register; each trust wrote its own rows.", table=Table(HEADER, rows, frozenset()),
    )  # fmt: skip


def _rows(one: Standing) -> Iterator[tuple[str, ...]]:
    version = one.version
    about = (
        one.asset.get_kind_display(), one.asset.title, version.version if version else "",
        f"{version.agreed_on:%Y-%m-%d}" if version else "", f"{version.review_by:%Y-%m-%d}" if version else "",
        "overdue" if one.overdue else "no longer in force" if one.asset.ended_on else "", one.asset.owner.name,
    )  # fmt: skip
    for word in one.words:
        said = word.said
        entered = f"{said.written_at:%Y-%m-%d}" if said else ""
        yield (
            *about, word.trust.name, said.told if said else "Not yet", said.version.version if said else "", entered,
            one.share,
        )  # fmt: skip
