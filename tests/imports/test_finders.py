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
    """Four threads put a hundred finders each in place, at the same time."""
    before = list(sys.meta_path)
    finders = [[_Finder() for _ in range(100)] for _ in range(4)]
    begin = threading.Barrier(len(finders))

    def put(own: list[_Finder]) -> None:
        begin.wait()
        for finder in own:
            put_first(finder)

    threads = [threading.Thread(target=put, args=(own,)) for own in finders]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        there = {id(each) for each in sys.meta_path}
        assert [id(each) in there for own in finders for each in own] == [True] * 400
    finally:
        sys.setswitchinterval(interval)
        sys.meta_path = before
