"""Which processor computes, in which precision, and what makes it repeat itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

import torch

from tamiz.core.errors import WrongUse
from tamiz.core.language import say

Precision = Literal["float32", "bfloat16"]
_TINY_STEP_PX = 16_384  # pixels in a batch


def pick_device(word: str = "auto") -> torch.device:
    """Return the device for 'auto', 'cpu', 'cuda' or 'cuda:1'; 'auto' takes a GPU if there is one.

    Raises:
        WrongUse: no such device here.
    """
    if word == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    n = n_gpus()
    choices = ["auto", "cpu", *(["cuda"] if n else []), *(f"cuda:{i}" for i in range(n))]
    if word not in choices:
        raise WrongUse.of("engine.no_device", where=f"device={word}", choices=", ".join(choices))
    return torch.device(word)


def n_gpus() -> int:
    """Return how many GPUs this process may use."""
    return torch.cuda.device_count() if torch.cuda.is_available() else 0


def has_fast_bfloat16(device: torch.device) -> bool:
    """Return whether bfloat16 is computed in hardware (AVX512-BF16, AMX, Ampere and later)."""
    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    if os.environ.get("ATEN_CPU_CAPABILITY", "avx512") != "avx512":
        return False
    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        with suppress(AttributeError, RuntimeError):
            if getattr(torch.cpu, name)():
                return True
    return False


def choose_precision(word: str, device: torch.device) -> Precision:
    """Return the precision for 'auto', 'float32' or 'bfloat16' on `device`."""
    if word == "auto":
        return "bfloat16" if has_fast_bfloat16(device) else "float32"
    return "bfloat16" if word == "bfloat16" else "float32"


def make_repeatable(device: torch.device) -> None:
    """Choose algorithms that give the same bytes each time; the processor's own do anyway."""
    if device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.backends.cudnn.benchmark = False
        torch.backends.cudnn.deterministic = True
        torch.use_deterministic_algorithms(mode=True, warn_only=True)


def thread_count() -> int:
    """Return how many threads torch computes with; another number gives other last bits."""
    return torch.get_num_threads()


def threads_for(asked: int, batch_size: int, side_px: int) -> int:
    """Return the number of threads to train with: `asked`, or for 0 what suits a step's size.

    In small steps threads wait for each other longer than they compute. It depends on the recipe
    and the number of cores (or OMP_NUM_THREADS, where somebody shares them out) alone, never on
    the load, so that equal runs give equal bytes.
    """
    if asked > 0:
        return asked
    return 1 if batch_size * side_px**2 <= _TINY_STEP_PX else n_cores()


def n_cores() -> int:
    """Return how many cores this process may use; or OMP_NUM_THREADS, where somebody says."""
    shared_out = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, int(shared_out) if shared_out.isdecimal() else len(os.sched_getaffinity(0)))


@contextmanager
def using_threads(n: int) -> Iterator[None]:
    """Let torch compute with `n` threads, and with as many as before afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def describe_device(device: torch.device) -> str:
    """Return the device in words, for reports."""
    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    level = torch.backends.cpu.get_cpu_capability()
    return say("engine.cpu", level=level, n=thread_count())
