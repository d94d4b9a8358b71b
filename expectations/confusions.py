"""How likely one print was taken for another: the known confusions of recognition, as data in the catalogue folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "catalogue" / "confusions.toml"


@dataclass(frozen=True, slots=True, eq=False)
class Confusions:
    """pairs: two characters -> (price, name of the confusion); prices: for what is not a pair of characters."""

    pairs: Mapping[frozenset[str], tuple[float, str]]
    prices: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Misreading:
    """What may have happened to a print, and its price: the negative logarithm of its probability."""

    says: str
    price: float


@lru_cache(maxsize=1)
def load_confusions() -> Confusions:
    """From confusions.toml; KeyError or tomllib.TOMLDecodeError when it is not as it should be."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    pairs = {frozenset(p): (c["price"], c["name"]) for c in data["confusion"] for p in c["pairs"]}
    return Confusions(pairs, data["prices"])


def misreading(read: str, printed: str, confusions: Confusions | None = None) -> Misreading | None:
    """How ``printed`` may have become ``read``, both as plain digits, point and sign; None when that is past belief."""
    confusions = confusions or load_confusions()
    found = _misreading(_plain(read), _plain(printed), confusions)
    return found if found is not None and found.price <= confusions.prices["most"] else None


def _misreading(read: str, printed: str, known: Confusions) -> Misreading | None:
    prices = known.prices
    if read == printed or not any(c.isdigit() for c in read):
        return None
    if read.lstrip("-") == printed.lstrip("-"):
        return Misreading("sign lost or added", prices["sign"])
    if _digits(read) == _digits(printed):
        return Misreading("point lost, added or moved", prices["point"])
    if len(read) == len(printed):
        return _replaced(read, printed, known)
    if len(read) == len(printed) - 1 and _without_one(printed, read):
        return Misreading("a digit was lost", prices["digit_lost"])
    if len(read) == len(printed) + 1 and _without_one(read, printed):
        return Misreading("a digit was added", prices["digit_added"])
    return None


def _replaced(read: str, printed: str, known: Confusions) -> Misreading | None:
    price = 0.0
    says: list[str] = []
    for one, other in zip(read, printed, strict=True):
        if one == other:
            continue
        if not (one.isdigit() and other.isdigit()):
            return None
        cost, _ = known.pairs.get(frozenset((one, other)), (known.prices["digit"], ""))
        price += cost + (known.prices["second"] if says else 0.0)
        says.append(f"{other} read as {one}")
    return Misreading(", ".join(says), price)


def _without_one(longer: str, shorter: str) -> bool:
    return any(longer[:i] + longer[i + 1 :] == shorter for i, c in enumerate(longer) if c.isdigit())


def _plain(text: str) -> str:
    return re.sub(r"[^\d.\-]", "", text.replace("，", ",").replace("．", "."))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text).lstrip("0")
