"""How an upload reaches the staging folder: straight, in blocks, and only on the page that takes returns.

Django's own handlers would write a large upload to the machine's folder of temporary files, and it holds people's data.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from joinedup.errors import UnsafeFile
from joinedup.returns.containers import MAX_BYTES_IN
from joinedup_web.returns.staging import Arriving, folder_in

TAKES = "send_return"


class StagedUpload(UploadedFile):
    """A file that lies in the staging folder; closing it removes it unless it was kept."""

    def __init__(self, arriving: Arriving, content_type: str) -> None:
        super().__init__(None, arriving.name, content_type, arriving.size)
        self.arriving = arriving

    def close(self) -> None:
        """The end of the request."""
        self.arriving.discard()


class StagingUploadHandler(FileUploadHandler):
    """Writes uploads of people who may send returns into the staging folder; takes no file anywhere else."""

    arriving: Arriving | None = None
    whole = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Keep how long the whole request says it is."""
        self.whole = content_length

    def new_file(self, *told: Any, **more: Any) -> None:
        """Begin a file, or leave it unread where none is taken."""
        super().new_file(*told, **more)
        if not self._takes():
            raise SkipFile
        self.arriving = Arriving(folder_in(Path(settings.ENVIRONMENT.folder)), self.file_name or "")

    def _takes(self) -> bool:
        match, scope = getattr(self.request, "resolver_match", None), getattr(self.request, "scope", None)
        named = match is not None and match.view_name == TAKES
        return named and scope is not None and scope.may("send", "submission")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a block; beyond the limit nothing more is kept, and the form says so."""
        if self.arriving is not None:
            try:
                self.arriving.write(raw_data)
            except UnsafeFile as fault:
                self.arriving.discard()
                self.arriving = None
                self.request.too_large = fault
                # What is a little too large is read to its end, so that the browser shows the form.
                raise StopUpload(connection_reset=self.whole > 2 * MAX_BYTES_IN) from fault

    def file_complete(self, file_size: int) -> StagedUpload | None:
        """The file is whole."""
        arriving, self.arriving = self.arriving, None
        if arriving is None:
            return None
        arriving.close()
        return StagedUpload(arriving, self.content_type or "")

    def upload_interrupted(self) -> None:
        """Whoever sent it went away."""
        if self.arriving is not None:
            self.arriving.discard()
