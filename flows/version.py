"""Which program made a result: the release, and a digest of the sources that decide what comes out.

A changed helper deep in a stage changes results without changing any signature, so neither a release number alone nor
the source of one function tells whether a kept page is still good. The sources themselves do.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_SUFFIXES = {".py", ".json", ".toml"}


@cache
def release() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("scanledger")
    except PackageNotFoundError:
        return "0+uninstalled"


@cache
def page_version() -> str:
    """Changes when anything that decides how a page is read changes."""
    return f"{release()}+{sources_digest(('ocr', 'layout'), ('flows/pipeline.py',))}"


@cache
def pipeline_version() -> str:
    """Changes when anything that decides what is published changes."""
    return f"{release()}+{sources_digest(('ocr', 'layout', 'expectations', 'flows'))}"


def sources_digest(packages: tuple[str, ...], files: tuple[str, ...] = ()) -> str:
    """12 hex digits over names and bytes of the packages' sources and data files, and of single files."""
    folders = [_folder(package) for package in packages]
    paths = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in _SUFFIXES)
    singles = [_folder(name.split("/")[0]).parent / name for name in files]
    digest = hashlib.sha256()
    for path in [*paths, *singles]:
        digest.update(path.relative_to(_folder("flows").parent).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(spec.submodule_search_locations)))
