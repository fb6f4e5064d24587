"""Finders are put in place by several threads at once, and none is lost."""

from __future__ import annotations

import sys
import threading

from jupyter_repro.imports.finders import put_first, take_off


class _Finder:
    def find_spec(self, *_: object) -> None:
        return None


def test_the_last_one_is_asked_first() -> None:
    """Put there twice it is there once; taken off, nothing is left of it."""
    before = list(sys.meta_path)
    one, other = _Finder(), _Finder()
    put_first(one)
    put_first(other)
    put_first(one)
    assert sys.meta_path == [one, other, *before]
    take_off(one)
    take_off(other)
    take_off(other)
    assert sys.meta_path == before


def test_none_is_lost_between_threads() -> None:
    """Eight threads put a finder first again and again, each its own."""
    before = list(sys.meta_path)
    finders = [_Finder() for _ in range(8)]
    begin = threading.Barrier(len(finders))

    def put(finder: _Finder) -> None:
        begin.wait()
        for _ in range(300):
            put_first(finder)

    threads = [threading.Thread(target=put, args=(finder,)) for finder in finders]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {id(each) for each in finders} <= {id(each) for each in sys.meta_path}
    finally:
        sys.setswitchinterval(interval)
        for finder in finders:
            take_off(finder)
    assert sys.meta_path == before
