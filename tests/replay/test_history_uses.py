"""Which parts of the shell's history a source reads, by its text."""

from __future__ import annotations

import pytest

from jupyter_repro.replay.names import analyse


@pytest.mark.parametrize(
    ("source", "past"),
    [
        ("y = 1", set()),
        ("y = _", {"result:_"}),
        ("y = __, ___", {"result:__", "result:___"}),
        ("y = _3 + Out[4]", {"result:_3", "result:Out[4]"}),
        ("Out.get(2, 'none')", {"result:Out[2]"}),
        ("y = len(Out)", {"history:shown"}),
        ("Out", {"history:outputs"}),
        ("y = list(Out.values())[-1:]", {"history:outputs"}),
        ("y = len(In)", {"history:count"}),
        ("y = get_ipython().execution_count", {"history:count"}),
        ("y = In[-2], In[3], In[-1]", {"history:before1", "history:input3"}),
        ("y = _i, _iii, _i7", {"history:before1", "history:before3", "history:input7"}),
        ("print(In)", {"history:inputs"}),
        ("Out.clear()", {"changes outputs"}),
        ("Out[2] = 3\ny = _1", {"changes outputs", "result:_1"}),
        ("_ = 3\ny = _", set()),
        ("x = Out", None),
        ("Out.pop(3)", None),
        ("In.append('x')", None),
        ("y = In[n]", None),
        ("y = Out[n]", None),
        ("y = _dh", None),
        ("def f():\n    return _\nf()", None),
        ("get_ipython().run_line_magic('time', 'y = len(In)')", None),
    ],
)
def test_what_is_read_of_the_history(source: str, past: set[str] | None) -> None:
    """Each form that tells what it reads is a resource; any other makes the cell unknown."""
    found = analyse(source).past
    assert (None if found is None else set(found)) == past
