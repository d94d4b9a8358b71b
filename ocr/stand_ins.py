"""Stand-ins for modules that a library imports and nobody here asks: empty modules in their places, while it is imported.

The library keeps them: were one used after all, it would break at once, for nothing can be reckoned, compared or read with
it. Afterwards they are gone, and whoever imports one of those modules gets the module itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Contents = Mapping[str, Mapping[str, object]]
"""Module -> what stands in its stand-in, by name: for what a library does at once with a module of its own."""


@contextmanager
def stand_ins(is_unused: Callable[[str], bool], contents: Contents | None = None) -> Iterator[None]:
    """Within it stand-ins are imported for modules of these names and all below them, unless they are loaded already.

    Whoever else imports meanwhile gets them too: to be used where no other thread asks for those modules.
    """
    finder = _Finder(is_unused, contents or {})
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in finder.made:
            sys.modules.pop(name, None)


class _Finder(MetaPathFinder, Loader):
    """Finds an empty module under each of the names, and under whatever is sought in it."""

    def __init__(self, is_unused: Callable[[str], bool], contents: Contents) -> None:
        self._is_unused = is_unused
        self._contents = contents
        self.made: dict[str, None] = {}

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if self._is_unused(fullname) or fullname.rpartition(".")[0] in self.made:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self.made[spec.name] = None
        return _Empty(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(self._contents.get(module.__name__, {}))


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
