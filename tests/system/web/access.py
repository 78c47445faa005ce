"""The access matrix as data: people of each role at five organisations, what belongs to each, what the policy says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from joinedup_web.organisations.policy import OPEN, SIGNED_IN, Ask, load_policy
from tests.system.web.conftest import AS_DJANGO, Served

PLACES = ("RKL", "RV3", "RYX", "GB-LAE-BEN", "E09000005")
ROLES = tuple(role for role in sorted(load_policy().roles) if role != "public")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OBJECTS = {"held": "role", "access": "emergency", "submission": "submission"}
"""Parameter of an address -> what it names, one of each place. Teach this table when an address has a new one."""
PLAIN = {
    "code": "RKL", "measure": "M195", "service": "care", "pk": "1", "form": "csv", "slug": "returns",
    "template": "perinatal", "collaborative": "NWL-PERI", "note": str(UUID(int=1)), "row": str(UUID(int=1)),
    "job": "0", "body": "nwl-odg", "meeting": str(UUID(int=1)), "item": str(UUID(int=1)), "act": "seat",
    "initiative": str(UUID(int=1)), "asset": str(UUID(int=1)), "benefit": str(UUID(int=1)),
    "kind": "action", "claim": str(UUID(int=1)), "paper": str(UUID(int=1)),
    "pack": str(UUID(int=1)), "pack_template": str(UUID(int=1)),
    "tracker": str(UUID(int=1)), "newer": str(UUID(int=1)), "recommendation": str(UUID(int=1)),
    "framework": "place_based_partnership", "unit": "PBP-BRENT", "round": str(UUID(int=1)), "party": str(UUID(int=1)),
    "domain": "vision_and_strategy", "part": "charter",
    "subject": "place", "key": "GB-LAE-BEN", "token": "none",
    "topic": str(UUID(int=1)), "proposal": str(UUID(int=1)), "enquiry": str(UUID(int=1)),
}  # fmt: skip
"""Parameters that name something public, or something that there is none of here: whoever may ask finds nothing."""
BOARDS = {
    "meeting_agenda_document", "paper_file",
    "end_body_part", "meeting", "meeting_agenda", "meeting_minutes", "meeting_act", "agenda_item", "agenda_item_act",
    "board_record_act", "body_act", "open_meeting", "body_decisions", "body_feed", "body_calendar",
}  # fmt: skip
"""Addresses of meetings, of which this matrix makes none; and of bodies kept, and read, by others than its people."""
ABSENT = BOARDS | {
    "number", "write_note", "share_note", "end_note", "revoke_token", "move_role", "end_controller",
    "approve_controller", "end_collaborative", "undo_collaborative", "make_collaborative", "api_number",
    "api_table", "api_place", "api_measure", "initiative", "declare_plan", "start_replication", "name_owner",
    "end_initiative", "add_plan_item", "write_benefit", "end_plan_item", "change_benefit", "withdraw_benefit",
    "pack", "pack_file", "pack_again", "remove_pack", "end_template",
    "paper", "share_paper", "publish_paper", "tie_claim", "write_practice_note", "replicate_practice",
    "asset", "add_asset_version", "adopt_asset", "end_asset",
    "tracker", "tracker_findings", "newer_tracker", "tracker_file",
    "merge_tracker", "drop_newer", "recommendation", "answer_recommendation", "act_on_recommendation",
    "test_recommendation", "offer_evidence", "decide_evidence", "withdraw_recommendation", "publish_recommendation",
    "open_round", "framework_round", "score_sheet", "hand_in_scores", "send_scores", "scores_file", "score_domain",
    "sign_round", "send_agreed", "agreed_file", "agree_domain", "round_act", "send_place_form",
    "confirm_updates", "own_updates", "leave_updates", "updates_calendar",
    "topic", "topic_act", "topic_decide", "proposal", "proposal_act", "proposal_decide", "information_request",
    "request_act", "publish_request",
}  # fmt: skip
"""Addresses of things that this matrix makes none of: who may ask is tried here, whose they are by their own tests."""
PERSONAL = {"emergency_stop", "return_job_again"}
"""Addresses of what is the person's own, whatever the place: here it is always somebody else's."""
LISTS = {
    "people": "role", "audit": "audit", "emergencies": "emergency", "returns": "submission",
    "api_submissions": "submission",
}  # fmt: skip
"""Addresses that list what belongs to places; each place's rows carry its mark."""


def mark(place: str) -> str:
    """Words that stand in every row of a place, and in no other."""
    return f"row of {place} only"


@dataclass(frozen=True)
class Case:
    """One question to the matrix."""

    role: str
    place: str
    address: str
    method: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.role} at {self.place}: {self.method} {self.address} {self.of}".strip()


def cases(patterns: list[Any], methods: tuple[str, ...]) -> Iterator[Case]:
    """Every question: who asks, from where, what, how, and of whose."""
    for role in ("public", *ROLES):
        for place in PLACES if role != "public" else ("",):
            for pattern in patterns:
                named = set(pattern.pattern.converters) & set(OBJECTS)
                for of in (place or PLACES[0], _next(place)) if named else ("",):
                    yield from (Case(role, place, pattern.name, method, of) for method in methods)


def _next(place: str) -> str:
    return PLACES[(PLACES.index(place) + 1) % len(PLACES)] if place else PLACES[1]


def expected(case: Case) -> str:
    """What the policy table says, and nothing else."""
    asks = load_policy().asks(case.address)
    if asks == OPEN:
        return "yes"
    if case.role == "public":
        return "sign in"
    if asks == SIGNED_IN:
        return "yes"
    assert isinstance(asks, Ask)
    reach = load_policy().reach(case.role, asks.action, asks.kind)
    if reach is None:
        return "no"
    foreign = case.of not in ("", case.place) and reach == "own"
    return "not there" if foreign or case.address in PERSONAL else "yes"


def client(role: str, place: str) -> Any:
    """A browser of that person."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    made = Client(**AS_DJANGO)
    if role != "public":
        made.force_login(get_user_model().objects.get(email=address_of(role, place)), BACKEND)
    return made


def address_of(role: str, place: str) -> str:
    """The account of a role at a place."""
    return f"{role}.{place}@matrix.invalid".lower()


def make() -> dict[tuple[str, str], str]:
    """Everybody, and one of each thing at each place; what there is by kind and place."""
    from joinedup_web.organisations.accounts import everywhere
    from joinedup_web.organisations.models import Person, RoleHeld

    found: dict[tuple[str, str], str] = {}
    with everywhere("the matrix of the tests"):
        for place in PLACES:
            for role in ROLES:
                person, _ = Person.objects.get_or_create(
                    email=address_of(role, place), defaults={"name": "Matrix"}
                )
                _role(RoleHeld, person, role, place, "matrix")
    for place in PLACES:
        with everywhere(mark(place)):
            whose, _ = Person.objects.get_or_create(email=f"whose.{place}@matrix.invalid".lower())
            found["role", place] = str(_role(RoleHeld, whose, "resident", place, mark(place)).pk)
        found["emergency", place] = _emergency(place)
        found["submission", place] = _submission(place)
    return found


def _submission(place: str) -> str:
    """A return of that place that was withdrawn: without a file, and without a job."""
    from joinedup_web.organisations.row_security import opened
    from joinedup_web.returns.models import WITHDRAWN, Submission

    told = {"way": "page", "size": 1, "state": WITHDRAWN}
    with opened("the matrix of the tests", [place]):
        return str(Submission.objects.get_or_create(place_id=place, name=mark(place), defaults=told)[0].pk)


def _role(roles: Any, person: Any, role: str, place: str, reason: str) -> Any:
    told = {"valid_from": date(2024, 4, 1), "reason": reason, "given_by": "tests"}
    return roles.objects.update_or_create(
        person=person, role=role, place_id=place, defaults={**told, "valid_to": None}
    )[0]


def unmake() -> None:
    """Nobody of the matrix holds a role any more: the workspace is that of all tests."""
    from joinedup_web.organisations.accounts import everywhere
    from joinedup_web.organisations.models import RoleHeld

    with everywhere("the matrix is over"):
        RoleHeld.objects.filter(person__email__endswith="@matrix.invalid").update(valid_to=date(2024, 4, 2))


def _emergency(place: str) -> str:
    """An emergency of yesterday with all that followed."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.socialaccount.models import SocialAccount
    from django.utils import timezone

    from joinedup_web.organisations.models import EmergencyAccess, EmergencyStep, Letter, Person, Reading
    from joinedup_web.organisations.row_security import opened

    asker, _ = Person.objects.get_or_create(email=f"asker.{place}@matrix.invalid".lower())
    began = timezone.now() - timedelta(days=1)
    with opened(str(asker.pk), [place]):
        made, new = EmergencyAccess.objects.get_or_create(
            person=asker, place_id=place, role="analyst", reason=mark(place),
            defaults={"asked_at": began, "until": began + timedelta(hours=1)},
        )  # fmt: skip
        if new:
            EmergencyStep.objects.create(
                access=made, place_id=place, step="reviewed", by=asker, note=mark(place)
            )
            Letter.objects.create(
                place_id=place, to=asker.email, subject="s", body="b", about=made.pk, sent_at=timezone.now()
            )
            Reading.objects.create(place_id=place, person=asker, kind="role", what=mark(place))
            TOTP.activate(asker, generate_totp_secret())
            Authenticator.objects.filter(user=asker).delete()
            SocialAccount.objects.create(user=asker, provider="none", uid=asker.email, extra_data={}).delete()
    return str(made.pk)


def as_keeper(workspace: Served) -> str:
    """PostgreSQL's superuser, whom nothing stops."""
    passwords = json.loads((workspace.folder / "database.passwords.json").read_text())
    address = workspace.owner.replace("joinedup_owner", "joinedup_keeper")
    return address.replace(passwords["joinedup_owner"], passwords["joinedup_keeper"])


@contextmanager
def without_row_security(monkeypatch: Any) -> Iterator[None]:
    """The database is told that everybody holds roles everywhere: the application's filters stand alone."""
    from joinedup_web.organisations import row_security, scope

    told = row_security.tell
    with monkeypatch.context() as patched:
        patched.setattr(scope, "tell", lambda person, places, emergency=(): told(person, PLACES, emergency))
        yield
