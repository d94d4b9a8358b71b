"""A photographed or curled page made flat: perspective and smooth bends taken out, with its lean, in one resampling.

    level ink --find_flattening--> Flattening      from its rulings and lines of type, along both axes
    PageImage --flattened--> PageImage             level and flat; `to_pdf` becomes a `Mesh`

Only what bends a line across the page by more than a point or two is worth a resampling: layout follows the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ocr import ink
from ocr.curvature import (
    Bend,
    BendOptions,
    Strands,
    cover,
    find_leaning_strands,
    find_strands,
    fit_bend,
    sag,
    stretch,
    unevenness,
)
from ocr.digests import digest_after
from ocr.geometry import Affine, level_map
from ocr.maps import Mesh
from ocr.orientation import Type, find_type
from ocr.small_ink import Lying
from ocr.values import PageImage

Floats = npt.NDArray[np.float64]
NEARLY = 0.7
"""Of each limit: what a page bends less, at a first look, is flat without a second."""


@dataclass(frozen=True, slots=True)
class FlattenOptions:
    """least_sag_pt: bend of a line across the page below which it counts as straight. least_gain: the share of their
    unevenness that the bend must take from the strands. most_stretch: of the paper across the strands; sheets that
    were photographed or curled are stretched by a hundredth or two, one whose strands were mistaken by anything. least_cover: share of
    the page's type in which strands must run for a bend of many degrees to be known there; plain_degrees: of one that goes on
    where there are none, as_even: taken where it leaves them this much more uneven at most, in px. step_pt: between the nodes of the map. upright: for rulings
    that run down, which are fewer.
    """

    least_sag_pt: float = 2.2
    least_gain: float = 0.4
    most_stretch: float = 0.15
    least_cover: float = 0.75
    plain_degrees: tuple[int, int] = (2, 1)
    as_even: float = 0.06
    step_pt: float = 6.0
    rows: BendOptions = field(default_factory=BendOptions)
    upright: BendOptions = field(default_factory=lambda: BendOptions(least_strands=3, degrees=(4, 3)))


@dataclass(frozen=True, slots=True, eq=False)
class Flattening:
    """Shifts on the level small picture: rows moves points down, columns to the right; None: straight already."""

    rows: Bend | None
    columns: Bend | None

    @property
    def is_flat(self) -> bool:
        return self.rows is None and self.columns is None


def find_flattening(level: ink.Mask, dpi: float, options: FlattenOptions, type_: Type | None = None) -> Flattening:
    """What makes the page flat. level: (H, W) ink of the level page at ``dpi``; type_: its characters, where known."""
    type_ = type_ or find_type(level, dpi)
    across, down = level.shape
    rows = find_strands(level, dpi, options.rows, True, type_)
    # characters are as large on the transposed page
    columns = find_strands(ink.transposed(level), dpi, options.upright, False, type_)
    return Flattening(
        _bend(rows, (across, down), dpi, options.rows, options),
        _bend(columns, (down, across), dpi, options.upright, options),
    )


def is_surely_flat(lying: Lying, options: FlattenOptions) -> bool:
    """Whether nothing bends the page nearly enough to be made flat, told without making it level."""
    nearly = replace(
        options,
        least_sag_pt=NEARLY * options.least_sag_pt,
        least_gain=NEARLY * options.least_gain,
        most_stretch=options.most_stretch / NEARLY,
    )
    change, (across, down) = lying.change, lying.shape
    rows = find_leaning_strands(lying.turned, change, lying.type, lying.line_blobs, options.rows)
    if _bend(rows, (across, down), lying.dpi, options.rows, nearly):
        return False
    swapped = Affine(change.e, change.d, change.f, change.b, change.a, change.c)
    columns = find_leaning_strands(ink.transposed(lying.turned), swapped, lying.type, None, options.upright)
    return _bend(columns, (down, across), lying.dpi, options.upright, nearly) is None


def _bend(
    strands: Strands, shape: tuple[int, int], dpi: float, bends: BendOptions, options: FlattenOptions
) -> Bend | None:
    least_sag = options.least_sag_pt * dpi / 72.0
    bend = fit_bend(strands, shape, bends)
    if bend is not None and sag(bend) >= least_sag and cover(strands, bend) < options.least_cover:
        bend = _plainer(bend, strands, shape, bends, options)
    if bend is None or sag(bend) < least_sag or stretch(bend) > options.most_stretch:
        return None
    before, after = unevenness(strands, None), unevenness(strands, bend)
    return bend if after <= (1.0 - options.least_gain) * before else None


def _plainer(bend: Bend, strands: Strands, shape: tuple[int, int], bends: BendOptions, options: FlattenOptions) -> Bend:
    """A lean that changes steadily, as a photographed sheet's does, where it levels the strands as well, all but."""
    # few terms need little to hold them back
    plain = fit_bend(strands, shape, replace(bends, degrees=options.plain_degrees, ridge=0.1 * bends.ridge))
    if plain is None or unevenness(strands, plain) > unevenness(strands, bend) + options.as_even:
        return bend
    return plain


def flattened(
    image: PageImage, degrees: float, flattening: Flattening, factor: float, options: FlattenOptions
) -> PageImage:
    """The page turned clockwise by a few degrees and made flat. factor: pixels of the small picture per pixel."""
    change, width, height = level_map(image.width, image.height, degrees)
    step = max(4, round(options.step_pt * image.dpi / 72.0))
    columns, rows = -(-width // step), -(-height // step)
    x, y = np.meshgrid((np.arange(columns) + 0.5) * step, (np.arange(rows) + 0.5) * step)
    bent_x, bent_y = _bent(x.ravel(), y.ravel(), flattening, factor)
    back = change.inverse()
    nodes = np.stack([back.a * bent_x + back.b * bent_y + back.c, back.d * bent_x + back.e * bent_y + back.f], axis=1)
    nodes = nodes.reshape(rows, columns, 2)
    mesh = Mesh(
        Affine(1.0 / step, 0.0, -0.5, 0.0, 1.0 / step, -0.5),
        tuple(tuple((px, py) for px, py in row) for row in nodes.tolist()),
    )
    return replace(
        image,
        pixels=ink.remapped(image.pixels, nodes, step, width, height),
        to_pdf=mesh.then(image.to_pdf),
        digest=digest_after(image, f"flattened {degrees:.6f} {_numbers(flattening)}"),
        skew_degrees=image.skew_degrees + degrees,
    )


def _bent(x: Floats, y: Floats, flattening: Flattening, factor: float) -> tuple[Floats, Floats]:
    """Where points of the flat page lie on the level bent one, all in page pixels: by iteration, the bend is slight."""
    u, v = x * factor, y * factor
    for _ in range(12):
        down = flattening.rows.shift(u, v) if flattening.rows else 0.0
        right = flattening.columns.shift(v, u) if flattening.columns else 0.0
        u, v = x * factor - right, y * factor - down
    return u / factor, v / factor


def _numbers(flattening: Flattening) -> str:
    bends = (flattening.rows, flattening.columns)
    return " ".join(str(None if b is None else [*b.box, *np.round(b.coefficients, 6).tolist()]) for b in bends)
