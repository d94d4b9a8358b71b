"""The figures of bench.memory as one picture: the highest memory and the CPU of a page over pages, drawn with Pillow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.replayed import Cost

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 1000, 300, 70, 40, 40
_ONE, _MANY, _INK, _GREY = "#d98c3f", "#9db7d5", "#222222", "#dddddd"


def draw_plot(path: Path, one: Sequence[Cost], many: Sequence[Cost]) -> None:
    """Two panels, one under the other; dots for one document, and for many of as many pages together."""
    image = Image.new("RGB", (_WIDTH, 2 * _HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(15)
    panels: tuple[tuple[str, Callable[[Cost], float]], ...] = (
        ("MB resident at the highest, leading process; orange: one document, blue: many", lambda c: c.peak_mb),
        ("CPU, ms a page", lambda c: 1000 * c.cpu_seconds / c.pages),
    )
    most = max(cost.pages for cost in (*one, *many))
    for index, (title, of) in enumerate(panels):
        top = index * _HEIGHT
        highest = 1.15 * max(of(cost) for cost in (*one, *many))
        draw.text((_LEFT, top + 10), title, fill=_INK, font=font)
        for part in range(5):
            y = _y(top, part / 4)
            draw.line((_LEFT, y, _WIDTH - 20, y), fill=_GREY)
            draw.text((10, y - 8), f"{highest * part / 4:.0f}", fill=_INK, font=font)
        for costs, colour in ((many, _MANY), (one, _ONE)):
            dots = [(_LEFT + (_WIDTH - 120) * c.pages / most, _y(top, of(c) / highest)) for c in costs]
            if len(dots) > 1:
                draw.line(dots, fill=colour, width=2)
            for x, y in dots:
                draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
        for cost in one:
            x = _LEFT + (_WIDTH - 120) * cost.pages / most
            if cost.pages * 20 >= most:
                draw.text((x - 12, top + _HEIGHT - _BOTTOM + 8), str(cost.pages), fill=_INK, font=font)
    image.save(path)


def _y(top: int, share: float) -> float:
    return top + _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share
