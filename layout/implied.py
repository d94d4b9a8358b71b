"""Drawn rulings + words -> the rulings that a page implies: the stage before regions.

Where a table's rulings are drawn, nothing is added. Elsewhere its white and the alignment of its words stand for them
(RulingSource.WHITESPACE), as complete as if they were drawn, so that regions and grids need to know of one kind only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layout.areas import Area
from layout.glyph_strokes import without_glyph_strokes
from layout.grids import GridOptions, build_grid, text_height
from layout.open_cells import find_open_cells, find_open_heads
from layout.pictures import is_on_picture
from layout.regions import RegionOptions, find_regions
from layout.rule_areas import find_rule_areas
from layout.runs import RunOptions, find_runs, usual_em
from layout.showing_through import without_back
from layout.text_areas import find_text_areas, is_believable
from layout.unruled import Lattice, boxes_of, lattice_rulings, read_lattice
from layout.values import Orientation, Ruling
from ocr.geometry import BBox
from ocr.values import PageImage, PageText


@dataclass(frozen=True, slots=True)
class ImpliedOptions:
    """near: in text heights, drawn rulings this near to an implied edge stay."""

    near: float = 0.3
    runs: RunOptions = RunOptions()  # noqa: RUF009 - frozen
    regions: RegionOptions = RegionOptions()  # noqa: RUF009 - frozen
    grid: GridOptions = GridOptions()  # noqa: RUF009 - frozen


def imply_rulings(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: ImpliedOptions | None = None
) -> tuple[Ruling, ...]:
    """All rulings of a page, drawn ones first: those given, and those of tables that lack some or all of theirs."""
    options = options or ImpliedOptions()
    if not text.words:
        return tuple(rulings)
    rulings = without_back(without_glyph_strokes(rulings, text.words), image, text.words)
    boxes = [w.bbox for w in text.words]
    # The feet of a line of Latin type read as pieces of rulings; taken for some, they would have its ink wiped.
    drawn = [r for r in rulings if not _is_stroke(r, boxes)]
    runs = find_runs(image, drawn, text, options.runs)
    em = usual_em(runs, text_height(text, BBox(0, 0, image.width, image.height)))
    found: list[tuple[Area, Lattice]] = []
    free = list(runs)
    loose = list(drawn)
    for region in find_regions(image, rulings, text, options.regions):
        grid = build_grid(region, rulings, text, options.grid)
        found += _believed((*find_open_heads(grid, runs, em), *find_open_cells(grid, runs, em)), em, bounded=True)
        free = [r for r in free if not region.bbox.grown(0.3 * em).contains(r.x, r.y)]
        loose = [r for r in loose if not _inside(r, region.bbox.grown(0.5 * em))]
    ruled = _off_pictures(_believed(find_rule_areas(free, loose, em), em, bounded=True), image, text)
    free = [r for r in free if not any(a.bbox.grown(0.3 * em).contains(r.x, r.y) for a, _ in ruled)]
    found += ruled
    found += _off_pictures(_believed(find_text_areas(free, em), em, bounded=False), image, text)
    return _with_implied(rulings, found, text, options.near * em)


def _believed(areas: Sequence[Area], em: float, bounded: bool) -> list[tuple[Area, Lattice]]:
    read = [(area, read_lattice(area)) for area in areas if area.runs]
    return [
        (area, lattice) for area, lattice in read
        if lattice is not None and is_believable(area, lattice, em, bounded)
    ]  # fmt: skip


def _off_pictures(
    found: Sequence[tuple[Area, Lattice]], image: PageImage, text: PageText
) -> list[tuple[Area, Lattice]]:  # fmt: skip
    return [(area, lattice) for area, lattice in found if not is_on_picture(image, boxes_of(lattice), text.words)]


def _inside(ruling: Ruling, box: BBox) -> bool:
    middle = (ruling.start + ruling.end) / 2
    x, y = (middle, ruling.position) if ruling.orientation is Orientation.HORIZONTAL else (ruling.position, middle)
    return box.contains(x, y)


def _with_implied(
    rulings: Sequence[Ruling], found: Sequence[tuple[Area, Lattice]], text: PageText, near: float
) -> tuple[Ruling, ...]:
    """Drawn rulings within an area stay where its lattice has an edge: others there are underlines or strokes.

    Beside implied rulings no stroke of a title may stay, as it would tie the title to the table.
    """
    if not found:
        return tuple(rulings)
    boxes = [w.bbox for w in text.words]
    kept = [
        r
        for r in rulings
        if not _is_stroke(r, boxes) and all(_agrees(r, area, lattice, near) for area, lattice in found)
    ]
    return (*kept, *(ruling for _, lattice in found for ruling in lattice_rulings(lattice)))


def _is_stroke(ruling: Ruling, boxes: Sequence[BBox]) -> bool:
    """Whether a ruling lies whole within one text box."""
    flat = ruling.orientation is Orientation.HORIZONTAL
    ends = [(at, ruling.position) if flat else (ruling.position, at) for at in (ruling.start, ruling.end - 1)]
    return any(all(box.grown(0.1 * box.height).contains(*end) for end in ends) for box in boxes)


def _agrees(ruling: Ruling, area: Area, lattice: Lattice, near: float) -> bool:
    if not _inside(ruling, area.bbox):
        return True
    edges = lattice.row_edges if ruling.orientation is Orientation.HORIZONTAL else lattice.col_edges
    return any(abs(ruling.position - edge) <= near for edge in edges)
