"""All layouts, with the kinds of their tables in order and the size of their amounts in last places."""

from __future__ import annotations

from collections.abc import Callable

from expectations.values import DocumentTables
from ocr.values import TextSource
from tests.expectations.books import make_books
from tests.expectations.provinces.accounts import accounts
from tests.expectations.provinces.accounts_2016 import accounts_2016
from tests.expectations.provinces.beijing import beijing
from tests.expectations.provinces.guangdong import guangdong
from tests.expectations.provinces.henan import henan
from tests.expectations.provinces.hubei import hubei
from tests.expectations.provinces.hunan import hunan
from tests.expectations.provinces.jiangsu import jiangsu
from tests.expectations.provinces.old import old
from tests.expectations.provinces.shanghai import shanghai
from tests.expectations.provinces.sichuan import sichuan
from tests.expectations.provinces.zhejiang import zhejiang

PLACES: dict[str, Callable[..., DocumentTables]] = {
    "shanghai": shanghai, "guangdong": guangdong, "beijing": beijing, "jiangsu": jiangsu, "hunan": hunan, "sichuan": sichuan,
    "old": old, "accounts": accounts, "zhejiang": zhejiang, "hubei": hubei, "henan": henan, "accounts_2016": accounts_2016,
}  # fmt: skip
KINDS = {
    "shanghai": ("B1", "B2", "B3", "B4", "B5", "B8", "B6", "B7"),
    "guangdong": ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"),
    "beijing": ("B1", "B2", "B3", "B5", "B6", "B10"),
    "jiangsu": ("B2", "B3", "R6", "B5", "B6", "B7"),
    "hunan": ("B3", "R5", "B5", "B7"),
    "sichuan": ("B1", "B3", "B5", "B6", "B7"),
    "old": ("B1", "B5", "B6", "B7"),
    "accounts": ("J1", "J3", "J5", "JR3"),
    "zhejiang": ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9"),
    "hubei": ("B1", "B5", "B6", "B6", "B7", "B10"),
    "henan": ("B1", "B2", "B3", "B5"),
    "accounts_2016": ("J1", "J2", "J3", "J5", "J7", "J8"),
}
MAGNITUDE = {"accounts": 9_000_000, "shanghai": 9_000_000, "beijing": 900_000_000}


def as_printed_in(place: str, seed: int = 1, source: TextSource = TextSource.OCR) -> DocumentTables:
    return PLACES[place](make_books(seed, MAGNITUDE.get(place, 90_000)), source)
