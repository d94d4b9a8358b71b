"""Typefaces to train on, and those kept aside to measure on: whatever is installed, and further folders of font files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import ImageFont

Pixels = npt.NDArray[np.uint8]
EM = 48
FONTS = Path("/usr/share/fonts")
FALLBACKS = (FONTS / "opentype/noto/NotoSansCJK-Regular.ttc", FONTS / "truetype/dejavu/DejaVuSans.ttf")
"""They draw what a face lacks."""
HELD_OUT = re.compile(
    r"^(Lato|Carlito|Caladea|gkai00mp|bsmi00lp|DroidSansFallback|C059|sawarabi-mincho|OpenSans|texgyreschola|UnBatang|PTM)",
    re.I,
)
"""Never trained on: humanist and grotesque sans, slab and book serif, Kai and Ming, typewriter."""
_NO_FIGURES = re.compile(
    r"Kouzan|aoyagi|Z003|UnPilgi|UnDinaru|STIX(Integr|NonU|Size|Var)|Symbols|D050000|hline|HanaMinB|Ext-B|Plus-98|_K\.|Hairline|Thin|chorus"
    r"|cmun(v[it]|ui|ci)|opens___|MTLc|Lino|Junicode|dunh|OCRB[EFLSX]|OCRBF|latinmodern-math|DejaVuMath|Cond.*Thin|caps|sousyo|JetBrainsMono-ExtraL",
    re.I,
)


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """ink: 0..255 at EM pixels an em. left, top: where it lies from the pen and the ascender. advance: in the same pixels."""

    ink: Pixels
    left: int
    top: int
    advance: float


def font_files(folders: Sequence[Path], held_out: bool) -> list[Path]:
    """Files with figures, of one of the two sides; one file of each name."""
    suffixes = (".ttf", ".ttc", ".otf")
    found = {p.name: p for folder in folders for p in sorted(folder.rglob("*")) if p.suffix.lower() in suffixes}
    side = (p for name, p in sorted(found.items()) if bool(HELD_OUT.match(name)) == held_out)
    return [p for p in side if not _NO_FIGURES.search(p.name) and _has(p, "0123456789.,%-")]


@lru_cache(maxsize=2000)
def font(path: Path) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), EM, layout_engine=ImageFont.Layout.BASIC)


def _has(path: Path, characters: str) -> bool:
    try:
        return all(glyph(path, c) is not None for c in characters)
    except OSError:
        return False


@lru_cache(maxsize=200_000)
def glyph(path: Path, char: str) -> Glyph | None:
    """None where the face lacks it."""
    face = font(path)
    mask, (left, top) = face.getmask2(char, mode="L")
    width, height = mask.size
    if not width or not height or bytes(mask) == _missing(path):
        return None
    ink = np.frombuffer(bytes(mask), np.uint8).reshape(height, width)
    return Glyph(ink, int(left), int(top), float(face.getlength(char)))


@lru_cache(maxsize=2000)
def _missing(path: Path) -> bytes:
    return bytes(font(path).getmask2("\U0010fffe", mode="L")[0])
