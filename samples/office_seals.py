"""Seals as offices and persons set them, lettered in real type: round, oval, square names, and names carved out of a square.

Ink lets black print show through (it multiplies), is drier in places, and is as soft as a scanner makes it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from samples.faces import Face, font
from samples.values import Ageing, Stamp

Planes = npt.NDArray[np.float32]  # (H, W, 3), 0 to 255
Cover = npt.NDArray[np.float32]  # (side, side), 0 none, 1 full
Point = tuple[int, int]

_OFFICES = (
    "青岭县财政局",
    "临江市人力资源和社会保障局",
    "南平区人民政府办公室",
    "云溪镇卫生院",
    "省水利厅机关服务中心",
)
_PURPOSES = ("财务专用章", "预算公开专用章", "", "业务专用章")
_NAMES = ("王建国印", "李秀英印", "张志强印", "赵海涛印")
_OVERSAMPLING = 2


def set_stamps(pixels: Planes, ageing: Ageing, rng: np.random.Generator) -> Planes:
    """The page with its stamps, each in turn."""
    set_at: list[Point] = []
    side_before = 0
    for stamp in ageing.stamps:
        side = round(stamp.mm / 25.4 * ageing.dpi)
        if stamp.overlaps and set_at:
            turn, away = rng.uniform(0.0, 2 * np.pi), rng.uniform(0.3, 0.45) * (side + side_before)
            place = round(set_at[-1][0] + away * math.cos(turn)), round(set_at[-1][1] + away * math.sin(turn))
        else:
            place = _inked_place(pixels, side, set_at, rng)
        set_at.append(place)
        side_before = side
        cover = _soft(_drawn(stamp, side, rng), ageing) * stamp.cover
        _press(pixels, cover, place, stamp.rgb)
    return pixels


def _inked_place(pixels: Planes, side: int, taken: Sequence[Point], rng: np.random.Generator) -> Point:
    """Of some places in the middle of the page the one with most print, away from those that are taken."""
    height, width = pixels.shape[:2]
    places = [(int(rng.uniform(0.3, 0.85) * width), int(rng.uniform(0.2, 0.75) * height)) for _ in range(24)]
    half = side // 2

    def ink(place: Point) -> int:
        x, y = place
        return int((pixels[max(0, y - half) : y + half, max(0, x - half) : x + half].max(axis=2) < 128).sum())

    free = [place for place in places if all(math.dist(place, other) > 1.1 * side for other in taken)]
    return max(free or places, key=ink)


def _press(pixels: Planes, cover: Cover, centre: Point, rgb: tuple[int, int, int]) -> None:
    """In place: ink on ink multiplies. What lies beyond the page's edge is lost."""
    half = cover.shape[0] // 2
    x0, y0 = centre[0] - half, centre[1] - half
    left, top = max(0, -x0), max(0, -y0)
    part = pixels[y0 + top : y0 + cover.shape[0], x0 + left : x0 + cover.shape[1]]
    share = cover[top : top + part.shape[0], left : left + part.shape[1], None]
    part *= 1.0 - share + share * np.array(rgb, np.float32) / 255.0


def _soft(cover: Cover, ageing: Ageing) -> Cover:
    if not ageing.blur_pt:
        return cover
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), max(0.2, ageing.blur_pt * ageing.dpi / 72.0)), np.float32)


def _drawn(stamp: Stamp, side: int, rng: np.random.Generator) -> Cover:
    """(side + margin)^2: how full the ink is, dry in places, pressed a little askew."""
    canvas = side + 2 * max(4, side // 12)
    big = canvas * _OVERSAMPLING
    image = Image.new("L", (big, big), 0)
    draw = {"round": _round, "oval": _oval, "square": _square, "carved": _carved}[stamp.kind]
    draw(image, side * _OVERSAMPLING / 2.0, rng)
    turned = image.rotate(float(rng.uniform(-12.0, 12.0)), Image.Resampling.BICUBIC)
    small = cv2.resize(np.asarray(turned, np.float32) / 255.0, (canvas, canvas), interpolation=cv2.INTER_AREA)
    dry = cv2.resize(rng.uniform(0.5, 1.0, (16, 16)).astype(np.float32), (canvas, canvas))
    return np.asarray(small * dry, np.float32)


def _round(image: Image.Image, radius: float, rng: np.random.Generator) -> None:
    pen, middle = ImageDraw.Draw(image), image.width / 2.0
    pen.ellipse(
        [middle - radius, middle - radius, middle + radius, middle + radius], outline=255, width=round(radius / 18)
    )
    points = [
        (
            middle + radius * (0.3 if i % 2 == 0 else 0.12) * math.sin(i * math.pi / 5),
            middle - radius * (0.3 if i % 2 == 0 else 0.12) * math.cos(i * math.pi / 5),
        )
        for i in range(10)
    ]
    pen.polygon(points, fill=255)
    _along(image, _OFFICES[int(rng.integers(len(_OFFICES)))], (radius * 0.76, radius * 0.76), radius * 0.26)
    _level(image, _PURPOSES[int(rng.integers(len(_PURPOSES)))], radius * 0.58, radius * 0.19)


def _oval(image: Image.Image, radius: float, rng: np.random.Generator) -> None:
    pen, middle = ImageDraw.Draw(image), image.width / 2.0
    high = radius * 0.75
    pen.ellipse([middle - radius, middle - high, middle + radius, middle + high], outline=255, width=round(radius / 20))
    _along(image, _OFFICES[int(rng.integers(len(_OFFICES)))], (radius * 0.78, high * 0.74), radius * 0.2)
    _level(image, f"{rng.integers(10**11, 10**12)}", 0.0, radius * 0.17)
    _level(image, "发票专用章", high * 0.55, radius * 0.2)


def _square(image: Image.Image, half: float, rng: np.random.Generator) -> None:
    pen, middle = ImageDraw.Draw(image), image.width / 2.0
    pen.rectangle([middle - half, middle - half, middle + half, middle + half], outline=255, width=round(half / 9))
    _name(image, half * 0.86, 255, rng)


def _carved(image: Image.Image, half: float, rng: np.random.Generator) -> None:
    pen, middle = ImageDraw.Draw(image), image.width / 2.0
    pen.rectangle([middle - half, middle - half, middle + half, middle + half], fill=255)
    _name(image, half * 0.9, 0, rng)


def _name(image: Image.Image, half: float, fill: int, rng: np.random.Generator) -> None:
    """Four characters, right column first."""
    pen, middle = ImageDraw.Draw(image), image.width / 2.0
    for i, char in enumerate(_NAMES[int(rng.integers(len(_NAMES)))]):
        x, y = middle + half * (0.5 if i < 2 else -0.5), middle + half * (-0.5 if i % 2 == 0 else 0.5)
        pen.text(
            (x, y), char, font=font(Face("kai"), half * 0.98), fill=fill, anchor="mm", stroke_width=round(half / 40)
        )


def _along(image: Image.Image, text: str, radii: tuple[float, float], size: float) -> None:
    """Type along the upper arc, feet to the middle."""
    middle = image.width / 2.0
    angles: Sequence[float] = np.linspace(-125.0, 125.0, len(text)).tolist()
    glyph_side = round(size * 1.6)
    for char, angle in zip(text, angles, strict=True):
        glyph = Image.new("L", (glyph_side, glyph_side), 0)
        face = font(Face("song", bold=True), size)
        ImageDraw.Draw(glyph).text((glyph_side / 2, glyph_side / 2), char, font=face, fill=255, anchor="mm")
        turned = glyph.rotate(-angle, Image.Resampling.BICUBIC)
        x = middle + radii[0] * math.sin(math.radians(angle)) - glyph_side / 2
        y = middle - radii[1] * math.cos(math.radians(angle)) - glyph_side / 2
        image.paste(255, (round(x), round(y)), turned)


def _level(image: Image.Image, text: str, below: float, size: float) -> None:
    """Type on a level line ``below`` the middle."""
    middle = image.width / 2.0
    ImageDraw.Draw(image).text(
        (middle, middle + below), text, font=font(Face("song", bold=True), size), fill=255, anchor="mm"
    )
