"""Messages over a socket: what arrives is what was sent, and an end that closes is told of."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.intake.wire import packed, receive, send, unpacked
from joinedup.lake.encoding import Part

MESSAGES = st.recursive(
    st.one_of(st.none(), st.integers(), st.text(), st.binary(max_size=400_000)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
)


@given(MESSAGES, st.lists(st.binary(max_size=400_000), max_size=4))
def test_a_message_arrives_as_it_was(message: object, contents: list[bytes]) -> None:
    whole = (message, [Part(("RV3",), content, "", 1) for content in contents], pa.table({"a": ["x", None]}))
    here, there = socket.socketpair()
    with here, there, ThreadPoolExecutor(1) as beside:
        sending = beside.submit(send, here, packed(whole))
        assert unpacked(receive(there)) == whole
        sending.result()


def test_contents_are_not_copied_into_the_message() -> None:
    content = b"x" * 1_000_000
    parts = packed([Part((), content, "", 1)])
    assert len(parts[0]) < 1_000 and bytes(parts[1]) == content


@pytest.mark.parametrize("sent", [b"", b"\2\0\0", b"\1" + b"\0" * 7 + b"\5" + b"\0" * 7 + b"abc"])
def test_an_end_that_closes_in_the_middle_is_told_of(sent: bytes) -> None:
    here, there = socket.socketpair()
    with there:
        here.sendall(sent)
        here.close()
        with pytest.raises(EOFError):
            receive(there)
