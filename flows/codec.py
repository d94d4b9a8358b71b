"""Frozen values <-> JSON, exactly: decode(kind, encode(value)) == value.

Driven by the type hints of the dataclasses, so a new value needs no code here. Keys are field names and an absent key
takes the field's default: a page written before a field was added still decodes. Decimals travel as strings, floats
as the shortest text that gives the same float back, lone surrogates of odd file names as escapes.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from functools import cache
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


def encode(value: Any) -> Any:
    """A value as dicts, lists, strings and numbers. TypeError for what is not frozen data."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | PackedChars | Waiting):
        return [encode(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: encode(getattr(value, name)) for name in _field_names(type(value))}
    raise TypeError(f"{type(value).__name__} is no frozen value, and has no JSON form")


def decode(kind: type[Value], data: Any) -> Value:
    """The value of type ``kind`` that ``data`` was encoded from. ValueError or TypeError when it was from none."""
    decoded: Value = _decode(kind, data)
    return decoded


def _decode(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin is tuple:
        return _decode_tuple(typing.get_args(kind), data)
    if origin is Sequence:
        items = _decode_tuple((*typing.get_args(kind), Ellipsis), data)
        return PackedChars(items) if items and typing.get_args(kind) == (Char,) else items
    if origin in (typing.Union, types.UnionType):
        return _decode_optional(typing.get_args(kind), data)
    if kind is Any:
        return tuple(_decode(Any, item) for item in data) if isinstance(data, list) else data
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _decode(hints[name], data[name]) for name in _field_names(kind) if name in data})
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind(data)
    if kind is float and isinstance(data, int | float):
        return _shared(float(data), _numbers) if data else float(data)  # zero has two signs that compare as one
    if not isinstance(data, kind):
        raise ValueError(f"expected {kind.__name__}, found {type(data).__name__}")
    if kind is str and len(data) <= _SHORT:
        return _shared(data, _texts)
    return data


def _shared(value: Shared, known: dict[Shared, Shared]) -> Shared:
    """The same value as one object: the edges of a table's rows and columns are those of all of its cells."""
    if len(known) > _MOST:
        known.clear()
    return known.setdefault(value, value)


def _decode_tuple(kinds: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise ValueError(f"expected a list, found {type(data).__name__}")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], item) for item in data)
    return tuple(_decode(kind, item) for kind, item in zip(kinds, data, strict=True))


def _decode_optional(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    (kind,) = (k for k in kinds if k is not types.NoneType)
    return _decode(kind, data)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
