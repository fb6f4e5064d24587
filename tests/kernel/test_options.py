"""The words of ``%repro``."""

from __future__ import annotations

import pytest

from jupyter_repro.errors import BadWord
from jupyter_repro.kernel.options import parse_options
from jupyter_repro.kernel.requests import (
    Export,
    Govern,
    Off,
    ShowEnvironment,
    ShowGpu,
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
        ("export", "needs the name"),
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
