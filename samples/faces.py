"""Typefaces of Debian's font packages, with the characters each one lacks drawn by another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path("/usr/share/fonts")
_NOTO_SC = 2  # place of the Simplified Chinese face in the Noto collections

_FILES: dict[tuple[str, bool], tuple[str, int]] = {
    ("song", False): ("opentype/noto/NotoSerifCJK-Regular.ttc", _NOTO_SC),
    ("song", True): ("opentype/noto/NotoSerifCJK-Bold.ttc", _NOTO_SC),
    ("hei", False): ("opentype/noto/NotoSansCJK-Regular.ttc", _NOTO_SC),
    ("hei", True): ("opentype/noto/NotoSansCJK-Bold.ttc", _NOTO_SC),
    ("ming", False): ("truetype/arphic/uming.ttc", 0),
    ("kai", False): ("truetype/arphic/ukai.ttc", 0),
    ("zenhei", False): ("truetype/wqy/wqy-zenhei.ttc", 0),
    ("microhei", False): ("truetype/wqy/wqy-microhei.ttc", 0),
}
FACES = tuple(sorted({name for name, _ in _FILES}))
_FALLBACK = "hei"
_MAINLAND_MARKS = "，。、；：！？"  # ukai centres them, as Taiwan prints them
_UNITS = 1000


@dataclass(frozen=True, slots=True)
class Face:
    """One typeface; a bold that no file provides is drawn by thickening the regular one."""

    name: str
    bold: bool = False

    @property
    def is_synthetic_bold(self) -> bool:
        return self.bold and (self.name, True) not in _FILES

    def width(self, text: str, size: float) -> float:
        """Width of one line in the unit of ``size``."""
        return sum(_advance(self, char) for char in text) * size


def missing_packages() -> tuple[str, ...]:
    """Font files this machine lacks; empty when samples can be made."""
    return tuple(sorted({file for file, _ in _FILES.values() if not (FONTS / file).exists()}))


def face_for(face: Face, char: str) -> Face:
    """``face`` itself, or the one that stands in where it has no glyph for ``char`` or one of another region."""
    if face.name == "kai" and char in _MAINLAND_MARKS:
        return Face("song", face.bold)
    return face if _has_glyph(face, char) else Face(_FALLBACK, face.bold)


@lru_cache(maxsize=256)
def font(face: Face, pixels: float) -> ImageFont.FreeTypeFont:
    file, index = _FILES.get((face.name, face.bold)) or _FILES[(face.name, False)]
    return ImageFont.truetype(str(FONTS / file), pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=20_000)
def _advance(face: Face, char: str) -> float:
    return font(face_for(face, char), _UNITS).getlength(char) / _UNITS


@lru_cache(maxsize=20_000)
def _has_glyph(face: Face, char: str) -> bool:
    if char.isspace() or face.name == _FALLBACK:
        return True
    probe = font(Face(face.name), 40)
    return bytes(probe.getmask(char)) != bytes(probe.getmask("\U0010fffe"))
