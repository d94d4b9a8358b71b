"""What lies on a printed sheet: fills, rulings and runs of type, in points from the top left. A sheet knows no pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from samples.faces import Face
from samples.values import Stroke


@dataclass(frozen=True, slots=True)
class Fill:
    """A grey rectangle; grey 0 is black."""

    x0: float
    y0: float
    x1: float
    y1: float
    grey: int


@dataclass(frozen=True, slots=True)
class RulingInk:
    """A straight stroke; only a solid one may be neither horizontal nor vertical."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float
    stroke: Stroke = Stroke.SOLID
    grey: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Type on one line. y is the middle of the line: typefaces differ in where they put their baseline.

    turn: degrees by which it is turned clockwise about (x, y): 0, 90 (it runs down) or 270.
    """

    x: float
    y: float
    text: str
    face: Face
    size: float
    grey: int = 0
    turn: int = 0


Ink = Fill | RulingInk | Run


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed page. texts: what stands on it outside tables, in reading order."""

    width: float
    height: float
    inks: tuple[Ink, ...] = ()
    texts: tuple[str, ...] = ()

    def with_ink(self, inks: Iterable[Ink], texts: Iterable[str] = ()) -> Sheet:
        return Sheet(self.width, self.height, (*self.inks, *inks), (*self.texts, *texts))
