"""Pages whose figures lie under seals of many kinds, inks, strengths and resolutions: `python -m samples.make --set seals`."""

from __future__ import annotations

from dataclasses import replace

from samples.invented import long_list, procurement
from samples.jobs import Job, Part, TablePart
from samples.marks import marks
from samples.values import Ageing, Look, SourceTable, Stamp

RED, CRIMSON, ORANGE = (205, 40, 45), (170, 20, 45), (225, 75, 50)
BLUE, VIOLET, PURPLE = (45, 60, 190), (85, 45, 165), (130, 40, 150)

_PAPER = Ageing("paper", mode="colour", skew_degrees=0.6, noise=3.0, jpeg=55, paper=(250, 248, 242))
_KINDS: dict[str, tuple[Stamp, ...]] = {
    "office": (Stamp(), Stamp(rgb=CRIMSON, cover=0.95)),
    "close": (Stamp(), Stamp(mm=38.0, overlaps=True)),
    "three": (Stamp(mm=40.0), Stamp("oval", 40.0, overlaps=True), Stamp("square", 18.0, overlaps=True)),
    "oval": (Stamp("oval", 40.0), Stamp("oval", 45.0, ORANGE)),
    "names": (Stamp("square", 18.0), Stamp("carved", 20.0), Stamp("square", 22.0, CRIMSON)),
    "pale": (Stamp(cover=0.4), Stamp("oval", 40.0, cover=0.35), Stamp("square", 20.0, cover=0.4)),
    "small": (Stamp(mm=28.0, cover=0.5), Stamp(mm=25.0, rgb=ORANGE, cover=0.6), Stamp(mm=30.0, cover=0.8)),
    "blue": (Stamp(rgb=BLUE), Stamp("oval", 40.0, VIOLET)),
    "purple": (Stamp(rgb=PURPLE), Stamp("square", 20.0, PURPLE, 0.7)),
    "mixed": (Stamp(), Stamp(mm=38.0, rgb=BLUE, overlaps=True), Stamp("square", 18.0, overlaps=True)),
}
_PAGES: tuple[tuple[str, str, str, Ageing], ...] = (
    ("song", "000", "wide", _PAPER),
    ("hei", "003", "marks", replace(_PAPER, jpeg=40, noise=4.0)),
    ("kai", "003", "list", replace(_PAPER, dpi=150, jpeg=60, blur_pt=0.18)),
    ("ming", "003", "long", replace(_PAPER, jpeg=75, ink=0.7, blur_pt=0.2)),
    ("zenhei", "003", "t02", replace(_PAPER, jpeg=50, paper=(243, 232, 205), shade=0.1)),
    ("microhei", "001", "t02", replace(_PAPER, dpi=300, jpeg=45, skew_degrees=1.6)),
)


_WIDE = ("wide", "marks")


def _tables(seed: int) -> dict[str, SourceTable]:
    return {
        "marks": marks(200 + seed),
        "long": long_list(300 + seed, 46),
        "list": long_list(400 + seed, 40),
        "wide": procurement(500 + seed, 18),
    }


def seal_jobs(seed: int) -> tuple[Job, ...]:
    """Each kind of seals on three of six kinds of page. seed: of the figures, too."""
    jobs = []
    for i, (kind, stamps) in enumerate(_KINDS.items()):
        for face, document, table, ageing in (_PAGES[(i + step) % len(_PAGES)] for step in (0, 2, 3)):
            look = Look(face=face, title_face=face, body_pt=9.0, row_min_pt=15.0, pad_y=1.5, margin_pt=40.0)
            look = replace(look, body_pt=6.0, row_min_pt=12.0) if table == "wide" else look
            parts: tuple[Part, ...] = (
                TablePart(_tables(100 * (seed - 1) + i).get(table, table), landscape=table in _WIDE),
            )
            name = f"seal-{kind}-{face}{ageing.dpi}"
            jobs.append(
                Job(f"{name}.pdf", f"seals: {kind}", document, parts, look, replace(ageing, stamps=stamps + stamps))
            )
    return tuple(jobs)
