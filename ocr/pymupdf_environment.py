"""Imported before pymupdf: keeps it from loading its network for page layout and its writer of Markdown, which nobody here asks.

The one costs each process half a second and 50 MB, the other 0.03 s. To the import, the modules are not there.
"""

from __future__ import annotations

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
for _name in ("pymupdf.layout", "pymupdf4llm"):
    _modules.setdefault(_name, None)
