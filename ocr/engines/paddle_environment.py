"""Imported before paddleocr: keeps it from loading libraries that nobody here asks.

PaddleOCR brings much more than two networks: table files, figures of speech models, three hubs of models. What it loads for
that costs each worker half a second and a hundred MB. While it is imported, stand-ins take the place of those libraries;
then they are gone, and whoever imports one of them gets the library itself. PaddleOCR keeps the stand-ins: were one used
after all, it would break at once, for nothing can be reckoned, compared or read with it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

UNUSED = (
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
)


@contextmanager
def without_unused(names: Sequence[str] = UNUSED) -> Iterator[None]:
    """Within it stand-ins are imported for these libraries, unless they are loaded already.

    Nothing is done where other threads run: what they import meanwhile has to be the library.
    """
    if threading.active_count() > 1:
        yield
        return
    finder = _Finder(frozenset(names))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)


class _Finder(MetaPathFinder, Loader):
    """Finds an empty module under each of the names, and under whatever is sought in it."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self.made: list[str] = []

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        top = fullname.partition(".")[0]
        if top not in self._names or (top != fullname and top not in self.made):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self.made.append(spec.name)
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None: ...


class _StandIn(type):
    """A class that has every attribute and may be called, each time giving another such class or itself."""

    def __getattr__(cls, name: str) -> type:
        return _stand_in(name)

    def __call__(cls, *_: object, **__: object) -> type:
        return cls


class _Empty(ModuleType):
    """A module in which every name stands for such a class."""

    def __getattr__(self, name: str) -> type:
        return _stand_in(name)


def _stand_in(name: str) -> type:
    """An error class, so that it may also stand behind `except`."""
    if name.startswith("__"):
        raise AttributeError(name)
    made: type = type.__call__(_StandIn, name, (Exception,), {})
    return made
