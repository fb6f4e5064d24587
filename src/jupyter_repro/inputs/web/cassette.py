"""Requests of a block are answered from a file, or recorded into it: vcrpy does it, this says where and how.

vcrpy stands before the clients that it knows: urllib, http.client, requests, urllib3, httpx, aiohttp, httplib2, boto3. What goes
around it is seen by the watch on the network, and is not counted as recorded.
"""

from __future__ import annotations

import contextlib
import os
import random
from typing import TYPE_CHECKING, Any

import msgspec

from jupyter_repro.errors import BadArtifact, NotInstalled, NotRecorded
from jupyter_repro.inputs.audit import tell, unwatched
from jupyter_repro.inputs.readers import clients_kept

from .artifact import Answer, Asked, Exchange, read_artifact, write_artifact
from .modes import REPLAY_ENV
from .scrub import scrubbed_answer, scrubbed_request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from .modes import Mode

__all__ = ["Played", "playing"]

_MATCH = ("method", "scheme", "host", "port", "path", "query", "raw_body")


class Played(msgspec.Struct):
    """What became of a block's requests."""

    replayed: int = 0
    recorded: int = 0
    scrubbed: int = 0
    """Answers out of which a credential was taken."""


@contextlib.contextmanager
def playing(path: Path, mode: Mode) -> Iterator[Played]:
    """Within the block, answer from the file, or record into it; afterwards the file counts as read.

    Args:
        path: The file.
        mode: ``record`` answers what is in the file, and records what is not; ``replay`` never asks the network;
            ``refresh`` records all anew.

    Raises:
        NotInstalled: vcrpy is not there.
        NotRecorded: A request is not in the file, and may not be recorded.
        BadArtifact: The file cannot be read.
        StorageFailed: It cannot be written.
    """
    with unwatched():
        vcr = _vcr()
        if os.environ.get(REPLAY_ENV) == "replay":
            mode = "replay"
        keeper = _Keeper(path, fresh=mode == "refresh")
        known = keeper.load()
        if mode == "replay" and not path.is_file():
            raise NotRecorded(
                f"there are no recorded answers in `{path.name}`",
                remedy="run the cell once with `%%repro http record`, and keep the file beside the notebook",
            )
    played = Played()
    recorder = vcr.VCR(
        record_mode="none" if mode == "replay" else "new_episodes",
        match_on=_MATCH,
        before_record_request=_clean_request,
        before_record_response=keeper.clean_answer,
        decode_compressed_response=True,
    )
    recorder.register_persister(keeper)
    missed = vcr.errors.CannotOverwriteExistingCassetteException
    with clients_kept(), _named_misses(missed, path), recorder.use_cassette(str(path)) as cassette:
        try:
            yield played
        finally:
            played.replayed = sum(cassette.play_counts.values())
            played.recorded = len(cassette) - known
            played.scrubbed = keeper.scrubbed
            _tell_all(path, cassette, known)


@contextlib.contextmanager
def _named_misses(missed: type[Any], path: Path) -> Iterator[None]:
    """Name the request that is not in the file, without what it carried."""
    try:
        yield
    except missed as error:
        request = scrubbed_request(_asked(error.failed_request))
        found = NotRecorded(
            f"`{request.method} {request.uri}` is not among the answers in `{path.name}`, or was given already",
            remedy="run the cell once with `%%repro http record`, which adds it, or `refresh`, which records all anew",
        )
        found.asked_at = error.__traceback__
        raise found from None


class _Keeper:
    """vcrpy's way to the file."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        self._fresh = fresh
        self.scrubbed = 0

    def load(self) -> int:
        """Return how many exchanges the file has, which also finds out whether it can be read."""
        if self._fresh:
            return 0
        try:
            return len(read_artifact(self._path))
        except FileNotFoundError:
            return 0

    def load_cassette(self, _path: Any, serializer: Any) -> tuple[list[Any], list[Any]]:  # noqa: ARG002 - vcrpy names it
        """Return requests and answers as vcrpy has them."""
        from vcr.persisters.filesystem import CassetteNotFoundError
        from vcr.request import Request

        with unwatched():
            try:
                found = () if self._fresh else read_artifact(self._path)
            except FileNotFoundError:
                found = ()
        if not found:
            raise CassetteNotFoundError
        requests = [
            Request(
                each.asked.method,
                each.asked.uri,
                each.asked.body,
                {name: ", ".join(values) for name, values in each.asked.headers.items()},
            )
            for each in found
        ]
        return requests, [_as_vcr(each.answer) for each in found]

    def save_cassette(self, _path: Any, cassette: dict[str, Any], serializer: Any) -> None:  # noqa: ARG002 - vcrpy names it
        """Write what vcrpy has recorded; it is clean already."""
        pairs = zip(cassette["requests"], cassette["responses"], strict=True)
        exchanges = [Exchange(_asked(request), _answer(response)) for request, response in pairs]
        with unwatched():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_artifact(self._path, exchanges)

    def clean_answer(self, response: dict[str, Any]) -> dict[str, Any]:
        """Take credentials out of an answer that is about to be kept.

        Raises:
            BadArtifact: It is compressed in a way that cannot be looked through.
        """
        answer = _answer(response)
        packed = [name for name in answer.headers if name.lower() == "content-encoding"]
        if packed and answer.body:
            raise BadArtifact(
                f"an answer is compressed with {answer.headers[packed[0]][0]}, and cannot be looked through for credentials",
                remedy="ask for another encoding (`Accept-Encoding: gzip`)",
            )
        clean, found = scrubbed_answer(answer)
        self.scrubbed += found
        return _as_vcr(clean)


def _vcr() -> ModuleType:
    # a library that vcrpy imports draws from `random` at its import, and the stream is the user's
    state = random.getstate()
    try:
        import vcr
    except ImportError:
        raise NotInstalled(
            "`%%repro http` needs vcrpy",
            remedy='run `%pip install "jupyter_repro[http]"`, or `%pip install vcrpy`',
        ) from None
    finally:
        random.setstate(state)
    found: ModuleType = vcr
    return found


def _clean_request(request: Any) -> Any:
    clean = scrubbed_request(_asked(request))
    return type(request)(
        clean.method,
        clean.uri,
        clean.body,
        {name: ", ".join(values) for name, values in clean.headers.items()},
    )


def _asked(request: Any) -> Asked:
    body = request.body
    if hasattr(body, "read"):
        body = body.read()
    elif body is not None and not isinstance(body, (bytes, str)):
        body = b"".join(each if isinstance(each, bytes) else str(each).encode() for each in body)
    headers = {str(name): [_text(value)] for name, value in request.headers.items()}
    return Asked(
        str(request.method), _text(request.uri), headers, body.encode() if isinstance(body, str) else body
    )


def _answer(response: dict[str, Any]) -> Answer:
    body = response["body"]["string"]
    headers = {
        _text(name): [_text(each) for each in (values if isinstance(values, (list, tuple)) else [values])]
        for name, values in dict(response["headers"]).items()
    }
    status = response["status"]
    return Answer(
        int(status["code"]),
        _text(status["message"] or ""),
        headers,
        body.encode() if isinstance(body, str) else bytes(body or b""),
    )


def _as_vcr(answer: Answer) -> dict[str, Any]:
    return {
        "status": {"code": answer.status, "message": answer.message},
        "headers": {name: list(values) for name, values in answer.headers.items()},
        "body": {"string": answer.body},
    }


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _tell_all(path: Path, cassette: Any, known: int) -> None:
    """Tell the watch which hosts a file answers for, and that the cell hangs on the file."""
    for number, request in enumerate(cassette.requests):
        host = f"{request.host}:{request.port}"
        tell(("recorded" if number >= known else "replayed", host))
    if cassette.requests:
        tell(("read", str(path)))
