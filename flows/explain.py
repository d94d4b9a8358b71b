"""`scanledger explain DOCUMENT TABLE ROW COL`: the original's picture of a cell, with what expectations.explain says."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from expectations.explain import Explanation, Place
from flows.sources import InputError, printable
from flows.store import OutputFolder, storage_errors
from ocr.geometry import BBox
from ocr.values import PageImage, Pixels

if TYPE_CHECKING:
    from collections.abc import Callable

    Rasterise = Callable[[Path, int], PageImage]

_RED, _BLUE = (220, 30, 30), (30, 70, 230)
_MARGIN = 0.6  # of the cell's height


def find_original(document: Path, sha256: str, given: Path | None) -> Path | None:
    """The original file: the one given, else one kept in quarantine beside documents/; None when there is none.

    Raises InputError when the file given is another one than the document was made from.
    """
    if given is not None:
        if not given.is_file():
            raise InputError("there is no such file", where=printable(given), remedy="Check the path of --source.")
        if _digest(given) != sha256:
            remedy = "Give the file that the document was made from."
            raise InputError("this is not the file that was read", where=printable(given), remedy=remedy)
        return given
    kept = OutputFolder(document.parent.parent.parent).quarantined(document.parent.name)
    found = (p for p in sorted(kept.glob("*")) if p.is_file() and _digest(p) == sha256)
    return next(found, None)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pictures(explanation: Explanation, image: PageImage) -> tuple[Pixels, Pixels]:
    """(the rows around the cell, with the cell outlined in red and the other terms of its sums in blue; the cell alone).

    Both (H, W, 3) RGB uint8, cut from the page as it is in the original.
    """
    cell = _in_pixels(explanation.place, image)
    around = cell
    for place in explanation.neighbours:
        around = around.union(_in_pixels(place, image))
    terms = {t.place for c in explanation.checks for t in c.terms if t.place and not t.is_this}
    others = [_in_pixels(p, image) for p in terms if p.page_number == explanation.place.page_number]
    plain = image.pixels if image.pixels.ndim == 3 else np.repeat(image.pixels[..., None], 3, axis=2)
    marked = plain.copy()
    for box in others:
        _outline(marked, box, _BLUE)
    _outline(marked, cell, _RED)
    margin = cell.height * _MARGIN
    return _crop(marked, around.grown(margin)), _crop(plain, cell.grown(margin / 2))


def _in_pixels(place: Place, image: PageImage) -> BBox:
    box = BBox(*place.bbox_pt) if place.bbox_pt else BBox(0, 0, 0, 0)
    return image.to_pdf.inverse().apply_bbox(box)


def _outline(canvas: Pixels, box: BBox, colour: tuple[int, int, int]) -> None:
    """A frame around a box, a twelfth of its height thick, in place."""
    thick = max(2, round(box.height / 12))
    height, width = canvas.shape[:2]
    x0, x1 = (min(max(round(x), 0), width) for x in (box.x0, box.x1))
    y0, y1 = (min(max(round(y), 0), height) for y in (box.y0, box.y1))
    for rows, cols in (
        ((y0, y0 + thick), (x0, x1)), ((y1 - thick, y1), (x0, x1)),
        ((y0, y1), (x0, x0 + thick)), ((y0, y1), (x1 - thick, x1)),
    ):  # fmt: skip
        canvas[max(rows[0], 0) : rows[1], max(cols[0], 0) : cols[1]] = colour


def _crop(pixels: Pixels, box: BBox) -> Pixels:
    height, width = pixels.shape[:2]
    x0, y0 = max(0, int(box.x0)), max(0, int(box.y0))
    x1, y1 = min(width, max(int(box.x1), x0 + 1)), min(height, max(int(box.y1), y0 + 1))
    return pixels[y0:y1, x0:x1]


def write_page(explanation: Explanation, original: Path | None, target: Path, rasterise: Rasterise) -> None:
    """The HTML page. Raises StorageError, and SourceError for an original that cannot be opened."""
    from expectations.explain_page import explanation_page
    from flows.debugging import png_bytes

    if original is None:
        why = "The original is not at hand: give it with --source. / 未找到原件，请用 --source 指定。"
        html = explanation_page(explanation, why_not=why)
    else:
        image = rasterise(original, explanation.place.page_number)
        context, cell = (png_bytes(picture) for picture in pictures(explanation, image))
        html = explanation_page(explanation, context, cell)
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(html.encode("utf-8", "backslashreplace"))


def explanation_target(document: Path, table: int, row: int, col: int, given: Path | None) -> Path:
    """Where the page goes: as asked, else beside document.json; numbers count from 1."""
    return given or document.parent / "explain" / f"table{table:02d}-row{row}-col{col}.html"
