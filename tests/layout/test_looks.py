from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layout.cells import fill_grid, with_doubt
from layout.looks import LookOptions, bared, look_again, narrowed, widened
from layout.values import Cell, Doubt
from ocr.values import PageImage, Pixels, Reading
from tests.builders import LEFT_PX, TOP_PX, grid, page, page_text, word


def doubtful(text: str, confidence: float = 0.97) -> tuple[Cell, PageImage]:
    one = grid(".")
    written = word(text, LEFT_PX + 10, TOP_PX + 10)
    image = page(written, grids=[one])
    return replace(fill_grid(one, image, page_text(written)).cells[0], confidence=confidence), image


def looks(cell: Cell, image: PageImage, *answers: str, confidence: float = 0.98) -> tuple[Reading, ...]:
    given_out = iter(answers)

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading(next(given_out), confidence, "crop") for _ in crops)

    return look_again(image, (cell,), read)[0]


def test_a_cell_is_looked_at_in_two_ways_with_names_of_their_own() -> None:
    readings = looks(*doubtful("3,064.66"), "3,064.60", "3,064.66")
    assert [(r.text, r.source) for r in readings] == [("3,064.66", "wide"), ("3,064.60", "bare")]


def test_one_look_that_surely_agrees_is_enough_for_a_cell_without_doubts() -> None:
    cell, image = doubtful("3,064.66")
    assert [r.source for r in looks(cell, image, "3,064.66", "3,064.60")] == ["bare"]
    assert [r.source for r in looks(cell, image, "3,064.66", "3,064.60", confidence=0.89)] == ["wide", "bare"]
    in_doubt = with_doubt(cell, Doubt.READINGS_DIFFER)
    assert [r.source for r in looks(in_doubt, image, "3,064.66", "3,064.60")] == ["wide", "bare"]


@pytest.mark.parametrize(
    ("glanced", "counts"),
    [("3,064.66", "3,064.66"), ("３,064.66", "３,064.66"), ("3,064.60", "full"), ("", "full"), (None, "full")],
)
def test_a_glance_counts_only_where_it_says_what_the_cell_says(glanced: str | None, counts: str) -> None:
    assert glanced_looks(doubtful("3,064.66"), glanced, "3,064.66")[0] == ("3,064.66" if counts == "full" else counts)
    assert glanced_looks(doubtful("3,064.66"), glanced, "3,064.60")[0] == ("3,064.60" if counts == "full" else counts)
    assert glanced_looks(doubtful("3,064.66"), glanced, "3,064.66")[1] == (1 if counts == "full" else 0)


def test_a_cell_in_doubt_is_never_glanced_at() -> None:
    cell, image = doubtful("3,064.66")
    in_doubt = with_doubt(cell, Doubt.READINGS_DIFFER), image
    assert glanced_looks(in_doubt, "3,064.66", "3,064.60") == ("3,064.60", 1)
    assert glanced_looks((replace(cell, text=""), image), "", "3,064.60") == ("3,064.60", 1)


def glanced_looks(seen: tuple[Cell, PageImage], glanced: str | None, read: str) -> tuple[str, int]:
    """The bare look at the cell, what was glanced and read being told; how many lines were read in full, but for wide ones."""
    cell, image = seen
    asked: list[int] = []

    def full(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        asked.append(len(crops))
        return tuple(Reading(read, 0.98, "crop") for _ in crops)

    def glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        return tuple(None if glanced is None else Reading(glanced, 0.99, "crop") for _ in crops)

    (readings,) = look_again(image, (cell,), full, glance_crops=glance)
    n_wide = sum(r.source == "wide" for r in readings)
    return next(r.text for r in readings if r.source == "bare"), sum(asked) - n_wide


def test_glances_and_readings_go_back_to_their_cells() -> None:
    cell, image = doubtful("1.50")
    cells = tuple(replace(cell, text=text) for text in ("1.50", "2.50", "3.50", "4.50"))
    glances, full = ["1.50", None, "9.50", "4.50"], ["2.50", "3.50"]

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading(full[i], 0.98, "crop") for i, _ in enumerate(crops))

    def glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        return tuple(Reading(text, 0.99, "crop") if text else None for text, _ in zip(glances, crops, strict=True))

    found = look_again(image, cells, read, glance_crops=glance)
    assert [[(r.text, r.confidence) for r in readings] for readings in found] == [
        [("1.50", 0.99)],
        [("2.50", 0.98)],
        [("3.50", 0.98)],
        [("4.50", 0.99)],
    ]


def test_a_glance_sees_the_line_narrower_than_a_look_in_full() -> None:
    cell, image = doubtful("3,064.66")
    seen: list[Pixels] = []

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        seen.extend(crops)
        return tuple(Reading("3,064.66", 0.98, "crop") for _ in crops)

    def glance(crops: Sequence[Pixels]) -> tuple[Reading | None, ...]:
        seen.extend(crops)
        return tuple(None for _ in crops)

    look_again(image, (cell,), read, glance_crops=glance)
    glanced, full = seen
    assert glanced.shape == (full.shape[0], round(full.shape[1] * LookOptions().glance_width))


@given(st.integers(1, 60), st.floats(0.5, 1.0))
def test_a_line_drawn_narrower_keeps_its_levels_in_their_order(columns: int, share: float) -> None:
    ramp = np.round(np.linspace(0, 255, columns)).astype(np.uint8)
    found = narrowed(np.tile(ramp, (3, 1)), share)
    assert found.shape == (3, max(1, round(columns * share)))
    n = found.shape[1]
    middles = (np.arange(n) + 0.5) / share - 0.5
    assert np.abs(found - np.interp(middles, np.arange(columns), ramp)).max() <= 1.5


def test_where_nothing_was_read_both_looks_are_taken() -> None:
    cell, image = doubtful("3,064.66")
    assert [r.source for r in looks(replace(cell, text=""), image, "", "")] == ["wide", "bare"]


def test_an_unsure_echo_is_no_witness_but_an_unsure_dissent_is() -> None:
    cell, image = doubtful("1.50", confidence=0.5)
    assert [r.text for r in looks(cell, image, "1.50", "1.60", confidence=0.6)] == ["1.60"]


def test_a_figure_whose_marks_were_seen_too_badly_is_left_out() -> None:
    assert [r.source for r in looks(*doubtful("3,064.66"), "3.064.66", "3,064.66")] == ["wide"]
    assert [r.text for r in looks(*doubtful("3,064.66"), "3.06.66", "306466")] == ["306466", "3.06.66"]


def test_words_read_for_a_figure_count_only_where_they_are_sure() -> None:
    cell, image = doubtful("△63.70")
    assert looks(cell, image, "人63.70", "党", confidence=0.4) == ()
    assert [r.text for r in looks(cell, image, "人63.70", "和人", confidence=0.8)] == ["和人"]


def test_a_second_reader_keeps_its_own_name() -> None:
    cell, image = doubtful("1.50")

    def read(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("1.50", 0.98, "crop") for _ in crops)

    def second(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("1.50", 0.98, "tesseract") for _ in crops)

    assert [r.source for r in look_again(image, (cell,), read, second)[0]] == ["bare", "tesseract"]


@given(st.integers(4, 30), st.integers(4, 60))
def test_looks_change_pixels_and_keep_what_is_ink(height: int, width: int) -> None:
    crop = np.full((height, width, 3), 230, np.uint8)
    crop[height // 3 : height // 3 + 2, 1 : width - 1] = 90
    wide, bare = widened(crop, 1.25), bared(crop, 0.3)
    assert wide.shape == (height, round(width * 1.25))
    assert bare.shape == (2 * height, 2 * width)
    assert (wide.min(), bare.min()) == (0, 0)
    assert (wide[0, 0] > 200, bare[0, 0] > 200) == (True, True)


def test_a_red_seal_fades_and_red_print_does_not() -> None:
    sealed = np.full((20, 60, 3), 240, np.uint8)
    sealed[:, 40:55] = (230, 60, 60)
    sealed[5:15, 5:30] = 40
    assert widened(sealed, 1.0)[10, 47] > 200
    red = np.full((20, 60, 3), 240, np.uint8)
    red[5:15, 5:30] = (235, 40, 40)
    assert widened(red, 1.0)[10, 10] < 60


@given(st.integers(1, 30), st.integers(1, 60), st.booleans(), st.integers(0, 2**32 - 1))
def test_the_bare_look_is_what_interpolation_and_a_threshold_give(
    height: int, width: int, coloured: bool, seed: int
) -> None:
    shape = (height, width, 3) if coloured else (height, width)
    crop = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    grey = crop.astype(np.float64)
    if coloured:
        spreads = [float(np.ptp(np.percentile(plane, [1, 90]))) for plane in (crop.max(axis=2), crop.min(axis=2))]
        grey = crop.min(axis=2).astype(np.float64) if spreads[0] < 0.5 * spreads[1] else crop.max(axis=2) * 1.0
    rows, columns = (np.clip((np.arange(2 * n) + 0.5) / 2 - 0.5, 0, n - 1) for n in (height, width))
    wide = np.array([np.interp(columns, np.arange(width), line) for line in grey])
    plane = np.array([np.interp(rows, np.arange(height), line) for line in wide.T]).T
    dark, light = np.percentile(plane, [0.5, 95])
    levels = 0.5 + (plane - (dark + light) / 2) / (0.3 * max(light - dark, 16.0))
    assert np.array_equal(bared(crop, 0.3), np.clip(levels * 255, 0, 255).astype(np.uint8))
