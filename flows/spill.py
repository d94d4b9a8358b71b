"""What a long document lays aside, in a file without a name: it is gone with this process, however that ends."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from flows.store import storage_errors


class SpillFile:
    """An `ocr.shelf.Store`. Takes no room, and no file, before something is put into it. Raises StorageError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._end = 0

    def put(self, data: bytes) -> tuple[int, int]:
        with storage_errors(self._folder):
            if self._file is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - closed with us
            place = self._end, len(data)
            written = 0
            while written < len(data):
                written += os.pwrite(self._file.fileno(), memoryview(data)[written:], self._end + written)
        self._end += len(data)
        return place

    def get(self, place: tuple[int, int]) -> bytes:
        at, size = place
        with storage_errors(self._folder):
            if self._file is None:
                raise OSError("nothing was put there")
            data = os.pread(self._file.fileno(), size, at)
            if len(data) != size:
                raise OSError("what was put there is cut short")
        return data
