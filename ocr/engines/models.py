"""Model files: where they are, what they must hash to, and the folders PaddleOCR wants them in.

The embedded models travel in the rapidocr wheel, so that nothing is downloaded when pages are read. PaddleOCR opens a
folder with `inference.onnx` and `inference.yml`; such a folder is built once in the user's cache, under a name that
depends on all that is in it, by writing a temporary folder beside it and renaming: two processes may do so at once.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr.errors import ModelMissing

ONNX_FILE = "inference.onnx"
CONFIG_FILE = "inference.yml"


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model file of the rapidocr wheel. postprocess: the decoder PaddleOCR runs on its output."""

    name: str
    file_name: str
    sha256: str
    postprocess: str


EMBEDDED = {
    model.name: model
    for model in (
        EmbeddedModel(
            "PP-OCRv6_small_det",
            "PP-OCRv6_det_small.onnx",
            "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
            "DBPostProcess",
        ),
        EmbeddedModel(
            "PP-OCRv6_small_rec",
            "PP-OCRv6_rec_small.onnx",
            "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
            "CTCLabelDecode",
        ),
    )
}


FIGURES = {
    "figures_a.onnx": "978cdf290a89788713427ba468049a5ba9a3031a774bb3184e6514daaa2f9da7",
    "figures_b.onnx": "24f43fd38d6f03eaa405f2ace9f7178c60d72602e8a083cdfd1cb874bc3dc7e4",
}
"""The small networks that read plain figures, of this package: what they must hash to."""


def figure_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Their files, in the order of FIGURES, after their hashes were checked. Raises ModelMissing."""
    folder = folder or Path(__file__).parent
    for name, digest in FIGURES.items():
        if (found := file_digest(folder / name)) != digest:
            raise ModelMissing(
                f"{folder / name} is damaged: SHA-256 is {found}, not {digest}", remedy="Install scanledger again."
            )
    return tuple(folder / name for name in FIGURES)


def embedded_folder() -> Path:
    """Where the rapidocr wheel keeps its models; rapidocr itself is not imported."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModelMissing("the package rapidocr, which carries the models, is not installed")
    return Path(spec.origin).parent / "models"


def embedded_file(model: EmbeddedModel, folder: Path | None = None) -> Path:
    """The model's file, after its hash was checked. Raises ModelMissing."""
    path = (folder or embedded_folder()) / model.file_name
    found = file_digest(path)
    if found != model.sha256:
        raise ModelMissing(f"{path} is damaged: SHA-256 is {found}, not {model.sha256}")
    return path


_digests: dict[tuple[int, ...], str] = {}


def file_digest(path: Path) -> str:
    """Hex SHA-256 of a model file, worked out once while it stays as it is. Raises ModelMissing when it cannot be read."""
    try:
        with path.open("rb") as stream:
            there = os.fstat(stream.fileno())
            state = (there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns)
            if state not in _digests:
                _digests[state] = hashlib.file_digest(stream, "sha256").hexdigest()
            return _digests[state]
    except OSError as error:
        raise ModelMissing(f"{path} cannot be read: {error.strerror}") from error


def find_model(name: str, own: Path | None) -> Path:
    """The model's own folder, or its embedded file after its hash was checked; writes nothing.

    own: a folder given by configuration. Raises ModelMissing, without touching the network.
    """
    if own is not None:
        return own_folder(own)
    if name not in EMBEDDED:
        known = ", ".join(EMBEDDED)
        raise ModelMissing(
            f"no model {name} is embedded (only {known})",
            remedy="Name a model folder, or allow PaddleOCR to download it, in the settings.",
        )
    return embedded_file(EMBEDDED[name])


def model_folder(name: str, own: Path | None, cache: Path | None = None) -> Path:
    """The folder PaddleOCR opens for this model. Raises ModelMissing like `find_model`."""
    found = find_model(name, own)
    return found if own is not None else build_folder(EMBEDDED[name], found, cache or cache_folder())


def own_folder(folder: Path) -> Path:
    """A configured model folder, after checking that it is whole."""
    missing = [name for name in (ONNX_FILE, CONFIG_FILE) if not (folder / name).is_file()]
    if missing:
        raise ModelMissing(
            f"the model folder {folder} lacks {' and '.join(missing)}",
            remedy="Export the model to ONNX for PaddleOCR, or name another folder in the settings.",
        )
    return folder


def folder_digest(folder: Path) -> str:
    """Hex SHA-256 over the files of a model folder that decide what it computes."""
    digests = (file_digest(folder / name) for name in (ONNX_FILE, CONFIG_FILE))
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def build_folder(model: EmbeddedModel, source: Path, cache: Path) -> Path:
    """A folder with the model under PaddleOCR's names; the one that is there already if it is whole."""
    key = hashlib.sha256(f"{model.sha256} {source} {_FOLDER_VERSION}".encode()).hexdigest()[:16]
    target = cache / f"{model.name}-{key}"
    if _is_whole(target):
        return target
    config = json.dumps(_config(model), ensure_ascii=False)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{model.name}-", dir=cache))
        _link_or_copy(source, draft / ONNX_FILE)
        (draft / CONFIG_FILE).write_text(config, encoding="utf-8")
        return _publish(draft, target)
    except OSError as error:
        raise ModelMissing(
            f"the model folder {target} cannot be written: {error.strerror}",
            remedy="Make it writable, or set XDG_CACHE_HOME to a folder that is.",
        ) from error


_FOLDER_VERSION = 3


def _is_whole(target: Path) -> bool:
    return (target / ONNX_FILE).is_file() and (target / CONFIG_FILE).is_file()


def _publish(draft: Path, target: Path) -> Path:
    """Renames draft to target; when another process was first, its folder serves as well."""
    if target.exists() and not _is_whole(target):
        shutil.rmtree(target, ignore_errors=True)
    try:
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not _is_whole(target):
            raise
    return target


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _config(model: EmbeddedModel) -> dict[str, Any]:
    """What inference.yml says (JSON is YAML), as PaddleOCR has it for these models, but for two numbers.

    max_candidates: 60 rows of 25 columns are 1,500 boxes. image_shape: PaddleOCR pads every line to 320 columns, three
    times what a number needs; with 96 the readings are as good in half the time. character_dict: left empty, because
    PaddleOCR takes a second to parse 18,708 characters that stand in the model file too (`characters_of`).
    """
    if model.postprocess == "DBPostProcess":
        normalise = {
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
            "scale": "1./255.",
            "order": "hwc",
        }
        operations: list[dict[str, Any]] = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"DetResizeForTest": {"resize_long": 960}},
            {"NormalizeImage": normalise},
            {"ToCHWImage": None},
        ]
        post: dict[str, Any] = {"thresh": 0.3, "box_thresh": 0.6, "max_candidates": 20_000, "unclip_ratio": 1.5}
    else:
        operations = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"RecResizeImg": {"image_shape": [3, 48, 96]}},
        ]
        post = {"character_dict": []}
    return {
        "Global": {"model_name": model.name},
        "PreProcess": {"transform_ops": operations},
        "PostProcess": {"name": model.postprocess, **post},
    }


def characters_of(session: Any, configured: Sequence[str]) -> tuple[str, ...]:
    """The recogniser's alphabet by class: PaddleOCR's from the configuration, or the one its ONNX file carries.

    configured: as PaddleOCR has them, a blank first and a space last; nothing else where the configuration has none.
    """
    carried = session.get_modelmeta().custom_metadata_map.get("character", "")
    if len(configured) > 2 or not carried:
        return tuple(configured)
    return (configured[0], *carried.split("\n"), configured[-1])


def cache_folder() -> Path:
    """Where model folders are built: the user's cache, or a private folder beside the temporary files."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    wanted = home / "scanledger" / "models"
    if _is_writable(wanted):
        return wanted
    return _private(Path(tempfile.gettempdir()) / f"scanledger-{os.getuid()}") / "models"


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _private(folder: Path) -> Path:
    """A folder only this user may write: models of a stranger must not be loaded from a shared place."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise ModelMissing(f"{folder} belongs to somebody else", remedy="Set XDG_CACHE_HOME to a folder of your own.")
    return folder
