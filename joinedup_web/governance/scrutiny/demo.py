"""The demo's tracker: the 18 topics that the committee's page lists, and its blank row; nothing else is known of it."""

from __future__ import annotations

import hashlib
from datetime import date

import pghistory
from django.db import transaction

from joinedup.definitions.scrutiny import TopicList
from joinedup.governance.exporting import source_workbook
from joinedup.governance.importing import tracker_of
from joinedup.governance.tracker import Source
from joinedup.governance.writing import write_xlsx
from joinedup_web.governance.scrutiny.actions import enter
from joinedup_web.governance.scrutiny.models import Tracker
from joinedup_web.organisations.models import Place
from joinedup_web.organisations.row_security import opened

HOST, ROLE, WHO = "GB-LAE-BEN", "council scrutiny officer", "joinedup serve"
FILE, ENTERED = "topics-of-the-tracker.xlsx", date(2025, 11, 19)


def enter_tracker() -> None:
    """Enter it, unless it is there."""
    topics = TopicList.load()
    with transaction.atomic(), pghistory.context(why="a tracker of the demo"), opened(WHO, [HOST]):
        place = Place.objects.get(code=HOST)
        if Tracker.objects.filter(place=place, committee=topics.committee).exists():
            return
        book = source_workbook(topics)
        source = Source(FILE, hashlib.sha256(write_xlsx(book)).hexdigest(), ENTERED, ROLE)
        found = tracker_of(book, source, meeting=topics.meeting, committee=topics.committee)
        enter(place=place, committee=topics.committee, meeting=topics.meeting, found=found, person="")
