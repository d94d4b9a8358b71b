"""Whether the picture of a page is whole: MuPDF shows what it could decode and goes on.

    messages of MuPDF --part_missing--> what is missing, or ''
    images of a page --torn_image--> what is missing, or ''

Most damage is said in a message beside the finished page. Two kinds need a look at the images: one whose rows end early
is padded, which is nothing for the last rows of a fax, and everything for half a scan; and a JBIG2 image whose last part
is cut short is shown blank without a word.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable
from typing import Any

_MISSING = (
    "read error",
    "ignoring rest of page",
    "non-page object in page tree",
    "object is not a stream",
    "cannot load content stream",
    "premature end of",
    "jbig2dec error",
    "error during interpretation",
    "cannot find XObject",
    "no XObject subtype",
)
_PADDED = "padding truncated image"
_LEAST_PT = 4.0
"""The height of the smallest print, in points: an image may lack less than that at its end."""


def part_missing(messages: Iterable[str]) -> str:
    """The first message that says that a part of the page is missing from the picture."""
    return next((message for message in messages if any(sign in message for sign in _MISSING)), "")


def torn_image(document: Any, page: Any, messages: Iterable[str], damage: tuple[type[Exception], ...]) -> str:
    """Which image of a PDF's page lacks a part. damage: what PyMuPDF raises for a broken object."""
    try:
        if any(_PADDED in message for message in messages) and _is_short(document, page):
            return "an image of the page ends early"
        if _has_cut_jbig2(document, page):
            return "a JBIG2 image of the page is cut short"
    except damage as error:
        return f"an image of the page cannot be examined: {error}"
    return ""


def _is_short(document: Any, page: Any) -> bool:
    """Whether a drawn image lacks more of its height than `_LEAST_PT`; images within the page's content count as such."""
    masks = {image[0]: image[1] for image in page.get_images(full=True)}
    for image in page.get_image_info(xrefs=True):
        height_pt = math.hypot(*image["transform"][2:4])
        parts = [(image["xref"], max(1, image["colorspace"])), (masks.get(image["xref"], 0), 1)]
        if not image["xref"] or any(_missing(document, *part) * height_pt > _LEAST_PT for part in parts if part[0]):
            return True
    return False


def _missing(document: Any, xref: int, n_components: int) -> float:
    """The share of an image's rows that its data do not reach."""
    width, height, bits = (_number(document, xref, key) for key in ("Width", "Height", "BitsPerComponent"))
    expected = (width * n_components * (bits or 1) + 7) // 8 * height
    return 1.0 - len(document.xref_stream(xref) or b"") / expected if expected else 0.0


def _number(document: Any, xref: int, key: str) -> int:
    kind, text = document.xref_get_key(xref, key)
    return int(text) if kind == "int" else 0


# --- JBIG2 -------------------------------------------------------------------------------------------------------


def _has_cut_jbig2(document: Any, page: Any) -> bool:
    cut = {
        image[0]
        for image in page.get_images(full=True)
        for xref in image[:2]
        if xref and _is_jbig2(document, xref) and is_cut_jbig2(document.xref_stream_raw(xref))
    }
    return bool(cut) and any(image["xref"] in cut for image in page.get_image_info(xrefs=True))


def _is_jbig2(document: Any, xref: int) -> bool:
    return re.sub(r"[\[\] ]", "", document.xref_get_key(xref, "Filter")[1]) == "/JBIG2Decode"


_SHORTEST = 11  # bytes of a header
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})
_PAGE = 48
_KINDS = frozenset({*_REGIONS, 0, 16, _PAGE, 49, 50, 51, 52, 53, 62})
_ENDS = frozenset({49, 51})  # of the page, of the file
_UNKNOWN_LENGTH = 0xFFFFFFFF


def is_cut_jbig2(data: bytes) -> bool:
    """Whether an embedded JBIG2 stream ends within a segment, or before the first region. ITU-T T.88, section 7.2.

    What is no segment, and one that does not say its length, is left to the decoder.
    """
    at, is_blank = 0, False
    while len(data) - at >= _SHORTEST:
        try:
            kind, start, length = _segment(data, at)
        except struct.error:
            return True
        if kind not in _KINDS or length == _UNKNOWN_LENGTH:
            return False
        at = start + length
        if at > len(data):
            return True
        if kind in _ENDS:
            return False
        is_blank = kind == _PAGE or (is_blank and kind not in _REGIONS)
    return is_blank or bool(data[at:].strip(b"\0\t\n\r "))


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Kind, start and length of the data of the segment whose header stands here. struct.error for half a header."""
    number, flags, referred = struct.unpack_from(">IBB", data, at)
    at += 6
    n_referred = referred >> 5
    if n_referred == 7:
        n_referred = struct.unpack_from(">I", data, at - 1)[0] & 0x1FFFFFFF
        at += 3 + (n_referred + 8) // 8
    at += n_referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    at += 4 if flags & 0x40 else 1
    (length,) = struct.unpack_from(">I", data, at)
    return flags & 0x3F, at + 4, length
