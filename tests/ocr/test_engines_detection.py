"""In how large a picture of a page the detector looks for text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from ocr.engines.boundary import PaddleOptions, open_engine
from ocr.engines.detection import BLOCK, MAX_SIDE, detection_dpi, figure_height, shrunk, windows
from ocr.engines.networks import Network, Tensor
from ocr.geometry import Affine, BBox
from ocr.values import PageImage, Pixels
from tests.ocr.pages import blank, table_page

OPTIONS = PaddleOptions()


def figures(page: Pixels, n: int, height_px: int, top: int, grey: int = 20) -> Pixels:
    """Noughts, nearly half as wide as high, in rows from ``top`` on."""
    width, stroke = round(0.55 * height_px), max(2, height_px // 8)
    per_row = (page.shape[1] - 100) // (2 * width)
    for i in range(n):
        x, y = 50 + i % per_row * 2 * width, top + i // per_row * 2 * height_px
        page[y : y + height_px, x : x + width] = grey
        page[y + stroke : y + height_px - stroke, x + stroke : x + width - stroke] = 255
    return page


@pytest.mark.parametrize("dpi", [144.0, 200.0, 300.0])
@pytest.mark.parametrize("points", [5.0, 7.0, 9.0])
def test_the_height_of_figures_is_told_in_points(dpi: float, points: float) -> None:
    page = figures(blank(1200, 1600), 60, round(points * dpi / 72), 300)
    assert figure_height(page, dpi) == pytest.approx(points, abs=0.6)


def test_pale_figures_on_grey_paper_count_too() -> None:
    page = np.minimum(figures(blank(1200, 1600), 60, 20, 300, grey=130), 200).astype(np.uint8)
    assert figure_height(page, 200.0) == pytest.approx(7.2, abs=0.6)


def test_the_smaller_of_two_sizes_decides() -> None:
    page = figures(figures(blank(1200, 1600), 60, 28, 100), 40, 14, 1000)
    assert figure_height(page, 200.0) == pytest.approx(14 * 72 / 200, abs=0.6)


def test_a_few_small_figures_do_not_decide() -> None:
    page = figures(figures(blank(1200, 1600), 100, 28, 100), 10, 14, 1400)
    assert figure_height(page, 200.0) == pytest.approx(28 * 72 / 200, abs=0.6)


def test_rulings_and_specks_are_no_figures() -> None:
    ruled = table_page()
    ruled[ruled == 20] = 255
    assert figure_height(ruled, 120.0) is None
    specks = blank()
    specks[100:1100:20, 100:800:20] = 0
    specks[101:1101:20, 100:800:20] = 0
    assert figure_height(specks, 120.0) is None


def test_a_page_without_figures_is_searched_as_finely_as_may_be() -> None:
    assert figure_height(blank(), 200.0) is None
    assert detection_dpi(None, OPTIONS) == OPTIONS.detection_dpi


def test_small_type_at_full_size_and_large_type_in_a_small_picture() -> None:
    found = [detection_dpi(points, OPTIONS) for points in (3.0, 5.0, 6.0, 7.0, 9.0, 20.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] == found[1] == OPTIONS.detection_dpi
    assert found[1] > found[2] > found[3]
    assert found[-1] == OPTIONS.least_detection_dpi


@pytest.mark.parametrize("size", [(2339, 1654), (1600, 1216), (20, 9000), (5, 5)])
@pytest.mark.parametrize("factor", [0.4, 0.72, 1.0, 1.7])
def test_pictures_are_whole_blocks_within_the_limit(size: tuple[int, int], factor: float) -> None:
    found = shrunk(np.full((*size, 3), 255, np.uint8), factor)
    assert found.shape[0] % BLOCK == found.shape[1] % BLOCK == 0
    assert max(found.shape) <= MAX_SIDE
    for was, now in zip(size, found.shape, strict=False):
        assert now <= max(BLOCK, was * min(1.0, factor) + BLOCK / 2)


def test_a_picture_of_the_right_size_stays() -> None:
    page = np.full((1600, 1216, 3), 7, np.uint8)
    assert shrunk(page, 1.0) is page


def test_a_thin_stroke_stays_wherever_it_stands() -> None:
    for x in range(100, 104):
        page = np.full((1280, 1280, 3), 255, np.uint8)
        page[:, x] = 0
        ink = 255.0 - shrunk(page, 0.4)[100, :, 0]
        assert ink.sum() == pytest.approx(0.4 * 255, rel=0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Watched(Network):
    """Takes down the shapes it was given."""

    given: list[tuple[int, ...]]

    def __call__(self, pictures: Sequence[Pixels]) -> Tensor:
        self.given.append(pictures[0].shape)
        return Network(self.session, self.table)(pictures)


@pytest.mark.models
def test_boxes_of_a_small_picture_cover_the_page_they_are_of() -> None:
    from ocr.engines.paddle import PaddleEngine

    engine = open_engine(PaddleOptions(threads=1))
    assert isinstance(engine, PaddleEngine)
    watched = Watched(engine.finder.session, engine.finder.table, [])
    pixels = figures(blank(1216, 1600), 60, 28, 300)
    image = PageImage("doc", 1, 200.0, "digest", Affine.identity(), pixels, 438.0, 576.0)
    words = replace(engine, finder=watched).read_page(image).words
    assert watched.given[0][0] < 0.55 * 1600
    rows, columns = np.nonzero(pixels < 128)
    assert min(w.bbox.x0 for w in words) <= columns.min()
    assert max(w.bbox.x1 for w in words) >= columns.max()
    assert min(w.bbox.y0 for w in words) <= rows.min()
    assert max(w.bbox.y1 for w in words) >= rows.max()


def is_seen(page: Pixels, done: Sequence[BBox], x: int, y: int) -> bool:
    return any(rows.start <= y < rows.stop and cols.start <= x < cols.stop for rows, cols in windows(page, done))


def test_the_detector_is_shown_what_is_inked_and_not_done() -> None:
    page = figures(figures(blank(992, 1408), 20, 16, 100), 100, 16, 500)
    done = (BBox(30, 480, 960, 740),)
    found = windows(page, done)
    assert is_seen(page, done, 200, 110)
    assert not is_seen(page, done, 200, 600)
    assert all(v % BLOCK == 0 for rows, cols in found for v in (rows.start, rows.stop, cols.start, cols.stop))
    assert sum((r.stop - r.start) * (c.stop - c.start) for r, c in found) < 0.3 * page.size


def test_light_type_on_a_dark_fill_is_shown() -> None:
    page = blank(992, 1408)
    page[600:900, 100:900] = 60
    page[740:760, 400:600:4] = 250
    assert is_seen(page, (), 500, 750)


def test_a_blank_page_is_not_looked_at() -> None:
    assert windows(np.full((992, 1408), 250, np.uint8), ()) == []


def test_a_page_full_of_ink_is_shown_whole() -> None:
    page = figures(blank(992, 1408), 900, 16, 20)
    page[20::60, 20:-20] = 20
    assert windows(page, ()) == [(slice(0, page.shape[0]), slice(0, page.shape[1]))]


def test_windows_do_not_overlap() -> None:
    page = blank(992, 1408)
    rng = np.random.default_rng(1)
    for x, y in zip(rng.integers(20, 1300, 12), rng.integers(20, 900, 12), strict=True):
        page[y : y + 20, x : x + 60 : 4] = 20
    seen = np.zeros(page.shape, int)
    for rows, columns in windows(page, ()):
        seen[rows, columns] += 1
    assert seen.max() == 1
    assert seen[page < 100].min() == 1
