from __future__ import annotations

import numpy as np
import pytest

from layout.believed import _goes_on, steady
from layout.ruling_values import Measured, RulingOptions
from layout.rulings import find_rulings
from layout.stroke_measures import wobble
from layout.strokes import Chain, Stroke
from layout.values import Orientation, Ruling
from ocr.values import Pixels
from tests.layout.drawing import Pen, blank, draw_ruling, page

ACROSS = Ruling(Orientation.HORIZONTAL, 400.0, 100.0, 900.0, 2.0)
DOWN = Ruling(Orientation.VERTICAL, 500.0, 100.0, 800.0, 2.0)


def covered(rulings: tuple[Ruling, ...], wanted: Ruling, tolerance: float = 2.0) -> float:
    """Share of a ruling's length that was found within ``tolerance`` px of its place."""
    near = [
        r for r in rulings if r.orientation is wanted.orientation and abs(r.position - wanted.position) <= tolerance
    ]
    inked = np.zeros(round(wanted.length), dtype=bool)
    for r in near:
        inked[max(0, round(r.start - wanted.start)) : max(0, round(r.end - wanted.start))] = True
    return float(inked.mean())


@pytest.mark.parametrize(
    "pen",
    [
        Pen(thickness=1),
        Pen(thickness=2),
        Pen(thickness=6),
        Pen(grey=215, thickness=1),
        Pen(grey=190, thickness=2),
        Pen(thickness=2, dash=(2, 2)),
        Pen(thickness=2, dash=(5, 3)),
        Pen(breaks=(0.1, 0.3, 0.45, 0.8)),
    ],
    ids=["thin", "usual", "thick", "faint", "grey", "dotted", "dashed", "broken"],
)
def test_rulings_of_every_kind_are_found_where_they_are(pen: Pen) -> None:
    canvas = blank()
    for ruling in (ACROSS, DOWN):
        draw_ruling(canvas, ruling, pen)
    found = find_rulings(page(canvas))
    assert covered(found, ACROSS) > 0.9
    assert covered(found, DOWN) > 0.9
    assert all(min(abs(r.position - 400), abs(r.position - 500)) <= 3 for r in found)


def test_noise_neither_hides_nor_invents_rulings() -> None:
    rng = np.random.default_rng(7)
    canvas = blank()
    draw_ruling(canvas, ACROSS, Pen(grey=120))
    noisy = np.clip(canvas + rng.normal(0, 14, canvas.shape), 0, 255).astype(np.uint8)
    specks = rng.random(canvas.shape)
    noisy[specks < 0.005] = 0
    found = find_rulings(page(noisy))
    assert covered(found, ACROSS) > 0.9
    assert all(abs(r.position - 400) <= 3 for r in found)


def test_a_slanted_ruling_comes_as_pieces_that_follow_it() -> None:
    canvas = blank()
    draw_ruling(canvas, ACROSS, Pen(), bend=lambda x, y: (x - 100) * 0.01)
    found = find_rulings(page(canvas))
    assert sum(r.length for r in found) > 0.95 * ACROSS.length
    assert all(abs(r.position - 400 - ((r.start + r.end) / 2 - 100) * 0.01) <= 1.5 for r in found)


def test_strokes_of_characters_are_not_rulings() -> None:
    rng = np.random.default_rng(3)
    canvas = blank()
    for row in range(60, 840, 40):
        for x in range(80, 900, 24):
            for bar in rng.choice(np.arange(0, 20, 4), 3, replace=False):
                start, end = sorted(rng.integers(0, 20, 2))
                canvas[row + bar : row + bar + 2, x + start : x + end] = 20
            canvas[row : row + 18, x + (stem := rng.integers(2, 18)) : x + stem + 2] = 20
    assert find_rulings(page(canvas)) == ()


def test_shade_yellow_paper_and_scan_margins_are_not_rulings() -> None:
    paper = np.tile(np.linspace(140, 250, 1000).astype(np.uint8), (900, 1))
    canvas = np.stack([paper, paper, (paper * 0.85).astype(np.uint8)], axis=-1)
    canvas[:, :12] = 10
    canvas[300:380, 200:800] -= 40  # a grey fill without rulings
    assert find_rulings(page(canvas)) == ()


def test_a_coloured_ruling_is_found() -> None:
    canvas = np.repeat(blank()[..., None], 3, axis=2)
    canvas[399:401, 100:900] = (200, 40, 40)
    assert covered(find_rulings(page(canvas)), ACROSS) > 0.9


def test_resolution_changes_pixels_and_nothing_else() -> None:
    canvas = blank()
    draw_ruling(canvas, ACROSS, Pen())
    fine = np.repeat(np.repeat(canvas, 2, axis=0), 2, axis=1)
    one, two = find_rulings(page(canvas)), find_rulings(page(fine, dpi=300.0))
    assert len(one) == len(two) == 1
    assert two[0].position == pytest.approx(2 * one[0].position, abs=2)
    assert two[0].start == pytest.approx(2 * one[0].start, abs=4)
    assert two[0].end == pytest.approx(2 * one[0].end, abs=4)


def test_a_short_ruling_ends_at_the_nearer_line_of_a_double_frame() -> None:
    canvas = blank()
    for y, start in ((300, 100), (340, 100), (346, 94)):
        draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, y, start, 900, 2.0), Pen())
    for x in (100, 500, 900):
        draw_ruling(canvas, Ruling(Orientation.VERTICAL, x, 300, 340, 2.0), Pen())
    found = find_rulings(page(canvas))
    for x in (100, 500, 900):
        assert covered(found, Ruling(Orientation.VERTICAL, x, 302, 338, 2.0)) > 0.9


def framed() -> Pixels:
    """Three rows of 38 px, closed at the sides; an upright ruling divides the first one only."""
    canvas = blank()
    for y in (300, 338, 376, 414):
        draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, y, 100, 900, 2.0), Pen())
    for x, stop in ((100, 414), (900, 414), (500, 338)):
        draw_ruling(canvas, Ruling(Orientation.VERTICAL, x, 300, stop, 2.0), Pen())
    return canvas


def test_a_broken_ruling_goes_on_where_one_of_its_line_ended() -> None:
    canvas = framed()
    for start, end in ((338, 340), (345, 352), (357, 376)):
        canvas[start:end, 499:501] = 30
    assert covered(find_rulings(page(canvas)), Ruling(Orientation.VERTICAL, 500, 338, 376, 2.0)) > 0.55


def test_a_ruling_broken_at_the_ruling_it_crosses_is_found() -> None:
    canvas = framed()
    canvas[300:376, 700:702] = 30
    canvas[331:337, 700:702] = canvas[340:346, 700:702] = 245
    ruling = Ruling(Orientation.VERTICAL, 701, 300, 376, 2.0)
    assert covered(find_rulings(page(canvas)), ruling) > 0.7


def test_a_stem_in_line_with_a_ruling_does_not_go_on_it() -> None:
    canvas = framed()
    canvas[346:369, 499:501] = 30
    assert covered(find_rulings(page(canvas)), Ruling(Orientation.VERTICAL, 500, 340, 374, 2.0)) == 0


def test_stems_of_right_aligned_figures_in_tight_rows_are_no_ruling() -> None:
    canvas = blank()
    for row in range(8):
        y = 300 + 26 * row
        draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, y, 100, 900, 2.0), Pen())
        for x in (700, 712, 724):
            canvas[y + 4 : y + 21, x : x + 2] = 30
    draw_ruling(canvas, Ruling(Orientation.HORIZONTAL, 508, 100, 900, 2.0), Pen())
    for x in (100, 500, 900):
        draw_ruling(canvas, Ruling(Orientation.VERTICAL, x, 300, 508, 2.0), Pen())
    found = find_rulings(page(canvas))
    assert all(covered(found, Ruling(Orientation.VERTICAL, x, 300, 508, 2.0)) < 0.1 for x in (701, 713, 725))


def test_no_ink_gives_no_rulings() -> None:
    assert find_rulings(page(blank())) == ()
    assert find_rulings(page(blank(3, 2))) == ()


def test_what_wobbles_does_not_say_what_a_pages_rulings_are_like() -> None:
    rng = np.random.default_rng(5)
    dotted = Chain((Stroke(100, 300.0 + 0.02 * np.arange(600)),))
    type_line = Chain(tuple(Stroke(x, 200.0 + np.repeat(rng.integers(-1, 2, 12), 5)) for x in range(100, 700, 70)))
    assert wobble(dotted) < 0.01 < 0.1 < wobble(type_line)
    ruling, line = Measured(dotted, 0.6, 0.7, 2.0), Measured(type_line, 0.55, 0.6, 5.0)
    assert steady([line, ruling, line], RulingOptions()) == [ruling]
    assert steady([line, line], RulingOptions()) == [line, line]


@pytest.mark.parametrize(("thick", "goes_on"), [(5.0, True), (2.0, False)])
def test_crests_of_a_thick_ruling_that_overlap_go_on_each_other(thick: float, goes_on: bool) -> None:
    believed = Measured(Chain((Stroke(100, np.full(200, 50.0)),)), 1.0, 1.0, thick)
    crest = np.array([[280.0, 52.2]]), np.array([[360.0, 52.2]])
    is_open = np.array([True])
    assert bool(_goes_on(*crest, is_open, is_open, [believed], 150 / 72, RulingOptions())[0]) is goes_on
