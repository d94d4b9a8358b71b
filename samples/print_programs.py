"""Programs of the system that print: Chromium and LibreOffice, both without a window. Text of a document -> PDF -> pixels."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from enum import StrEnum
from pathlib import Path

import numpy as np
import pymupdf

from samples.pack import Pixels

SECONDS = 180.0


class Program(StrEnum):
    """Who prints; the value is the part of a file's name that says so."""

    BROWSER = "web"
    SPREADSHEET = "calc"


_COMMANDS: dict[Program, tuple[str, ...]] = {
    Program.BROWSER: ("chromium", "chromium-browser", "google-chrome"),
    Program.SPREADSHEET: ("soffice", "libreoffice"),
}
_PACKAGES = {Program.BROWSER: "chromium", Program.SPREADSHEET: "libreoffice-calc"}


class PrintFailed(RuntimeError):
    """A program is missing or printed nothing; the message says which and what to do."""


def missing_programs() -> tuple[str, ...]:
    """Debian packages of the programs this machine lacks."""
    return tuple(_PACKAGES[program] for program in Program if _command(program) is None)


def print_pages(text: str, program: Program, dpi: int) -> tuple[Pixels, ...]:
    """The printed pages, (height, width) grey uint8 each. Raises PrintFailed."""
    with tempfile.TemporaryDirectory() as folder:
        content = _print(text, program, Path(folder))
    with pymupdf.open(stream=content, filetype="pdf") as document:
        return tuple(_pixels(page, dpi) for page in document)


def _pixels(page: pymupdf.Page, dpi: int) -> Pixels:
    picture = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
    return np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.stride)[:, : picture.width].copy()


def _print(text: str, program: Program, folder: Path) -> bytes:
    command = _command(program)
    if command is None:
        raise PrintFailed(f"No program prints {program} samples. Install {_PACKAGES[program]}.")
    source = folder / ("page.html" if program is Program.BROWSER else "page.fods")
    source.write_text(text, encoding="utf-8")
    printed = folder / "page.pdf"
    done = subprocess.run(
        _arguments(program, command, source, printed), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if not printed.exists():
        raise PrintFailed(f"{command} printed nothing: {done.stderr.strip()[-400:]}")
    return printed.read_bytes()


def _arguments(program: Program, command: str, source: Path, printed: Path) -> list[str]:
    profile = source.parent / "profile"
    if program is Program.BROWSER:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        return [command, *options, f"--user-data-dir={profile}", f"--print-to-pdf={printed}", source.as_uri()]
    options = ["--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "pdf"]
    return [command, *options, "--outdir", str(printed.parent), str(source)]


def _command(program: Program) -> str | None:
    return next((found for name in _COMMANDS[program] if (found := shutil.which(name))), None)
