"""The figures of bench.speed as one picture: bars, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _ROW, _LEFT, _RIGHT = 1000, 26, 260, 120
_INK, _GREY, _NETWORK, _OURS, _PEER = "#222222", "#999999", "#9db7d5", "#d98c3f", "#b0b0b0"


def draw_plot(path: Path, stages: Mapping[str, float], bare: float, programs: Mapping[str, float]) -> None:
    """Seconds of CPU a page: the networks alone, our stages, and whole programs where they were measured."""
    rows: list[tuple[str, float, str] | None] = [("the two networks alone", bare, _NETWORK), None]
    rows += [
        (name, seconds, _NETWORK if name in ("detect", "recognise") else _OURS) for name, seconds in stages.items()
    ]
    if programs:
        first = next(iter(programs))
        rows += [None, *((name, seconds, _OURS if name == first else _PEER) for name, seconds in programs.items())]
    image = Image.new("RGB", (_WIDTH, _ROW * (len(rows) + 3)), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    draw.text((20, 12), "CPU seconds a page", fill=_INK, font=font)
    longest = max(row[1] for row in rows if row)
    for i, row in enumerate(rows):
        if row:
            _bar(draw, font, _ROW * (i + 2), row, longest)
    image.save(path)


def _bar(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    y: int,
    row: tuple[str, float, str],
    longest: float,
) -> None:
    name, seconds, colour = row
    length = round((_WIDTH - _LEFT - _RIGHT) * seconds / longest)
    draw.text((20, y), name, fill=_INK, font=font)
    draw.rectangle((_LEFT, y + 2, _LEFT + length, y + _ROW - 8), fill=colour)
    draw.text((_LEFT + length + 8, y), f"{seconds:.3f}", fill=_GREY, font=font)
