"""A full disk, a read-only output and a file that may not be read: the watch waits, says so, and goes on by itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.faults import hindered


def test_a_disk_that_is_full_pauses_the_watch(tmp_path: Path) -> None:
    said = hindered.on_a_full_disk(tmp_path)
    if said == hindered.NO_TMPFS:
        pytest.skip(said)
    assert "on by itself" in said


@pytest.mark.parametrize("work", [hindered.with_a_read_only_output, hindered.with_an_unreadable_file])
def test_a_user_without_rights_waits_for_them(work: hindered.Work) -> None:
    with hindered.place_of_nobody() as folder:
        assert hindered.as_nobody(partial(work, folder / "work"))
