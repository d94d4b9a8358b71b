"""Seals of each kind lie on the page in their colour, and black print shows through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from samples.age import age
from samples.faces import missing_packages
from samples.looks_data import FLATBED
from samples.seal_sets import seal_jobs
from samples.values import Stamp

pytestmark = pytest.mark.skipif(bool(missing_packages()), reason="typefaces are not installed")
PAGE = np.full((800, 600), 255, np.uint8)
PAGE[100:700:12, 60:540] = 0
PLAIN = replace(FLATBED, dpi=72, mode="colour", skew_degrees=0.0, noise=0.0)


@pytest.mark.parametrize("kind", ["round", "oval", "square", "carved"])
def test_a_stamp_is_red_and_lets_print_through(kind: str) -> None:
    aged = replace(PLAIN, stamps=(Stamp(kind),))
    pixels = age(PAGE, aged, 1).pixels.astype(int)
    plain = age(PAGE, PLAIN, 1).pixels.astype(int)
    red = pixels[..., 0] - pixels[..., 1] > 60
    assert red.sum() > 800
    assert (pixels <= plain + 1).all()
    assert (age(PAGE, aged, 1).pixels == pixels).all()


def test_jobs_have_names_of_their_own() -> None:
    names = [job.file_name for job in seal_jobs(1)]
    assert len(set(names)) == len(names) == 30
    assert all(job.ageing.stamps for job in seal_jobs(1))
