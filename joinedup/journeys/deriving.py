"""From the returns to journeys: the national derivations, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from joinedup.definitions.derivations import Derivations
from joinedup.definitions.pathway import Pathway
from joinedup.definitions.places import Places
from joinedup.definitions.return_spec import ReturnSpec
from joinedup.definitions.thresholds import Thresholds
from joinedup.journeys import lookups
from joinedup.journeys.clustered import Coder
from joinedup.journeys.statements import statement, words
from joinedup.journeys.tables import ANSWERS, CONTACTS, EVENTS, JOURNEYS, JourneyTables, completed
from joinedup.lake import sql_session

if TYPE_CHECKING:
    from joinedup.journeys.from_returns import Judged, Record, Spine

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""

Keep = Callable[["Record"], None]
"""Called with the clustered record that the journeys are derived from."""

STEPS = (
    "referrals",
    "pathways",
    "sent_appointments",
    "activities",
    "appointments",
    "scores",
    "answers",
    "persons",
    "employment",
    "problems",
    "internet_sessions",
    "internet_therapy",
    "first_sites",
    "journeys",
    "contact_rows",
    "events",
)


PLACED = [
    "pathway",
    "pathway_id",
    "referral_month",
    "service",
    "ReferralRequestReceivedDate",
    "ServDischDate",
]


class Ask(Protocol):
    """Answers one SELECT over the returns (returns__IDS101, ...) and the Arrow tables handed in by name."""

    def __call__(self, sql: str, /, **relations: pa.Table) -> pa.Table:
        """The answer as an Arrow table."""
        ...


def derive(
    tables: Mapping[str, pa.Table],
    *,
    places: Places,
    pathway: Pathway,
    thresholds: Thresholds,
    progress: Progress | None = None,
    keep: Keep = lambda _: None,
    coder: Coder | None = None,
) -> JourneyTables:
    """Journeys, contacts, events and answers of the returns in `tables`, from nothing but their content.

    `tables` holds returns tables as the lake has them, keyed "IDS101" or "returns/IDS101", with the columns
    provider, period ("2024-04") and _row; absent tables and columns are taken as empty; "links" says who stands
    for whom, as the way in found it. The method is that of
    the national metadata (definitions/derivations, thresholds, pathways); what it leaves open is said in
    `sql/`.
    Referrals without a date of receipt or a person are left out: the way in refuses them.
    """
    with sql_session(memory_limit="3GB") as session:
        for name, rows in completed(tables).items():
            session.register(name, rows)

        def ask(sql: str, /, **relations: pa.Table) -> pa.Table:
            for name, rows in relations.items():
                session.register(name, rows)
            answer = session.fetch(sql)
            for name in relations:
                session.unregister(name)
            return answer

        return derive_with(
            ask,
            places=places,
            pathway=pathway,
            thresholds=thresholds,
            progress=progress,
            keep=keep,
            coder=coder,
        )


def derive_with(
    ask: Ask,
    *,
    places: Places,
    pathway: Pathway,
    thresholds: Thresholds,
    progress: Progress | None = None,
    keep: Keep = lambda _: None,
    coder: Coder | None = None,
) -> JourneyTables:
    """`derive`, with the returns already known to whoever answers `ask`. The clustered record goes to `keep`; `coder`
    gives its codes, new ones by default."""
    return _Steps(ask, places, pathway, thresholds, progress, keep, coder or Coder()).run()


class _Steps:
    """One derivation under way: each step answers one statement; later steps join what earlier ones made."""

    def __init__(
        self,
        ask: Ask,
        places: Places,
        pathway: Pathway,
        thresholds: Thresholds,
        progress: Progress | None,
        keep: Keep,
        coder: Coder,
    ) -> None:
        self.ask, self.places, self.progress, self.keep = ask, places, progress, keep
        self.coder = coder
        self.spec = ReturnSpec.load(pathway.id)
        self.derivations, self.thresholds = Derivations.load(pathway.id), thresholds
        self.pathway, self.words = pathway, words(self.derivations)

    def run(self) -> JourneyTables:
        from joinedup.journeys.from_returns import Spine, derived, record_of  # brings numba, 0.3 s

        spine = {"referrals": self._step("referrals")}
        spine["pathways"] = self._step("pathways", **spine)
        order = Spine.of(spine["pathways"])
        found, scores, answers = self._appointments(spine, order)
        appointments = found.appointments
        parts = {name: self._step(name, **spine) for name in ("persons", "employment", "problems")}
        sessions = self._step("internet_sessions", **spine)
        parts["internet_therapy"] = self._step("internet_therapy", internet_sessions=sessions)
        del spine["referrals"]
        made = self._step(
            "journeys",
            homes=self._homes(spine["pathways"], parts["persons"]),
            first_sites=self._step("first_sites", appointments=appointments),
            **spine,
            **parts,
        )
        record = record_of(made, scores, order, found)
        self.keep(record)
        made = derived(made, record, self.derivations, self.thresholds, self.pathway)
        placed = made.select(PLACED).append_column("place", pa.array(range(made.num_rows), pa.int32()))
        contacts = self._with_therapies(self._step("contact_rows", appointments=appointments, placed=placed))
        happened = {"appointments": appointments, "placed": placed, "internet_sessions": sessions}
        events = _numbered(self._step("events", **happened))
        return JourneyTables(
            journeys=made.select(JOURNEYS.names).cast(JOURNEYS),
            contacts=contacts.select(CONTACTS.names).cast(CONTACTS),
            events=events.select(EVENTS.names).cast(EVENTS),
            answers=answers.select(ANSWERS.names).cast(ANSWERS),
        )

    def _appointments(self, spine: Mapping[str, pa.Table], order: Spine) -> tuple[Judged, pa.Table, pa.Table]:
        """Appointments judged, and what was scored and answered in them or outside."""
        from joinedup.journeys.from_returns import judged

        sent = self._step("sent_appointments", **spine)
        activities = self._step("activities", sent_appointments=sent)
        appointments = self._step(
            "appointments",
            sent_appointments=sent,
            activities=activities,
            therapies=lookups.therapies(self.spec),
            sites=lookups.sites(self.places, pc.unique(sent["CareContDate"]).to_pylist()),
        )
        del sent
        found = judged(appointments, order, self.derivations, self.thresholds, self.coder)
        questions = lookups.questions(self.derivations, self.thresholds)
        referrals = spine["referrals"]
        scores = self._step("scores", activities=activities, questions=questions, referrals=referrals)
        return found, scores, self._step("answers", activities=activities, **spine)

    def _homes(self, pathways: pa.Table, persons: pa.Table) -> pa.Table:
        pairs = self.ask(
            "SELECT DISTINCT borough, ReferralRequestReceivedDate AS day "
            "FROM persons JOIN pathways USING (pathway) WHERE borough IS NOT NULL",
            persons=persons,
            pathways=pathways,
        )
        return lookups.homes(
            self.places, zip(pairs["borough"].to_pylist(), pairs["day"].to_pylist(), strict=True)
        )

    def _with_therapies(self, contacts: pa.Table) -> pa.Table:
        """The therapies of each contact written out; outside SQL, so that no list is sorted."""
        marks = contacts["therapy_marks"]
        lists = lookups.therapy_lists(pc.unique(marks).to_pylist(), self.spec)
        return contacts.append_column(
            "therapies", lists["therapies"].take(pc.index_in(marks, lists["marks"]))
        )

    def _step(self, name: str, **relations: pa.Table) -> pa.Table:
        if name == "persons":
            relations["circumstance_codes"] = lookups.circumstance_codes(self.spec, self.derivations)
        if self.progress is not None:
            self.progress(name, STEPS.index(name), len(STEPS))
        return self.ask(statement(name, self.words), **relations)


def _numbered(events: pa.Table) -> pa.Table:
    """Events, sorted by journey and time, with their sequence in the journey from 1."""
    place = events["place"].to_numpy()
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    lengths = np.diff(starts, append=len(place))
    sequence = np.arange(len(place)) - np.repeat(starts, lengths) + 1
    return events.append_column("sequence", pa.array(sequence, pa.int16()))
