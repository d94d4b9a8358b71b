import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from flows.scoring.truth import files_with_truth, reading_of
from samples.age import age
from samples.bad import bad_inputs
from samples.committed import committed_jobs
from samples.faces import missing_packages
from samples.jobs import Job, TablePart, make_sample, typeset
from samples.looks_data import FAX, FLATBED, SEALED
from samples.make import main
from samples.source import load_document

SAMPLES = Path("samples")
needs_faces = pytest.mark.skipif(bool(missing_packages()), reason="typefaces are not installed")
SMALL = Job("small.pdf", "", "001", (TablePart("t05"),), ageing=replace(FLATBED, dpi=72))


def test_each_committed_file_lies_there_with_a_truth_that_tiles() -> None:
    found = {path.name: truth for path, truth in files_with_truth([SAMPLES])}
    assert set(found) == {job.file_name for job in committed_jobs()}
    for truth in found.values():
        for table in truth.tables:
            assert len(table.slots) == table.n_rows * table.n_cols == sum(c.rowspan * c.colspan for c in table.cells)


def test_committed_files_have_the_pages_their_truth_says() -> None:
    for path, truth in files_with_truth([SAMPLES]):
        with pymupdf.open(path) as document:
            assert len(document) == truth.n_pages, path.name


def test_the_committed_set_stays_small() -> None:
    assert sum(path.stat().st_size for path, _ in files_with_truth([SAMPLES])) < 10_000_000


@needs_faces
def test_the_committed_truth_is_what_the_maker_makes() -> None:
    for job in committed_jobs():
        pages = typeset(job, load_document(job.document))
        truth = json.loads((SAMPLES / f"{Path(job.file_name).stem}.truth.json").read_text(encoding="utf-8"))
        placed = [(table.table.title, list(table.page_numbers)) for table in pages.tables]
        assert [(t["title"], t["page_numbers"]) for t in truth["tables"]] == placed, job.file_name


@needs_faces
def test_the_same_seed_makes_the_same_bytes_and_another_seed_the_same_words() -> None:
    first, again, other = make_sample(SMALL, 1), make_sample(SMALL, 1), make_sample(SMALL, 2)
    assert first == again
    assert first.content != other.content
    assert first.truth["tables"] == other.truth["tables"]


@needs_faces
@pytest.mark.parametrize(("suffix", "turn", "size"), [(".pdf", 0, (595, 842)), (".tif", 90, (842, 595))])
def test_turned_pages_say_which_turn_mends_them(suffix: str, turn: int, size: tuple[int, int]) -> None:
    sample = make_sample(replace(SMALL, file_name=f"turned{suffix}", turns=(turn,)), 1)
    pages = sample.truth["pages"]
    assert isinstance(pages, list)
    assert (pages[0]["rotation_degrees"] + turn) % 360 == 0
    with pymupdf.open(stream=sample.content, filetype=suffix[1:]) as document:
        assert (round(document[0].rect.width), round(document[0].rect.height)) == size


@needs_faces
def test_a_truth_reads_back_as_what_is_scored() -> None:
    truth = reading_of(make_sample(SMALL, 1).truth)
    assert truth.tables[0].unit == "万元"
    assert truth.accepted is None


def test_skew_is_the_turn_that_was_applied() -> None:
    """A level stroke on a wide page ends lower at the right after a clockwise turn."""
    page = np.full((300, 900), 255, np.uint8)
    page[150:153, 100:800] = 0
    aged = age(page, replace(FLATBED, skew_degrees=2.0, noise=0.0), seed=3)
    left = np.argmin(aged.pixels[:, 110].astype(int))
    right = np.argmin(aged.pixels[:, 790].astype(int))
    assert np.degrees(np.arctan2(right - left, 680)) == pytest.approx(aged.skew_degrees, abs=0.2)


def test_fax_is_black_and_white_and_seals_are_red() -> None:
    page = np.full((600, 600), 255, np.uint8)
    assert set(np.unique(age(page, FAX, 1).pixels)) <= {0, 255}
    sealed = age(page, SEALED, 1).pixels.astype(int)
    assert ((sealed[..., 0] - sealed[..., 1]) > 80).sum() > 1000


def test_bad_inputs_have_distinct_names_and_known_codes() -> None:
    made = bad_inputs((SAMPLES / "turned-pages.pdf").read_bytes())
    assert len({item.file_name for item in made}) == len(made)
    assert {item.code for item in made} >= {"E_EMPTY", "E_NOT_PDF", "E_ENCRYPTED", "E_TRUNCATED", "E_NO_PAGES"}
    locked = next(item for item in made if item.code == "E_ENCRYPTED")
    assert pymupdf.open("pdf", locked.content).needs_pass


@needs_faces
def test_the_command_writes_file_and_truth(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--only", "three-public"]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["three-public-001.jpg", "three-public-001.truth.json"]
