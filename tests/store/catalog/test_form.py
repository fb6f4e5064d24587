"""Records as bytes."""

from __future__ import annotations

import json

import msgspec
import pytest
from making import environment, parcel

from jupyter_repro.errors import BadRecord
from jupyter_repro.records import Environment, Git, Gpu
from jupyter_repro.records.catalog import RunNote
from jupyter_repro.records.gpu import GpuPerformance
from jupyter_repro.store.catalog.form import (
    code_object,
    decode_run,
    encode_run,
    environment_object,
    object_name,
)

SECRET = "ghp_" + "a1B2c3D4e5" * 4


def test_what_is_written_is_read_back() -> None:
    """The same record, the same bytes."""
    run = parcel(1).run
    data = encode_run(run)
    assert decode_run(data, run_id=run.id) == run
    assert encode_run(decode_run(data, run_id=run.id)) == data


def test_no_credential_is_written() -> None:
    """Neither in a note nor in what a record refers to."""
    run = parcel(1, notes=(RunNote(text=f"with {SECRET}", at=0.0),)).run
    assert SECRET not in encode_run(run).decode()
    _, data = environment_object(environment(variables={"XLA_FLAGS": f"--token={SECRET}"}))
    assert SECRET not in data.decode()
    _, held = code_object(
        Git(commit="a" * 40, branch=None, dirty=True, diff=f"+{SECRET}", untracked=(), remote=None)
    )
    assert held is not None
    assert SECRET not in held[1].decode()


def _flip(data: bytes) -> bytes:
    return data.replace(b'"analysis.ipynb"', b'"analysiz.ipynb"')


def _newer(data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "schema": 99}).encode()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: b"", "it is not whole"),
        (lambda data: data[:-20], "it is not whole"),
        (lambda data: b"[]", "it is not whole"),
        (lambda data: b"\xff", "it is not whole"),
        (lambda data: b"[" * 100_000, "it is not whole"),
        (lambda data: b"{}", "it was changed"),
        (_flip, "it was changed"),
        (_newer, "is of schema 99"),
    ],
)
def test_damage_is_one_clear_error(damage: object, said: str) -> None:
    """Never anything else, and never half a record."""
    run = parcel(1).run
    with pytest.raises(BadRecord, match=said):
        decode_run(damage(encode_run(run)), run_id=run.id)  # type: ignore[operator]  # a table of functions


def test_a_record_under_another_name_is_none() -> None:
    """Somebody has renamed it."""
    one, other = parcel(1).run, parcel(2).run
    with pytest.raises(BadRecord, match=f"it is the record of {one.id}"):
        decode_run(encode_run(one), run_id=other.id)


def test_what_changes_from_moment_to_moment_is_not_in_an_environment() -> None:
    """Nor is its code, which is an object of its own: two runs on the same share one object."""
    gpu = Gpu(
        index=0,
        name="H200",
        driver="580",
        cuda_driver="13",
        compute_capability="9.0",
        memory_bytes=1,
        multiprocessors=1,
        mig=False,
        ecc=True,
        uuid="u",
        performance=GpuPerformance(power_w=1.0),
    )
    hot = msgspec.structs.replace(gpu, performance=GpuPerformance(power_w=700.0))
    git = Git(commit="a" * 40, branch=None, dirty=False, diff="", untracked=(), remote=None)
    assert environment_object(environment(gpus=(gpu,))) == environment_object(
        environment(gpus=(hot,), git=git)
    )
    found = msgspec.json.decode(environment_object(environment())[1], type=Environment)
    assert found.packages == environment().packages


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_only_a_digest_names_an_object(digest: str) -> None:
    """A record cannot send us anywhere else."""
    with pytest.raises(BadRecord):
        object_name(digest)
