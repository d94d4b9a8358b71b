from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layout.grids import build_grid, without_stems
from layout.levelling import Levelling
from layout.regions import find_regions
from layout.rulings import find_rulings
from layout.separators import Axis, GridOptions, separator_scores
from layout.tiling import canonical, tile
from layout.values import Grid, Orientation, Ruling, TableRegion
from ocr.geometry import BBox
from ocr.values import Char, PageText, Pixels, TextSource, Word
from tests import builders
from tests.layout.drawing import NO_TEXT, Pen, draw_grid, grids, page, rulings_of

PENS = [Pen(thickness=1), Pen(thickness=5), Pen(grey=200), Pen(dash=(2, 2)), Pen(breaks=(0.45,))]


def read(canvas: Pixels) -> Grid:
    image = page(canvas)
    rulings = find_rulings(image)
    (region,) = find_regions(image, rulings, NO_TEXT)
    return build_grid(region, rulings, NO_TEXT)


def assert_same(got: Grid, wanted: Grid, dx: float = 0.0, dy: float = 0.0, tolerance: float = 3.0) -> None:
    assert got.spans == wanted.spans
    assert got.col_edges == pytest.approx([x + dx for x in wanted.col_edges], abs=tolerance)
    assert got.row_edges == pytest.approx([y + dy for y in wanted.row_edges], abs=tolerance)


def text_of(*boxes: BBox) -> PageText:
    return PageText("0" * 64, TextSource.OCR, tuple(Word("字", box, 0.9) for box in boxes))


@settings(max_examples=25, deadline=None)
@given(grids(), st.sampled_from(PENS))
def test_a_grid_drawn_and_read_is_the_same_grid(grid: Grid, pen: Pen) -> None:
    assert_same(read(draw_grid(grid, pen)), grid)


@settings(max_examples=10, deadline=None)
@given(grids(), st.integers(0, 40), st.integers(0, 40))
def test_shifting_the_page_moves_the_grid_and_nothing_else(grid: Grid, dx: int, dy: int) -> None:
    shifted = np.roll(draw_grid(grid), (dy, dx), axis=(0, 1))
    assert_same(read(shifted), grid, dx, dy)


@settings(max_examples=10, deadline=None)
@given(grids(), st.floats(-0.006, 0.006), st.floats(0.0, 2.5))
def test_slant_and_waves_change_no_span(grid: Grid, slant: float, wave: float) -> None:
    bent = draw_grid(grid, bend=lambda x, y: slant * (x - 400) + wave * np.sin(x / 130 + y / 400))
    got = read(bent)
    assert got.spans == grid.spans
    for index, span in enumerate(got.spans):
        x = (grid.col_edges[span.col] + grid.col_edges[span.col_stop]) / 2
        y = grid.row_edges[span.row]
        assert abs(got.span_bbox(index).y0 - (y + slant * (x - 400) + wave * np.sin(x / 130 + y / 400))) <= 4


@settings(max_examples=40, deadline=None)
@given(grids(), st.floats(-300, 300), st.floats(0.5, 3.0), st.randoms(use_true_random=False))
def test_build_grid_undoes_rulings_of(grid: Grid, shift: float, scale: float, random: object) -> None:
    jitter = np.random.default_rng(abs(hash(random)) % 1000)
    moved = [
        replace(r, position=(r.position + jitter.normal(0, 0.5)) * scale + shift, start=r.start * scale + shift,
                end=r.end * scale + shift)
        for r in rulings_of(grid)
    ]  # fmt: skip
    box = BBox(*(v * scale + shift for v in grid.region.bbox.as_tuple()))
    words = text_of(BBox(box.x0 + 5, box.y0 + 5, box.x0 + 5 + 18 * scale, box.y0 + 5 + 18 * scale))
    assert build_grid(TableRegion(1, box), moved, words).spans == grid.spans


def test_double_rulings_are_one_edge() -> None:
    grid = builders.grid("ab|cd")
    twins = [replace(r, position=r.position + d) for r in rulings_of(grid) for d in (-2.5, 2.5)]
    assert build_grid(grid.region, twins, text_of(BBox(70, 105, 90, 125))).spans == grid.spans


def test_a_broken_ruling_still_separates_and_a_stub_does_not() -> None:
    grid = builders.grid("ab|cd")
    words = text_of(BBox(70, 105, 90, 125))
    broken = [
        p
        for r in rulings_of(grid)
        for p in (replace(r, end=r.start + 0.4 * r.length), replace(r, start=r.end - 0.3 * r.length))
    ]
    assert build_grid(grid.region, broken, words).spans == grid.spans
    merged = builders.grid("aa|cd")
    stub = Ruling(Orientation.VERTICAL, merged.col_edges[1], merged.row_edges[0], merged.row_edges[0] + 9, 2.0)
    assert build_grid(merged.region, [*rulings_of(merged), stub], words).spans == merged.spans


def test_a_stroke_within_a_word_makes_no_edge() -> None:
    grid = builders.grid("ab|cd")
    word = BBox(grid.col_edges[0] + 4, grid.row_edges[0] + 8, grid.col_edges[1] - 4, grid.row_edges[0] + 32)
    stroke = Ruling(Orientation.HORIZONTAL, grid.row_edges[0] + 26, word.x0, word.x1, 2.0)
    assert build_grid(grid.region, [*rulings_of(grid), stroke], text_of(word)).spans == grid.spans


@pytest.mark.parametrize(("depth", "is_ruling"), [(0.18, True), (0.5, False)])
def test_a_ruling_from_side_to_side_may_lie_in_the_margin_of_a_line_box_not_in_its_middle(
    depth: float, is_ruling: bool
) -> None:
    """A detector takes the dashes right above a line of type into its box; what runs through the type is a stroke."""
    grid = builders.grid("a|b")
    left, right = grid.col_edges[0], grid.col_edges[1]
    line = BBox(left - 1, grid.row_edges[1] - depth * 36, right + 1, grid.row_edges[1] + (1 - depth) * 36)
    expected = grid.spans if is_ruling else builders.grid("a").spans
    assert build_grid(grid.region, rulings_of(grid), text_of(line)).spans == expected


def test_a_stem_in_line_with_a_ruling_below_it_is_no_part_of_it() -> None:
    """支出 centred over three columns can end right above a ruling, and 出 has a long stem at its right."""
    grid = builders.grid("aa|cd")
    x, top, bottom = grid.col_edges[1], grid.row_edges[0], grid.row_edges[1]
    word = BBox(x - 40, top + 8, x + 2, bottom - 6)
    stem = Ruling(Orientation.VERTICAL, x - 1, word.y0 + 4, word.y1 - 4, 2.0)
    rulings = [r for r in rulings_of(grid) if r.orientation is Orientation.HORIZONTAL or r.position != x]
    below = Ruling(Orientation.VERTICAL, x, bottom, grid.row_edges[2], 2.0)
    assert build_grid(grid.region, [*rulings, below, stem], text_of(word)).spans == grid.spans


def test_a_word_over_two_cells_hides_no_ruling_between_its_characters() -> None:
    grid = builders.grid("ab|cd|ef")
    x, y = grid.col_edges[1], grid.row_edges[1]
    box = BBox(x - 40, y + 1, x + 40, grid.row_edges[2] - 1)
    places = ((x - 34, x - 22), (x - 22, x - 10), (x + 10, x + 34))
    chars = tuple(Char(c, a, b, 0.9) for c, (a, b) in zip("04年", places, strict=True))
    text = PageText("0" * 64, TextSource.OCR, (Word("04年", box, 0.9, chars),))
    gap = (y + 0.4 * (grid.row_edges[2] - y), y + 0.7 * (grid.row_edges[2] - y))
    broken = [r for r in rulings_of(grid) if not (r.position == x and r.start == y)]
    pieces = [
        Ruling(Orientation.VERTICAL, x, y, gap[0], 2.0),
        Ruling(Orientation.VERTICAL, x, gap[1], grid.row_edges[2], 2.0),
    ]
    assert build_grid(grid.region, [*broken, *pieces], text).spans == grid.spans


def test_open_sides_end_where_the_region_ends() -> None:
    grid = builders.grid("abc|def")
    inner = [
        r for r in rulings_of(grid) if r.orientation is Orientation.HORIZONTAL or r.position in grid.col_edges[1:-1]
    ]
    assert_same(build_grid(grid.region, inner, text_of(BBox(70, 105, 90, 125))), grid)


def test_nothing_inside_is_one_cell() -> None:
    region = TableRegion(1, BBox(10, 20, 200, 90))
    grid = build_grid(region, (), NO_TEXT)
    assert (grid.n_rows, grid.n_cols) == (1, 1)
    assert grid.span_bbox(0) == region.bbox


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_any_scores_give_spans_that_tile(n_rows: int, n_cols: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    spans = tile(rng.normal(size=(n_rows - 1, n_cols)), rng.normal(size=(n_rows, n_cols - 1)))
    assert sorted(slot for s in spans for slot in s.slots()) == [(r, c) for r in range(n_rows) for c in range(n_cols)]
    kept, rows, cols = canonical(spans)
    assert len(kept) == len(spans)
    assert {s.row for s in kept} | {s.row_stop for s in kept} == set(range(len(rows)))
    assert {s.col for s in kept} | {s.col_stop for s in kept} == set(range(len(cols)))


def test_a_short_piece_in_a_word_is_no_stem_where_its_ruling_goes_on_beyond_a_gap() -> None:
    options, word = GridOptions(), np.array([[100.0, 80.0, 135.0, 260.0]])  # x along the rulings
    pieces = [
        Ruling(Orientation.VERTICAL, 255.0, start, end, 3.0) for start, end in ((60, 100), (107, 120), (137, 143))
    ]
    assert without_stems(pieces, word, 35.0, options) == pieces
    assert without_stems(pieces[:2], word, 35.0, options) == pieces[:1]


@pytest.mark.parametrize("gap", [0.0, 0.2])
@pytest.mark.parametrize("label", [False, True])
def test_where_rulings_are_broken_a_blank_slot_without_one_is_no_wide_cell(gap: float, label: bool) -> None:
    """Between two slots of the row in the middle there is no ruling; the others have a gap, or have none."""
    whole = builders.grid("|".join(["....."] * 8))
    missing = (whole.col_edges[3], whole.row_edges[4])
    rulings = []
    for r in rulings_of(whole):
        if r.orientation is Orientation.VERTICAL and (r.position, r.start) == missing:
            continue
        middle, half = (r.start + r.end) / 2, gap / 2 * r.length
        pieces = [replace(r, end=middle - half), replace(r, start=middle + half)] if gap else [r]
        rulings += pieces
    box = BBox(missing[0] - 40, missing[1] + 10, missing[0] + 10, missing[1] + 30)
    text = text_of(box) if label else NO_TEXT
    (wide,) = {s.colspan for s in build_grid(whole.region, rulings, text).spans if (s.row, s.col) == (4, 2)}
    assert wide == (1 if gap and not label else 2)


@pytest.mark.parametrize("broken", [True, False])
@pytest.mark.parametrize("top", [0.2, 0.6])
def test_a_broken_ruling_goes_on_where_most_of_it_shows_under_and_beside_words(broken: bool, top: float) -> None:
    """In two rows on end words lie over a ruling, which has a gap above them too; all have one in the middle, or none."""
    whole, rows = builders.grid("|".join(["....."] * 12)), (3, 4)
    x, tops = whole.col_edges[3], [whole.row_edges[row] for row in rows]
    rulings = []
    for r in rulings_of(whole):
        hidden = r.orientation is Orientation.VERTICAL and r.position == x and r.start in tops
        middle, half, start = (r.start + r.end) / 2, 0.06 * r.length * broken, r.start + top * hidden * r.length
        pieces = ((start, middle - half), (max(start, middle + half), r.end))
        rulings += [replace(r, start=a, end=b) for a, b in pieces if a < b]
    height = whole.row_edges[1] - whole.row_edges[0]
    boxes = [BBox(x - 40, y + 0.3 * height, x + 30, y + 0.95 * height) for y in tops]
    grid = build_grid(whole.region, rulings, text_of(*boxes))
    assert {s.colspan for s in grid.spans if s.row in rows and s.col == 2} == {1 if broken and top < 0.5 else 2}


@pytest.mark.parametrize("left", [0.0, 0.35])
def test_a_ruling_of_which_a_part_is_left_goes_on_and_a_wide_cell_has_none_of_it(left: float) -> None:
    whole = builders.grid("|".join(["....."] * 8))
    worn = {(whole.col_edges[3], whole.row_edges[4]), (whole.col_edges[2], whole.row_edges[7])}
    rulings = [
        replace(r, end=r.start + left * r.length)
        if r.orientation is Orientation.VERTICAL and (r.position, r.start) in worn
        else r
        for r in rulings_of(whole)
    ]
    x, y = whole.col_edges[2], whole.row_edges[7] + 10
    beside = text_of(BBox(x - 40, y, x - 8, y + 20), BBox(x + 8, y, x + 40, y + 20))
    spans = build_grid(whole.region, [r for r in rulings if r.length > 0], beside).spans
    assert {s.colspan for s in spans if (s.row, s.col) in {(4, 2), (7, 1)}} == {1 if left else 2}
    centred = text_of(BBox(x - 20, y, x + 20, y + 20))
    spans = build_grid(whole.region, [r for r in rulings if r.length > 0], centred).spans
    assert {s.colspan for s in spans if (s.row, s.col) == (7, 1)} == {2}


@pytest.mark.parametrize(("worn", "parts"), [(False, False), (True, True)])
def test_ink_with_gaps_through_characters_is_theirs_where_rulings_have_no_gaps(worn: bool, parts: bool) -> None:
    """A line of type over two slots; its ends are bare, and the strokes on them look like pieces of the ruling."""
    whole: list[tuple[float, float]] = [(0.0, 400.0)]
    gaps = [(0.0, 118.0), (124.0, 148.0), (154.0, 178.0), (184.0, 400.0)]
    edges = tuple(20.0 * i for i in range(8))
    inked = [gaps if i == 3 or (worn and i != 5) else whole for i in range(8)]
    axis = Axis(edges, tuple(inked), Levelling((0.0, 400.0), (0.0, 140.0)))
    box = np.array([[112.0, 52.0, 188.0, 68.0]])
    scores = separator_scores(axis, (0.0, 100.0, 200.0, 300.0, 400.0), box, 16.0, GridOptions(), True, box)
    assert bool(scores[2, 1] > 0) is parts
    assert (np.delete(scores.ravel(), 9) > 0).all()


def test_an_upright_that_shows_between_many_lines_read_over_it_parts_them() -> None:
    """Boxes of 5 and 辆 on both sides of a ruling, read as one word row by row, leave a quarter of it bare."""
    grid = builders.grid("|".join("ab" for _ in range(1)), col_px=200, row_px=600)
    words = [builders.word("5辆", 242, 104 + 60 * k, height=46) for k in range(10)]
    own = rulings_of(grid)
    assert build_grid(grid.region, own, builders.page_text(*words)).spans == grid.spans
    short = [Ruling(r.orientation, r.position, r.start, 164.0, r.thickness) if r.position == 260 else r for r in own]
    assert build_grid(grid.region, short, builders.page_text(*words)).n_cols == 1


def test_a_ruling_that_cuts_a_line_off_lies_in_the_margin_of_its_low_box() -> None:
    grid = builders.grid("ab|cd", col_px=400, row_px=120)
    low = builders.word("负责协助有关市级土地储备集团做好", 462, 213.5, char_px=12.3, height=20)  # cut off at 220
    lines = [builders.word("作；负责区委、区政府与有关", 466, y, height=28) for y in (130, 250, 286)]
    label = builders.word("当年目标", 100, 260, height=28)
    got = build_grid(grid.region, rulings_of(grid), builders.page_text(low, *lines, label))
    assert got.spans == grid.spans
