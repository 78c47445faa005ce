"""How a file of moderate size reaches a page: in memory, within the limit, from those who may send it there."""

from __future__ import annotations

import io
from typing import Any, ClassVar

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload


class InMemoryUpload(FileUploadHandler):
    """Takes one field of one page; leaves every other upload to the handlers after it. A page subclasses it."""

    takes: ClassVar[str] = ""
    """Name of the address."""
    field: ClassVar[str] = "file"
    asks: ClassVar[tuple[str, str]] = ("", "")
    """Action and kind of thing that the policy must allow."""
    most: ClassVar[int] = 0
    """Bytes."""
    content: io.BytesIO | None = None
    whole = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Keep how long the whole request says it is."""
        self.whole = content_length

    def new_file(self, *told: Any, **more: Any) -> None:
        """Begin the file, or leave it to others."""
        super().new_file(*told, **more)
        self.content = io.BytesIO() if self._takes() else None
        if self.content is not None:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take a block; beyond the limit nothing is kept, and the form says so."""
        if self.content is None:
            return raw_data
        if self.content.tell() + len(raw_data) > self.most:
            self.content = None
            self.request.too_large = True
            # What is a little too large is read to its end, so that the browser shows the form.
            raise StopUpload(connection_reset=self.whole > 2 * self.most)
        self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file is whole."""
        content, self.content = self.content, None
        if content is None:
            return None
        content.seek(0)
        return InMemoryUploadedFile(
            content, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )

    def _takes(self) -> bool:
        match, scope = getattr(self.request, "resolver_match", None), getattr(self.request, "scope", None)
        named = match is not None and match.view_name == self.takes and self.field_name == self.field
        return named and scope is not None and scope.may(*self.asks)
