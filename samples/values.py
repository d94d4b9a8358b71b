"""What a sample says (documents and tables), how it looks, and how it aged. Frozen; lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """What is drawn over a cell by hand or by rule.

    HATCHED: slanting strokes all over; LINED: grey level ones; STRUCK: one from corner to corner; SPLIT: likewise, with a
    label above it and one below: the two lines of the cell's text.
    """

    NONE = ""
    HATCHED = "hatched"
    LINED = "lined"
    STRUCK = "struck"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class SourceCell:
    """One cell of the truth. indent: level of the row label, 0 at the margin. header: a label of the form or header.

    nested: cells of one such number, not 0, are a grid of its own, drawn inside the cell that they make up together.
    """

    row: int
    col: int
    rowspan: int
    colspan: int
    text: str
    header: bool = False
    indent: int = 0
    mark: Mark = Mark.NONE
    nested: int = 0


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table of a real document, as printed. A title may hold a line break."""

    name: str
    kind: str
    title: str
    label: str
    unit: str
    notes: tuple[str, ...]
    n_rows: int
    n_cols: int
    n_header_rows: int
    cells: tuple[SourceCell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


Block = Heading | Paragraph


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A disclosure: its narrative in reading order, and its tables by name (t01 ...)."""

    name: str
    title: str
    organisation: str
    fiscal_year: int
    narrative: tuple[Block, ...]
    tables: tuple[SourceTable, ...]
    kind: str = "budget"

    def table(self, name: str) -> SourceTable:
        return next(t for t in self.tables if t.name == name)


class Frame(StrEnum):
    """Which rulings of the lattice are drawn."""

    FULL = "full"
    OPEN_SIDES = "open_sides"
    HORIZONTAL = "horizontal"
    THREE_LINE = "three_line"
    HEADER_ONLY = "header_only"
    BORDERLESS = "borderless"


class Stroke(StrEnum):
    SOLID = "solid"
    DOTTED = "dotted"
    DASHED = "dashed"


@dataclass(frozen=True, slots=True)
class Look:
    """How an office prints a table and its page.

    Lengths in points. outer_pt, inner_pt: thickness of the frame and of the rulings within. double: the frame is drawn
    twice. ruling_grey, header_grey, zebra_grey, text_grey: 0 black, 255 white (255 = no fill).
    number_align: 'right', 'centre' or 'left'. indent_em: shift of a label per level. letter_spaced: 收入 printed 收 入.
    fill_width: stretch the table over the text width. inverted_header: white type on a dark header.
    continued_mark: print 续表 above each further part. narrow_numbers: columns may be so narrow that a number wraps.
    """

    name: str = "plain"
    face: str = "song"
    title_face: str = "song"
    body_pt: float = 10.0
    title_pt: float = 16.0
    frame: Frame = Frame.FULL
    stroke: Stroke = Stroke.SOLID
    outer_pt: float = 0.7
    inner_pt: float = 0.7
    double: bool = False
    ruling_grey: int = 0
    text_grey: int = 0
    header_grey: int = 255
    zebra_grey: int = 255
    inverted_header: bool = False
    number_align: str = "right"
    label_align: str = "left"
    header_bold: bool = True
    total_bold: bool = True
    letter_spaced: bool = False
    indent_em: float = 1.0
    pad_x: float = 3.0
    pad_y: float = 2.5
    row_min_pt: float = 18.0
    leading: float = 1.25
    fill_width: bool = True
    repeat_header: bool = True
    continued_mark: bool = False
    narrow_numbers: bool = False
    margin_pt: float = 56.0
    page_numbers: bool = True


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal with lettering in real type, set over the most inked place.

    kind: 'round' (ring, lettering along it, star), 'oval', 'square' (a name, red on paper) or 'carved' (a name, paper on red).
    mm: its width. rgb: of full ink. cover: how full the ink is, in (0, 1]. overlaps: it is set beside the seal before
    it, so that the two overlap, and not where most is printed.
    """

    kind: str = "round"
    mm: float = 42.0
    rgb: tuple[int, int, int] = (205, 40, 45)
    cover: float = 0.8
    overlaps: bool = False


@dataclass(frozen=True, slots=True)
class Ageing:
    """What scanner, paper and years did. Amplitudes; each page draws its own values from its seed.

    skew_degrees: largest tilt either way. blur_pt, warp_pt: standard deviation of the blur, depth of the wave, in points.
    noise: standard deviation in grey levels. jpeg: quality 1-100. shade: loss of light at the darkest side, in [0, 1].
    paper: RGB of the sheet. ink: how black the ink is still, in (0, 1]. salt: share of pixels turned black or white.
    mode: 'grey', 'colour' or 'bilevel'. broken: share of thin strokes lost. seals: red seals stamped on a page.
    shear_degrees: difference of slant between left and right side. edge: dark band of the scanner lid along one side.
    seal_over_ink: seals are set where most is printed, not just anywhere; seal_rgb: colour of their ink.
    stamps: seals of other kinds, as soft as the print.
    shadow: loss of light under a shadow over half of the page. bleed: how black the back side shows through, both in
    [0, 1]. border_pt: black around the sheet. perspective: how far a corner is shifted in a photo, as a share of the
    page. curl_pt: how high a bound page rises.
    """

    name: str = "clean"
    dpi: int = 200
    mode: str = "grey"
    skew_degrees: float = 0.4
    blur_pt: float = 0.12
    noise: float = 2.5
    jpeg: int = 55
    shade: float = 0.0
    paper: tuple[int, int, int] = (252, 252, 250)
    ink: float = 0.95
    salt: float = 0.0
    warp_pt: float = 0.0
    shear_degrees: float = 0.0
    broken: float = 0.0
    seals: int = 0
    edge: bool = False
    seal_over_ink: bool = False
    seal_rgb: tuple[int, int, int] = (205, 40, 45)
    stamps: tuple[Stamp, ...] = ()
    shadow: float = 0.0
    bleed: float = 0.0
    border_pt: float = 0.0
    perspective: float = 0.0
    curl_pt: float = 0.0
