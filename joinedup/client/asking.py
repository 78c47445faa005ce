"""One question to a workspace over HTTP: with the token, politely, and with errors that say what to do."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joinedup.errors import UnknownName, YourCommand

if TYPE_CHECKING:
    from pathlib import Path

    import requests

PATIENCE = 60.0
"""Seconds that are waited for an allowance in all, before giving up."""
TIMES = (10, 120)
"""Seconds to connect, and to answer."""
LONGEST_LIST = 1000
KEPT = 256
"""Answers kept, so that one that has not changed is not sent again."""
Asked = Mapping[str, str | int | Sequence[str] | None]


def checked_url(url: str) -> str:
    """The address without what follows it. Raises YourCommand for one that would send the token in the open."""
    parts = urlsplit(url if "//" in url else f"https://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise YourCommand(
            f"{url!r} is no address.", remedy="Give one such as https://joinedup.example.nhs.uk."
        )
    if parts.username or parts.password:
        raise YourCommand("The address holds a password.", remedy="Give a token instead.")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise YourCommand(
            "The address begins with http://: the token would travel in the open.", remedy="Use https://."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Asking:
    """Asks one workspace, one question after another. Keeps answers by their entity tags; waits where it must."""

    def __init__(self, url: str, token: str) -> None:
        self.url = checked_url(url)
        self._token = token
        self._session: requests.Session | None = None
        self._kept: dict[str, tuple[str, Any]] = {}

    def __repr__(self) -> str:
        return f"Asking({self.url!r})"

    def one(self, path: str, **asked: str | int | Sequence[str] | None) -> dict[str, Any]:
        """The answer to one question. Raises YourCommand, and UnknownName where there is no such thing."""
        query = [(name, value) for name, values in asked.items() for value in _each(values)]
        found: dict[str, Any] = self._answer(path, query)
        return found

    def every(self, path: str, **asked: str | int | Sequence[str] | None) -> Iterator[dict[str, Any]]:
        """The answers of a longer list, part after part, all of one state. Raises as `one`."""
        state, offset = asked.pop("state", None), 0
        while True:
            part = self.one(path, **asked, state=state, limit=LONGEST_LIST, offset=offset)
            yield part
            if "state" in part:
                state = part["state"]["snapshot"]  # a load between two parts changes nothing
            offset += len(part["items"])
            if offset >= part["total"] or not part["items"]:
                return

    def change(self, path: str, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Have something changed, and what it is afterwards. Raises as `one`; nothing is changed then."""
        found: dict[str, Any] = self._read(self._ask("POST", path, json=dict(told or {})))
        return found

    def send(self, path: str, file: Path, **asked: str) -> dict[str, Any]:
        """Send a file as it is, without reading it into memory. Raises as `one`, and where it cannot be read."""
        try:
            with file.open("rb") as stream:
                headers = {"Content-Type": "application/octet-stream"}
                answer = self._ask("POST", path, params=asked, data=stream, headers=headers)
        except OSError as error:
            raise YourCommand(f"The file cannot be read: {file}.", remedy="Check its path.") from error
        found: dict[str, Any] = self._read(answer)
        return found

    def _answer(self, path: str, query: list[tuple[str, str]]) -> Any:
        key = f"{path}?{sorted(query)}"
        tag, kept = self._kept.get(key, ("", None))
        answer = self._ask("GET", path, params=query, headers={"If-None-Match": tag} if tag else {})
        if answer.status_code == 304:
            return kept
        found = self._read(answer)
        if "ETag" in answer.headers:
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (answer.headers["ETag"], found)
        return found

    def _ask(self, method: str, path: str, **told: Any) -> requests.Response:
        """One request, again and again while the allowance is used up and patience lasts."""
        waited = 0.0
        while True:
            answer = self._once(method, path, told)
            pause = _seconds(answer)
            waited += pause
            if answer.status_code != 429 or waited > PATIENCE:
                return answer
            time.sleep(pause)
            if "data" in told:
                told["data"].seek(0)

    def _once(self, method: str, path: str, told: Mapping[str, Any]) -> requests.Response:
        import requests

        try:
            return self._open().request(
                method, f"{self.url}/api/v1/{path}", timeout=TIMES, allow_redirects=False, **told
            )
        except requests.RequestException as error:
            raise YourCommand(
                f"No workspace answers at {self.url} ({type(error).__name__}).",
                remedy="Check the address, and that the workspace is served.",
            ) from None  # what requests says can quote the token

    def _read(self, answer: requests.Response) -> Any:
        if not 200 <= answer.status_code < 300:
            raise _refused(answer, self.url)
        try:
            return answer.json()
        except ValueError:
            raise _stranger(self.url) from None

    def _open(self) -> requests.Session:
        if self._session is None:
            import requests
            from requests.adapters import HTTPAdapter
            from urllib3.util import Retry

            # A server ends connections that lie idle, at times just as the next question is on its way.
            again = Retry(total=1, connect=0, allowed_methods={"GET"}, respect_retry_after_header=False)
            self._session = requests.Session()
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, HTTPAdapter(max_retries=again))
            self._session.auth = self._sign  # else requests would look for a password in .netrc
            self._session.headers["Accept"] = "application/json"
        return self._session

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _each(values: str | int | Sequence[str] | None) -> list[str]:
    if values is None:
        return []
    return [str(values)] if isinstance(values, str | int) else [str(value) for value in values]


def _seconds(answer: requests.Response) -> float:
    """How long the workspace asks to be left alone."""
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdigit() else 5.0


def _refused(answer: requests.Response, url: str) -> YourCommand:
    """What the workspace says is wrong, as an error of ours."""
    try:
        told = answer.json()
        detail, remedy = str(told["detail"]), str(told["remedy"])
    except (ValueError, KeyError, TypeError):
        return _stranger(url)
    kind = UnknownName if answer.status_code == 404 else YourCommand
    return kind(f"The workspace says: {detail}", remedy=remedy)


def _stranger(url: str) -> YourCommand:
    return YourCommand(
        f"What answers at {url} is no workspace of joinedup, or one of another version.",
        remedy="Check the address; a proxy may stand between.",
    )
