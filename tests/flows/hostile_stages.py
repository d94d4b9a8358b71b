"""Stages whose pages do what a hostile file may make a library do. Picklable, so that a worker process runs them.

Each line of a file is a page, as in fakes; besides its kinds: "spin", "eat", "die", "die-once", "exit", "socket", "exec",
"holes", "frozen".
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
from functools import partial
from pathlib import Path

from expectations.values import DocumentTables, ValidationReport
from flows.pipeline import Reread, Stages
from layout.implied import Implied
from layout.values import Cell, Grid, Ruling, Table, TableRegion
from ocr.errors import ModelMissing, RecognitionFailed, UnreadablePage
from ocr.source import SourceFacts
from ocr.triage import Triaged
from ocr.values import NO_PLACES, PageImage, PageText, Reading, TextPlaces, TextSource, Word
from tests.flows import fakes

READS = "SCANLEDGER_TEST_READS"
"""A file that gets a line for each page that is recognised, where the harness counts them."""


def stages() -> Stages:
    return Stages(
        rasterise_page=rasterise_page,
        triage=untrusted,
        preprocess=same,
        find_rulings=no_rulings,
        find_lines=no_lines,
        recognise=recognise,
        imply_rulings=no_more_rulings,
        find_regions=fakes.find_regions,
        build_grid=build_grid,
        fill_grid=fakes.fill_grid,
        reread_doubtful=first_of_two,
        label_headers=same_table,
        attach_captions=fakes.attach_captions,
        join_pages=same_tables,
        look_again=look_again,
        prove=prove,
    )


def untrusted(image: PageImage) -> Triaged:
    return Triaged(image, None)


def open_engine(fails: bool = False) -> str:
    if fails:
        raise ModelMissing("the model is gone")
    return "engine-1"


def look_into(path: Path) -> SourceFacts:
    kinds = path.read_text(encoding="utf-8").split()
    _do(kinds[0].removeprefix("open-") if kinds and kinds[0].startswith("open-") else "", path)
    return fakes.look_into(path)


def rasterise_page(path: Path, page_number: int) -> PageImage:
    image = fakes.rasterise_page(path, page_number)
    _do(path.read_text(encoding="utf-8").split()[page_number - 1], path)
    return image


def _do(kind: str, path: Path) -> None:
    actions = {
        "spin": _spin,
        "eat": _eat,
        "die": partial(os.kill, os.getpid(), signal.SIGKILL),
        "die-once": partial(_die_once, path.with_suffix(".died")),
        "exit": partial(os._exit, 7),
        "socket": _open_socket,
        "exec": _start_program,
        "holes": _leave_holes,
        "frozen": _say_what_is_frozen,
    }
    actions.get(kind, lambda: None)()


def _spin() -> None:
    while True:
        pass


def _eat() -> None:
    """Touches memory in small steps, so that the one who watches sees it grow."""
    eaten = []
    while True:
        eaten.append(bytearray(1 << 20))


def _say_what_is_frozen() -> None:
    raise UnreadablePage("frozen" if gc.get_freeze_count() else "collected")


HOLES_BYTES = 200 << 20
_last: list[bytearray] = []


def _leave_holes() -> None:
    """Frees all it made but a little, which lies behind it."""
    made = [bytearray(100_000) for _ in range(HOLES_BYTES // 100_000)]
    _last[:] = made[-1:]


def _die_once(mark: Path) -> None:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _open_socket() -> None:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except PermissionError as error:
        raise UnreadablePage("no network") from error


def _start_program() -> None:
    try:
        subprocess.run(["true"], check=False)
    except PermissionError as error:
        raise UnreadablePage("no programs") from error


def recognise(image: PageImage, places: TextPlaces) -> PageText:
    kind = image.digest.split("-")[0]
    if READS in os.environ:
        with Path(os.environ[READS]).open("a", encoding="utf-8") as reads:
            reads.write(f"{image.digest}\n")
    if kind == "dead":
        raise RecognitionFailed("the engine broke", where=f"page {image.page_number}")
    if kind == "bug":
        raise ZeroDivisionError("nobody expected this")
    if kind == "late":
        os.kill(os.getpid(), signal.SIGSEGV)
    return PageText(image.digest, TextSource.OCR, (Word(kind, fakes.BOX, 0.9),))


def same(image: PageImage) -> PageImage:
    return image


def no_more_rulings(image: PageImage, rulings: tuple[Ruling, ...], text: PageText) -> Implied:
    return Implied(rulings)


def no_rulings(image: PageImage) -> tuple[Ruling, ...]:
    return ()


def no_lines(image: PageImage, rulings: object) -> TextPlaces:
    return NO_PLACES


def build_grid(region: TableRegion, rulings: object, text: object) -> Grid:
    return Grid(region, (0.0, 1.0, 2.0), (0.0, 1.0), fakes.COLUMN)


def first_of_two(table: Table, image: PageImage) -> Table:
    return table


def same_table(table: Table) -> Table:
    return table


def same_tables(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    return tables


def look_again(image: PageImage, cells: tuple[Cell, ...]) -> tuple[tuple[Reading, ...], ...]:
    return tuple((Reading(cell.text, 0.99, "wide"),) for cell in cells)


def prove(document: DocumentTables, reread: Reread) -> tuple[DocumentTables, ValidationReport]:
    return document, fakes.report_on(document)
