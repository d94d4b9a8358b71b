"""Born-digital PDFs whose text layer lies, made for real: by other character maps, hidden and covered text.

    sheets --LIES[kind]--> Lying(content, printed)      printed: what each page shows

Each kind is one that public files show: fonts without a map or with one into private use, maps shifted into printable
ASCII or into other Chinese, bold made by printing twice, text nobody can see, layers under a scan, patched figures.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pymupdf
from PIL import Image, ImageDraw

from samples.digital import BASELINE_EM, PrintedChar, Typing, printed_chars, stretches_of, write_digital
from samples.draw import draw_sheet
from samples.ink import Run, Sheet

Printed = tuple[tuple[PrintedChar, ...], ...]
Meaning = Callable[[str], str]
_LATIN = Typing(figure_font="tiro")
_PLAIN = Typing()


@dataclass(frozen=True, slots=True)
class Lying:
    """A file and what its pages show. trustworthy: whether the visible part of its text layer says the truth."""

    content: bytes
    printed: Printed
    trustworthy: bool


def _printed(sheets: Sequence[Sheet], typing: Typing) -> Printed:
    return tuple(tuple(printed_chars(sheet, typing)) for sheet in sheets)


def honest(sheets: Sequence[Sheet]) -> Lying:
    return Lying(write_digital(sheets, _PLAIN), _printed(sheets, _PLAIN), True)


def honest_two_fonts(sheets: Sequence[Sheet]) -> Lying:
    """Han type and figures in different fonts, as office programs write them."""
    return Lying(write_digital(sheets, _LATIN), _printed(sheets, _LATIN), True)


def doubled(sheets: Sequence[Sheet]) -> Lying:
    """Everything printed twice, a little apart: bold for those who have no bold."""
    return Lying(write_digital(sheets, Typing(double_pt=0.3)), _printed(sheets, _PLAIN), True)


def turned_sideways(sheets: Sequence[Sheet]) -> Lying:
    """Each page turned by /Rotate, its content turned back: as it was, but for a reader that forgets one of the two."""
    document = pymupdf.open(stream=write_digital(sheets, _LATIN))
    for page in document:
        width, height = page.rect.width, page.rect.height
        xref = page.get_contents()[0] if len(page.get_contents()) == 1 else None
        content = page.read_contents()
        page.set_contents(xref or page.get_contents()[0])
        document.update_stream(page.get_contents()[0], b"q 0 1 -1 0 %d 0 cm\n" % round(height) + content + b"\nQ")
        page.set_mediabox(pymupdf.Rect(0, 0, round(height), width))
        page.set_rotation(90)
    return Lying(_saved(document), _printed(sheets, _LATIN), True)


# --- maps that lie -----------------------------------------------------------------------------------------------


def no_map(sheets: Sequence[Sheet]) -> Lying:
    """No ToUnicode: codes are glyph numbers, and nothing says what they mean."""
    document = pymupdf.open(stream=write_digital(sheets, _PLAIN))
    for xref in _font_xrefs(document):
        document.xref_set_key(xref, "ToUnicode", "null")
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def private_use(sheets: Sequence[Sheet]) -> Lying:
    return _remapped(sheets, lambda char: chr(0xE000 + ord(char) % 0x1800))


def replacement_characters(sheets: Sequence[Sheet]) -> Lying:
    return _remapped(sheets, lambda char: "\ufffd")


def shifted_ascii(sheets: Sequence[Sheet]) -> Lying:
    """Every character maps to some printable ASCII character; the digits are shifted by 3."""
    return _remapped(sheets, lambda c: str((int(c) + 3) % 10) if c in "0123456789" else chr(33 + ord(c) % 94))


def other_chinese(sheets: Sequence[Sheet]) -> Lying:
    """Valid Chinese, and the wrong one; figures are right."""
    return _remapped(sheets, lambda c: chr(0x4E00 + (ord(c) * 7 + 91) % 0x4000) if ord(c) > 0x2E80 else c)


def other_digits(sheets: Sequence[Sheet]) -> Lying:
    """Two digits changed places, all else is right."""
    return _remapped(sheets, lambda c: {"3": "8", "8": "3"}.get(c, c))


def lying_figure_font(sheets: Sequence[Sheet]) -> Lying:
    """Han type is honest; the figures' own font says other figures."""
    swapped = dict(zip("0123456789", "1234567890", strict=True))
    return _remapped(sheets, lambda c: swapped.get(c, c), _LATIN)


def _remapped(sheets: Sequence[Sheet], meaning: Meaning, typing: Typing = _PLAIN) -> Lying:
    document = pymupdf.open(stream=write_digital(sheets, typing))
    used = {char for sheet in sheets for run in sheet.inks if isinstance(run, Run) for char in run.text}
    for xref in _font_xrefs(document):
        kind, value = document.xref_get_key(xref, "ToUnicode")
        if kind == "xref":
            stream = int(value.split()[0])
            document.update_stream(stream, _lying_map(document.xref_stream(stream), meaning, used))
    return Lying(_saved(document), _printed(sheets, typing), False)


_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4})>")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4})>")


def _lying_map(cmap: bytes, meaning: Meaning, used: set[str]) -> bytes:
    """The codes of the characters in use, with other meanings."""
    pairs: dict[str, str] = {}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, first in _RANGE.findall(block):
            for i in range(int(high, 16) - int(low, 16) + 1):
                pairs[f"{int(low, 16) + i:0{len(low)}X}"] = chr(int(first, 16) + i)
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, char in _PAIR.findall(block):
            pairs[code.decode().upper()] = chr(int(char, 16))
    items = [
        f"<{code}><{meaning(char).encode('utf-16-be').hex()}>" for code, char in sorted(pairs.items()) if char in used
    ]
    blocks = "".join(
        f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n"
        for part in (items[i : i + 100] for i in range(0, len(items), 100))
    )
    head, tail = re.split(rb"\d+\s+beginbf(?:range|char).*endbf(?:range|char)\s*", cmap, maxsplit=1, flags=re.DOTALL)
    return head + blocks.encode() + tail


def _font_xrefs(document: pymupdf.Document) -> list[int]:
    return sorted({font[0] for page in document for font in page.get_fonts()})


# --- text that is not what one sees ------------------------------------------------------------------------------


def outlines(sheets: Sequence[Sheet]) -> Lying:
    """Type as outlines, and no text at all."""
    return Lying(_saved(_outlined(sheets)), _printed(sheets, _PLAIN), False)


def hidden_behind_outlines(sheets: Sequence[Sheet]) -> Lying:
    """Type as outlines, and an invisible text (render mode 3) that says other figures."""
    return _over_outlines(sheets, render_mode=3, color=(0, 0, 0))


def white_on_white(sheets: Sequence[Sheet]) -> Lying:
    """Type as outlines, and text in white, a line lower, that says other figures."""
    return _over_outlines(sheets, render_mode=0, color=(1, 1, 1), drop=0.0)


def _over_outlines(
    sheets: Sequence[Sheet], render_mode: int, color: tuple[float, float, float], drop: float = 0.0
) -> Lying:
    document = _outlined(sheets)
    for page, sheet in zip(document, sheets, strict=True):
        writer = pymupdf.TextWriter(page.rect)
        for run in (ink for ink in sheet.inks if isinstance(ink, Run)):
            _append(writer, run, _other_figures(run.text), drop)
        writer.write_text(page, color=color, render_mode=render_mode, overlay=render_mode == 3)
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def clipped_away(sheets: Sequence[Sheet]) -> Lying:
    """An honest page, and more text that is clipped away."""
    return _with_unseen(sheets, b"0 0 1 1 re W n")


def hidden_beside(sheets: Sequence[Sheet]) -> Lying:
    """An honest page, and more text in render mode 3 beside each line."""
    return _with_unseen(sheets, b"3 Tr")


def _with_unseen(sheets: Sequence[Sheet], operator: bytes) -> Lying:
    document = pymupdf.open(stream=write_digital(sheets, _PLAIN))
    for page, sheet in zip(document, sheets, strict=True):
        lines = [b"q " + operator]
        page.insert_font(fontname="helv")
        for run in [ink for ink in sheet.inks if isinstance(ink, Run)][::2]:
            x, y = run.x + 3.0, sheet.height - run.y - BASELINE_EM * run.size
            lines.append(b"BT /helv %.1f Tf %.2f %.2f Td (98,765.43) Tj ET" % (run.size, x, y))
        _append_content(document, page, b"\n".join([*lines, b"Q"]))
    return Lying(_saved(document), _printed(sheets, _PLAIN), True)


def under_a_scan(sheets: Sequence[Sheet]) -> Lying:
    """An old bad OCR layer: invisible text with other figures, and the scan that it was read from."""
    return _on_a_scan(sheets, render_mode=3)


def _on_a_scan(
    sheets: Sequence[Sheet], *, render_mode: int = 0, color: tuple[float, float, float] = (0, 0, 0)
) -> Lying:
    document = pymupdf.open()
    for sheet in sheets:
        page = document.new_page(width=sheet.width, height=sheet.height)
        page.insert_image(page.rect, stream=_picture(sheet))
        writer = pymupdf.TextWriter(page.rect)
        for run in (ink for ink in sheet.inks if isinstance(ink, Run)):
            _append(writer, run, _other_figures(run.text), 0.0)
        writer.write_text(page, render_mode=render_mode, color=color)
    document.subset_fonts()
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def on_a_backdrop(sheets: Sequence[Sheet]) -> Lying:
    """An honest page printed on a picture that covers it: tinted paper with a frame, a band and a faint emblem."""
    document = pymupdf.open(stream=write_digital(sheets, _PLAIN))
    for page, sheet in zip(document, sheets, strict=True):
        page.insert_image(page.rect, stream=_png(_backdrop(sheet)), overlay=False)
    return Lying(_saved(document), _printed(sheets, _PLAIN), True)


def over_a_scan(sheets: Sequence[Sheet]) -> Lying:
    """Other figures set visibly on a scan in a pale grey, where the scan shows the true ones."""
    return _on_a_scan(sheets, color=(0.6, 0.6, 0.6))


def stamped_scan(sheets: Sequence[Sheet]) -> Lying:
    """A scan whose only text is a number of the archive at its foot, on blank paper."""
    document = pymupdf.open()
    for number, sheet in enumerate(sheets):
        page = document.new_page(width=sheet.width, height=sheet.height)
        page.insert_image(page.rect, stream=_picture(sheet))
        page.insert_text((20.0, sheet.height - 8.0), f"ARCHIVE 0072-{number:04d}", fontsize=7)
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def _backdrop(sheet: Sheet) -> Image.Image:
    """100 dpi: paper that darkens downwards, a frame, a band across the top, an emblem in the middle."""
    width, height = round(sheet.width / 0.72), round(sheet.height / 0.72)
    paper = np.linspace(252.0, 232.0, height)[:, None] * np.ones((1, width))
    rgb = np.stack([paper, paper - 4.0, paper - 14.0], axis=-1).astype(np.uint8)
    picture = Image.fromarray(rgb)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, width - 13, height - 13), outline=(150, 60, 50), width=3)
    pen.rectangle((16, 16, width - 17, 30), fill=(176, 40, 36))
    across, radius = (width // 2, height // 2), min(width, height) // 4
    for shrink in (0, 12, 40):
        box = (*(c - radius + shrink for c in across), *(c + radius - shrink for c in across))
        pen.ellipse(box, outline=(238, 226, 214), width=8)
    return picture


def under_pictures(sheets: Sequence[Sheet]) -> Lying:
    """Text with other figures, and pictures of the true page laid over it in two pieces, its margins left free."""
    document = pymupdf.open(stream=write_digital([_with_other_figures(s) for s in sheets], _PLAIN))
    for page, sheet in zip(document, sheets, strict=True):
        image = Image.open(io.BytesIO(_picture(sheet)))
        for top, bottom in ((0.05, 0.5), (0.5, 0.95)):
            box = pymupdf.Rect(0.04 * sheet.width, top * sheet.height, 0.96 * sheet.width, bottom * sheet.height)
            part = image.crop(tuple(round(v * image.width / sheet.width) for v in box))
            page.insert_image(box, stream=_png(part), keep_proportion=False)
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def patched(sheets: Sequence[Sheet]) -> Lying:
    """An honest page but for some figures, painted over and printed anew as outlines: the layer keeps the old ones."""
    document = pymupdf.open(stream=write_digital([_with_other_figures(s, every=6) for s in sheets], _PLAIN))
    fresh = _outlined([_only_changed(s, every=6) for s in sheets])
    for number, page in enumerate(document):
        for run in _changed_runs(sheets[number], every=6):
            width = sum(font.text_length(text, run.size) for _, text, font in stretches_of(run, _PLAIN))
            box = (run.x - 0.5, run.y - 0.45 * run.size, run.x + width + 0.5, run.y + 0.5 * run.size)
            page.draw_rect(box, color=None, fill=(1, 1, 1))
        page.show_pdf_page(page.rect, fresh, number)
    return Lying(_saved(document), _printed(sheets, _PLAIN), False)


def _outlined(sheets: Sequence[Sheet]) -> pymupdf.Document:
    """The sheets with type as outlines."""
    source = pymupdf.open(stream=write_digital(sheets, _PLAIN))
    result = pymupdf.open()
    for page in source:
        drawing = pymupdf.open(stream=page.get_svg_image(text_as_path=True).encode(), filetype="svg")
        result.insert_pdf(pymupdf.open(stream=drawing.convert_to_pdf()))
    return result


def _append(writer: pymupdf.TextWriter, run: Run, text: str, drop: float) -> None:
    other = Run(run.x, run.y + drop * run.size, text, run.face, run.size, run.grey)
    for x, part, font in stretches_of(other, _PLAIN):
        writer.append((x, other.y + BASELINE_EM * run.size), part, font=font, fontsize=run.size)


def _other_figures(text: str) -> str:
    return "".join(str((int(c) + 1) % 10) if c in "0123456789" else c for c in text)


def _changed_runs(sheet: Sheet, every: int) -> list[Run]:
    runs = [ink for ink in sheet.inks if isinstance(ink, Run) and any(c in "0123456789" for c in ink.text)]
    return runs[every // 2 :: every]


def _with_other_figures(sheet: Sheet, every: int = 1) -> Sheet:
    changed = set(map(id, _changed_runs(sheet, every)))
    inks = tuple(
        Run(i.x, i.y, _other_figures(i.text), i.face, i.size, i.grey) if isinstance(i, Run) and id(i) in changed else i
        for i in sheet.inks
    )
    return Sheet(sheet.width, sheet.height, inks, sheet.texts)


def _only_changed(sheet: Sheet, every: int) -> Sheet:
    return Sheet(sheet.width, sheet.height, tuple(_changed_runs(sheet, every)))


def _picture(sheet: Sheet) -> bytes:
    return _png(Image.fromarray(draw_sheet(sheet, 200)))


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _append_content(document: pymupdf.Document, page: pymupdf.Page, content: bytes) -> None:
    page.wrap_contents()
    xref = page.get_contents()[-1]
    document.update_stream(xref, document.xref_stream(xref) + b"\n" + content)


def _saved(document: pymupdf.Document) -> bytes:
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


LIES: dict[str, Callable[[Sequence[Sheet]], Lying]] = {
    "honest": honest,
    "honest, two fonts": honest_two_fonts,
    "honest, turned by /Rotate": turned_sideways,
    "doubled characters": doubled,
    "honest, on a backdrop": on_a_backdrop,
    "more text, invisible": hidden_beside,
    "more text, clipped away": clipped_away,
    "no ToUnicode": no_map,
    "private use": private_use,
    "U+FFFD": replacement_characters,
    "shifted ASCII": shifted_ascii,
    "other Chinese": other_chinese,
    "two digits swapped": other_digits,
    "figures' font lies": lying_figure_font,
    "outlines, no text": outlines,
    "outlines, invisible text": hidden_behind_outlines,
    "outlines, white text below": white_on_white,
    "old layer under a scan": under_a_scan,
    "text over a scan": over_a_scan,
    "scan with a stamped number": stamped_scan,
    "text under pictures": under_pictures,
    "patched figures": patched,
}
