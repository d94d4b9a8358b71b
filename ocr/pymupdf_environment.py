"""Imported before pymupdf: keeps it from loading its network for page layout, which nobody here asks.

That costs each process half a second and 50 MB. To the import, the module is not there.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_modules.setdefault("pymupdf.layout", None)
