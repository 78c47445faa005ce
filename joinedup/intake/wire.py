"""Messages between processes of ours: large contents go as they lie in memory, beside the message and not in it."""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Sequence
from typing import Any

Part = bytes | bytearray | memoryview
_NUMBER = 8  # bytes: how many parts follow, and how long each is, come first


def packed(message: Any) -> list[Part]:
    """A message as what is sent of it, one after the other."""
    contents: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL, buffer_callback=contents.append)
    return [body, *(content.raw() for content in contents)]


def unpacked(parts: Sequence[Part]) -> Any:
    """The message again."""
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301  from a process of ours


def send(wire: socket.socket, parts: Sequence[Part]) -> None:
    """Send what `packed` made. OSError when the other end has closed."""
    wire.sendall(struct.pack(f"<{len(parts) + 1}Q", len(parts), *map(len, parts)))
    for part in parts:
        wire.sendall(part)


def receive(wire: socket.socket) -> list[bytearray]:
    """What was sent. EOFError or OSError when the other end has closed."""
    (count,) = struct.unpack("<Q", _exactly(wire, _NUMBER))
    sizes = struct.unpack(f"<{count}Q", _exactly(wire, _NUMBER * count))
    return [_exactly(wire, size) for size in sizes]


def _exactly(wire: socket.socket, size: int) -> bytearray:
    content = bytearray(size)
    room = memoryview(content)
    while room:
        came = wire.recv_into(room, flags=socket.MSG_WAITALL)
        if not came:
            raise EOFError
        room = room[came:]
    return content
