"""Which identity services people may sign in through, as whoever runs the server says in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from joinedup.errors import YourCommand

Shape = Literal["care", "workplace"]
LEAST: Mapping[Shape, tuple[int, int]] = {"care": (2, 3), "workplace": (1, 0)}
"""Authentication and identity levels asked for where the file names none. NHS Care Identity numbers both 1 to 3; a
workplace identity says only whether a second factor was used (2) or not (1)."""
HERE = {"127.0.0.1", "localhost"}


class IdentityService(BaseModel):
    """One service. `name` stands in addresses; `secret_file` holds the client's secret and nothing else.

    `authentication` and `identity` are the least levels accepted; `organisations` narrows care identities to those
    with a role at one of these codes; `tenant` is the directory of a workplace; `also` names further origins that a
    sign-in passes through or keys come from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{1,30}$")
    title: str = Field(min_length=1, max_length=40)
    shape: Shape
    issuer: str
    client_id: str = Field(min_length=1)
    secret_file: Path
    authentication: int = Field(default=-1, ge=-1, le=3)
    identity: int = Field(default=-1, ge=-1, le=3)
    organisations: tuple[str, ...] = ()
    tenant: str = ""
    ask_for: str = ""
    also: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for address in (self.issuer, *self.also):
            parts = urlsplit(address)
            if not parts.hostname or not (
                parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
            ):
                raise ValueError(f"{address!r} is not an https:// address")
        if self.shape == "workplace" and not self.tenant:
            raise ValueError("a workplace identity needs `tenant`, the id of the directory")
        return self

    @property
    def least(self) -> tuple[int, int]:
        """The least authentication level and identity level that are accepted."""
        usual = LEAST[self.shape]
        asked = (self.authentication, self.identity)
        return (usual[0] if asked[0] < 0 else asked[0], usual[1] if asked[1] < 0 else asked[1])

    @property
    def origins(self) -> tuple[str, ...]:
        """Scheme, host and port of every address that belongs to the service."""
        return tuple(dict.fromkeys(origin(address) for address in (self.issuer, *self.also)))

    @property
    def secret(self) -> str:
        """The client's secret, read when it is needed so that it stands in no setting."""
        return self.secret_file.read_text(encoding="utf-8").strip()


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def read_services(file: str) -> tuple[IdentityService, ...]:
    """The services in a YAML file; none where no file is named. Raises YourCommand naming file, service and field."""
    if not file:
        return ()
    try:
        found: Any = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
        services = tuple(IdentityService.model_validate(one) for one in found)
        for service in services:
            if not service.secret:
                raise ValueError(f"{service.name}: {service.secret_file} is empty")
        if len({service.name for service in services}) < len(services):
            raise ValueError("two services have the same name")
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise YourCommand(
            f"{file}: {_said(error)}", remedy="docs/how-to/sign-in.md shows such a file."
        ) from None
    return services


def _said(error: Exception) -> str:
    """What is wrong, without the values: one of them may be a secret in the wrong place."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, one['loc'])) or 'service'}: {one['msg']}" for one in error.errors()
        )
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return "a list of services is expected" if isinstance(error, TypeError) else str(error)
