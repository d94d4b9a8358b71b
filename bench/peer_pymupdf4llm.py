"""pymupdf4llm 2.0 on files, inside the peers' environment: one JSON line a file, its pages as HTML.

Scans go through its own OCR path (RapidOCR); tables come out as HTML, with spans. Images are wrapped as PDF first.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pymupdf
import pymupdf4llm  # type: ignore[import-untyped,import-not-found,unused-ignore]


def read(path: str) -> list[dict[str, Any]]:
    document = pymupdf.open(path)
    if not document.is_pdf:
        document = pymupdf.open("pdf", document.convert_to_pdf())
    chunks = pymupdf4llm.to_markdown(document, table_output="html", page_chunks=True)
    return [{"page_number": number, "html": chunk["text"]} for number, chunk in enumerate(chunks, start=1)]


def main() -> None:
    for path in sys.argv[1:]:
        started, cpu_started = time.perf_counter(), time.process_time()
        pages, error = [], ""
        try:
            pages = read(path)
        except Exception as failure:  # noqa: BLE001  what breaks a peer is its result
            error = f"{type(failure).__name__}: {failure}"
        spent = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_started}
        answer = {"path": path, "pages": pages, "error": error, **spent}
        print(f"\n{json.dumps(answer, ensure_ascii=False)}", flush=True)


if __name__ == "__main__":
    main()
