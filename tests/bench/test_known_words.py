from __future__ import annotations

import pytest

from bench.known_words import known_pages
from samples import invented, looks_data
from samples.faces import missing_packages
from samples.jobs import Job, TablePart
from samples.values import Look

JOB = Job("known.pdf", "words known", "003", (TablePart(invented.small_list(3)),), Look(), looks_data.COARSE)


@pytest.mark.skipif(bool(missing_packages()), reason="typefaces of the samples are not installed")
def test_a_made_page_comes_with_its_words_and_its_truth() -> None:
    truth, (page,) = known_pages(JOB, seed=1)
    wanted = "".join(c.text for t in truth.tables for c in t.cells)
    assert set("".join(wanted.split())) <= set("".join(w.text for w in page.text.words))
    for word in page.text.words:
        assert 0 <= word.bbox.x0 < word.bbox.x1 <= page.image.width
        patch = page.image.pixels[int(word.bbox.y0) : int(word.bbox.y1), int(word.bbox.x0) : int(word.bbox.x1)]
        assert patch.min() < 150, word.text
