"""Sheets -> a born-digital PDF: type as text, rulings as strokes, nothing aged. Typefaces are embedded as subsets.

The same sheets that are drawn and aged for scans, so one truth serves both. What is printed where is known by
`printed_chars`, for measuring which text of a page may be trusted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pymupdf

from samples.draw import dashes_of
from samples.faces import FONTS, Face
from samples.ink import Fill, RulingInk, Run, Sheet

BASELINE_EM = 0.38  # from the middle of a line of Han type down to its baseline, as samples.draw has it

#: MuPDF makes subsets of TrueType faces only, so the Noto ones have stand-ins.
_FILES = {
    "ming": "truetype/arphic/uming.ttc",
    "kai": "truetype/arphic/ukai.ttc",
    "zenhei": "truetype/wqy/wqy-zenhei.ttc",
    "microhei": "truetype/wqy/wqy-microhei.ttc",
}
_STAND_INS = {"song": "ming", "hei": "microhei"}
_FIGURES = frozenset("0123456789.,-%()")


@dataclass(frozen=True, slots=True)
class PrintedChar:
    """One character as printed: its left end and the middle of its line, in points, and its size."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Typing:
    """How a program writes type into a file. figure_font: MuPDF's name of a face for figures, as 'tiro'; '' for none.

    double_pt: everything is written twice, so far apart, as cheap bold is made.
    """

    figure_font: str = ""
    double_pt: float = 0.0


def write_digital(sheets: Sequence[Sheet], typing: Typing) -> bytes:
    """The PDF; equal sheets give equal bytes."""
    document = pymupdf.open()
    for sheet in sheets:
        _write_sheet(document, sheet, typing)
    document.subset_fonts()
    _name_subsets(document)
    document.set_metadata({})
    return bytes(document.tobytes(garbage=4, deflate=True, no_new_id=True))


def _write_sheet(document: pymupdf.Document, sheet: Sheet, typing: Typing) -> None:
    page = document.new_page(width=sheet.width, height=sheet.height)
    shape = page.new_shape()
    for ink in sheet.inks:
        if isinstance(ink, Fill):
            shape.draw_rect((ink.x0, ink.y0, ink.x1, ink.y1))
            shape.finish(color=None, fill=(ink.grey / 255,) * 3)
        elif isinstance(ink, RulingInk):
            for x0, y0, x1, y1 in dashes_of(ink):
                shape.draw_line((x0, y0), (x1, y1))
            shape.finish(width=ink.thickness, color=(ink.grey / 255,) * 3)
    shape.commit()
    runs = [ink for ink in sheet.inks if isinstance(ink, Run)]
    for grey in sorted({run.grey for run in runs}):
        writer = pymupdf.TextWriter(page.rect)
        for run in (r for r in runs if r.grey == grey):
            _write_run(writer, run, typing)
        writer.write_text(page, color=(grey / 255,) * 3)


def _write_run(writer: pymupdf.TextWriter, run: Run, typing: Typing) -> None:
    if run.turn:
        raise ValueError("turned type is only drawn, never written")
    for x, text, font in stretches_of(run, typing):
        for shift in (0.0, typing.double_pt) if typing.double_pt else (0.0,):
            writer.append((x + shift, run.y + BASELINE_EM * run.size), text, font=font, fontsize=run.size)


def stretches_of(run: Run, typing: Typing) -> Iterator[tuple[float, str, pymupdf.Font]]:
    """The run cut where the font changes, each part with its left end."""
    x = run.x
    parts: list[tuple[str, pymupdf.Font]] = []
    for char in run.text:
        font = _font_for(run.face, char, typing)
        if parts and parts[-1][1] is font:
            parts[-1] = (parts[-1][0] + char, font)
        else:
            parts.append((char, font))
    for text, font in parts:
        yield x, text, font
        x += font.text_length(text, run.size)


def printed_chars(sheet: Sheet, typing: Typing) -> Iterator[PrintedChar]:
    """Every character that the sheet shows, white space left out."""
    for run in (ink for ink in sheet.inks if isinstance(ink, Run)):
        for start, text, font in stretches_of(run, typing):
            x = start
            for char in text:
                if char.strip():
                    yield PrintedChar(char, x, run.y, run.size)
                x += font.text_length(char, run.size)


def _font_for(face: Face, char: str, typing: Typing) -> pymupdf.Font:
    if typing.figure_font and char in _FIGURES:
        return _base_font(typing.figure_font)
    font = _font(_STAND_INS.get(face.name, face.name))
    return font if font.has_glyph(ord(char)) else _font("zenhei")


@lru_cache
def _font(name: str) -> pymupdf.Font:
    return pymupdf.Font(fontfile=str(FONTS / _FILES[name]))


@lru_cache
def _base_font(name: str) -> pymupdf.Font:
    return pymupdf.Font(name)


def _name_subsets(document: pymupdf.Document) -> None:
    """MuPDF draws six letters at random for each subset: letters that follow from the font's number instead."""
    for xref in range(1, document.xref_length()):
        for key in ("BaseFont", "FontName"):
            kind, value = document.xref_get_key(xref, key)
            if kind == "name" and value[7:8] == "+":
                number = zlib.crc32(value[8:].encode())
                letters = "".join(chr(65 + number // 26**i % 26) for i in range(6))
                document.xref_set_key(xref, key, f"/{letters}+{value[8:]}".replace(" ", "#20"))
