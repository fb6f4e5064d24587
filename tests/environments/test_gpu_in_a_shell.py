"""``%repro gpu`` over a fake driver, in a real shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.kernel.extension import session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from fake_nvml import FakeLib
    from tests.conftest import Bench  # pragma: no cover


def test_what_held_a_cell_back_is_shown_beside_the_device(
    bench: Bench, driver: Callable[..., FakeLib], capsys: pytest.CaptureFixture[str]
) -> None:
    """From `sample=on` to `sample=off`; every cell between has a row, and the driver is left as it was found."""
    library = driver()
    bench.write(
        a="%repro gpu sample=on",
        b="x = 1",
        c="%repro gpu",
        d="%repro gpu sample=off",
        e="y = 2",
        f="%repro off",
    )
    bench.run_all()
    text = capsys.readouterr().out
    assert "repro: the GPUs are looked at every second" in text
    assert "GPU 0: NVIDIA Fake 1, hopper 9.0, 132 multiprocessors, 80 GB, driver 580.95" in text
    assert "THROTTLED: power cap, hardware thermal, unknown 0x10000" in text
    session = session_of(bench.shell)
    assert session is not None
    assert session.standing.sampler is not None
    assert {sample.order for sample in session.standing.sampler.samples} == {1, 2, 3}
    assert library.open == 0
