"""What doctor says: every fault is one line with its remedy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ocr import health
from ocr.engines.boundary import PaddleOptions, RecordOptions, ReplayOptions

WANTED = {"opencv-contrib-python": "4.10.0.84"}


def test_this_environment_has_one_cv2_wheel_and_its_libraries() -> None:
    assert health.check_cv2(health.installed(health.CV2_WHEELS)).ok
    assert [health.opens(name) for name in health.SYSTEM_LIBRARIES] == ["", ""]


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"opencv-python": "4.10.0.84"},
        {**WANTED, "opencv-python": "4.10.0.84"},
        {"opencv-contrib-python": "5.0.0.1"},
    ],
)
def test_any_other_set_of_cv2_wheels_is_a_fault(found: dict[str, str]) -> None:
    check = health.check_cv2(found)
    assert not check.ok
    assert "make env" in check.remedy
    assert all(name in check.message for name in found)


def test_a_library_that_does_not_open_is_a_message_not_a_traceback() -> None:
    check = health.check_library("libGL.so.1", "libgl1", health.opens("libdoes-not-exist.so.9"))
    assert not check.ok
    assert "libdoes-not-exist.so.9" in check.message
    assert check.remedy == "Install it: sudo apt-get install libgl1"


@pytest.mark.parametrize(("release", "ok"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_python_release(release: tuple[int, int], ok: bool) -> None:
    assert health.check_python(release).ok is ok


def test_models_of_each_engine(tmp_path: Path) -> None:
    assert [c.ok for c in health.check_models(PaddleOptions(figures=False))] == [True, True]
    assert [c.ok for c in health.check_models(RecordOptions(PaddleOptions(), tmp_path))] == [True, True, True]
    assert [c.ok for c in health.check_models(ReplayOptions(tmp_path))] == [True]
    assert [c.ok for c in health.check_models(ReplayOptions(tmp_path / "gone"))] == [False]


def test_what_is_read_first_is_told_and_no_fault(tmp_path: Path) -> None:
    (able,) = health.check_quick(RecordOptions(PaddleOptions(), tmp_path), able=True)
    (slow,) = health.check_quick(PaddleOptions(), able=False)
    assert able.ok
    assert slow.ok
    assert "twice the cost" in slow.message
    assert not list(health.check_quick(PaddleOptions(quick=False), able=True))


def test_a_missing_model_folder_is_a_fault_with_its_remedy(tmp_path: Path) -> None:
    detection, recognition, _ = health.check_models(PaddleOptions(recognition_model_dir=tmp_path / "gone"))
    assert (detection.ok, recognition.ok) == (True, False)
    assert str(tmp_path / "gone") in recognition.message
    assert recognition.remedy


def test_a_model_left_to_download_is_no_fault() -> None:
    first, _, _ = health.check_models(PaddleOptions(detection_model_name="PP-OCRv6_medium_det", download=True))
    assert first.ok
    assert "downloads" in first.message


def test_disk_and_memory_have_a_least(tmp_path: Path) -> None:
    assert not health.check_disk(tmp_path, health.LEAST_FREE_DISK - 1).ok
    assert health.check_disk(tmp_path, health.LEAST_FREE_DISK).ok
    assert not health.check_memory(health.LEAST_FREE_MEMORY - 1).ok
    assert health.check_memory(None).ok


def test_free_disk_is_that_of_a_folder_still_to_be_made(tmp_path: Path) -> None:
    assert health.free_disk(tmp_path / "not" / "yet") > 0


def test_memory_is_the_lesser_of_machine_and_container(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9000 kB\nMemAvailable:    4000 kB\n", encoding="ascii")
    assert health.available_memory(tmp_path) == 4000 * 1024
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("1000\n")
    assert health.available_memory(tmp_path) == 4000 * 1024
    (group / "memory.max").write_text("5000\n")
    assert health.available_memory(tmp_path) == 4000


def test_memory_is_unknown_without_the_files_of_linux(tmp_path: Path) -> None:
    assert health.available_memory(tmp_path) is None


def test_checking_loads_neither_opencv_nor_paddleocr() -> None:
    code = (
        "import sys; from ocr.engines.boundary import PaddleOptions; from ocr.health import check_health;"
        "check_health(PaddleOptions()); print([m for m in ('cv2', 'paddlex', 'onnxruntime') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("device", "runtimes", "driver", "ok"),
    [
        ("auto", {"onnxruntime": "1.31"}, "", True),
        ("cpu", {"onnxruntime-gpu": "1.31"}, "no libcuda", True),
        ("cuda", {"onnxruntime": "1.31"}, "", False),
        ("cuda", {"onnxruntime-gpu": "1.31"}, "no libcuda", False),
        ("cuda", {"onnxruntime-gpu": "1.31"}, "", True),
        ("auto", {}, "", False),
    ],
)
def test_the_device_must_be_there_when_it_is_asked_for(
    device: str, runtimes: dict[str, str], driver: str, ok: bool
) -> None:
    (check,) = health.check_device(PaddleOptions(device=device), runtimes, driver)
    assert check.ok is ok
    assert device in check.message
    assert "onnxruntime-gpu" in check.remedy
