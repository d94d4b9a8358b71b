"""Drawn rulings + words -> the rulings that a page implies: the stage before regions.

Where a table's rulings are drawn, nothing is added. Elsewhere its white and the alignment of its words stand for them
(RulingSource.WHITESPACE), as complete as if they were drawn, so that regions and grids need to know of one kind only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layout.areas import Area, parts_of_full
from layout.baselines import lap
from layout.believable import is_believable
from layout.column_lean import straightened
from layout.form_reader import read_forms
from layout.glyph_strokes import without_glyph_strokes
from layout.grids import text_height
from layout.header_tree import Rule
from layout.lone_heads import find_unruled_heads, is_lone
from layout.open_cells import find_hanging_body, find_open_cells, find_open_heads, grid_box
from layout.open_columns import find_open_columns
from layout.outer_stubs import find_outer_stub
from layout.paper_edges import without_paper_edges
from layout.pictures import has_axis, is_on_picture
from layout.regions import RegionOptions, find_grids, ruling_box
from layout.rests import find_rest
from layout.row_lean import RowLean, levelled, row_lean
from layout.rule_areas import find_rule_areas, whole_rules
from layout.runs import RunOptions, find_runs, upright_runs, usual_em
from layout.showing_through import without_back
from layout.standing_runs import standing_runs
from layout.text_areas import find_text_areas
from layout.unruled import Lattice, boxes_of, lattice_rulings, read_lattice
from layout.values import Grid, Orientation, Ruling, RulingSource
from ocr.geometry import BBox
from ocr.values import PageImage, PageText

#: In multiples of ``near``: as far outside of an area a ruling may be its rim.
RIM = 3.5


@dataclass(frozen=True, slots=True)
class ImpliedOptions:
    """near: in text heights, drawn rulings this near to an implied edge stay."""

    near: float = 0.3
    runs: RunOptions = RunOptions()  # noqa: RUF009 - frozen
    regions: RegionOptions = RegionOptions()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Implied:
    """All rulings of a page, drawn ones first. grids: what they make, where that was found on the way; else None."""

    rulings: tuple[Ruling, ...]
    grids: tuple[Grid, ...] | None = None


def imply_rulings(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: ImpliedOptions | None = None
) -> tuple[Ruling, ...]:
    """All rulings of a page, drawn ones first: those given, and those of tables that lack some or all of theirs."""
    return imply(image, rulings, text, options).rulings


def imply(
    image: PageImage, rulings: Sequence[Ruling], text: PageText, options: ImpliedOptions | None = None
) -> Implied:
    """The same; where none are implied, with the grids, as ``find_regions`` and ``build_grid`` would have them."""
    options = options or ImpliedOptions()
    if not text.words:
        return Implied(tuple(rulings))
    rulings = without_paper_edges(rulings, image, text.words)
    # Strokes of a line of type read as pieces of rulings; taken for some, they would have its ink wiped.
    rulings = without_back(without_glyph_strokes(rulings, image, text.words), image, text.words)
    em = text_height(text, BBox(0, 0, image.width, image.height))
    runs = find_runs(image, rulings, text, options.runs)
    em = usual_em(runs, em)
    found: list[tuple[Area, Lattice]] = []
    free = list(runs)
    loose = list(rulings)
    grids = find_grids(image, rulings, text, options.regions)
    within = [grid_box(grid) for grid in grids]
    outside = [r for r in runs if not any(box.contains(r.x, r.y) for box in within)]
    for grid in grids:
        box = grid_box(grid)
        whole = _believed(find_open_columns(grid, runs, em), em, bounded=True)
        whole = whole or find_outer_stub(grid, runs, outside, em)
        parts = () if whole else (*find_open_heads(grid, runs, em), *find_open_cells(grid, runs, em))
        found += whole or _believed(parts, em, bounded=True)
        boxes = [box, *(area.bbox for area, _ in whole)]
        free = [r for r in free if not any(b.grown(0.3 * em).contains(r.x, r.y) for b in boxes)]
        loose = [r for r in loose if not _inside(r, grid.region.bbox.grown(0.5 * em))]
    standing = [r for r in standing_runs(text, runs, em) if not any(box.contains(r.x, r.y) for box in within)]
    for grid in grids:
        hanging = _believed(find_hanging_body(grid, runs, [*free, *standing], em), em, bounded=True)
        found += hanging
        free, standing = (
            [r for r in some if not any(a.bbox.contains(r.x, r.y) for a, _ in hanging)] for some in (free, standing)
        )
    flat = whole_rules([r for r in loose if r.orientation is Orientation.HORIZONTAL], em)
    forms = read_forms(free, upright_runs(text), flat, em) if flat or free else []
    forms = _off_pictures(forms, image, rulings, text, em)
    free = [r for r in free if not any(a.bbox.grown(0.3 * em).contains(r.x, r.y) for a, _ in forms)]
    loose = [r for r in loose if not any(_inside(r, a.bbox.grown(0.5 * em)) for a, _ in forms)]
    found += forms
    free += [r for r in standing if not any(a.bbox.contains(r.x, r.y) for a, _ in forms)]
    bounded = [replace(a, is_lone=is_lone(a, runs, em)) for a in find_rule_areas(free, loose, em)]
    ruled = _off_pictures(_believed(bounded, em, bounded=True), image, rulings, text, em)
    free = [r for r in free if not any(a.bbox.grown(0.3 * em).contains(r.x, r.y) for a, _ in ruled)]
    found += ruled
    open_areas = [_with_rules_across(a, flat) for a in find_text_areas(free, em)]
    unruled = _off_pictures(_believed(open_areas, em, bounded=False), image, rulings, text, em)
    free = [r for r in free if not any(a.bbox.grown(0.3 * em).contains(r.x, r.y) for a, _ in unruled)]
    found += unruled
    found += _off_pictures(
        _believed(find_unruled_heads(image, free, runs, em), em, bounded=True), image, rulings, text, em
    )
    tops = [*(grid_box(grid).y0 for grid in grids), *(area.bbox.y0 for area, _ in found)]
    rest = find_rest(free, em, min(tops, default=float("inf")))
    if not found and not rest:
        return Implied(tuple(rulings), grids)
    if rest:
        around = rest[0].bbox.grown(RIM * options.near * em)
        own = [r for r in loose if around.intersection(ruling_box(r).grown(0.5))]
        rulings = [*(r for r in rulings if r not in own), *lattice_rulings(rest[1], RulingSource.TENTATIVE)]
    return Implied(_with_implied(rulings, found, options.near * em))


def _believed(areas: Sequence[Area], em: float, bounded: bool) -> list[tuple[Area, Lattice]]:
    found = []
    for area in (straightened(area, em) for area in areas):
        lean = row_lean(area.runs, em)
        flat = levelled(area, lean) if lean else area
        lattice = read_lattice(flat) if flat.runs else None
        if lattice is not None and is_believable(flat, lattice, em, bounded):
            box = area.bbox
            if area.aside:
                lean = replace(lean or RowLean(0, 0, *box.centre, em), aside=area.aside, top=box.y0)
                way = area.aside * box.height
                box = replace(box, x0=min(box.x0, box.x0 + way), x1=max(box.x1, box.x1 + way))
            found.append((replace(area, bbox=box), replace(lattice, lean=lean)))
    return found


def _with_rules_across(area: Area, rules: Sequence[Rule]) -> Area:
    """An area without rules of its own with those that lie right across it, as one below heads does, and as wide as they are."""
    top, bottom = min(r.y for r in area.runs), max(r.y for r in area.runs)
    inside = tuple(r for r in rules if top < r[0] < bottom)
    across, _ = parts_of_full(inside, area.bbox)
    sides = min([area.bbox.x0, *(r[1] for r in across)]), max([area.bbox.x1, *(r[2] for r in across)])
    return replace(area, bbox=replace(area.bbox, x0=sides[0], x1=sides[1]), rules=across)


def _off_pictures(
    found: Sequence[tuple[Area, Lattice]], image: PageImage, rulings: Sequence[Ruling], text: PageText, em: float
) -> list[tuple[Area, Lattice]]:
    """Those that lie on no drawing and within no chart's axes."""
    return [
        (area, lattice) for area, lattice in found
        if not is_on_picture(image, boxes_of(lattice), text.words)
        and not has_axis(area.bbox.grown(2 * em), rulings, text.words, em)
    ]  # fmt: skip


def _inside(ruling: Ruling, box: BBox) -> bool:
    middle = (ruling.start + ruling.end) / 2
    x, y = (middle, ruling.position) if ruling.orientation is Orientation.HORIZONTAL else (ruling.position, middle)
    return box.contains(x, y)


def _with_implied(rulings: Sequence[Ruling], found: Sequence[tuple[Area, Lattice]], near: float) -> tuple[Ruling, ...]:
    """Drawn rulings within an area stay where its lattice has an edge: others there are underlines or strokes. Those
    right above or below it are the table's own, which the implied ones stand for.
    """
    kept = [
        r for r in rulings
        if all(_agrees(r, area, lattice, near) and not _is_rim(r, area, near) for area, lattice in found)
    ]  # fmt: skip
    kept = [_within(r, [area for area, _ in found]) for r in kept]
    return (*kept, *(ruling for _, lattice in found for ruling in lattice_rulings(lattice)))


def _within(ruling: Ruling, areas: Sequence[Area]) -> Ruling:
    """A level ruling that begins and ends in an area, all but, cut off at its sides: rules under amounts reach past them."""
    for area in areas:
        box = area.bbox
        if ruling.orientation is Orientation.HORIZONTAL and not area.rules and _inside(ruling, box):
            return replace(ruling, start=max(ruling.start, box.x0), end=min(ruling.end, box.x1))
    return ruling


def _is_rim(ruling: Ruling, area: Area, near: float) -> bool:
    """Whether a ruling runs along an area's side, outside, where a sliver of a row or a column would be left."""
    box, level = area.bbox, ruling.orientation is Orientation.HORIZONTAL
    if area.is_body or area.is_head:
        return False
    sides, ends = ((box.y0, box.y1), (box.x0, box.x1)) if level else ((box.x0, box.x1), (box.y0, box.y1))
    outside = max(sides[0] - ruling.position, ruling.position - sides[1])
    along = lap(*ends, ruling.start, ruling.end)
    return near < outside <= RIM * near and along > 0.7 * ruling.length


def _agrees(ruling: Ruling, area: Area, lattice: Lattice, near: float) -> bool:
    if not _inside(ruling, area.bbox):
        return True
    edges = lattice.row_edges if ruling.orientation is Orientation.HORIZONTAL else lattice.col_edges
    return any(abs(ruling.position - edge) <= near for edge in edges)
