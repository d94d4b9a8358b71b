"""Imported before paddleocr: keeps it from loading libraries that nobody here asks.

PaddleOCR brings much more than two networks: table files, figures of speech models, three hubs of models. What it loads for
that costs each worker half a second and a hundred MB. While it is imported, stand-ins take the place of those libraries.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ocr.stand_ins import stand_ins

UNUSED = frozenset({
    "aiohttp",
    "aistudio_sdk",
    "bidi",
    "huggingface_hub",
    "lxml",
    "modelscope",
    "pandas",
    "PIL",
    "pypdfium2",
    "regex",
    "requests",
    "shapely",
})  # fmt: skip


@contextmanager
def without_unused() -> Iterator[None]:
    """Within it stand-ins are imported for these libraries, unless they are loaded already.

    Nothing is done where other threads run: what they import meanwhile has to be the library.
    """
    if threading.active_count() > 1:
        yield
        return
    with stand_ins(UNUSED.__contains__):
        yield
