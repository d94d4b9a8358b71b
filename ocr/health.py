"""Is this machine fit to read pages? Each thing that reading needs, checked without importing OpenCV or PaddleOCR.

A missing system library must be a line with its remedy, not a traceback, so shared libraries are only opened and
packages only looked up by their metadata. Facts of the machine come in as arguments of the single checks; `check_health`
gathers them.
"""

from __future__ import annotations

import ctypes
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ocr.engines import models, tesseract
from ocr.engines.boundary import (
    EngineOptions,
    PaddleOptions,
    RecordOptions,
    ReplayOptions,
    SecondOptions,
    TesseractOptions,
)
from ocr.engines.quick import multiplies_bytes
from ocr.errors import DeviceMissing, ModelMissing

CV2_WHEELS = ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless")
RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
CV2_WANTED = {"opencv-contrib-python": "4.10.0.84"}
SYSTEM_LIBRARIES = {"libGL.so.1": "libgl1", "libgthread-2.0.so.0": "libglib2.0-0"}
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 13)
LEAST_FREE_DISK = 2 * 1024**3
LEAST_FREE_MEMORY = 2 * 1024**3
"""One page at a time takes 0.8 GB at its peak (A4, 138 lines); twice that leaves room for large pages."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing this machine needs: what was found, and what to do when it is not well."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def check_health(options: EngineOptions, folder: Path | None = None) -> tuple[HealthCheck, ...]:
    """All checks for this engine. folder: where the output goes; the current folder when not given."""
    return (
        check_python(sys.version_info[:2]),
        check_cv2(installed(CV2_WHEELS)),
        *(check_library(name, package, opens(name)) for name, package in SYSTEM_LIBRARIES.items()),
        *check_models(options),
        *check_device(options, installed(RUNTIMES), opens("libcuda.so.1")),
        *check_quick(options, multiplies_bytes()),
        check_disk(folder or Path(), free_disk(folder or Path())),
        check_memory(available_memory()),
    )


def check_python(found: tuple[int, ...]) -> HealthCheck:
    ok = OLDEST_PYTHON <= found <= NEWEST_PYTHON
    wanted = f"{_dotted(OLDEST_PYTHON)} to {_dotted(NEWEST_PYTHON)}"
    return HealthCheck("Python", ok, _dotted(found), f"Install Python {wanted} and run `make env`.")


def check_cv2(found: Mapping[str, str]) -> HealthCheck:
    """Exactly one wheel may own the package `cv2`: which of two wins is chance. found: distribution -> version."""
    names = ", ".join(f"{name} {release}" for name, release in found.items()) or "none"
    wanted = ", ".join(f"{name} {release}" for name, release in CV2_WANTED.items())
    remedy = f"Exactly {wanted} must be installed: delete .venv and run `make env`."
    return HealthCheck("OpenCV", dict(found) == CV2_WANTED, names, remedy)


def check_library(name: str, package: str, problem: str) -> HealthCheck:
    """problem: what the loader said; empty when it opens."""
    return HealthCheck(name, not problem, problem or "loads", f"Install it: sudo apt-get install {package}")


def check_models(options: EngineOptions) -> Iterator[HealthCheck]:
    """One check per model the engine opens; a replay needs its folder."""
    match options:
        case ReplayOptions(folder=folder):
            ok = folder.is_dir()
            message = f"{folder} {'is there' if ok else 'is missing'}"
            yield HealthCheck("recorded readings", ok, message, "Name a folder of recorded readings.")
        case RecordOptions(inner=inner):
            yield from check_models(inner)
        case PaddleOptions():
            yield _check_model(options.detection_model_name, options.detection_model_dir, options.download)
            yield _check_model(options.recognition_model_name, options.recognition_model_dir, options.download)
            if options.figures:
                yield from _check_figures()


def _check_figures() -> Iterator[HealthCheck]:
    """The networks that read plain figures first; they come with the program."""
    try:
        models.figure_files()
    except ModelMissing as error:
        yield HealthCheck("figure networks", False, error.message, error.remedy)
    else:
        yield HealthCheck("figure networks", True, "hashes as expected")


def _check_model(name: str, own: Path | None, download: bool) -> HealthCheck:
    if own is None and download and name not in models.EMBEDDED:
        return HealthCheck(name, True, "PaddleOCR downloads it on first use")
    try:
        found = models.find_model(name, own)
        return HealthCheck(name, True, f"{found}" if own else f"{found}, hash as expected")
    except ModelMissing as error:
        return HealthCheck(name, False, error.message, error.remedy)


def check_device(options: EngineOptions, runtimes: Mapping[str, str], driver: str) -> Iterator[HealthCheck]:
    """What the networks run on. runtimes: distribution -> version; driver: what the loader says against CUDA's.

    Whether a GPU works at all shows when a network is opened on it, as the first thing a run does.
    """
    match options:
        case RecordOptions(inner=inner):
            yield from check_device(inner, runtimes, driver)
        case PaddleOptions(device=device):
            found = ", ".join(f"{name} {release}" for name, release in runtimes.items()) or "no onnxruntime"
            lacks = "" if "onnxruntime-gpu" in runtimes else "without CUDA"
            lacks = lacks or driver
            message = f"{found}{f' ({lacks})' if lacks else ', CUDA driver'}; asked for {device}"
            ok = bool(runtimes) and not (device == "cuda" and lacks)
            yield HealthCheck("device", ok, message, DeviceMissing.remedy)


def check_quick(options: EngineOptions, able: bool) -> Iterator[HealthCheck]:
    """Whether lines are read in eight bits first: no fault where they are not, but a page then takes longer."""
    match options:
        case RecordOptions(inner=inner):
            yield from check_quick(inner, able)
        case PaddleOptions(quick=True):
            slow = (
                "this processor does not multiply bytes without loss, so every line is read in full, at twice the cost"
            )
            yield HealthCheck("first look", True, "lines are read in eight bits first" if able else slow)


def check_second(options: SecondOptions | None) -> Iterator[HealthCheck]:
    """The second recogniser, where one is configured; a line about Tesseract where it could be."""
    match options:
        case None:
            if not tesseract.problem(TesseractOptions()):
                message = "not configured; Tesseract is there: SCANLEDGER_SECOND_RECOGNISER=tesseract"
                yield HealthCheck("second recogniser", True, message)
        case TesseractOptions():
            said = tesseract.problem(options)
            yield HealthCheck("second recogniser", not said, said or "Tesseract", tesseract.REMEDY)
        case PaddleOptions():
            yield _check_model(options.recognition_model_name, options.recognition_model_dir, options.download)


def check_disk(folder: Path, free: int) -> HealthCheck:
    """free: bytes that may still be written there."""
    return HealthCheck(
        "disk", free >= LEAST_FREE_DISK, f"{_gigabytes(free)} free in {folder.absolute()}", "Free space on this disk."
    )


def check_memory(available: int | None) -> HealthCheck:
    """available: bytes a new program may take; None where the system does not tell."""
    if available is None:
        return HealthCheck("memory", True, "unknown on this system")
    ok = available >= LEAST_FREE_MEMORY
    return HealthCheck("memory", ok, f"{_gigabytes(available)} available", "Close programs, or read with --workers 1.")


# --- facts of this machine -----------------------------------------------------------------------------------------


def installed(names: Sequence[str]) -> dict[str, str]:
    """Versions of those distributions that are installed."""
    found: dict[str, str] = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def opens(library: str) -> str:
    """What the loader says against this shared library; empty when it opens."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""


def free_disk(folder: Path) -> int:
    """Bytes free where `folder` is, or will be."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(existing).free


def available_memory(root: Path = Path("/")) -> int | None:
    """Bytes a new program may take: the machine's, or what its container has left, whichever is less."""
    left = [value for value in (_memory_of_machine(root), _memory_of_container(root)) if value is not None]
    return min(left, default=None)


def _memory_of_machine(root: Path) -> int | None:
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _memory_of_container(root: Path) -> int | None:
    """Limit less use, from control groups of version 2; reclaimable file pages count as use, so this errs low."""
    try:
        limit, used = ((root / "sys/fs/cgroup" / name).read_text().strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return None
    return None if limit == "max" else max(0, int(limit) - int(used))


def _dotted(release: Sequence[int]) -> str:
    return ".".join(map(str, release))


def _gigabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1024**3:.1f} GB"
