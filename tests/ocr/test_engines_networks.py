"""Networks run without denormal numbers, in the thread that runs them and nowhere else."""

from __future__ import annotations

import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ocr.engines.networks import CUDA, Network, Tensor, as_tensor, chosen_device, denormals_as_zero, session_for
from ocr.errors import DeviceMissing

on_x86 = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and platform.machine() == "x86_64"), reason="no other processor is slow there"
)


def has_denormals() -> bool:
    return bool((np.full(4, 1e-30, np.float32) * np.float32(1e-10)).any())


@on_x86
def test_denormals_are_zero_within_and_numbers_again_behind() -> None:
    with denormals_as_zero():
        within = has_denormals()
    assert (within, has_denormals()) == (False, True)


@on_x86
def test_an_error_leaves_the_thread_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), denormals_as_zero():
        raise ZeroDivisionError
    assert has_denormals()


@on_x86
def test_other_threads_go_on_with_them() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(has_denormals).result()
        with denormals_as_zero():
            assert pool.submit(has_denormals).result()


def test_pictures_become_a_batch_by_channel_and_level() -> None:
    picture = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    table = np.arange(256, dtype=np.float32) * 2
    assert np.array_equal(as_tensor([picture, picture[::-1]], table)[1], picture[::-1].transpose(2, 0, 1) * 2)
    by_channel = np.stack([table, table + 1, table + 2])
    assert as_tensor([picture], by_channel)[0, :, 0, 0].tolist() == [0, 3, 6]


@pytest.mark.parametrize("table", [np.arange(256.0) * 2, np.arange(768.0).reshape(3, 256)])
def test_a_grey_picture_is_three_equal_colours(table: Tensor) -> None:
    grey, table = np.arange(8, dtype=np.uint8).reshape(2, 4), table.astype(np.float32)
    coloured = np.repeat(grey[:, :, None], 3, axis=2)
    mixed = as_tensor([grey, coloured], table)
    assert np.array_equal(mixed[0], mixed[1])


class Session:
    """Stands in for ONNX Runtime's: answers with whether it could make a denormal number."""

    def get_inputs(self) -> list[Any]:
        return [type("Input", (), {"name": "x"})]

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def run(self, _names: None, given: dict[str, Any], _options: object) -> list[Any]:
        return [np.full(1, has_denormals(), np.float32)]


@on_x86
def test_a_network_runs_without_denormals() -> None:
    assert Network(Session(), np.zeros(256, np.float32))([np.zeros((1, 1, 3), np.uint8)]).tolist() == [0.0]


def test_memory_is_kept_only_for_a_run_that_follows() -> None:
    class Asked(Session):
        options: list[object] = []

        def run(self, names: None, given: dict[str, Any], options: object) -> list[Any]:
            self.options.append(options)
            return super().run(names, given, options)

    network = Network(Asked(), np.zeros(256, np.float32))
    for keep in (True, False):
        network([np.zeros((1, 1, 3), np.uint8)], keep)
    kept, given_back = Asked.options
    assert kept is None
    assert given_back is not None


class Cpu:
    """Stands in for a session that ONNX Runtime opened on the CPU, whatever it was asked for."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def get_providers(self) -> list[str]:
        return ["CPUExecutionProvider"]

    def get_session_options(self) -> Any:
        return SimpleNamespace(add_session_config_entry=lambda key, value: None)


@pytest.mark.parametrize("providers", [["CPUExecutionProvider"], [CUDA, "CPUExecutionProvider"]])
def test_a_gpu_that_cannot_be_had_is_an_error_only_where_it_was_asked_for(
    providers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: providers)
    monkeypatch.setattr("onnxruntime.InferenceSession", Cpu)
    assert chosen_device("cpu", Cpu(), "x") == "cpu"
    assert chosen_device("auto", Cpu(), "x") == "cpu"
    with pytest.raises(DeviceMissing, match=CUDA) as raised:
        chosen_device("cuda", Cpu(), "x")
    assert "onnxruntime-gpu" in raised.value.remedy


def test_a_gpu_that_works_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gpu(Cpu):
        def get_providers(self) -> list[str]:
            return [CUDA, "CPUExecutionProvider"]

    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: [CUDA, "CPUExecutionProvider"])
    monkeypatch.setattr("onnxruntime.InferenceSession", Gpu)
    assert [chosen_device(asked, Cpu(), "x") for asked in ("auto", "cuda", "cpu")] == ["cuda", "cuda", "cpu"]
    assert isinstance(session_for(1, Cpu(), "x", "cuda"), Gpu)
