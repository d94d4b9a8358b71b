"""Imported before paddleocr: keeps it from loading libraries that nobody here asks.

PaddleOCR brings much more than two networks: table files, figures of speech models, three hubs of models. What it loads for
that costs each worker half a second and a hundred MB. While it is imported, stand-ins take the place of those libraries,
and of its own modules for other networks, for whole pipelines and for training.
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
    "jinja2",
    "lxml",
    "modelscope",
    "pandas",
    "PIL",
    "pypdfium2",
    "regex",
    "requests",
    "shapely",
})  # fmt: skip
_OWN = frozenset({
    "paddleocr._api_client",
    "paddleocr._pipelines",
    "paddlex.inference.pipelines",
})  # fmt: skip
_NEEDED = {
    "paddlex.inference.models": frozenset({
        "bindings", "common", "engines", "hpi", "predictors", "runners", "text_detection", "text_recognition", "utils",
    }),
    "paddlex.modules": frozenset({"base", "text_detection", "text_recognition"}),
}  # fmt: skip


def is_unused(name: str) -> bool:
    """Whether a module is one that finding and reading text in pictures does without."""
    package, _, module = name.rpartition(".")
    return name in UNUSED or name in _OWN or module not in _NEEDED.get(package, (module,))


@contextmanager
def without_unused() -> Iterator[None]:
    """Within it stand-ins are imported for what is not used, unless it is loaded already.

    Nothing is done where other threads run: what they import meanwhile has to be the library.
    """
    if threading.active_count() > 1:
        yield
        return
    with stand_ins(is_unused):
        yield
