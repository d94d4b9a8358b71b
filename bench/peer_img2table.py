"""img2table 2.0 with RapidOCR on files, inside the peers' environment: one JSON line a file, its tables as HTML.

It turns and levels pages itself (detect_rotation). It reads no multi-page TIFF: those pages are given one by one.
It reads no text outside tables.
"""

from __future__ import annotations

import io
import json
import sys
import time
from typing import Any

from img2table.document import PDF, Image  # type: ignore[import-not-found,unused-ignore]
from img2table.ocr import RapidOCR  # type: ignore[import-not-found,unused-ignore]
from PIL import Image as Pillow
from PIL import ImageSequence
from rapidocr import LangRec


def read(path: str, ocr: RapidOCR) -> list[dict[str, Any]]:
    if path.lower().endswith(".pdf"):
        found = PDF(path, detect_rotation=True, pdf_text_extraction=False).extract_tables(ocr=ocr)
        return [_page(index + 1, tables) for index, tables in sorted(found.items())]
    frames = _frames(path)
    return [
        _page(number, Image(frame, detect_rotation=True).extract_tables(ocr=ocr))
        for number, frame in enumerate(frames, start=1)
    ]


def _frames(path: str) -> list[bytes]:
    frames = []
    with Pillow.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            buffer = io.BytesIO()
            frame.convert("RGB").save(buffer, "PNG")
            frames.append(buffer.getvalue())
    return frames


def _page(number: int, tables: list[Any]) -> dict[str, Any]:
    return {"page_number": number, "html": "".join(table.html for table in tables)}


def main() -> None:
    ocr = RapidOCR(params={"Rec.lang_type": LangRec.CH, "Global.log_level": "error"})
    for path in sys.argv[1:]:
        started, cpu_started = time.perf_counter(), time.process_time()
        pages, error = [], ""
        try:
            pages = read(path, ocr)
        except Exception as failure:  # noqa: BLE001  what breaks a peer is its result
            error = f"{type(failure).__name__}: {failure}"
        spent = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}
        answer = {"path": path, "pages": pages, "error": error, **spent}
        print(f"\n{json.dumps(answer, ensure_ascii=False)}", flush=True)


if __name__ == "__main__":
    main()
