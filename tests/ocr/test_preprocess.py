"""Pages put upright and level, and points that stay where they were."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.geometry import BBox
from ocr.ink import count_blobs, ink_mask, joined
from ocr.orientation import Axis, Type, axis_of, find_type, painted
from ocr.preprocess import (
    PreprocessOptions,
    find_posture,
    is_only_straightened,
    levelled,
    preprocess,
    straightened,
    turned,
)
from ocr.values import Pixels, Reading
from tests.ocr import pages
from tests.ocr.pages import DPI, EM, TopReader, blank, leaning, page_image, table_page, text_page, with_dirt

OPTIONS = PreprocessOptions()
MAKERS = {"text": text_page, "table": table_page, "landscape table": lambda: table_page(1, 9, 10, 1400, 800)}


def quarter(pixels: Pixels, clockwise: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, -clockwise // 90))


@pytest.mark.parametrize("lean", [0.0, -9.8, 2.3])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_page_is_put_upright_and_level(maker: str, turn: int, lean: float) -> None:
    lying = quarter(with_dirt(leaning(MAKERS[maker](), lean)), turn)
    posture = find_posture(page_image(lying), OPTIONS, TopReader())
    assert posture.turn_degrees == -turn % 360
    assert posture.level_degrees == pytest.approx(-lean, abs=0.05)


@settings(max_examples=15, deadline=None)
@given(st.floats(-10.0, 10.0), st.sampled_from(sorted(MAKERS)), st.booleans())
def test_the_lean_is_found_to_a_twentieth_of_a_degree(lean: float, maker: str, dirty: bool) -> None:
    page = leaning(MAKERS[maker](), lean)
    posture = find_posture(page_image(with_dirt(page) if dirty else page), PreprocessOptions(orient=False), no_reader)
    assert posture.level_degrees == pytest.approx(-lean, abs=0.05 if abs(lean) > 0.1 else 0.11)


def no_reader(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
    raise AssertionError("nothing needs to be read")


@pytest.mark.parametrize(
    "page",
    [
        blank(),
        np.random.default_rng(0).integers(180, 256, (1200, 900), np.uint8),
        np.zeros((900, 700), np.uint8),
        blank(3, 2),
    ],
    ids=["white", "noise", "black", "tiny"],
)
def test_a_page_without_text_stays_as_it_is(page: Pixels) -> None:
    image = page_image(page)
    assert preprocess(image, OPTIONS, TopReader()) is image


def test_dirt_and_black_borders_are_no_text() -> None:
    image = page_image(with_dirt(blank(grey=200)))
    clean = preprocess(image, OPTIONS, TopReader())
    assert clean.to_pdf == image.to_pdf
    assert (clean.rotation_degrees, clean.skew_degrees) == (0, 0.0)


def test_a_straight_page_keeps_its_pixels_and_digest() -> None:
    image = page_image(text_page())
    assert preprocess(image, OPTIONS, TopReader()) is image


def test_the_edge_of_the_scanner_is_not_a_row_of_text() -> None:
    page = leaning(text_page(n_lines=6), 3.0)
    page[:40], page[-60:] = 5, 8
    posture = find_posture(page_image(page), OPTIONS, TopReader())
    assert posture.level_degrees == pytest.approx(-3.0, abs=0.05)


def test_few_lines_are_read_when_the_first_are_clear() -> None:
    reader = TopReader()
    find_posture(page_image(text_page()), PreprocessOptions(clear_margin=0.05), reader)
    assert 0 < reader.n_crops <= 2 * OPTIONS.n_lines


@pytest.mark.parametrize(
    ("text", "certain", "n_crops"),
    [
        ("财政拨款收入合计", 0.95, 1),
        ("12,345.67", 0.95, 2),
        ("收入12,345", 0.95, 2),
        ("财政拨款收入合计", 0.85, 4),
    ],
)
def test_lines_are_read_upside_down_only_where_they_do_not_read_well_as_they_lie(
    text: str, certain: float, n_crops: int
) -> None:
    asked = []

    def reader(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        asked.extend(crops)
        return tuple(Reading(text if len(asked) <= 2 else "", certain, "crop") for _ in crops)

    assert find_posture(page_image(text_page()), OPTIONS, reader).turn_degrees == 0
    assert len(asked) == n_crops


def test_lines_that_read_alike_both_ways_leave_the_page_as_it_lies() -> None:
    def undecided(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("口口口口口口", 0.89, "crop") for _ in crops)

    assert find_posture(page_image(text_page()), OPTIONS, undecided).turn_degrees == 0


def test_lines_that_cannot_be_read_leave_the_page_as_it_lies() -> None:
    def blind(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("", 1.0, "crop") for _ in crops)

    assert find_posture(page_image(quarter(text_page(), 90)), OPTIONS, blind).turn_degrees == 0


@pytest.mark.parametrize(("n_numbers", "down"), [(0, True), (30, False)])
def test_labels_that_run_down_narrow_columns_do_not_turn_a_page_of_numbers(n_numbers: int, down: bool) -> None:
    """One character a line in the heads of narrow columns; digits of the rows below are taller than wide."""
    labels = [(60 + 70 * k, 100 + 24 * i, 20, 20, 240) for k in range(14) for i in range(9)]
    numbers = [
        (60 + 160 * (k % 6) + 13 * i, 400 + 60 * (k // 6), 11, 18, 120) for k in range(n_numbers) for i in range(4)
    ]
    type_ = Type(np.array([*labels, *numbers], np.int32), 20.0)
    assert axis_of(type_, (900, 1100)).down is down


def test_dashes_of_a_ruling_do_not_say_which_way_is_up() -> None:
    def dashes_first(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        text = texts.pop(0)
        return tuple(Reading(text, 0.99 if "-" in text else 0.9, "crop") for _ in crops)

    texts = ["二二二二二二", "二二二二二二", "------", "二二二二二二", "------", "财政拨款收入", "人"]
    assert find_posture(page_image(text_page()), OPTIONS, dashes_first).turn_degrees == 0


@pytest.mark.parametrize(("long", "thick"), [(6, 2), (6, 3), (7, 4), (3, 6)])
def test_dashes_do_not_say_how_large_type_is(long: int, thick: int) -> None:
    page = text_page(n_lines=12)
    for y in range(60, 1150, 30):
        for x in range(40, 860, 10):
            page[y : y + thick, x : x + long] = 0
    assert find_type(ink_mask(page, 13), DPI).em == pytest.approx(EM, abs=2)


def test_crops_are_level_upright_lines_at_the_resolution_of_the_page() -> None:
    shapes = []

    def watching(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        shapes.extend(crop.shape for crop in crops)
        return TopReader()(crops)

    large = np.kron(text_page(), np.ones((2, 2), np.uint8))
    find_posture(page_image(quarter(leaning(large, 4.0), 90), dpi=240.0), OPTIONS, watching)
    assert shapes
    assert all(2 * pages.EM <= height <= 4 * pages.EM and width >= 2 * height for height, width in shapes)


@given(st.sampled_from([0, 90, 180, 270]), st.floats(-6, 6), st.floats(0, 299), st.floats(0, 199))
def test_a_point_of_the_page_stays_where_it_is(turn: int, lean: float, x: float, y: float) -> None:
    image = page_image(blank(300, 200))
    straight = levelled(turned(image, turn), lean)
    there = image.to_pdf.apply(x, y)
    moved = straight.to_pdf.inverse().apply(*there)
    assert straight.to_pdf.apply(*moved) == pytest.approx(there, abs=1e-6)
    assert -1e-6 <= moved[0] <= straight.width + 1e-6
    assert -1e-6 <= moved[1] <= straight.height + 1e-6


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("lean", [0.0, 5.0, -3.3])
def test_ink_is_found_again_where_the_map_says(turn: int, lean: float) -> None:
    page = blank(300, 200)
    page[60:70, 200:210] = 0
    image = page_image(page)
    straight = levelled(turned(image, turn), lean)
    weight = 255.0 - straight.pixels
    rows, columns = np.indices(weight.shape)
    centre = [(weight * (axis + 0.5)).sum() / weight.sum() for axis in (columns, rows)]
    assert straight.to_pdf.apply(*centre) == pytest.approx(image.to_pdf.apply(205, 65), abs=0.03)


def test_nothing_is_cut_off_and_the_edges_get_the_colour_of_the_paper() -> None:
    page = np.full((200, 300, 3), (240, 230, 200), np.uint8)
    page[:6, :6] = page[-6:, -6:] = 0
    straight = levelled(page_image(page), 5.0)
    assert (straight.pixels[0, -1] == (240, 230, 200)).all()
    assert (straight.pixels < 60).all(axis=2).sum() == pytest.approx(72, abs=20)
    assert straight.width >= 300
    assert straight.height > 200 + 300 * math.sin(math.radians(4.9))


def test_turns_only_move_pixels_and_four_quarters_are_none() -> None:
    image = page_image(text_page())
    once = turned(image, 90)
    assert np.array_equal(once.pixels, quarter(image.pixels, 90))
    assert once.rotation_degrees == 90
    whole = turned(turned(once, 180), 90)
    assert np.array_equal(whole.pixels, image.pixels)
    assert whole.rotation_degrees == 0
    assert whole.to_pdf.apply_bbox(BBox(1, 2, 3, 4)).as_tuple() == pytest.approx(
        image.to_pdf.apply_bbox(BBox(1, 2, 3, 4)).as_tuple()
    )


def test_digests_name_the_steps_and_are_the_same_each_time() -> None:
    image = page_image(leaning(text_page(), 2.0))
    first, second = (preprocess(image, OPTIONS, TopReader()) for _ in range(2))
    assert first.digest == second.digest != image.digest
    assert np.array_equal(first.pixels, second.pixels)
    assert len({turned(image, 90).digest, turned(image, 180).digest, levelled(image, 1.0).digest}) == 3


def test_facts_of_the_page_tell_what_was_done() -> None:
    image = page_image(quarter(leaning(table_page(), 2.0), 90))
    straight = preprocess(image, OPTIONS, TopReader())
    assert straight.rotation_degrees == 270
    assert straight.skew_degrees == pytest.approx(-2.0, abs=0.05)
    assert (straight.width_pt, straight.height_pt) == (image.width_pt, image.height_pt)


def test_steps_can_be_left_out() -> None:
    image = page_image(quarter(leaning(text_page(), 2.0), 180))
    assert preprocess(image, PreprocessOptions(orient=False, level=False), no_reader) is image
    assert preprocess(image, PreprocessOptions(level=False), TopReader()).skew_degrees == 0.0


def test_only_quarters_are_turns() -> None:
    with pytest.raises(ValueError, match="quarters"):
        turned(page_image(blank()), 45)


@pytest.mark.parametrize(("n_numbers", "is_sure", "turn"), [(1, False, True), (6, False, False), (6, True, True)])
def test_labels_printed_on_their_side_do_not_turn_a_row_of_numbers(
    n_numbers: int, is_sure: bool, turn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways can be read surely: where the axis is not sure, there is more to read along the numbers, or the labels."""

    def sure(crops: Sequence[Pixels]) -> tuple[Reading, ...]:
        return tuple(Reading("县政府办公室", 0.99, "crop") for _ in crops)

    page = blank(1200, 500)
    for k in range(3):
        for i in range(6):
            page[60 + 24 * i : 78 + 24 * i, 60 + 50 * k : 79 + 50 * k] = 30
    for k in range(n_numbers):
        for i in range(7):
            page[160:177, 280 + 150 * k + 20 * i : 296 + 150 * k + 20 * i] = 30
    monkeypatch.setattr("ocr.preprocess.axis_of", lambda *_: Axis(down=True, is_sure=is_sure))
    assert (find_posture(page_image(page), OPTIONS, sure).turn_degrees != 0) is turn


@pytest.mark.parametrize("seed", range(8))
def test_the_axis_that_small_gaps_tell_is_the_one_that_all_tell(seed: int) -> None:
    """Wider gaps are left out where they could not change it."""
    random = np.random.default_rng(seed)
    step = 13 + 2 * (seed % 4)
    x, y = np.meshgrid(np.arange(20, 380, 13), np.arange(20, 380, step))
    kept = random.random(x.size) < 0.7
    boxes = np.stack([x.ravel(), y.ravel(), *np.full((2, x.size), 10), np.full(x.size, 60)], axis=1)[kept]
    type_ = Type(boxes.astype(np.int32), 10.0)
    told = axis_of(type_, (400, 400))
    counted = [
        sum(count_blobs(joined(painted(type_.boxes, (400, 400)), *gap)) for gap in gaps)
        for gaps in (((3, 1), (6, 1)), ((1, 3), (1, 6)))
    ]
    assert told.down == (counted[1] < counted[0] and (told.is_sure or told.down))


@pytest.mark.parametrize(("turn", "lean"), [(0, 0.0), (0, 2.3), (90, -1.1), (180, 0.0)])
def test_a_page_that_was_only_straightened_comes_out_the_same_without_being_cleaned(turn: int, lean: float) -> None:
    raw = page_image(quarter(leaning(table_page(), lean), turn))
    image = preprocess(raw, OPTIONS, TopReader())
    assert is_only_straightened(raw, image.digest, image.rotation_degrees, image.skew_degrees)
    again = straightened(raw, image.rotation_degrees, image.skew_degrees)
    assert again.digest == image.digest
    assert np.array_equal(again.pixels, image.pixels)
    assert not is_only_straightened(raw, image.digest, image.rotation_degrees, image.skew_degrees + 0.001)


def test_a_page_that_was_cleaned_besides_is_not_only_straightened() -> None:
    lidded = leaning(table_page(), 1.5).copy()
    lidded[:, -60:] = 0
    raw = page_image(lidded)
    image = preprocess(raw, OPTIONS, TopReader())
    assert image.skew_degrees != 0.0
    assert not is_only_straightened(raw, image.digest, image.rotation_degrees, image.skew_degrees)
