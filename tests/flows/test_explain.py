"""`scanledger explain`: the picture comes from the original, and only from the right one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from expectations.explain import explain
from flows.cli import app
from flows.debugging import png_bytes
from flows.explain import find_original, pictures
from flows.sources import InputError
from ocr.geometry import Affine
from ocr.values import PageImage
from tests.expectations.test_explain import data


def page(height: int = 1600, width: int = 2400) -> PageImage:
    """Two pixels a point."""
    pixels = np.full((height, width), 200, np.uint8)
    return PageImage("0" * 64, 1, 144.0, "d", Affine.scaling(0.5), pixels, 1200.0, 800.0)


def test_the_cell_is_outlined_in_red_and_the_other_terms_in_blue() -> None:
    found = explain(data(), 0, 5, 3)
    context, cell = pictures(found, page())
    assert found.place.bbox_pt is not None
    x0, y0, x1, y1 = found.place.bbox_pt
    colours = {tuple(int(v) for v in c) for c in np.unique(context.reshape(-1, 3), axis=0)}
    assert {(220, 30, 30), (30, 70, 230)} <= colours
    assert cell.shape[0] >= 2 * (y1 - y0)
    assert cell.shape[1] >= 2 * (x1 - x0)
    assert (cell == 200).all()


def written(folder: Path, sha256: str = "0" * 64) -> Path:
    home = folder / "out" / "documents" / sha256[:16]
    home.mkdir(parents=True)
    made = data()
    path = home / "document.json"
    path.write_text(json.dumps({**made, "document": {**made["document"], "sha256": sha256}}), encoding="utf-8")
    return path


def test_an_original_is_known_by_its_digest(tmp_path: Path) -> None:
    original = tmp_path / "a.png"
    original.write_bytes(png_bytes(page().pixels))
    sha256 = hashlib.sha256(original.read_bytes()).hexdigest()
    path = written(tmp_path, sha256)
    assert find_original(path, sha256, original) == original
    assert find_original(path, sha256, None) is None
    kept = tmp_path / "out" / "quarantine" / sha256[:16]
    kept.mkdir(parents=True)
    (kept / "reason.json").write_text("{}")
    (kept / "a.png").write_bytes(original.read_bytes())
    assert find_original(path, sha256, None) == kept / "a.png"
    with pytest.raises(InputError, match="not the file that was read"):
        find_original(path, "f" * 64, original)
    with pytest.raises(InputError, match="no such file"):
        find_original(path, sha256, tmp_path / "none.png")


def test_the_command_writes_a_page_with_the_picture(tmp_path: Path) -> None:
    original = tmp_path / "a.png"
    original.write_bytes(png_bytes(page().pixels))
    path = written(tmp_path, hashlib.sha256(original.read_bytes()).hexdigest())
    html = tmp_path / "x.html"
    result = CliRunner().invoke(
        app, ["explain", str(path), "1", "6", "4", "--source", str(original), "--page", str(html)]
    )
    assert result.exit_code == 0, result.output
    assert "20.00 = 20.00 + 0" in result.output
    assert html.read_text(encoding="utf-8").count("data:image/png;base64,") == 2


def test_without_the_original_the_page_says_so(tmp_path: Path) -> None:
    path = written(tmp_path)
    result = CliRunner().invoke(app, ["explain", str(path), "1", "6", "4"])
    assert result.exit_code == 0, result.output
    html = path.parent / "explain" / "table01-row6-col4.html"
    assert "--source" in html.read_text(encoding="utf-8")


def test_a_place_outside_the_table_is_a_bad_argument(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["explain", str(written(tmp_path)), "1", "60", "4"])
    assert result.exit_code == 2
    assert "no cell 60, 4" in result.output
