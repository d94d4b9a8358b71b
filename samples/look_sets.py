"""Large sets, made when somebody measures and never committed: every look with two typefaces and two ageings, and
pages without a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from samples import invented, odd_shapes
from samples import looks_data as looks
from samples.jobs import Job, NarrativePart, PairPart, Part, TablePart, TurnedPart
from samples.values import Ageing, Frame, Look, Mark, Stroke

_COPIER = looks.OFFICE
_VARIANTS: tuple[tuple[str, Ageing], ...] = (("song", _COPIER), ("microhei", looks.TILTED))

_USUAL: tuple[Part, ...] = (
    TablePart("t01"),
    TablePart("t02"),
    TablePart("t04", landscape=True),
    TablePart("t11"),
)

# name -> how it differs from plain print, and what ages it besides
_RULED: dict[str, tuple[Look, Ageing | None]] = {
    "thin": (Look(outer_pt=0.35, inner_pt=0.35), None),
    "thick": (Look(outer_pt=2.0, inner_pt=1.5), None),
    "double": (Look(double=True), None),
    "dotted": (Look(stroke=Stroke.DOTTED), None),
    "dashed": (Look(stroke=Stroke.DASHED), None),
    "faint": (Look(ruling_grey=170, outer_pt=0.5, inner_pt=0.5), None),
    "fax": (Look(), replace(looks.FAX, broken=0.10)),
    "faded": (Look(), looks.FADED),
    "broken": (Look(), replace(looks.OFFICE, broken=0.10)),
    "wavy": (Look(), looks.WAVY),
    "slanted": (Look(), replace(looks.OFFICE, shear_degrees=1.2)),
    "sealed": (Look(), looks.SEALED),
    "edge": (Look(), replace(looks.OFFICE, edge=True, shade=0.2)),
}
_PARTLY: dict[str, Look] = {
    "open_sides": Look(frame=Frame.OPEN_SIDES),
    "horizontal": Look(frame=Frame.HORIZONTAL),
    "three_line": Look(frame=Frame.THREE_LINE, outer_pt=1.2, inner_pt=0.6),
    "header_only": Look(frame=Frame.HEADER_ONLY),
    "zebra": Look(frame=Frame.HORIZONTAL, zebra_grey=228, header_grey=205, ruling_grey=150),
    "inverted": Look(header_grey=40, inverted_header=True),
}
_BORDERLESS: dict[str, Look] = {
    "borderless": Look(frame=Frame.BORDERLESS),
    "borderless_zebra": Look(frame=Frame.BORDERLESS, zebra_grey=230),
    "borderless_tight": Look(frame=Frame.BORDERLESS, body_pt=9.0, pad_x=2.0, pad_y=1.5, row_min_pt=13.0),
}


def look_jobs() -> tuple[Job, ...]:
    """Every look on the usual tables in two typefaces and two ageings, and the odd shapes in plain print."""
    return (*_ruled(), *_unruled(), *_shapes(), *_neighbours())


def _ruled() -> Iterator[Job]:
    for name, (look, own_ageing) in _RULED.items():
        for face, ageing in _VARIANTS:
            yield _job("ruled", name, look, face, _merged(own_ageing, ageing), _USUAL)


def _merged(own: Ageing | None, ageing: Ageing) -> Ageing:
    """The look's own ageing at the tilt of the variant."""
    return replace(own, skew_degrees=ageing.skew_degrees) if own else ageing


def _unruled() -> Iterator[Job]:
    for family, members in (("partly", _PARTLY), ("borderless", _BORDERLESS)):
        for name, look in members.items():
            for face, ageing in _VARIANTS:
                yield _job(family, name, look, face, ageing, _USUAL[:3])


def _shapes() -> Iterator[Job]:
    small = Look(body_pt=8.0, row_min_pt=14.0, pad_y=1.5, title_pt=14.0, margin_pt=36.0)
    fine = replace(looks.FINE, jpeg=60)
    shapes: dict[str, tuple[Look, Ageing | None, tuple[Part, ...]]] = {
        "wide25": (small, fine, (TablePart(invented.procurement(1), landscape=True),)),
        "narrow": (
            replace(small, narrow_numbers=True), fine,
            (TablePart(invented.procurement(2), landscape=True), TablePart("t07", landscape=True)),
        ),
        "rows60": (
            replace(small, body_pt=6.0, row_min_pt=10.5, pad_y=1.0), fine, (TablePart(invented.long_list(3)),),
        ),
        "groups": (Look(), None, (TablePart(invented.labelled_groups(4)), TablePart(invented.labelled_groups(5)))),
        "stacked": (
            Look(page_numbers=False), None,
            (TablePart(invented.small_list(6)), TablePart(invented.small_list(7), own_page=False, gap_pt=6.0)),
        ),
        "side_by_side": (Look(), None, (PairPart(invented.small_list(8), invented.small_list(9)),)),
        "no_repeat": (Look(row_min_pt=34.0, repeat_header=False), None, (TablePart("t02"), TablePart("t03"))),
        "turned": (Look(), None, (
            TurnedPart("t01"), NarrativePart(((0, 5),)), TurnedPart(invented.long_list(17, 14), turn=90, own_page=False),
        )),
        "hatched": (Look(), None, (
            TablePart(odd_shapes.marked(invented.labelled_groups(18), Mark.HATCHED, Mark.LINED, Mark.NONE)),
            TablePart(odd_shapes.marked(invented.long_list(19, 20), Mark.LINED, Mark.HATCHED)),
        )),
        "struck": (Look(), None, (
            TablePart(odd_shapes.marked(invented.labelled_groups(20), Mark.STRUCK, Mark.STRUCK, Mark.NONE)),
            TablePart(odd_shapes.marked(invented.long_list(21, 20), Mark.STRUCK)),
        )),
        "split_header": (Look(), None, (TablePart(odd_shapes.by_years(22)), TablePart(odd_shapes.by_years(23, 2)))),
        "nested": (Look(), None, (TablePart(odd_shapes.nested_form(24)), TablePart(odd_shapes.nested_form(25)))),
        "split_label": (Look(row_min_pt=44.0), None, (TablePart("t11"), TablePart(invented.labelled_groups(10)))),
    }  # fmt: skip
    for name, (look, own_ageing, parts) in shapes.items():
        for face, ageing in _VARIANTS:
            yield _job("shape", name, look, face, _merged(own_ageing, ageing), parts)


def _neighbours() -> Iterator[Job]:
    """Tables without upright rulings below each other, nothing but a little white between, and side by side."""
    bare = replace(invented.long_list(11, 9), title="", label="", unit="")
    parts: dict[str, tuple[Part, ...]] = {
        "stacked": (TablePart(bare), TablePart(invented.small_list(12), own_page=False, gap_pt=6.0),
                    TablePart(invented.small_list(13)), TablePart(invented.small_list(14), own_page=False, gap_pt=6.0)),
        "beside": (PairPart(invented.small_list(15), invented.small_list(16), right_row_pt=27.0),),
    }  # fmt: skip
    frames = {"borderless": Look(frame=Frame.BORDERLESS, page_numbers=False), "three_line": _PARTLY["three_line"]}
    for name, own in parts.items():
        for frame, look in frames.items():
            family = "borderless" if frame == "borderless" else "partly"
            for face, ageing in _VARIANTS:
                yield _job(family, f"{name}_{frame}", look, face, ageing, own)


def _job(family: str, name: str, look: Look, face: str, ageing: Ageing, parts: tuple[Part, ...]) -> Job:
    printed = replace(look, face=face, title_face=face)
    return Job(f"{family}-{name}-{face}-{ageing.name}.pdf", f"{family}: {name}", "003", parts, printed, ageing)


def narrative_jobs() -> tuple[Job, ...]:
    """Pages of running text in several typefaces and ageings: no table may be found on any of them."""
    pairs = (
        ("000", "song", looks.OFFICE), ("000", "kai", looks.TILTED), ("001", "hei", looks.FADED),
        ("001", "ming", looks.FAX), ("002", "song", looks.YELLOWED), ("002", "zenhei", looks.WAVY),
        ("003", "microhei", replace(looks.OFFICE, edge=True)), ("003", "song", looks.SEALED),
    )  # fmt: skip
    return tuple(
        Job(f"text-{document}-{face}-{ageing.name}.pdf", "running text", document, (NarrativePart(),),
            Look(face=face), ageing)
        for document, face, ageing in pairs
    )  # fmt: skip


_AGEINGS: tuple[Ageing, ...] = (
    looks.FLATBED, looks.SEAL_OVER, looks.BLUE_SEAL, looks.SHADOW, looks.VERY_FADED, looks.YELLOWED, looks.BLEED,
    looks.BLACK_BORDER, looks.DPI_100, looks.DPI_120, looks.COARSE, looks.PHOTO, looks.CURLED, looks.STEEP, looks.FAX,
    looks.HARD_FAX,
)  # fmt: skip


def ageing_jobs() -> tuple[Job, ...]:
    """One dense table and one form under each ageing, and the two on one sheet: what cleaning a page is measured on."""
    parts: tuple[Part, ...] = (TablePart("t03"), TablePart("t11"))
    look = Look(body_pt=9.0, row_min_pt=16.0)
    single = tuple(Job(f"aged-{a.name}.pdf", f"aged: {a.name}", "003", parts, look, a) for a in _AGEINGS)
    return (*single, Job("aged-two_up.pdf", "two pages on one sheet", "003", parts, look, looks.FLATBED, two_up=True))
