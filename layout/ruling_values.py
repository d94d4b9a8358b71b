"""What is asked of chains of ink that are to be rulings, and what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass

from layout.strokes import Chain, StrokeOptions

#: Density of a ruling from which it is no longer dotted or dashed.
SOLID = 0.8


@dataclass(frozen=True, slots=True)
class RulingOptions:
    """Lengths in points; shares in [0, 1].

    working_dpi: finer pages are shrunk to it. paper_pt: wider than any fill or character that is taken for the paper
    itself otherwise. alone_pt: shortest ruling believed without rulings that cross it.
    alone_share: how much of it must be ink. reach_pt: how far from a crossing ruling a short one may end.
    short_share: density of a short ruling, as a share of what the page's long rulings have: solid or dotted, rulings of
    a page are alike, and strokes of characters are ragged. short_contrast: the same for contrast. expected_share,
    expected_gap: ink asked of one from ruling to ruling across where another of its line ends, and its longest gap;
    crossed_share: the same of one that runs over others across, from row to row in line, as stems seldom do; whole_share:
    ink asked of it elsewhere. most_wobble: steps sideways along a ruling that may be dotted. halo_pt: reach of
    compression ghosts beside a ruling that is halo_contrast times darker.
    """

    working_dpi: float = 150.0
    paper_pt: float = 72.0
    alone_pt: float = 42.0
    alone_share: float = 0.65
    reach_pt: float = 2.4
    short_share: float = 0.8
    expected_share: float = 0.66
    expected_gap: float = 0.25
    crossed_share: float = 0.75
    whole_share: float = 0.9
    most_wobble: float = 0.04
    short_contrast: float = 0.3
    halo_pt: float = 8.0
    halo_contrast: float = 3.0
    strokes: StrokeOptions = StrokeOptions()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Measured:
    """A chain with its density and contrast, both in [0, 1], and its thickness in px."""

    chain: Chain
    density: float
    contrast: float
    thick: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What half of the length of the page's long rulings reaches, and the least asked of short ones."""

    density: float
    least_density: float
    least_contrast: float

    def fits(self, density: float, contrast: float) -> bool:
        """Solid pages have no ragged rulings; on dotted pages a ruling is dotted alike, or solid throughout."""
        if density < self.least_density or contrast < self.least_contrast:
            return False
        return self.density >= SOLID or density <= 1.2 * self.density or density >= 0.9

    def windows(self, density: float, px: float, options: RulingOptions) -> tuple[int, int]:
        """(at its ends, farther in): over how many px the ink of a short ruling must be even.

        Closely, unless it is dotted as the others are, or solid but for a gap.
        """
        wide = max(3, round(0.75 * options.strokes.window_pt * px))
        dotted = self.density < SOLID and density <= 1.2 * self.density
        return (wide if dotted else 3), (wide if dotted or density >= SOLID else 3)
