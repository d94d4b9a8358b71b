"""The digest of a page after a step: its pixels follow from those before and the step, so its digest may too."""

from __future__ import annotations

import hashlib

from ocr.values import PageImage


def digest_after(image: PageImage, step: str) -> str:
    """Hex SHA-256. step: what was done, with every number that changes pixels."""
    return hashlib.sha256(f"{image.digest} {step}".encode()).hexdigest()
