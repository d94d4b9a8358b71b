"""The hostile stages, loaded by a worker when it needs them: until then it has no thread, so copies of it can be made."""

from __future__ import annotations

import os
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flows.worker_child import WorkPlan

if TYPE_CHECKING:
    from flows.pipeline import Stages
    from ocr.source import SourceFacts


def plan(mark: Path, with_thread: bool = False) -> WorkPlan:
    """mark: a file that gets a line for each process that loads."""
    return WorkPlan(look_into, open_engine, stages, load=partial(load, mark, with_thread))


def load(mark: Path, with_thread: bool) -> None:
    with mark.open("a", encoding="utf-8") as marks:
        marks.write(f"{os.getpid()}\n")
    if with_thread:
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def look_into(path: Path) -> SourceFacts:
    from tests.flows import hostile_stages

    return hostile_stages.look_into(path)


def open_engine() -> str:
    return "engine-1"


def stages() -> Stages:
    from tests.flows import hostile_stages

    return hostile_stages.stages()
