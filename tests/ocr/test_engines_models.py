"""Model folders: whole or not there, checked by hash, built by many at once."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ocr.engines import models
from ocr.errors import ModelMissing

DETECTOR = models.EMBEDDED["PP-OCRv6_small_det"]


def tiny_model(folder: Path) -> models.EmbeddedModel:
    (folder / DETECTOR.file_name).write_bytes(b"weights")
    return replace(DETECTOR, sha256=hashlib.sha256(b"weights").hexdigest())


def test_embedded_models_are_there_and_hash_as_pinned() -> None:
    assert [models.embedded_file(model).suffix for model in models.EMBEDDED.values()] == [".onnx", ".onnx"]


def test_a_model_file_is_hashed_once_while_it_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, link = tmp_path / "a.onnx", tmp_path / "b.onnx"
    path.write_bytes(b"some")
    link.symlink_to(path)
    hashed: list[object] = []
    real = hashlib.file_digest
    monkeypatch.setattr(hashlib, "file_digest", lambda file, name: hashed.append(file) or real(file, name))  # type: ignore[func-returns-value]
    assert models.file_digest(path) == models.file_digest(link) == hashlib.sha256(b"some").hexdigest()
    assert len(hashed) == 1
    path.write_bytes(b"other")
    assert models.file_digest(link) == hashlib.sha256(b"other").hexdigest()


def test_a_damaged_model_is_named_with_both_hashes(tmp_path: Path) -> None:
    (tmp_path / DETECTOR.file_name).write_bytes(b"cut short")
    with pytest.raises(ModelMissing, match="damaged") as caught:
        models.embedded_file(DETECTOR, tmp_path)
    assert str(tmp_path / DETECTOR.file_name) in caught.value.message
    assert DETECTOR.sha256 in caught.value.message


def test_a_missing_model_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"_det_small\.onnx cannot be read") as caught:
        models.embedded_file(DETECTOR, tmp_path)
    assert "make env" in caught.value.remedy


def test_an_unknown_name_is_refused_without_a_download() -> None:
    with pytest.raises(ModelMissing, match="no model PP-OCRv9_huge_det is embedded") as caught:
        models.model_folder("PP-OCRv9_huge_det", None)
    assert "download" in caught.value.remedy


def test_an_own_folder_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"lacks inference\.onnx and inference\.yml"):
        models.model_folder("any name", tmp_path)
    (tmp_path / models.ONNX_FILE).touch()
    (tmp_path / models.CONFIG_FILE).touch()
    assert models.model_folder("any name", tmp_path) == tmp_path


def test_the_folder_holds_model_and_configuration(tmp_path: Path) -> None:
    model = tiny_model(tmp_path)
    folder = models.build_folder(model, tmp_path / model.file_name, tmp_path / "cache")
    config = json.loads((folder / models.CONFIG_FILE).read_text(encoding="utf-8"))
    assert (folder / models.ONNX_FILE).read_bytes() == b"weights"
    assert config["Global"]["model_name"] == model.name
    assert config["PostProcess"]["max_candidates"] >= 60 * 25


def test_many_builders_at_once_leave_one_folder(tmp_path: Path) -> None:
    model, cache = tiny_model(tmp_path), tmp_path / "cache"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: models.build_folder(model, tmp_path / model.file_name, cache), range(24)))
    assert list(cache.iterdir()) == list(found)


def test_a_folder_whose_model_moved_away_is_built_anew(tmp_path: Path) -> None:
    model, cache = tiny_model(tmp_path), tmp_path / "cache"
    folder = models.build_folder(model, tmp_path / model.file_name, cache)
    (folder / models.ONNX_FILE).unlink()
    (folder / models.ONNX_FILE).symlink_to(tmp_path / "gone")
    assert models.build_folder(model, tmp_path / model.file_name, cache) == folder
    assert (folder / models.ONNX_FILE).read_bytes() == b"weights"


def test_a_cache_that_is_a_file_is_model_missing_with_a_remedy(tmp_path: Path) -> None:
    model = tiny_model(tmp_path)
    (tmp_path / "cache").touch()
    with pytest.raises(ModelMissing, match="cannot be written") as caught:
        models.build_folder(model, tmp_path / model.file_name, tmp_path / "cache")
    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_the_cache_follows_xdg_and_falls_back_to_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert models.cache_folder() == tmp_path / "xdg" / "scanledger" / "models"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    private = models.cache_folder()
    assert private.parent.parent == tmp_path
    assert private.parent.stat().st_mode & 0o077 == 0


def test_a_planted_temporary_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("os.getuid", lambda: 4711)
    (tmp_path / "scanledger-4711").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelMissing, match="belongs to somebody else"):
        models.cache_folder()


class Session:
    """Stands in for ONNX Runtime's, with an alphabet in the model file."""

    def __init__(self, **metadata: str) -> None:
        self.custom_metadata_map = metadata

    def get_modelmeta(self) -> Session:
        return self


def test_the_alphabet_is_the_configured_one_or_that_of_the_model_file() -> None:
    carrying = Session(character="一\n1")
    assert models.characters_of(carrying, ["blank", " "]) == ("blank", "一", "1", " ")
    assert models.characters_of(carrying, ["blank", "x", " "]) == ("blank", "x", " ")
    assert models.characters_of(Session(), ["blank", " "]) == ("blank", " ")
