"""The first administrator of an organisation: whoever runs the server makes the account.

python -m joinedup_web.config.first_administrator ADDRESS PLACE
"""

from __future__ import annotations

import getpass
import os
import sys

from joinedup.errors import YourCommand

WHY = "the first administrator, made by whoever runs the server"


def make(email: str, code: str, password: str) -> None:
    """An account with the role of administrator at a place. Raises YourCommand for a wrong place or password."""
    import pghistory
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from joinedup_web.organisations.models import Person, Place, RoleHeld
    from joinedup_web.organisations.row_security import opened

    place = Place.objects.filter(code=code).first()
    if place is None:
        raise YourCommand(
            f"There is no place with code {code!r}.", remedy="`joinedup places list` has the codes."
        )
    try:
        validate_password(password)
    except ValidationError as error:
        raise YourCommand(" ".join(error.messages), remedy="Choose another password.") from error
    with pghistory.context(why=WHY):
        person = Person.objects.filter(email=email.lower()).first() or Person.objects.create_user(
            email, password
        )
        with opened(str(person.pk), [code]):
            RoleHeld.objects.create(
                person=person, role="administrator", place=place, valid_from=timezone.localdate(),
                reason=WHY, given_by="the command line",
            )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Ask for a password and make the account; the exit code."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joinedup_web.config.settings")
    import django

    django.setup()
    try:
        make(arguments[0], arguments[1], getpass.getpass("Password (12 characters or more): "))
    except YourCommand as error:
        print(f"Error: {error}", file=sys.stderr)
        return 2
    print(f"{arguments[0]} is administrator at {arguments[1]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
