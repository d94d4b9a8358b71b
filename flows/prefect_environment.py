"""Settings Prefect must find in the environment when it is imported; importing this module puts them there.

What the user has set wins. Quiet, because our own progress and logs say what happens; no statistics, no name look-ups;
a long patience for the start of Prefect's own server, which takes 20 s on a busy machine with an empty home.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


def prefect_home(home: Path, cache: Path) -> Path:
    """The user's own Prefect folder where one has a profile (it may name a server), else one of ours in the cache."""
    own = home / ".prefect"
    return own if (own / "profiles.toml").is_file() else cache / "scanledger" / "prefect"


def server_is_configured(
    environment: Mapping[str, str] = os.environ, home: Path | None = None, here: Path | None = None
) -> bool:
    """Whether the user has named a Prefect server, told without Prefect, whose import takes seconds.

    Looks where Prefect does: the environment, `prefect.toml` in the working folder, the active profile.
    """
    if "PREFECT_API_URL" in environment:
        return bool(environment["PREFECT_API_URL"])
    if _read(here or Path(), "prefect.toml").get("api", {}).get("url"):
        return True
    folder = Path(environment.get("PREFECT_HOME") or (home or Path("~").expanduser()) / ".prefect")
    profiles = _read(folder, "profiles.toml")
    active = environment.get("PREFECT_PROFILE") or profiles.get("active", "")
    return bool(profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL"))


def _read(folder: Path, name: str) -> dict[str, Any]:
    """A TOML file; empty where there is none that can be read."""
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _cache_folder() -> Path:
    """The user's cache, or a private folder beside the temporary files where there is none to write to."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    existing = next(folder for folder in (cache, *cache.parents) if folder.exists())
    return cache if os.access(existing, os.W_OK) else Path(tempfile.gettempdir()) / f"scanledger-{os.getuid()}"


def _apply() -> None:
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(prefect_home(Path("~").expanduser(), _cache_folder())))


_apply()
