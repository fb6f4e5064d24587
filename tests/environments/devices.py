"""A GPU as its driver tells it, for tests that compare devices."""

from __future__ import annotations

from jupyter_repro.records import Gpu

HOPPER = Gpu(
    index=0,
    name="NVIDIA H200",
    driver="580.95",
    cuda_driver="13.1",
    compute_capability="9.0",
    memory_bytes=1,
    multiprocessors=132,
    mig=False,
    ecc=True,
    uuid="GPU-1",
    architecture="hopper",
)
