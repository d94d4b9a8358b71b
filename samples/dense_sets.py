"""Dense pages of figures under every ageing, at 200 and at 150 dpi: `python -m samples.make --set dense`.

What the figures of ocr/README.md are measured on: each file is three pages of 100 to 200 numbers each; another --seed ages
them otherwise, and prints other figures.
"""

from __future__ import annotations

from dataclasses import replace

from samples import looks_data as looks
from samples.invented import long_list, procurement
from samples.jobs import Job, TablePart
from samples.marks import marks, signs
from samples.values import Ageing, Look

_FACES = ("hei", "song", "kai", "microhei", "zenhei", "ming")
_AGEINGS: tuple[Ageing, ...] = (
    looks.OFFICE, looks.TILTED, looks.YELLOWED, looks.FADED, looks.FAX, looks.WAVY, looks.SHADOW, looks.BLEED,
    looks.BLACK_BORDER, looks.PHOTO, looks.CURLED, looks.STEEP, looks.SEAL_OVER,
)  # fmt: skip
_LOOK = Look(body_pt=9.0, row_min_pt=14.0, pad_y=1.5, title_pt=14.0, margin_pt=40.0)
_SMALL = replace(_LOOK, body_pt=8.0, pad_x=2.0)


def dense_jobs(seed: int) -> tuple[Job, ...]:
    """One file for each ageing and resolution; a fax has 200 dpi. seed: of the figures, too."""
    return tuple(
        _job(replace(ageing, dpi=dpi), _FACES[(i + (dpi == 150)) % len(_FACES)], 1000 * seed + 10 * i + (dpi == 150))
        for dpi in (200, 150)
        for i, ageing in enumerate(_AGEINGS)
        if dpi == 200 or ageing is not looks.FAX
    )


def _job(ageing: Ageing, face: str, seed: int) -> Job:
    look, small = (replace(one, face=face, title_face=face) for one in (_LOOK, _SMALL))
    parts = (
        TablePart(long_list(seed, 46), look=look),
        TablePart(marks(seed + 1, 28), landscape=True, look=look),
        TablePart(procurement(seed + 2, 12), landscape=True, look=replace(small, body_pt=6.5)),
    )
    name = f"dense-{ageing.dpi}-{ageing.name}"
    return Job(f"{name}.pdf", f"dense: {ageing.name} at {ageing.dpi} dpi", "003", parts, look, ageing)


def sign_jobs(seed: int) -> tuple[Job, ...]:
    """What flips a meaning by itself, in each typeface at 200, 150 and 100 dpi: `python -m samples.make --set signs`."""
    return tuple(
        Job(
            f"signs-{dpi}-{face}.pdf", f"signs in {face} at {dpi} dpi", "003",
            (TablePart(signs(1000 * seed + 10 * i + dpi)),),
            replace(_LOOK, face=face, title_face=face, row_min_pt=17.0), replace(looks.OFFICE, dpi=dpi, jpeg=55),
        )
        for dpi in (200, 150, 100)
        for i, face in enumerate(_FACES)
    )  # fmt: skip
