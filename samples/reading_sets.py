"""Sets on which confidence is fitted and checked (`bench.calibrate`): `fit-*` and `chk-*` share no typeface, but for the
ageings of the hard ones, which are there so that reading goes wrong at all."""

from __future__ import annotations

from dataclasses import replace

from samples import looks_data as looks
from samples.invented import long_list, procurement
from samples.jobs import Job, Part, TablePart
from samples.marks import marks
from samples.values import Ageing, Look

_SMALL = Look(body_pt=8.0, row_min_pt=14.0, pad_y=1.5, title_pt=14.0, margin_pt=36.0)
_AT_100 = replace(looks.OFFICE, name="office100", dpi=100)
_HARD = (
    replace(looks.OFFICE, name="office100", dpi=100, blur_pt=0.25),
    replace(looks.FADED, name="faded120", dpi=120, blur_pt=0.3),
    replace(looks.FAX, name="fax150", dpi=150),
    replace(looks.WAVY, name="wavy130", dpi=130, blur_pt=0.28, noise=6.0),
    Ageing("grey90", dpi=90, blur_pt=0.22, noise=5.0, jpeg=35),
)
_HARD_SIDES = (
    ("fit", ("song", "microhei", "ming", "song", "microhei"), 40),
    ("chk", ("hei", "kai", "zenhei", "zenhei", "hei"), 60),
)


def reading_jobs() -> tuple[Job, ...]:
    """Usual pages: seven typefaces, 200, 150 and 100 dpi, tables of four documents, and of marks."""
    return (*_fit_jobs(), *_check_jobs())


def _fit_jobs() -> tuple[Job, ...]:
    return (
        _job("fit-song-office", "000", _tables("t01 t02 t03 t04 t05", "t04 t05"), _in("song"), looks.OFFICE),
        _job("fit-ming-faded", "003", _tables("t01 t02 t04 t07 t08", "t04 t07 t08"), _in("ming"), looks.FADED),
        _job("fit-microhei-fax", "001", _tables("t01 t02 t03 t04 t05 t06", "t04"), _in("microhei"), looks.FAX),
        _job("fit-ming-sealed", "003", _tables("t10 t11 t12 t13"), replace(_in("ming"), header_grey=220), looks.SEALED),
        _job("fit-song-dense", "003", _dense(21), _in("song", _SMALL), looks.OFFICE),
        _job("fit-micro-marks", "003", _marks(1, 2), _in("microhei"), looks.TILTED),
        _job("fit-song-marks", "003", _marks(3, 4), _in("song"), looks.FAX),
        _job("fit150-song-coarse", "000", _tables("t06 t07 t08 t09 t10 t11", "t06 t08"), _in("song"), looks.COARSE),
        _job("fit150-micro-marks", "003", (*_marks(5), TablePart(long_list(23, 45))), _in("microhei"), looks.COARSE),
        _job("fit100-microhei", "003", _tables("t01 t02 t03 t11"), replace(_in("microhei"), body_pt=11.0), _AT_100),
    )


def _check_jobs() -> tuple[Job, ...]:
    return (
        _job("chk-hei-tilted", "003", _tables("t01 t03 t05 t06 t09", "t09"), looks.HEI_GREY, looks.TILTED),
        _job("chk-kai-yellowed", "001", _tables("t01 t02 t03 t05 t06"), looks.KAI_WIDE, looks.YELLOWED),
        _job("chk-zenhei-wavy", "000", _tables("t01 t02 t04 t06 t12", "t04"), _in("zenhei"), looks.WAVY),
        _job("chk-kai-faded-forms", "003", _tables("t10 t11 t12 t13"), _in("kai"), looks.FADED),
        _job("chk-hei-dense", "003", _dense(31), _in("hei", _SMALL), looks.OFFICE),
        _job("chk-kai-marks", "003", _marks(11, 12), _in("kai"), looks.YELLOWED),
        _job("chk-zenhei-marks", "003", _marks(13, 14), _in("zenhei"), looks.OFFICE),
        _job("chk150-kai-coarse", "000", _tables("t01 t05 t07 t11 t13", "t05"), _in("kai"), looks.COARSE),
        _job("chk150-hei-marks", "003", (*_marks(15), TablePart(long_list(33, 45))), _in("hei"), looks.COARSE),
        _job("chk100-zenhei", "003", _tables("t01 t02 t03 t11"), replace(_in("zenhei"), body_pt=11.0), _AT_100),
    )


def hard_reading_jobs() -> tuple[Job, ...]:
    """Small print scanned too coarsely: pages on which figures do go wrong."""
    jobs = []
    for side, faces, seed in _HARD_SIDES:
        for i, (ageing, face) in enumerate(zip(_HARD, faces, strict=True)):
            look = replace(_in(face), body_pt=9.0 if ageing.dpi >= 100 else 10.0, row_min_pt=16.0)
            name = f"{face}-{ageing.name}"
            jobs.append(_job(f"{side}-hard-{name}", "003", _marks(seed + i), look, ageing))
            table = ("t02", "t03", "t04", "t05", "t06")[i]
            parts = _tables(table, "t04 t05 t06")
            jobs.append(_job(f"{side}-hard2-{name}", "000", parts, replace(look, row_min_pt=18.0), ageing))
    return tuple(jobs)


def _job(name: str, document: str, parts: tuple[Part, ...], look: Look, ageing: Ageing) -> Job:
    return Job(f"{name}.pdf", name, document, parts, look, ageing)


def _in(face: str, look: Look | None = None) -> Look:
    return replace(look or Look(), face=face, title_face=face)


def _tables(names: str, landscape: str = "") -> tuple[Part, ...]:
    return tuple(TablePart(name, landscape=name in landscape.split()) for name in names.split())


def _marks(*seeds: int) -> tuple[Part, ...]:
    return tuple(TablePart(marks(seed), landscape=True) for seed in seeds)


def _dense(seed: int) -> tuple[Part, ...]:
    return TablePart(long_list(seed, 50)), TablePart(procurement(seed + 1, 14), landscape=True)
