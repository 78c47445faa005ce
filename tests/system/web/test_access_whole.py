"""Every address x every role x five organisations x own and other objects x every method: as the policy table says.

And the checks themselves are checked: with any one of them gone, what is asked here gives a wrong answer.
"""

from __future__ import annotations

import ast
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from joinedup_web.organisations.policy import OPEN, SIGNED_IN, Ask, load_policy
from tests.eighths import its_turn
from tests.system.web import access
from tests.system.web.access import ABSENT, LISTS, OBJECTS, PLACES, PLAIN, ROLES, Case, cases, expected, mark
from tests.system.web.conftest import Served
from tests.system.web.test_access_matrix import ELSEWHERE, WALLS, addresses, answer

METHODS = ("GET", "POST")
ALL_METHODS = (*METHODS, "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
ORGANISATIONS = Path(__file__).parents[3] / "joinedup_web" / "organisations"


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are asked for; none needs a line in the log."""
    logger = logging.getLogger("django.request")
    before, logger.level = logger.level, logging.CRITICAL
    yield
    logger.level = before


@pytest.fixture(scope="module")
def things(django_here: Any, workspace: Served) -> Iterator[dict[tuple[str, str], str]]:
    yield access.make()
    access.unmake()


def ask(browser: Any, case: Case, pattern: Any, things: dict[tuple[str, str], str]) -> str:
    from django.urls import reverse

    told = {}
    for name in pattern.pattern.converters:
        assert name in OBJECTS or name in PLAIN, (
            f"{case.address} takes {name!r}: teach tests/system/web/access.py"
        )
        told[name] = things[OBJECTS[name], case.of] if name in OBJECTS else PLAIN[name]
    if case.address == "number":
        told["code"] = "A234567BCD"
    got = browser.generic(case.method, reverse(case.address, kwargs=told))
    got.close()
    said = answer(got.status_code, got.headers.get("Location", ""))
    wanted = expected(case)
    if got.status_code == 405 and wanted in ("yes", "not there"):
        return wanted  # there is no such method for anybody: whose it is is not said
    if (
        case.address.startswith("api_")
        and case.method not in ("GET", "HEAD", "OPTIONS")
        and said == "sign in"
    ):
        return wanted  # whoever has signed in only reads here: what writes needs a token
    if case.address in ABSENT | {"emergency_review"}:
        return wanted if said == "not there" and wanted in ("yes", "not there") else said
    if (case.address, said) in ELSEWHERE:
        return wanted
    if (
        case.address.startswith("api_")
        and case.method not in ("GET", "HEAD", "OPTIONS")
        and said == "sign in"
    ):
        return wanted  # whoever has signed in only reads here: what writes needs a token
    return said


def wrong(asked: list[Case], things: dict[tuple[str, str], str]) -> list[str]:
    """The questions that were answered otherwise than the policy table says."""
    patterns = {pattern.name: pattern for pattern in addresses()}
    browsers: dict[tuple[str, str], Any] = {}
    found = []
    for case in asked:
        who = (case.role, case.place)
        browser = browsers[who] = browsers.get(who) or access.client(*who)
        said = ask(browser, case, patterns[case.address], things)
        if said != expected(case):
            found.append(f"{case}: {said}, not {expected(case)}")
        if case.address == "account_logout":
            del browsers[who]
    return found


def test_this_eighth_of_the_matrix_is_as_the_table_says(things: dict[tuple[str, str], str]) -> None:
    asked = [case for case in cases(addresses(), METHODS) if its_turn(str(case))]
    assert len(asked) > 500
    assert not wrong(asked, things)


@pytest.mark.full
@pytest.mark.parametrize("role", ("public", *ROLES))
def test_the_whole_matrix_is_as_the_table_says(role: str, things: dict[tuple[str, str], str]) -> None:
    asked = [case for case in cases(addresses(), ALL_METHODS) if case.role == role]
    assert not wrong(asked, things)


def of_objects() -> list[Case]:
    """The questions about things of a place, by those whose role lets them ask at all, at two of the places."""
    found = [
        one
        for one in cases(addresses(), METHODS)
        if one.of and one.role != "public" and one.place in PLACES[:2]
    ]
    return [one for one in found if expected(one) != "no"]


def foreign(things: dict[tuple[str, str], str]) -> list[str]:
    """Rows of other places that anybody is shown, in lists or by their id."""
    found = wrong([case for case in of_objects() if case.of != case.place], things)
    for name, kind in LISTS.items():
        for role in ROLES:
            if load_policy().reach(role, "see", kind):
                found += _listed(name, role)
    return found


def _listed(name: str, role: str) -> list[str]:
    from django.urls import reverse

    found = []
    for place in PLACES[:2]:
        page = access.client(role, place).get(reverse(name)).content.decode()
        assert mark(place) in page, f"{role} at {place} does not see what is theirs in {name}"
        found += [
            f"{role} at {place} sees {other} in {name}"
            for other in PLACES
            if other != place and mark(other) in page
        ]
    return found


def test_own_objects_are_there(things: dict[tuple[str, str], str]) -> None:
    assert not wrong([case for case in of_objects() if case.of == case.place], things)


@pytest.mark.parametrize("alone", ["both", "row security alone", "filters alone"])
def test_no_foreign_row_is_shown(
    alone: str, things: dict[tuple[str, str], str], django_here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(django_here, "FILTERS_OFF", alone == "row security alone")
    if alone == "filters alone":
        with access.without_row_security(monkeypatch):
            assert not foreign(things)
    else:
        assert not foreign(things)


ASKING = sorted(name for name, asks in load_policy().addresses.items() if asks not in (OPEN, SIGNED_IN))


@pytest.mark.parametrize("name", ASKING)
def test_without_what_an_address_asks_for_the_matrix_is_wrong(
    name: str, things: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of one address is taken away; the table that the answers are compared with stays."""
    policy, asks = load_policy(), load_policy().asks(name)
    assert isinstance(asks, Ask)
    barred = [role for role in ROLES if policy.reach(role, asks.action, asks.kind) is None]
    own = (
        PLACES[0]
        if any(p.name == name and set(p.pattern.converters) & set(OBJECTS) for p in addresses())
        else ""
    )
    mutants = [] if _guarded_twice(name) else [(OPEN, Case("public", "", name, "GET", own))]
    mutants += [(SIGNED_IN, Case(barred[0], PLACES[0], name, "GET", own))] if barred else []
    for instead, case in mutants:
        less = policy.model_copy(update={"addresses": {**policy.addresses, name: instead}})
        with monkeypatch.context() as patched:
            patched.setattr("joinedup_web.organisations.middleware.load_policy", lambda less=less: less)
            assert wrong([case], things), f"{name} asks for nothing, and nothing is wrong"


def _guarded_twice(name: str) -> bool:
    """Whether an address asks again by itself who is there: the API for a token, the making of one for the password."""
    return name.startswith("api_") or name == "make_token"


OF_OTHER_ROOMS = ("audit.py", "_of_area")
"""Entries of rooms of which this matrix has none; the tests of those rooms show that they are not shown elsewhere."""


def filters() -> list[tuple[str, str]]:
    """Every use of a scope's filter in organisations: file and function."""
    found = []
    for file in sorted(ORGANISATIONS.rglob("*.py")):
        for function in ast.walk(ast.parse(file.read_text())):
            if isinstance(function, ast.FunctionDef):
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                named = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
                found += [(file.name, function.name)] if "only" in named else []
    return [one for one in found if one != OF_OTHER_ROOMS]


@pytest.mark.parametrize(
    ("file", "function"),
    [pytest.param(*one, marks=() if its_turn(str(one)) else pytest.mark.full) for one in filters()],
)
def test_without_one_filter_a_foreign_row_is_shown(
    file: str, function: str, things: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row security is silenced, as it would hide the lack; then the filter of one question lets everything through."""
    from joinedup_web.organisations.scope import Scope

    kept = Scope.only

    def only(scope: Any, rows: Any, action: str, kind: str) -> Any:
        code = sys._getframe(1).f_code
        here = (Path(code.co_filename).name, code.co_name) == (file, function)
        return rows if here else kept(scope, rows, action, kind)

    monkeypatch.setattr(Scope, "only", only)
    with access.without_row_security(monkeypatch):
        assert foreign(things), f"{function} of {file} filters nothing, and nothing foreign is shown"


SETTINGS = (
    "joinedup.person",
    "joinedup.places",
    "joinedup.emergency",
    "joinedup.sending",
    "joinedup.updates",
)
POLICIES = """
SELECT c.relname, p.polname, p.polcmd::text, coalesce(pg_get_expr(p.polqual, p.polrelid), ''),
       coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE p.polroles = '{0}' ORDER BY 1, 2
"""
WALLED = """
SELECT relname FROM pg_class
WHERE relrowsecurity AND relkind = 'r' ORDER BY 1
"""


@pytest.fixture
def keeper(workspace: Served, things: dict[tuple[str, str], str]) -> Iterator[psycopg.Connection[Any]]:
    """PostgreSQL's superuser; what it changes is taken back."""
    with psycopg.connect(access.as_keeper(workspace)) as connection:
        yield connection
        connection.rollback()


def gaps(connection: psycopg.Connection[Any], only: str = "") -> list[str]:
    """What is wrong with the walls: a table without a policy to see, a policy that asks nobody, rows for nobody. Of
    one table where only that one was changed."""
    policies = [row for row in connection.execute(POLICIES).fetchall() if only in ("", row[0])]
    tables = [table for (table,) in connection.execute(WALLED).fetchall() if only in ("", table)]
    found = [
        f"{table}: nobody may see it"
        for table in tables
        if (table, "seen") not in {row[:2] for row in policies}
    ]
    for table, name, command, using, check in policies:
        for words in (using, check) if command == "w" else ((check,) if command == "a" else (using,)):
            if not any(setting in words for setting in SETTINGS) and "emergencyaccess" not in words:
                found.append(f"{table}.{name} asks nobody")
    connection.execute("SET LOCAL ROLE joinedup_app")
    for table in tables:
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        found += [f"{table}: {rows} rows for nobody"] if rows else []
    connection.execute("RESET ROLE")
    return [*found, *_writable(connection, only)]


ROOMS = ("boards_", "improvement_", "packs_")


def _writable(connection: psycopg.Connection[Any], only: str = "") -> list[str]:
    """Walled tables in which whoever holds a role at a place cannot do there what the application does."""
    needed = {
        "organisations_roleheld": "arwd", "organisations_emergencyaccess": "ar", "organisations_emergencystep": "ar",
        "organisations_letter": "arw", "organisations_reading": "ar", "api_token": "arw", "api_allowance": "arwd",
        "returns_submission": "arwd", "returns_finding": "arwd", "returns_received": "arwd", "equity_note": "arwd",
        "controllers_controllership": "arwd", "collaboratives_collaborative": "arwd",
        "collaboratives_collaborativemember": "arwd",
        **{name: "arwd" for name in WALLS if name.startswith(ROOMS) and not name.endswith("event")},
        **{
            f"frameworks_{name}": "arwd"
            for name in ("round", "party", "sheet", "agreement", "placeform")
        },
        "frameworks_handover": "ar", "frameworks_signature": "ar",
        **{name: "arwd" for name in WALLS if name.startswith("updates_")},
        "scrutiny_tracker": "arwd", "scrutiny_row": "arwd",
        "scrutiny_newer": "arwd", "scrutiny_step": "ar",
        **{f"scrutiny_{name}": "arwd" for name in ("topic", "proposal", "request")},
        **{f"scrutiny_{name}step": "ar" for name in ("topic", "proposal", "request")},
    }  # fmt: skip
    held: dict[str, set[str]] = {}
    for table, _, command, _, _ in connection.execute(POLICIES).fetchall():
        held.setdefault(table, set()).add(command)
    return [
        f"{table}: no policy for {sorted(set(k) - held[table])}"
        for table, k in needed.items()
        if only in ("", table) and set(k) - held.get(table, set())
    ]


def test_the_walls_are_whole(keeper: psycopg.Connection[Any]) -> None:
    assert gaps(keeper) == []


def test_without_any_one_policy_or_with_an_open_one_a_gap_is_found(keeper: psycopg.Connection[Any]) -> None:
    policies = keeper.execute(POLICIES).fetchall()
    assert len(policies) > 15
    for table, name, command, _, _ in policies:
        opened = {"a": "WITH CHECK (true)", "w": "USING (true) WITH CHECK (true)"}.get(
            command, "USING (true)"
        )
        for mutant in (f"DROP POLICY {name} ON {table}", f"ALTER POLICY {name} ON {table} {opened}"):
            with keeper.transaction(force_rollback=True):
                keeper.execute(mutant)  # type: ignore[arg-type]
                assert gaps(keeper, table), mutant
