"""A server that ends an idle connection just as a question comes: it is asked again; what changes things is not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from joinedup.client.asking import Asking
from joinedup.errors import YourCommand

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"a": "yes"}'
ANSWER = ANSWER.replace(b"11", b"12")


@contextmanager
def server(answers: list[int]) -> Iterator[tuple[str, list[bytes]]]:
    """Answers so many requests of each connection in turn, then closes it at the next request without a word."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for number in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:  # nobody asks any more
                    return
                with connection:
                    for left in range(number, -1, -1):
                        asked.append(connection.recv(65_536).split(b" ")[0])
                        if left:
                            connection.sendall(ANSWER)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked


def test_a_question_that_met_a_closing_connection_is_asked_once_more() -> None:
    with server([1, 2]) as (address, asked):
        asking = Asking(address, "token")
        assert [asking.one("x"), asking.one("x")] == [{"a": "yes"}] * 2
        assert asked == [b"GET"] * 3
        asking._open().close()


def test_it_is_asked_only_once_more() -> None:
    with server([0, 0, 1]) as (address, asked), pytest.raises(YourCommand, match="No workspace answers"):
        Asking(address, "token").one("x")
    assert asked == [b"GET"] * 2


def test_what_changes_something_is_not_sent_twice() -> None:
    with server([0, 1]) as (address, asked), pytest.raises(YourCommand, match="No workspace answers"):
        Asking(address, "token")._once("POST", "x", {"json": {}})
    assert asked == [b"POST"]
