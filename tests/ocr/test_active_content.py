"""What a PDF carries besides pages is noted wherever it stands, and what only looks like it is not."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.active_content import active_content
from ocr.rasterise import inspect_source
from ocr.source import SourceFacts, SourceLimits
from tests.faults.bad_files import bad_files, good_pdf, pdf_of

PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
SCRIPT, LAUNCH = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", b"<< /S /Launch /F (/bin/true) >>"


def page(more: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] %s >>" % more


def link(action: bytes) -> bytes:
    return b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>]" % action


CARRIES = {
    "when it is opened": (pdf_of(PAGES, page(), catalogue=b"/OpenAction " + SCRIPT), ("javascript",)),
    "when a page is left": (pdf_of(PAGES, page(b"/AA << /C %s >>" % LAUNCH)), ("launch_actions",)),
    "on a link": (pdf_of(PAGES, page(link(LAUNCH))), ("launch_actions",)),
    "one after the other": (pdf_of(PAGES, page(link(b"<< /S /URI /Next %s >>" % SCRIPT))), ("javascript",)),
    "in the tree of names": (
        pdf_of(PAGES, page(), SCRIPT, catalogue=b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>"),
        ("javascript",),
    ),
    "by another spelling": (pdf_of(PAGES, page(link(b"<< /S /#4cau#6ech >>"))), ("launch_actions",)),
    "both": (pdf_of(PAGES, page(link(LAUNCH)), catalogue=b"/OpenAction " + SCRIPT), ("javascript", "launch_actions")),
    "only as words": (pdf_of(PAGES, page(b"/Label (/S /JavaScript \\(/S/Launch /EF)")), ()),
    "another name that begins so": (pdf_of(PAGES, page(b"/S /LaunchPad /JSON 1 /EFG 2")), ()),
    "nothing": (good_pdf(1), ()),
}


def looked_into(folder: Path, data: bytes) -> SourceFacts:
    path = folder / "a.pdf"
    path.write_bytes(data)
    return inspect_source(path, SourceLimits())


@pytest.mark.parametrize("case", CARRIES)
def test_actions_are_noted_wherever_they_stand(case: str, tmp_path: Path) -> None:
    data, notes = CARRIES[case]
    assert looked_into(tmp_path, data).notes == notes
    packed = pymupdf.open(stream=data).tobytes(use_objstms=1, deflate=True)
    assert looked_into(tmp_path, bytes(packed)).notes == notes


def test_embedded_files_are_named(tmp_path: Path) -> None:
    (item,) = bad_files(("embedded.pdf",))
    document = pymupdf.open(stream=item.content)
    document[0].add_file_annot((10, 10), b"MZ", "钉上.exe")
    document.embfile_add("长" * 300, b"x")
    facts = looked_into(tmp_path, bytes(document.tobytes()))
    assert facts.notes == ("embedded_files",)
    assert set(facts.embedded_files) == {"evil.exe", "钉上.exe", "长" * 255}


def test_a_protected_file_that_is_damaged_has_both_notes(tmp_path: Path) -> None:
    (item,) = bad_files(("owner-password.pdf",))
    assert looked_into(tmp_path, item.content).notes == ("owner_password",)
    damaged = item.content.replace(b"startxref", b"startxxxx")
    assert looked_into(tmp_path, damaged).notes == ("repaired", "owner_password")


def test_more_objects_than_are_looked_through_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr.active_content._MOST_OBJECTS", 3)
    assert looked_into(tmp_path, CARRIES["both"][0]).notes == ("javascript", "launch_actions")
    assert looked_into(tmp_path, CARRIES["in the tree of names"][0]).notes == ("not_searched",)


@given(st.text(alphabet="/SEFJLaunchvScript()\\ <>", max_size=60))
def test_what_stands_in_a_string_is_no_action(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    assert active_content([f"<</Contents({escaped})/Type/Annot>>"]) == ()
