"""What can be configured: environment variables SCANLEDGER_*, or a file scanledger.toml in the working folder.

    SCANLEDGER_WORKERS=4                        pages read at the same time
    SCANLEDGER_DETECTION_MODEL_DIR=/models/det  own model folders (inference.onnx and inference.yml)

A variable wins over the file, and an option of the command line over both. Only importer of pydantic_settings.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from ocr.errors import ScanledgerError

SETTINGS_FILE = "scanledger.toml"


class SettingsError(ScanledgerError):
    """A setting has a value that cannot be."""

    code = "E_SETTINGS"
    remedy = f"Mend the variable SCANLEDGER_* or the line of {SETTINGS_FILE} it names."


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="SCANLEDGER_", toml_file=SETTINGS_FILE, frozen=True, extra="forbid")

    workers: int | None = Field(
        default=None, ge=1, le=64, description="pages at a time; default: one a core, 4 at most"
    )
    threads: int | None = Field(default=None, ge=1, le=64, description="threads a page; default: cores / workers")
    max_pages: int = Field(default=10_000, ge=1, description="files with more pages are rejected")
    max_cells: int = Field(
        default=2_000_000, ge=1000, description="files with more are rejected; four characters count as a cell"
    )
    proof_seconds: float = Field(
        default=60.0, gt=0, description="processor time to join and prove a document; each page adds a sixth of it"
    )
    retries: int = Field(default=2, ge=0, le=10, description="further tries of a page after a fault of the engine")
    retry_delay_seconds: float = Field(
        default=1.0, ge=0, description="wait before the first of them; doubled each time"
    )
    prefect: Literal["auto", "always", "never"] = Field(
        default="auto", description="documents as Prefect flows: where a server is configured, or with one of our own"
    )
    runner: Literal["local", "dask"] = Field(default="local", description="where pages are read: here, or on a cluster")
    scheduler: str = Field(default="", description="address of the Dask scheduler, such as tcp://10.0.0.1:8786")
    language: str = Field(default="", pattern="^(|en|zh)$", description="of messages: 'en' or 'zh'; default: by LANG")
    look_seconds: float = Field(default=5.0, gt=0, description="a watched folder is listed so often")
    settle_seconds: float = Field(default=3.0, ge=0, description="a file is taken when it has rested so long")
    min_free_mb: int = Field(default=200, ge=0, description="intake pauses when the disk has less space left")
    parse_seconds: float = Field(
        default=12.0, gt=0, description="processor time to open a file or rasterise a page; by the clock, twice that"
    )
    page_seconds: float = Field(default=90.0, gt=0, description="the same for all that is done with a page's pixels")
    worker_memory_mb: int = Field(default=4096, ge=512, description="a process that needs more for a page is ended")
    recycle_pages: int = Field(default=300, ge=1, description="a process that has read so many is replaced")
    recycle_mb: int = Field(default=1536, ge=256, description="a process that rests at more memory is replaced")
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto",
        description="what the networks run on: an NVIDIA GPU where onnxruntime-gpu finds one, or the CPU",
    )
    work_dir: Path | None = Field(
        default=None, description="where outputs for other locations are made and kept; default: in the user's cache"
    )
    figures: bool = Field(
        default=True, description="are plain figures read by two small networks first, where both are sure?"
    )
    quick: bool = Field(
        default=True,
        description="are lines read in eight bits first, where the processor can, and in full only where that is in doubt?",
    )
    detection_model_dir: Path | None = None
    recognition_model_dir: Path | None = None
    detection_model_name: str = ""
    recognition_model_name: str = ""
    second_recogniser: str = Field(
        default="", description="for cells in doubt: 'tesseract', or a folder with another PP-OCR recognition model"
    )
    cell_lines: bool = Field(
        default=True,
        description="take text boxes from the ink of ruled cells? if not, all are looked for by the detector",
    )
    text_lines: bool = Field(
        default=True,
        description="take text boxes from the ink of running text? if not, all are looked for by the detector",
    )
    download: bool = Field(default=False, description="may PaddleOCR download models that are not embedded?")
    record_dir: Path | None = Field(default=None, description="write every reading there, for replay_dir")
    replay_dir: Path | None = Field(default=None, description="recorded readings instead of an engine")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def n_workers(self) -> int:
        return self.workers or min(4, usable_cores())

    @property
    def n_threads(self) -> int:
        """Threads of the networks, so that workers x threads stays within the cores."""
        return self.threads or max(1, usable_cores() // self.n_workers)


def load_settings(workers: int | None = None, **given: Any) -> Settings:
    """The settings that hold here and now. given: what the command line says, None where it does not. Raises SettingsError."""
    try:
        return Settings(**{name: v for name, v in {"workers": workers, **given}.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{first['msg']} (found {first['input']!r})", where=name) from error
    except ValueError as error:
        raise SettingsError(str(error), where=SETTINGS_FILE) from error


def usable_cores() -> int:
    """The cores this process may use, which a container may make fewer than the machine has."""
    return max(1, len(os.sched_getaffinity(0)))
