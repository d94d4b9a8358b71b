"""Rules of the house that no linter knows: who imports what, how long a module may be, what the lock may say."""

import ast
import importlib.metadata
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("ocr", "layout", "expectations", "flows")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

# library -> the modules that may import it
IMPORTERS = {
    "pymupdf": {"ocr/rasterise.py"},
    "paddleocr": {"ocr/engines/paddle.py"},
    "paddlex": {"ocr/engines/paddle.py", "ocr/engines/models.py"},
    "onnx": {"ocr/engines/quantise.py"},
    "great_expectations": {"expectations/gx.py", "expectations/row_expectations.py"},
    "prefect": {"flows/process.py"},
    "prefect_dask": {"flows/dask.py"},
    "distributed": {"flows/dask.py"},
    "fsspec": {"flows/locations.py"},
    "pyarrow": {"flows/dataset.py"},
    "sqlite3": {"flows/ledger.py"},
}


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.fixture(scope="module")
def importers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in MODULES:
        for name in imports_of(path):
            found[name].add(path.relative_to(ROOT).as_posix())
    return found


@pytest.mark.parametrize("library", sorted(IMPORTERS))
def test_each_library_has_its_own_importer(library: str, importers: dict[str, set[str]]) -> None:
    assert importers[library], f"{library} is imported nowhere: this test looks at nothing"
    assert importers[library] <= IMPORTERS[library]


def test_cv2_is_imported_in_few_modules(importers: dict[str, set[str]]) -> None:
    assert 1 <= len(importers["cv2"]) <= 4, sorted(importers["cv2"])


def test_modules_stay_readable() -> None:
    too_long = {str(path): n for path in MODULES if (n := len(path.read_text("utf-8").splitlines())) > 400}
    assert MODULES
    assert not too_long


def test_init_files_map_their_modules_and_export_nothing() -> None:
    for path in (p for p in MODULES if p.name == "__init__.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path} has no docstring"
        assert len(tree.body) == 1, f"{path} holds more than a docstring"


def test_exceptions_are_caught_broadly_only_around_a_page_and_a_file() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"except (Base)?Exception\b|except:", line)
    ]
    assert len(places) <= 2, places


def test_the_environment_holds_one_cv2_wheel_of_the_version_paddlex_wants() -> None:
    names = {"opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"}
    installed = {
        d.metadata["Name"]: d.version for d in importlib.metadata.distributions() if d.metadata["Name"] in names
    }
    assert installed == {"opencv-contrib-python": "4.10.0.84"}


def test_the_lock_pins_with_hashes_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==", lock, re.MULTILINE)
    assert len(pins) > 100
    assert lock.count("--hash=sha256:") >= len(pins)
    assert "://" not in lock
