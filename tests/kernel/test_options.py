"""The words of ``%repro``."""

from __future__ import annotations

import pytest

from jupyter_repro.bundle.options import Address, ExportWish, Waiver
from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import (
    Export,
    Govern,
    Off,
    ShowEnvironment,
    ShowGpu,
    ShowPanel,
    ShowReport,
    ShowStatus,
    Trace,
    Twice,
)
from jupyter_repro.kernel.tokens import tokens


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ShowStatus()),
        ("   # only a note", ShowStatus()),
        ("status", ShowStatus()),
        ("status verbose", ShowStatus(verbose=True)),
        ("status -v json", ShowStatus(verbose=True, json=True)),
        ("seed=42", Govern(42, None)),
        ("seed=42 strict", Govern(42, "strict")),
        ("seed=42 per_cell", Govern(42, per_cell=True)),
        ("per_cell=off workers=off", Govern(per_cell=False, workers=False)),
        ("workers=auto", Govern(workers=True)),
        ("strict seed=42", Govern(42, "strict")),
        ("seed = 42, strict  # as in the paper", Govern(42, "strict")),
        ("seed=1_000", Govern(1000, None)),
        ("seed=0", Govern(0, None)),
        ("warn", Govern(None, "warn")),
        ("strictness=off", Govern(None, "off")),
        ("env", ShowEnvironment()),
        ("env verbose json", ShowEnvironment(verbose=True, json=True)),
        ("env check", ShowEnvironment(check=True)),
        ("gpu", ShowGpu()),
        ("gpu sample=on", ShowGpu(sample=True)),
        ("gpu sample", ShowGpu(sample=True)),
        ("gpu sample off", ShowGpu(sample=False)),
        ("report", ShowReport()),
        ("report json", ShowReport("json")),
        ("report html report.html", ShowReport("html", "report.html")),
        ("off", Off()),
        ("panel", ShowPanel()),
        ("trace", Trace()),
        ("twice", Twice()),
        ("twice trace", Twice(trace=True)),
        ("twice anyway seed=7 strict", Twice(Govern(7, "strict"), anyway=True)),
        ("trace start before", Trace("start", ("before",))),
        ("trace stop", Trace("stop")),
        ("trace stop before", Trace("stop", ("before",))),
        ('trace diff before "my after.trace"', Trace("diff", ("before", "my after.trace"))),
        ("export paper.repro.zip", Export("paper.repro.zip")),
        ('export "my paper.repro.zip"', Export("my paper.repro.zip")),
        ("export", Export()),
        ("export plan", Export(plan=True)),
        (
            'export p.zip calibrate=2 profile=gpu prove=no offline anonymous max_data=500MB waive=RP801="a clock, shown"',
            Export(
                "p.zip",
                ExportWish(
                    calibrate=2,
                    profile="gpu",
                    prove=False,
                    offline=True,
                    anonymous=True,
                    max_data=500_000_000,
                    waivers=(Waiver(code="RP801", reason="a clock, shown"),),
                ),
            ),
        ),
        (
            'export include=a.csv include=b.csv url="d.bin=https://x.org/d?a=1,2" allow_secret=s.py:3 sign=k cell_timeout=60 claim="cell 7: T1"',
            Export(
                wish=ExportWish(
                    include=("a.csv", "b.csv"),
                    addresses=(Address(path="d.bin", url="https://x.org/d?a=1,2"),),
                    claims=("cell 7: T1",),
                    allowed_secrets=("s.py:3",),
                    sign="k",
                    cell_timeout_s=60.0,
                )
            ),
        ),
    ],
)
def test_words_mean_what_they_say(line: str, expected: object) -> None:
    """Each accepted line gives one request."""
    assert parse_options(line) == expected


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("strct", "did you mean `strict`?"),
        ("sed=42", "did you mean `seed`?"),
        ("sttus", "did you mean `status`?"),
        ("seed", "write `seed=42`"),
        ("seed=-1", "seed"),
        ("seed=3.7", "write, for example, `seed=4`"),
        ("seed=abc", "not a whole number"),
        ("seed=1e3", "not a whole number"),
        ("seed=" + "9" * 60, "seed"),
        ("seed=1 seed=2", "contradicts"),
        ("strict warn", "contradicts"),
        ("strictness=sharp", "known words: strict, warn, off"),
        ("workers=on", "write `workers=auto` or `workers=off`"),
        ("per_cell=yes", "write `per_cell=on` or `per_cell=off`"),
        ("per_cell per_cell=off", "contradicts"),
        ("per_cel", "did you mean `per_cell`?"),
        ("off now", "stands alone"),
        ("export paper", "unknown word `paper`"),
        ("export calibrat=2", "did you mean `calibrate`?"),
        ("export calibrate=ten", "is no number of runs"),
        ("export prove=maybe", "write `prove=yes` or `prove=no`"),
        ("export waive=RP801", "waives nothing"),
        ("export max_data=much", "is no size"),
        ("export cell_timeout=0", "is no time"),
        ("export a.zip b.zip", "takes one file name"),
        ("report htm", "did you mean `html`?"),
        ("twice anyhow", "unknown word `anyhow`"),
        ("trace begin", "known words: start, stop, diff"),
        ("trace start", "takes one name"),
        ("trace stop a b", "takes one name at most"),
        ("trace diff a", "takes two names"),
        ("report html", "write `%repro report html report.html`"),
        ("report json a b", "takes one file name"),
        ("status loud", "unknown word `loud`"),
        ('export "paper.zip', "a quote is not closed"),
        ("xyzzy", "known words"),
    ],
)
def test_a_slip_is_one_line_with_a_guess(line: str, part: str) -> None:
    """Nothing is guessed silently, and the message fits on one line."""
    with pytest.raises(BadWord) as caught:
        parse_options(line)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tokens_join_around_equals() -> None:
    """Spaces around `=` and commas between words do not matter."""
    assert tokens("seed = 42 ,strict,  a= b") == ["seed=42", "strict", "a=b"]
