"""What confidence is fitted on and what it is checked on share no typeface."""

from __future__ import annotations

import pytest

from flows.scoring.text import is_number
from samples.jobs import Job
from samples.marks import marks
from samples.reading_sets import hard_reading_jobs, reading_jobs


@pytest.mark.parametrize("jobs", [reading_jobs(), hard_reading_jobs()], ids=["usual", "hard"])
def test_fit_and_check_share_no_typeface(jobs: tuple[Job, ...]) -> None:
    fitted = {job.look.face for job in jobs if job.file_name.startswith("fit")}
    checked = {job.look.face for job in jobs if job.file_name.startswith("chk")}
    assert fitted
    assert checked
    assert not fitted & checked
    assert len({job.file_name for job in jobs}) == len(jobs)


def test_marks_hold_every_form_and_come_out_the_same() -> None:
    texts = [cell.text for cell in marks(1, 60).cells]
    assert marks(1, 60) == marks(1, 60)
    assert {"—", "-", "0", "0.00", "", "≥", "定性"} <= set(texts)
    assert all(any(t.startswith(sign) for t in texts) for sign in ("-", "(", "（", "△"))
    assert sum(is_number(t) for t in texts) > 300
