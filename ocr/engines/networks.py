"""An ONNX network as PaddleOCR opened it, run at the speed of its arithmetic.

The detector's layers make numbers below 1e-38 by the thousand. Such denormal numbers cost a processor a hundred times
the work of others: on a dense page two layers of 85 took two thirds of the detector's time. While a network runs they
count as zero, which changes no output in any bit that can be told from rounding; outside of it the process computes as
before.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.errors import DeviceMissing
from ocr.values import Pixels

Tensor = npt.NDArray[np.float32]

#: fenv_t of the C library on 64-bit x86: 28 bytes of the old unit, then MXCSR, whose bits 15 and 6 are "results that
#: are denormal are zero" and "operands that are denormal are zero".
_ENVIRONMENT = ctypes.c_uint32 * 8
_MXCSR, _FLUSH = 7, 0x8040

CUDA = "CUDAExecutionProvider"
#: Full precision, and no search for the fastest convolution: each page has another shape, and each search costs seconds.
_CUDA_OPTIONS = {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"}
_PROVIDERS: dict[str, list[Any]] = {
    "cpu": ["CPUExecutionProvider"],
    "cuda": [(CUDA, _CUDA_OPTIONS), "CPUExecutionProvider"],
}


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One input, one output. session: an onnxruntime.InferenceSession; threads may share it.

    table: (256,) or, by channel, (3, 256): what the network is given for each grey level.
    """

    session: Any
    table: Tensor

    @property
    def is_on_gpu(self) -> bool:
        return CUDA in self.session.get_providers()

    def __call__(self, pictures: Sequence[Pixels], keep: bool = False) -> Tensor:
        """Its output for a batch of (H, W) or (H, W, 3) uint8 pictures of one size. keep: as for `run`. Raises what ONNX Runtime raises, and ValueError."""
        return self.run(as_tensor(pictures, self.table), keep)

    def run(self, x: Tensor, keep: bool = False) -> Tensor:
        """The bare network. x: (N, 3, H, W), as `as_tensor` makes it. keep: its memory, for another run that follows at once."""
        (asked,) = self.session.get_inputs()
        with denormals_as_zero():
            (output,) = self.session.run(None, {asked.name: x}, None if keep else giving_back(self.session))
        return np.asarray(output, np.float32)


def but_last(n: int) -> list[bool]:
    """For each of n runs in a row whether its memory is kept for the next."""
    return [i < n - 1 for i in range(n)]


def giving_back(session: Any) -> Any:
    """How a session with an arena is run on the CPU: within the run memory is used again for layer after layer, without
    asking the system for it anew; after the last of several it is given back, for it would keep the sum of all shapes ever seen."""
    return None if CUDA in session.get_providers() else _giving_back()


@cache
def _giving_back() -> Any:
    import onnxruntime

    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def session_for(threads: int, session: Any, path: str, device: str = "cpu") -> Any:
    """The session PaddleOCR opened from the file ``path``, or one like it on this device.

    With several threads it is one whose own threads heed `denormals_as_zero`: they are told by an option that PaddleOCR
    cannot pass on. Raises DeviceMissing.
    """
    if threads == 1 and device == "cpu":
        return session
    import onnxruntime

    options = session.get_session_options()
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    return onnxruntime.InferenceSession(path, options, providers=_PROVIDERS[device])


def open_session(path: str) -> Any:
    """A session of one thread on the CPU for a network of our own. Raises what ONNX Runtime raises."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = 1, 1, 3
    return onnxruntime.InferenceSession(path, options, providers=_PROVIDERS["cpu"])


def chosen_device(device: str, session: Any, path: str) -> str:
    """'cpu' or 'cuda' for what was asked. session, path: any network, for a try. Raises DeviceMissing for a 'cuda' in vain."""
    if device == "cpu":
        return device
    problem = _problem_of_cuda(session, path)
    if problem and device == "cuda":
        raise DeviceMissing(problem)
    return "cpu" if problem else "cuda"


def _problem_of_cuda(session: Any, path: str) -> str:
    """Why no network runs on a GPU here; empty when one does. ONNX Runtime itself falls back to the CPU in silence."""
    import onnxruntime

    if CUDA not in onnxruntime.get_available_providers():
        return f"the installed onnxruntime {onnxruntime.__version__} has no {CUDA}"
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does not find
        onnxruntime.preload_dlls()
    if CUDA not in session_for(1, session, path, "cuda").get_providers():
        return f"{CUDA} cannot be loaded: a CUDA or cuDNN library, the driver or the GPU is missing"
    return ""


@contextmanager
def denormals_as_zero() -> Iterator[None]:
    """Within it this thread takes denormal numbers for zero, where the processor is one that is slow with them."""
    if _FENV is None:
        yield
        return
    before, within = _ENVIRONMENT(), _ENVIRONMENT()
    _FENV.fegetenv(before)
    ctypes.memmove(within, before, ctypes.sizeof(before))
    within[_MXCSR] |= _FLUSH
    _FENV.fesetenv(within)
    try:
        yield
    finally:
        _FENV.fesetenv(before)


def _floating_point_environment() -> ctypes.CDLL | None:
    if not (sys.platform.startswith("linux") and platform.machine() == "x86_64"):
        return None
    try:
        library = ctypes.CDLL("libm.so.6")
    except OSError:
        return None
    return library if hasattr(library, "fegetenv") and hasattr(library, "fesetenv") else None


_FENV = _floating_point_environment()


def channel_tables(normalise: Any) -> Tensor:
    """PaddleOCR's own normalisation as a table. Gives (3, 256): what each channel makes of each grey level."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[:, None, None], 3, axis=2)
    (levels,) = normalise(imgs=[ramp])
    return np.ascontiguousarray(np.asarray(levels, np.float32)[:, 0, :].T)


def recogniser_table() -> Tensor:
    """What PaddleOCR's recogniser makes of each grey level, to the bit. Gives (256,)."""
    levels = np.arange(256, dtype=np.uint8).astype(np.float32) / np.float32(255)
    levels -= np.float32(0.5)
    levels /= np.float32(0.5)
    return levels


def as_tensor(pictures: Sequence[Pixels], table: Tensor) -> Tensor:
    """A batch as the networks take it. pictures: (H, W) grey or (H, W, 3) uint8, of one size; table: as Network's."""
    height, width = pictures[0].shape[:2]
    batch = np.empty((len(pictures), 3, height, width), np.float32)
    for into, picture in zip(batch, pictures, strict=True):
        if picture.ndim == 2 and table.ndim == 1:
            np.take(table, picture, out=into[0], mode="clip")
            into[1:] = into[0]
            continue
        for plane, grey, levels in zip(into, _planes(picture), np.broadcast_to(table, (3, 256)), strict=True):
            np.take(levels, grey, out=plane, mode="clip")  # clip: no second look at the indices
    return batch


def _planes(picture: Pixels) -> Pixels:
    """(3, H, W): its colours; of a grey one three times the same."""
    return np.broadcast_to(picture, (3, *picture.shape)) if picture.ndim == 2 else picture.transpose(2, 0, 1)
