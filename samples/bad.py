"""Bad inputs, made when a test asks for them: each with the reason code that must come of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf


@dataclass(frozen=True, slots=True)
class BadInput:
    """A file that cannot be read. code: of `ocr/errors.py`, or E_NO_TABLES."""

    file_name: str
    content: bytes
    code: str


def bad_inputs(good_pdf: bytes) -> tuple[BadInput, ...]:
    """All of them; ``good_pdf`` is what the damaged ones were before."""
    return (
        BadInput("empty.pdf", b"", "E_EMPTY"),
        BadInput(
            "page.pdf", b"<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>", "E_NOT_PDF"
        ),
        BadInput("archive.pdf", _zip(), "E_NOT_PDF"),
        BadInput("noise.png", np.random.default_rng(7).bytes(4096), "E_NOT_PDF"),
        BadInput("locked.pdf", _locked(good_pdf), "E_ENCRYPTED"),
        BadInput("half.pdf", good_pdf[: len(good_pdf) // 2], "E_TRUNCATED"),
        BadInput("tenth.pdf", good_pdf[: len(good_pdf) // 10], "E_TRUNCATED"),
        BadInput("no-pages.pdf", _without_pages(), "E_NO_PAGES"),
        BadInput("blank.pdf", _blank(), "E_NO_TABLES"),
    )


def write_bad_inputs(folder: Path, good_pdf: bytes) -> tuple[BadInput, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    made = bad_inputs(good_pdf)
    for item in made:
        (folder / item.file_name).write_bytes(item.content)
    return made


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("budget.xml", "<budget/>")
    return buffer.getvalue()


def _locked(good_pdf: bytes) -> bytes:
    document = pymupdf.open("pdf", good_pdf)
    return bytes(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner"))


def _without_pages() -> bytes:
    """A PDF whose page tree is empty, with a correct cross-reference table."""
    objects = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"trailer\n<< /Size 3 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def _blank() -> bytes:
    document = pymupdf.open()
    document.new_page()
    return bytes(document.tobytes(no_new_id=True))
