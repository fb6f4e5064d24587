"""Whether the reader's devices can give the author's bits; ``nvidia-smi`` is a stand-in for absent hardware."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier.devices import device_differences

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script of a POSIX shell")

NEVER = "results of the two are never bitwise comparable"


def author(*devices: tuple[str, str, str]) -> dict[str, Any]:
    facts = [{"is": "gpu", "name": n, "compute_capability": c, "driver": d} for n, c, d in devices]
    return {"gpus": facts}


H200 = ("NVIDIA H200", "9.0", "580.95")


@pytest.mark.parametrize(
    ("theirs", "here", "notes"),
    [
        ({}, "NVIDIA H200, 9.0, 580.95", []),
        ({"gpus": {"is": "missing", "reason": "none"}}, "NVIDIA H200, 9.0, 580.95", []),
        ({"gpus": [{"is": "gpu", "vendor": "amd", "name": "MI300X"}]}, "", []),
        (author(H200), "NVIDIA H200, 9.0, 580.95", []),
        (author(H200), None, [f"no NVIDIA GPU is found here, the author's machine had NVIDIA H200; {NEVER}"]),
        (author(H200), "", [f"no NVIDIA GPU is found here, the author's machine had NVIDIA H200; {NEVER}"]),
        (
            author(H200),
            "NVIDIA A100-SXM4-80GB, 8.0, 580.95",
            [f"the GPU is NVIDIA A100-SXM4-80GB (8.0), the author's was NVIDIA H200 (9.0); {NEVER}"],
        ),
        (author(H200), "NVIDIA H100, 9.0, 580.95", ["the GPU is NVIDIA H100, the author's was NVIDIA H200"]),
        (
            author(H200, H200),
            "NVIDIA H200, 9.0, 570.1",
            [
                "the GPU's driver is 570.1, the author's was 580.95",
                "1 GPUs are here, the author's machine had 2",
            ],
        ),
    ],
)
def test_notes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    theirs: dict[str, Any],
    here: str | None,
    notes: list[str],
) -> None:
    """Two architectures are said to be never comparable; without a GPU on the author's side nothing is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    if here is not None:
        script = tmp_path / "nvidia-smi"
        script.write_text(f"#!/bin/sh\necho '{here}'\n" if here else "#!/bin/sh\nexit 9\n")
        script.chmod(0o755)
    assert device_differences(theirs) == notes
