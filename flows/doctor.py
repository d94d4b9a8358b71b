"""`scanledger doctor`: is this machine fit to run? Gathers checks and prints each with its remedy."""

from __future__ import annotations

from typing import Protocol


class Check(Protocol):
    """What ocr.health says of one thing this machine needs."""

    @property
    def name(self) -> str: ...
    @property
    def ok(self) -> bool: ...
    @property
    def message(self) -> str: ...
    @property
    def remedy(self) -> str: ...
