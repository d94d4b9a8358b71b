"""Frozen values <-> JSON, exactly: decode(kind, encode(value)) == value.

Driven by the type hints of the dataclasses, so a new value needs no code here. Keys are field names and an absent key
takes the field's default: a page written before a field was added still decodes. Decimals travel as strings, floats
as the shortest text that gives the same float back, lone surrogates of odd file names as escapes.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, TypeVar

from ocr.shelf import Waiting
from ocr.values import Char, PackedChars

Value = TypeVar("Value")
Shared = TypeVar("Shared", float, str)
_numbers: dict[float, float] = {}
_texts: dict[str, str] = {}
_MOST = 4_000
_SHORT = 24
"""Characters up to which a text is kept once for all of its places: those of a page are single characters for the most part."""


class _ByKind(dict[Any, Callable[[Any], Any]]):
    """What is done with values of a type, worked out once: a page holds thousands of a few types."""

    def __init__(self, make: Callable[[Any], Callable[[Any], Any]]) -> None:
        self._make = make

    def __missing__(self, kind: Any) -> Callable[[Any], Any]:
        made = self[kind] = self._make(kind)
        return made


def encode(value: Any) -> Any:
    """A value as dicts, lists, strings and numbers. TypeError for what is not frozen data."""
    return _encoders[type(value)](value)


def _encoder(kind: Any) -> Callable[[Any], Any]:
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, types.NoneType | str | bool | int | float):
        return _as_it_is
    if issubclass(kind, Decimal):
        return str
    if issubclass(kind, tuple | PackedChars | Waiting):
        return lambda items: [_encoders[type(item)](item) for item in items]
    if dataclasses.is_dataclass(kind):
        names = _field_names(kind)
        return lambda value: {name: _encoders[type(item := getattr(value, name))](item) for name in names}
    raise TypeError(f"{kind.__name__} is no frozen value, and has no JSON form")


def _as_it_is(value: Any) -> Any:
    return value


def decode(kind: type[Value], data: Any) -> Value:
    """The value of type ``kind`` that ``data`` was encoded from. ValueError or TypeError when it was from none."""
    decoded: Value = _decoders[kind](data)
    return decoded


def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _tuple_decoder(typing.get_args(kind))
    if origin is Sequence:
        items = _tuple_decoder((*typing.get_args(kind), Ellipsis))
        return (lambda data: PackedChars(found) if (found := items(data)) else found) if _holds_chars(kind) else items
    if origin in (typing.Union, types.UnionType):
        (some,) = (_decoders[k] for k in typing.get_args(kind) if k is not types.NoneType)
        return lambda data: None if data is None else some(data)
    if kind is Any:
        return lambda data: tuple(map(_decoders[Any], data)) if isinstance(data, list) else data
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _fields_decoder(kind)
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return lambda data: kind(data)
    return _plain_decoder(kind)


def _holds_chars(kind: Any) -> bool:
    return typing.get_args(kind) == (Char,)


def _plain_decoder(kind: Any) -> Callable[[Any], Any]:
    def decoded(data: Any) -> Any:
        if kind is float and isinstance(data, int | float):
            return _shared(float(data), _numbers) if data else float(data)  # zero has two signs that compare as one
        if not isinstance(data, kind):
            raise ValueError(f"expected {kind.__name__}, found {type(data).__name__}")
        if kind is str and len(data) <= _SHORT:
            return _shared(data, _texts)
        return data

    return decoded


def _fields_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    fields = [(name, _decoders[hints[name]]) for name in _field_names(kind)]
    return lambda data: kind(**{name: decoder(data[name]) for name, decoder in fields if name in data})


def _shared(value: Shared, known: dict[Shared, Shared]) -> Shared:
    """The same value as one object: the edges of a table's rows and columns are those of all of its cells."""
    if len(known) > _MOST:
        known.clear()
    return known.setdefault(value, value)


def _tuple_decoder(kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    decoders = [_decoders[kind] for kind in kinds if kind is not Ellipsis]
    is_long = len(kinds) == 2 and kinds[1] is Ellipsis

    def decoded(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise ValueError(f"expected a list, found {type(data).__name__}")
        if is_long:
            return tuple(map(decoders[0], data))
        return tuple(decoder(item) for decoder, item in zip(decoders, data, strict=True))

    return decoded


def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


_encoders, _decoders = _ByKind(_encoder), _ByKind(_decoder)
