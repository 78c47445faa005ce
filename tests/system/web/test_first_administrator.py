"""The first administrator of an organisation."""

from __future__ import annotations

from typing import Any

import pytest

from joinedup.errors import YourCommand
from tests.system.web.conftest import AS_DJANGO


def test_a_first_administrator_is_made_and_may_give_roles(django_here: Any) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from joinedup_web.config.first_administrator import make

    make("First@demo.invalid", "RYX", "a long enough phrase")
    person = get_user_model().objects.get(email="first@demo.invalid")
    assert person.check_password("a long enough phrase")
    client = Client(**AS_DJANGO)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    assert "Central London Community Healthcare" in client.get("/people/give/").content.decode()


@pytest.mark.parametrize(
    ("place", "password"), [("NOWHERE", "a long enough phrase"), ("RYX", "password"), ("RYX", "short")]
)
def test_a_place_that_is_none_and_a_weak_password_are_refused(
    django_here: Any, place: str, password: str
) -> None:
    from joinedup_web.config.first_administrator import make

    with pytest.raises(YourCommand):
        make("second@demo.invalid", place, password)
