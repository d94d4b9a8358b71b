"""What is taken in and what is refused, each with its own error that names the file."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ocr import errors
from ocr.rasterise import ERRORS, inspect_source, rasterise, rasterise_page
from ocr.resolution import RasteriseOptions
from ocr.source import SourceKind, SourceLimits
from tests.ocr import pages

LIMITS = SourceLimits()
OPTIONS = RasteriseOptions()
NOISE = np.random.default_rng(0).integers(0, 256, (300, 200), np.uint8)
PDF = pages.pdf_of_scans(NOISE, NOISE.T.copy(), NOISE)


def write(folder: Path, data: bytes, name: str = "预算.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def revised(pdf: bytes, folder: Path) -> bytes:
    """The same PDF with a second revision appended."""
    path = write(folder, pdf, "revised.pdf")
    document = pymupdf.open(path)
    document[0].insert_text((72, 200), "second revision")
    document.saveIncr()
    return path.read_bytes()


def protected(user: str, owner: str) -> bytes:
    document = pymupdf.open(stream=PDF)
    return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=user, owner_pw=owner))


NO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)
REFUSED = {
    "empty": (b"", errors.EmptySource),
    "html": (b"\n<!DOCTYPE html><html><body>404</body></html>", errors.UnsupportedSource),
    "html that mentions PDF": (b"<html><!-- %PDF-1.4 --></html>", errors.UnsupportedSource),
    "docx": (b"PK\x03\x04" + bytes(200), errors.UnsupportedSource),
    "old Office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), errors.UnsupportedSource),
    "noise": (NOISE.tobytes(), errors.UnsupportedSource),
    "header only": (b"%PDF-1.4\n", errors.TruncatedSource),
    "header too far in": (bytes(1100) + PDF, errors.UnsupportedSource),
    "no pages": (NO_PAGES, errors.NoPages),
    "password": (protected("a", "b"), errors.EncryptedSource),
    **{f"cut at {p} %": (PDF[: len(PDF) * p // 100], errors.TruncatedSource) for p in (10, 50, 90, 99)},
    **{
        f"{suffix} cut at {p} %": (data[: len(data) * p // 100], errors.TruncatedSource)
        for suffix in ("PNG", "JPEG", "TIFF")
        for data in (pages.encoded(NOISE, suffix),)
        for p in (10, 50, 99)
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_for_its_own_reason(case: str, tmp_path: Path) -> None:
    data, expected = REFUSED[case]
    with pytest.raises(errors.SourceError) as caught:
        inspect_source(write(tmp_path, data), LIMITS)
    assert type(caught.value) is expected
    assert "预算.pdf" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "kind", "n_pages", "notes"),
    [
        (PDF, SourceKind.PDF, 3, ()),
        (b"x" * 1000 + PDF, SourceKind.PDF, 3, ()),
        (PDF[:-6], SourceKind.PDF, 3, ("no_end_mark",)),
        (PDF + NOISE.tobytes(), SourceKind.PDF, 3, ("repaired",)),
        (PDF.replace(b"startxref", b"startxxxx"), SourceKind.PDF, 3, ("repaired",)),
        (protected("", "b"), SourceKind.PDF, 3, ("owner_password",)),
        (pages.encoded(NOISE, "JPEG"), SourceKind.JPEG, 1, ("misnamed",)),
    ],
)
def test_an_unusual_file_is_taken_with_a_note(
    data: bytes, kind: SourceKind, n_pages: int, notes: tuple[str, ...], tmp_path: Path
) -> None:
    facts = inspect_source(write(tmp_path, data), LIMITS)
    assert (facts.kind, facts.n_pages, facts.notes) == (kind, n_pages, notes)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


def test_a_revision_cut_short_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    whole = revised(PDF, tmp_path)
    assert inspect_source(write(tmp_path, whole), LIMITS).notes == ()
    with pytest.raises(errors.TruncatedSource):
        inspect_source(write(tmp_path, whole[:-200]), LIMITS)


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.PageLimitExceeded, match="3 pages"):
        inspect_source(write(tmp_path, PDF), SourceLimits(max_pages=2))


def test_too_many_bytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    with pytest.raises(errors.InaccessibleSource, match="bytes"):
        inspect_source(write(tmp_path, PDF), SourceLimits(max_bytes=100))


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.pdf")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "link.pdf").symlink_to(write(tmp_path, PDF))
    for name in ("fifo.pdf", "folder.pdf", "link.pdf", "missing.pdf"):
        with pytest.raises(errors.InaccessibleSource, match=name):
            inspect_source(tmp_path / name, LIMITS)
    assert inspect_source(tmp_path / "link.pdf", SourceLimits(follow_links=True)).n_pages == 3


def test_a_name_in_gbk_bytes_is_read(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("部门预算.pdf".encode("gbk"))
    path.write_bytes(PDF)
    assert inspect_source(path, LIMITS).source_name == "部门预算.pdf"
    assert rasterise_page(path, 1, OPTIONS).page_number == 1


def test_a_damaged_page_is_named_and_leaves_the_others(tmp_path: Path) -> None:
    pdf = pages.pdf_of_scans(NOISE, NOISE.T.copy(), suffix="JPEG")
    path = write(tmp_path, pdf.replace(b"\xff\xd8\xff\xe0", bytes(4), 1))
    assert inspect_source(path, LIMITS).n_pages == 2
    with pytest.raises(errors.UnreadablePage, match=r"预算.pdf, page 1: .*damaged"):
        rasterise_page(path, 1, OPTIONS)
    assert rasterise_page(path, 2, OPTIONS).page_number == 2


@pytest.mark.parametrize("number", [0, 4])
def test_a_page_number_the_file_does_not_have_is_refused(number: int, tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadablePage, match="no such page"):
        rasterise_page(write(tmp_path, PDF), number, OPTIONS)


def test_an_image_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadablePage, match="page 1"):
        rasterise_page(write(tmp_path, pages.png_bomb(60_000), "bomb.png"), 1, OPTIONS)


def test_pages_come_in_order_and_equal_those_asked_for_by_number(tmp_path: Path) -> None:
    path = write(tmp_path, PDF)
    all_pages = list(rasterise(path, OPTIONS))
    assert [p.page_number for p in all_pages] == [1, 2, 3]
    assert all_pages[1].digest == rasterise_page(path, 2, OPTIONS).digest
    assert {p.document_digest for p in all_pages} == {hashlib.sha256(PDF).hexdigest()}


def test_a_file_that_changed_gets_its_new_digest(tmp_path: Path) -> None:
    path = write(tmp_path, PDF)
    before = rasterise_page(path, 1, OPTIONS).document_digest
    after = rasterise_page(write(tmp_path, pages.pdf_of_text("another")), 1, OPTIONS).document_digest
    assert before != after == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_error_of_pymupdf_has_a_meaning() -> None:
    raised = {
        thing
        for module in (pymupdf, pymupdf.mupdf)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Exception) and not issubclass(thing, Warning)
    }
    own = {error for error in raised if error.__module__.startswith("pymupdf")}
    assert len(own) >= 10
    assert own <= set(ERRORS)


def test_mupdf_writes_nothing_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(errors.TruncatedSource):
        inspect_source(write(tmp_path, PDF[: len(PDF) // 2]), LIMITS)
    assert capfd.readouterr() == ("", "")


def test_the_layout_network_of_pymupdf_stays_unloaded() -> None:
    code = (
        "import ocr.rasterise, sys; sys.exit(bool({'pymupdf.layout.onnx', 'pymupdf4llm.helpers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
