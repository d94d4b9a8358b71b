"""Grids drawn into pixels, and random grids to draw: what property tests of rulings, regions and grids share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from layout.values import Grid, Orientation, Ruling, Span, TableRegion
from ocr.geometry import Affine, BBox
from ocr.values import PageImage, PageText, Pixels, TextSource

DPI = 150.0
PAGE_PX = (900, 1000)  # height, width
NO_TEXT = PageText("0" * 64, TextSource.OCR, ())
Bend = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Pen:
    """How rulings are drawn: grey level of the ink, px thick, (px on, px off) along, and where gaps of 4 px are."""

    grey: int = 30
    thickness: int = 2
    dash: tuple[int, int] = (1, 0)
    breaks: tuple[float, ...] = ()


def page(pixels: Pixels, dpi: float = DPI) -> PageImage:
    height, width = pixels.shape[:2]
    scale = 72 / dpi
    return PageImage("0" * 64, 1, dpi, "1" * 64, Affine.scaling(scale), pixels, width * scale, height * scale)


def blank(height: int = PAGE_PX[0], width: int = PAGE_PX[1], grey: int = 245) -> Pixels:
    return np.full((height, width), grey, dtype=np.uint8)


def draw_ruling(canvas: Pixels, ruling: Ruling, pen: Pen, bend: Bend | None = None) -> None:
    """Inks one ruling, in place; ``bend`` gives the step sideways at (along, position)."""
    along = np.arange(round(ruling.start), round(ruling.end) + 1)
    along = along[along % sum(pen.dash) < pen.dash[0]]  # in step, so that a ruling drawn twice keeps its gaps
    for share in pen.breaks:
        gap = ruling.start + share * ruling.length
        along = along[(along < gap) | (along >= gap + 4)]
    place = np.full(len(along), ruling.position)
    if bend is not None:
        place = place + bend(along.astype(float), place)
    for offset in range(pen.thickness):
        across = np.rint(place - pen.thickness / 2 + offset + 0.25).astype(int)
        rows, cols = (across, along) if ruling.orientation is Orientation.HORIZONTAL else (along, across)
        canvas[rows, cols] = pen.grey


def rulings_of(grid: Grid) -> tuple[Ruling, ...]:
    """The ideal rulings around the spans of a grid, one for each side of each span."""
    found: set[Ruling] = set()
    for span in grid.spans:
        x0, x1 = grid.col_edges[span.col], grid.col_edges[span.col_stop]
        y0, y1 = grid.row_edges[span.row], grid.row_edges[span.row_stop]
        found |= {Ruling(Orientation.HORIZONTAL, y, x0, x1, 2.0) for y in (y0, y1)}
        found |= {Ruling(Orientation.VERTICAL, x, y0, y1, 2.0) for x in (x0, x1)}
    return tuple(sorted(found, key=lambda r: (r.orientation, r.position, r.start)))


def draw_grid(grid: Grid, pen: Pen | None = None, canvas: Pixels | None = None, bend: Bend | None = None) -> Pixels:
    """The page of a grid; ``bend`` shifts horizontal rulings only."""
    canvas = blank() if canvas is None else canvas
    for ruling in rulings_of(grid):
        draw_ruling(canvas, ruling, pen or Pen(), bend if ruling.orientation is Orientation.HORIZONTAL else None)
    return canvas


@st.composite
def grids(draw: st.DrawFn, *, left: float = 60.0, top: float = 50.0) -> Grid:
    """Random grids whose every edge is used by some span; wider than the shortest dotted ruling believed alone."""
    heights = draw(st.lists(st.integers(34, 90), min_size=1, max_size=8))
    widths = [*draw(st.lists(st.integers(40, 130), min_size=1, max_size=5)), 140, 150]
    rows = tuple(float(y) for y in np.cumsum([top, *heights]))
    cols = tuple(float(x) for x in np.cumsum([left, *widths]))
    spans = _merged(draw, len(heights), len(widths))
    row_at = sorted({s.row for s in spans} | {s.row_stop for s in spans})
    col_at = sorted({s.col for s in spans} | {s.col_stop for s in spans})
    kept = tuple(
        sorted(
            Span(
                *(
                    axis.index(v)
                    for axis, v in ((row_at, s.row), (col_at, s.col), (row_at, s.row_stop), (col_at, s.col_stop))
                )
            )
            for s in spans
        )
    )
    rows, cols = tuple(rows[i] for i in row_at), tuple(cols[i] for i in col_at)
    return Grid(TableRegion(1, BBox(cols[0], rows[0], cols[-1], rows[-1])), rows, cols, kept)


def _merged(draw: st.DrawFn, n_rows: int, n_cols: int) -> tuple[Span, ...]:
    taken = np.zeros((n_rows, n_cols), dtype=bool)
    spans: list[Span] = []
    for _ in range(draw(st.integers(0, 3))):
        row, col = draw(st.integers(0, n_rows - 1)), draw(st.integers(0, n_cols - 1))
        row_stop, col_stop = draw(st.integers(row + 1, n_rows)), draw(st.integers(col + 1, n_cols))
        whole = (row_stop - row, col_stop - col) == (n_rows, n_cols)
        if not whole and not taken[row:row_stop, col:col_stop].any():
            taken[row:row_stop, col:col_stop] = True
            spans.append(Span(row, col, row_stop, col_stop))
    spans += [Span(int(r), int(c), int(r) + 1, int(c) + 1) for r, c in zip(*np.nonzero(~taken), strict=True)]
    return tuple(sorted(spans))
