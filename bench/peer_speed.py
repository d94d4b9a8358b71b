"""pymupdf4llm 2.0 timed inside the peers' environment: ``peer_speed.py text|ocr FILE.pdf ...``, CPU seconds a page.

text: its path without OCR. ocr: the same pages as pictures of 200 dpi, by its own OCR. One page is read before time
counts, so that models are loaded.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pymupdf
import pymupdf4llm  # type: ignore[import-untyped,import-not-found,unused-ignore]

DPI = 200


def as_pictures(document: Any) -> Any:
    pictures = pymupdf.open()
    for page in document:
        pixmap = page.get_pixmap(dpi=DPI)
        pictures.new_page(width=page.rect.width, height=page.rect.height).insert_image(page.rect, pixmap=pixmap)
    return pymupdf.open("pdf", pictures.tobytes(deflate=True))


def main() -> None:
    mode, paths = sys.argv[1], sys.argv[2:]
    options = {"table_output": "html", "page_chunks": True} | ({"use_ocr": False} if mode == "text" else {})
    documents = [pymupdf.open(path) for path in paths]
    documents = documents if mode == "text" else [as_pictures(document) for document in documents]
    pymupdf4llm.to_markdown(documents[0], pages=[0], **options)
    started = time.process_time()
    n_pages = sum(len(pymupdf4llm.to_markdown(document, **options)) for document in documents)
    print(f"\n{json.dumps({'cpu': (time.process_time() - started) / n_pages})}", flush=True)


if __name__ == "__main__":
    main()
