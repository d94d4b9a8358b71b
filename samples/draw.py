"""A sheet -> grey pixels, drawn large and made small, so that edges are soft as from a printer and a scanner."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from samples.faces import Face, face_for, font
from samples.ink import Fill, RulingInk, Run, Sheet
from samples.values import Stroke

Pixels = npt.NDArray[np.uint8]
_OVERSAMPLING = 2
_BASELINE_EM = 0.38  # from the middle of a line of Han type down to its baseline
_BOLD_EM = 0.025
_DASHES = {Stroke.DOTTED: (1.0, 1.6), Stroke.DASHED: (4.0, 2.5)}  # ink and gap, points


def draw_sheet(sheet: Sheet, dpi: float) -> Pixels:
    """(H, W) uint8, 255 is white, at ``dpi``."""
    scale = dpi * _OVERSAMPLING / 72.0
    image = Image.new("L", (round(sheet.width * scale), round(sheet.height * scale)), 255)
    pen = ImageDraw.Draw(image)
    for ink in sheet.inks:
        if isinstance(ink, Fill):
            pen.rectangle([v * scale for v in (ink.x0, ink.y0, ink.x1, ink.y1)], fill=ink.grey)
        elif isinstance(ink, RulingInk):
            _draw_ruling(pen, ink, scale)
        elif ink.turn:
            _draw_turned(image, ink, scale)
        else:
            _draw_run(pen, ink, scale)
    small = (round(sheet.width * dpi / 72.0), round(sheet.height * dpi / 72.0))
    return np.asarray(cv2.resize(np.asarray(image), small, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _draw_ruling(pen: ImageDraw.ImageDraw, ink: RulingInk, scale: float) -> None:
    half = ink.thickness / 2
    if ink.x0 != ink.x1 and ink.y0 != ink.y1:
        ends = [v * scale for v in (ink.x0, ink.y0, ink.x1, ink.y1)]
        pen.line(ends, fill=ink.grey, width=max(1, round(ink.thickness * scale)))
        return
    for x0, y0, x1, y1 in dashes_of(ink):
        box = (min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half)
        left, top = round(box[0] * scale), round(box[1] * scale)
        right = max(left, round(box[2] * scale) - 1)
        bottom = max(top, round(box[3] * scale) - 1)
        pen.rectangle([left, top, right, bottom], fill=ink.grey)


def dashes_of(ink: RulingInk) -> list[tuple[float, float, float, float]]:
    """The stroke as the straight pieces that are inked: (x0, y0, x1, y1) each."""
    if ink.stroke is Stroke.SOLID:
        return [(ink.x0, ink.y0, ink.x1, ink.y1)]
    on, gap = _DASHES[ink.stroke]
    length = (ink.x1 - ink.x0) + (ink.y1 - ink.y0)
    ux, uy = (ink.x1 - ink.x0) / length, (ink.y1 - ink.y0) / length
    starts = [index * (on + gap) for index in range(int(length / (on + gap)) + 1)]
    return [
        (ink.x0 + ux * s, ink.y0 + uy * s, ink.x0 + ux * min(s + on, length), ink.y0 + uy * min(s + on, length))
        for s in starts
    ]


def _draw_run(pen: ImageDraw.ImageDraw, run: Run, scale: float) -> None:
    x = run.x
    for text, face in _stretches(run):
        typeface = font(face, run.size * scale)
        stroke = _BOLD_EM * run.size * scale if face.is_synthetic_bold else 0
        place = (x * scale, (run.y + _BASELINE_EM * run.size) * scale)
        pen.text(place, text, font=typeface, fill=run.grey, anchor="ls", stroke_width=round(stroke))
        x += face.width(text, run.size)


def _draw_turned(image: Image.Image, run: Run, scale: float) -> None:
    """The run drawn level on a strip of its own, which is turned and laid on the picture."""
    long, half = math.ceil(run.face.width(run.text, run.size) + run.size), run.size
    strip = Image.new("L", (round(long * scale), round(2 * half * scale)), 0)
    _draw_run(ImageDraw.Draw(strip), replace(run, x=0.0, y=half, grey=255, turn=0), scale)
    ink = strip.transpose(Image.Transpose.ROTATE_270 if run.turn == 90 else Image.Transpose.ROTATE_90)
    top = run.y if run.turn == 90 else run.y - long
    image.paste(run.grey, (round((run.x - half) * scale), round(top * scale)), ink)


def _stretches(run: Run) -> list[tuple[str, Face]]:
    """The run cut where a stand-in typeface has to be used."""
    stretches: list[tuple[str, Face]] = []
    for char in run.text:
        face = face_for(run.face, char)
        if stretches and stretches[-1][1] == face:
            stretches[-1] = (stretches[-1][0] + char, face)
        else:
            stretches.append((char, face))
    return stretches
