"""Source file -> PageImage, one page in memory at a time. The only importer of pymupdf.

    path --inspect_source--> SourceFacts          is it a document at all, and how many pages has it?
    path --rasterise_page--> PageImage            one page by its number
    path --rasterise--> Iterator[PageImage]       all pages, the file opened once

PDF, TIFF, PNG and JPEG go the same way: MuPDF shows each of them as pages. It reports damage only as messages beside
a page that looks finished, so its messages are read after each page.
"""

from __future__ import annotations

import functools
import hashlib

import ocr.pymupdf_environment  # noqa: F401 - before pymupdf, which looks once

# isort: split
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf

from ocr.active_content import look_through
from ocr.backdrops import find_backdrops, list_pictures
from ocr.damage import part_missing, torn_image
from ocr.errors import (
    EmptySource,
    EncryptedSource,
    InaccessibleSource,
    NoPages,
    PageLimitExceeded,
    SourceError,
    TruncatedSource,
    UnreadablePage,
)
from ocr.geometry import Affine, BBox
from ocr.lone_pictures import lone_picture
from ocr.resolution import PageContent, Placement, Raster, RasteriseOptions, choose_raster, image_dpi, is_scan
from ocr.source import SourceFacts, SourceKind, SourceLimits, read_source, require_whole, sniff_kind, source_name
from ocr.text_layer import EMPTY_LAYER, TextLayer, trace_layer
from ocr.values import PageImage, Pixels

pymupdf.no_recommend_layout()
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)
pymupdf.TOOLS.set_subset_fontnames(True)  # two subsets of one face may lie differently

_GREY = ("DeviceGray", "ICCBased(Gray")
"""How names of colour spaces without colour begin."""
_TO_READ = SourceLimits(follow_links=True)
"""For a file that was inspected before: its limits are not asked again."""

ERRORS: dict[type[Exception], type[SourceError]] = {
    pymupdf.EmptyFileError: EmptySource,
    pymupdf.FileNotFoundError: InaccessibleSource,
    pymupdf.FileDataError: TruncatedSource,
    pymupdf.mupdf.FzErrorNone: TruncatedSource,
    pymupdf.mupdf.FzErrorGeneric: TruncatedSource,
    pymupdf.mupdf.FzErrorSystem: TruncatedSource,
    pymupdf.mupdf.FzErrorLibrary: TruncatedSource,
    pymupdf.mupdf.FzErrorArgument: TruncatedSource,
    pymupdf.mupdf.FzErrorLimit: TruncatedSource,
    pymupdf.mupdf.FzErrorUnsupported: TruncatedSource,
    pymupdf.mupdf.FzErrorFormat: TruncatedSource,
    pymupdf.mupdf.FzErrorSyntax: TruncatedSource,
    pymupdf.mupdf.FzErrorTrylater: TruncatedSource,
    pymupdf.mupdf.FzErrorAbort: TruncatedSource,
    pymupdf.mupdf.FzErrorRepaired: TruncatedSource,
    pymupdf.mupdf.FzErrorBase: TruncatedSource,
    RuntimeError: TruncatedSource,
    ValueError: TruncatedSource,
    TypeError: TruncatedSource,
    IndexError: TruncatedSource,
    AttributeError: TruncatedSource,
}
"""What opening a file may raise -> what it means. On a page each of them means UnreadablePage."""

_ON_A_PAGE: tuple[type[Exception], ...] = (*ERRORS, MemoryError)


def inspect_source(path: Path, limits: SourceLimits) -> SourceFacts:
    """What the file is.

    Raises InaccessibleSource, EmptySource, UnsupportedSource, EncryptedSource, TruncatedSource, NoPages,
    PageLimitExceeded; each names the file.
    """
    where = source_name(path)
    data = read_source(path, limits)
    kind = sniff_kind(data, where)
    notes = require_whole(data, kind, where)
    with _opened(data, kind, where) as document:
        notes += _require_whole_document(document, notes, where)
        n_pages = _count_pages(document, limits, where)
        active, embedded_files = look_through(document, _ON_A_PAGE) if document.is_pdf else ((), ())
    notes += active
    if path.suffix.lower() == ".pdf" and kind is not SourceKind.PDF:
        notes += ("misnamed",)
    return SourceFacts(hashlib.sha256(data).hexdigest(), where, kind, n_pages, notes, embedded_files)


def rasterise(path: Path, options: RasteriseOptions) -> Iterator[PageImage]:
    """Each page in order. Raises SourceError for the file, and UnreadablePage at the page it cannot render.

    After UnreadablePage the iterator is at its end: go on with rasterise_page and the next number.
    """
    with _document(path) as (document, digest):
        for number in range(1, document.page_count + 1):
            yield _page_image(document, number, digest, source_name(path), options)


def rasterise_page(path: Path, page_number: int, options: RasteriseOptions) -> PageImage:
    """The page with this number, from 1. Raises UnreadablePage, naming file and page, and SourceError for the file."""
    with _document(path) as (document, digest):
        return _page_image(document, page_number, digest, source_name(path), options)


@contextmanager
def _document(path: Path) -> Iterator[tuple[Any, str]]:
    where = source_name(path)
    data = read_source(path, _TO_READ)
    facts = path.stat()
    digest = _digest(data, _Identity((facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns), os.fspath(path)))
    with _opened(data, sniff_kind(data, where), where) as document:
        yield document, digest


@dataclass(frozen=True, slots=True)
class _Identity:
    """Equal while the file has not changed: hashing a long file for each of its pages would cost more than the page."""

    facts: tuple[int, ...]
    path: str


def _digest(data: bytes, identity: _Identity) -> str:
    known = _digests()
    if identity not in known:
        known.clear()
        known[identity] = hashlib.sha256(data).hexdigest()
    return known[identity]


@functools.cache
def _digests() -> dict[_Identity, str]:
    """The digest of the file that was read last."""
    return {}


# --- the document ------------------------------------------------------------------------------------------------


@contextmanager
def _opened(data: bytes, kind: SourceKind, where: str) -> Iterator[Any]:
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        document = pymupdf.open(stream=data, filetype=kind.value)
    except tuple(ERRORS) as error:
        meaning = next(ERRORS[base] for base in type(error).__mro__ if base in ERRORS)
        raise meaning(f"the file is damaged and cannot be opened: {error}", where=where) from error
    try:
        if document.needs_pass:
            raise EncryptedSource("the file needs a password", where=where)
        yield document
    finally:
        document.close()
        pymupdf.TOOLS.store_shrink(100)  # decoded pictures: up to 256 MB of documents that are closed


def _require_whole_document(document: Any, notes: tuple[str, ...], where: str) -> tuple[str, ...]:
    """More notes. A file that was repaired and has no end is the front part of one, with blank pages for the rest."""
    if not document.is_pdf:
        return ()
    if document.is_repaired and "no_end_mark" in notes:
        raise TruncatedSource("the end of the file is missing", where=where)
    found = {"repaired": document.is_repaired, "owner_password": (document.metadata or {}).get("encryption")}
    return tuple(note for note, holds in found.items() if holds)


def _count_pages(document: Any, limits: SourceLimits, where: str) -> int:
    try:
        n_pages = int(document.page_count)
    except tuple(ERRORS) as error:
        raise TruncatedSource(f"the pages cannot be counted: {error}", where=where) from error
    if n_pages < 1:
        raise NoPages("the file holds no page", where=where)
    if n_pages > limits.max_pages:
        raise PageLimitExceeded(f"{n_pages} pages, more than the {limits.max_pages} allowed", where=where)
    return n_pages


# --- one page ----------------------------------------------------------------------------------------------------


def _page_image(document: Any, number: int, digest: str, file_name: str, options: RasteriseOptions) -> PageImage:
    where = f"{file_name}, page {number}"
    if not 1 <= number <= document.page_count:
        raise UnreadablePage(f"there is no such page: the file has {document.page_count}", where=where)
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        view = _view(document, document[number - 1], options)
        pixels = _pixels(view)
    except UnreadablePage as error:
        raise UnreadablePage(error.message, where=where) from error
    except _ON_A_PAGE as error:
        raise UnreadablePage(f"the page cannot be rendered: {error}", where=where) from error
    _require_undamaged(document, view.page, where)
    raster, content = view.raster, view.content
    return PageImage(
        document_digest=digest,
        page_number=number,
        dpi=raster.dpi,
        digest=pixels_digest(pixels),
        to_pdf=_to_points(raster),
        pixels=pixels,
        width_pt=content.width_pt,
        height_pt=content.height_pt,
        layer=view.layer,
        is_scan=is_scan(content),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """A page, what stands on it, and how it is to be rendered. unit_x, unit_y: points per unit of MuPDF; is_grey: whether
    it is known to have no colour before it is rendered; picture: the object of the one that it is, pixel by pixel."""

    page: Any
    content: PageContent
    raster: Raster
    unit_x: float
    unit_y: float
    layer: TextLayer
    is_grey: bool
    picture: int | None


def _view(document: Any, page: Any, options: RasteriseOptions) -> _View:
    images = page.get_image_info()
    if any(i["width"] * i["height"] > options.max_image_pixels for i in images):
        raise UnreadablePage(f"an image of the page has more than {options.max_image_pixels} pixels")
    unit_x, unit_y = (1.0, 1.0) if document.is_pdf else _image_units(images)
    content = PageContent(
        float(page.rect.width) * unit_x,
        float(page.rect.height) * unit_y,
        _placements(images, page.rotation_matrix, unit_x, unit_y),
    )
    layer = trace_layer(page) if document.is_pdf else EMPTY_LAYER
    if layer.covered.any():
        layer, content = _without_backdrops(document, page, layer, content)
    if len(layer) and not is_scan(content):
        content = replace(content, type_pt=_smallest_type(layer))
    raster = choose_raster(content, options)
    is_pictures = bool(images) and _is_pictures(page, len(images))
    is_grey = is_pictures and all(str(image["cs-name"]).startswith(_GREY) for image in images)
    picture = lone_picture(document, page, images, raster) if is_pictures else None
    return _View(page, content, raster, unit_x, unit_y, layer, is_grey, picture)


def _is_pictures(page: Any, n_images: int) -> bool:
    """Whether pictures are all that is seen of a page."""
    painted = [kind for kind, *_ in page.get_bboxlog() if kind != "ignore-text"]
    return painted == n_images * ["fill-image"]


def _without_backdrops(
    document: Any, page: Any, layer: TextLayer, content: PageContent
) -> tuple[TextLayer, PageContent]:
    """Layer and content of a page without the pictures that its text is printed on."""
    infos = page.get_image_info(xrefs=True)
    pictures = list_pictures(infos, page.get_bboxlog(), tuple(page.rotation_matrix))
    found = find_backdrops(layer, pictures, lambda i: _grey_picture(document, infos[i]["xref"]))
    if not found.indices:
        return layer, content
    others = [info for i, info in enumerate(infos) if i not in found.indices]
    kept = _placements(others, page.rotation_matrix, 1.0, 1.0)
    return replace(layer, covered=layer.covered & ~found.glyphs), replace(content, placements=kept)


def _grey_picture(document: Any, xref: int) -> Pixels | None:
    """An image of a PDF on white paper; None where that cannot be said from its pixels."""
    if not xref:
        return None
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(document, xref))
    grey = _planes(pixmap)[..., 0]
    kind, value = document.xref_get_key(xref, "SMask")
    if kind != "xref":
        return np.array(grey) if document.xref_get_key(xref, "Mask")[0] == "null" else None
    mask = pymupdf.Pixmap(document, int(value.split()[0]))
    if (mask.width, mask.height, mask.n) != (pixmap.width, pixmap.height, 1):
        return None
    opaque = np.frombuffer(mask.samples_mv, np.uint8).reshape(mask.height, mask.stride)[:, : mask.width]
    return np.asarray(255 - (255 - grey).astype(np.uint16) * opaque // 255, np.uint8)


def _image_units(images: list[dict[str, Any]]) -> tuple[float, float]:
    """Points per unit of a page that is one image: MuPDF believes any tag of resolution, and 96 dpi without one."""
    image = images[0]
    width, height, tag_x, tag_y = image["width"], image["height"], float(image["xres"]), float(image["yres"])
    dpi_x, dpi_y = image_dpi(width, height, tag_x, tag_y)
    turned = abs(image["transform"][1]) > abs(image["transform"][0])
    return (tag_y / dpi_y, tag_x / dpi_x) if turned else (tag_x / dpi_x, tag_y / dpi_y)


def _placements(images: list[dict[str, Any]], turn: Any, unit_x: float, unit_y: float) -> tuple[Placement, ...]:
    return tuple(p for image in images if (p := _placement(image, turn, unit_x, unit_y)) is not None)


def _placement(image: dict[str, Any], turn: Any, unit_x: float, unit_y: float) -> Placement | None:
    """The image as the page shows it; None when it is folded to nothing. MuPDF gives its place on the unturned page."""
    x0, y0, x1, y1 = pymupdf.Rect(image["bbox"]) * turn
    a, b, c, d, _, _ = pymupdf.Matrix(image["transform"]) * turn
    box = BBox(min(x0, x1) * unit_x, min(y0, y1) * unit_y, max(x0, x1) * unit_x, max(y0, y1) * unit_y)
    turned = abs(b) > abs(a)
    along = (image["height"], image["width"]) if turned else (image["width"], image["height"])
    sides = (abs(c) * unit_x, abs(b) * unit_y) if turned else (abs(a) * unit_x, abs(d) * unit_y)
    if min(sides) <= 0.0 or min(along) <= 0:
        return None
    stray = max(abs(a), abs(d)) if turned else max(abs(b), abs(c))
    return Placement(box, 72.0 * along[0] / sides[0], 72.0 * along[1] / sides[1], level=stray < 0.01)


def _smallest_type(layer: TextLayer) -> float:
    """The size in points that 95 % of the page's characters reach; 0 without characters."""
    sizes = np.sort(layer.sizes[layer.sizes > 0])
    return float(sizes[int(0.05 * (len(sizes) - 1))]) if len(sizes) else 0.0


def _pixels(view: _View) -> Pixels:
    """(height, width, 3) RGB, or (height, width) when the page has no colour."""
    raster = view.raster
    # its planes are seen, not held: the pixmap must stay until they are copied
    pixmap = (view.picture and _decoded(view.page.parent, view.picture)) or _rendered(view)
    planes = _fitted(_planes(pixmap), raster.top - pixmap.y, raster.left - pixmap.x)[: raster.height, : raster.width]
    # a few rows tell most pages in colour
    is_grey = pixmap.n == 1 or (_has_no_colour(planes[::50]) and _has_no_colour(planes))
    return np.array(planes[..., 0] if is_grey else planes, order="C")


def _rendered(view: _View) -> Any:
    raster = view.raster
    matrix = pymupdf.Matrix(
        raster.zoom_x * view.unit_x, 0, 0, raster.zoom_y * view.unit_y, raster.shift_x, raster.shift_y
    )
    space = pymupdf.csGRAY if view.is_grey else pymupdf.csRGB
    return view.page.get_pixmap(matrix=matrix, colorspace=space, alpha=False)


def _decoded(document: Any, xref: int) -> Any:
    """A picture's own pixmap; None where MuPDF says anything about it: rendering then tells what is wrong."""
    try:
        pixmap = pymupdf.Pixmap(document, xref)
    except _ON_A_PAGE:
        return None
    is_plain = pixmap.n in (1, 3) and not pixmap.alpha and not pymupdf.TOOLS.mupdf_warnings(reset=False)
    return pixmap if is_plain else None


def _planes(pixmap: Any) -> Pixels:
    """(height, width, n) of a pixmap that must outlive them, without the bytes that fill up rows."""
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    return rows[:, : pixmap.n * pixmap.width].reshape(pixmap.height, pixmap.width, pixmap.n)


def _has_no_colour(planes: Pixels) -> bool:
    red, green, blue = planes[..., 0], planes[..., 1], planes[..., 2]
    return np.array_equal(red, green) and np.array_equal(green, blue)


def _fitted(pixels: Pixels, top: int, left: int) -> Pixels:
    """MuPDF rounds the page outwards: rows and columns that lie mostly outside it go."""
    return pixels[max(0, top) :, max(0, left) :]


def _to_points(raster: Raster) -> Affine:
    zoom_x, zoom_y = raster.zoom_x, raster.zoom_y
    left, top = (raster.left - raster.shift_x) / zoom_x, (raster.top - raster.shift_y) / zoom_y
    return Affine(1.0 / zoom_x, 0.0, left, 0.0, 1.0 / zoom_y, top)


def pixels_digest(pixels: Pixels) -> str:
    """Hex SHA-256 of shape and bytes."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def _require_undamaged(document: Any, page: Any, where: str) -> None:
    messages = pymupdf.TOOLS.mupdf_warnings().splitlines()
    missing = part_missing(messages)
    if not missing and document.is_pdf:
        missing = torn_image(document, page, messages, _ON_A_PAGE)
    if missing:
        raise UnreadablePage(f"a part of the page is damaged: {missing}", where=where)
