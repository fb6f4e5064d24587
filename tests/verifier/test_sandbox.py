"""What a stranger's code can reach: attacks that run for real, in the sandbox and under the limits.

The verifier is driven as a reader drives it; only the environment is the one of these tests, bound read-only, so that
nothing is built.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.verifier import consent, environments, sandbox, terms
from jupyter_repro.verifier.__main__ import main
from jupyter_repro.verifier.consent import VARIABLE, decide
from jupyter_repro.verifier.errors import UsageFault
from jupyter_repro.verifier.prefixes import prefixes
from jupyter_repro.verifier.progress import Progress
from jupyter_repro.verifier.rebuild import Built, New
from jupyter_repro.verifier.sandbox import Isolation, probe
from jupyter_repro.verifier.terms import Allowance, Terms
from jupyter_repro.verifier.verify import Options, verify

from .conftest import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.verifier.report import Report

    from .conftest import Parts

FOUND = probe()
needs_sandbox = pytest.mark.skipif(FOUND.kind == "none", reason=f"no sandbox here: {FOUND.reason}")


@pytest.fixture
def run(parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that verifies a bundle of these cells with this interpreter's own packages."""
    programs = tuple(map(str, prefixes(Path(sys.executable))))
    here = Built(New(Path(sys.executable), "3", (), programs), "this one", (), (), ())
    monkeypatch.setattr(environments, "rebuild", lambda *_args, **_options: here)

    def verified(
        *sources: str, isolation: Isolation = FOUND, expected: tuple[str, ...] = (), **allowance: Any
    ) -> Report:
        cells = {f"c{number}": source for number, source in enumerate(sources)}
        outputs = {
            f"c{number}": {"output_type": "stream", "name": "stdout", "text": text}
            for number, text in enumerate(expected)
        }
        parts.notebook(cells, outputs)
        path = parts.write(tmp_path / "x.zip")
        terms = Terms(isolation, Allowance(**allowance))
        return verify(Options(path, terms), Progress(quiet=True))

    return verified


def _printed(report: Report) -> str:
    """Return what the first cell printed, told by the row of a cell that differs."""
    (pair,) = report.rows[0]["differences"][:1]
    return str(pair["fresh"])


@needs_sandbox
def test_the_rest_of_the_machine_is_not_there(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the reader's home nor variables nor other processes nor temporary files can be seen."""
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    source = (
        "import glob, json, os, getpass, pathlib\n"
        f"there = [p for p in {[str(Path.home() / '.ssh'), str(tmp_path / 'secret'), str(Path(__file__))]!r} if os.path.exists(p)]\n"
        "print(json.dumps({'there': there, 'home': os.listdir(os.path.expanduser('~')), 'user': getpass.getuser(),\n"
        "  'root': os.getuid() == 0, 'variables': sorted(os.environ), 'tmp': [n for n in os.listdir('/tmp') if not n.startswith(('jr-', 'repro-', 'pytest-'))],\n"
        "  'processes': len(glob.glob('/proc/[0-9]*')), 'work': sorted(os.listdir('.')), 'up': sorted(os.listdir('..'))}))"
    )
    seen = json.loads(_printed(run(source)))
    assert seen["there"] == []
    assert "AWS_SECRET_ACCESS_KEY" not in seen["variables"]
    assert seen["processes"] < 10
    assert (seen["user"], seen["root"]) == ("reader", False)
    assert seen["work"] == ["nb.ipynb", "x.csv"]
    assert set(seen["home"]) <= {".cache", ".config", ".ipython"}


@needs_sandbox
def test_there_is_no_network(run: Any) -> None:
    """A beacon reaches nobody, not even a server on the reader's own machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        source = f"import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 2)\n    print('reached')\nexcept OSError as e:\n    print('refused')"
        report = run(source, expected=("refused\n",))
        assert report.exit_code == 0, report.rows
        assert not report.isolation["network"]
        allowed = run(source, isolation=probe(network=True), expected=("reached\n",))
    assert allowed.exit_code == 0, allowed.rows
    assert "network allowed" in allowed.isolation["sentence"]


@needs_sandbox
def test_who_needs_the_network_is_told_how(run: Any) -> None:
    """A cell that fails for want of it is a difference, with the option that lets it; any other failure has no such hint."""
    report = run("import urllib.request\nurllib.request.urlopen('http://example.org')")
    assert (report.exit_code, "--allow-network" in report.remedy) == (1, True), report.headline
    report = run("1 / 0")
    assert (report.exit_code, report.remedy) == (1, "")


@needs_sandbox
@pytest.mark.parametrize(
    "place",
    [
        "sys.prefix",
        "os.path.dirname(os.__file__)",
        "'/usr'",
        "'/etc'",
        "'/'",
        "'/dev'",
        "'../../tools/verifier'",
        "'../../request'",
    ],
)
def test_nothing_but_the_work_folder_can_be_written(run: Any, place: str) -> None:
    """The system, the environment, the verifier's own files and the request are read-only or not there."""
    source = f"import os, sys\ntry:\n    open(os.path.join({place}, 'planted'), 'w')\n    print('written')\nexcept OSError:\n    print('refused')"
    assert run(source, expected=("refused\n",)).exit_code == 0


@needs_sandbox
def test_the_expected_results_cannot_be_read(run: Any) -> None:
    """A cell that looks for the author's outputs finds none: not in its notebook, not in any file it can open."""
    source = (
        "import os\nhits = []\nfor top in ('/tmp', os.path.expanduser('~'), '../..'):\n"
        "    for folder, _, names in os.walk(top):\n        if 'tools' in folder or 'environment' in folder: continue\n"
        "        for name in names:\n            try:\n"
        "                if b'forty-two ' + b'and a half' in open(os.path.join(folder, name), 'rb').read(): hits.append(name)\n"
        "            except OSError: pass\nprint(hits)"
    )
    report = run(source, expected=("forty-two and a half\n",))
    assert report.exit_code == 1
    assert _printed(report) == "[]\n"


@needs_sandbox
def test_a_cell_cannot_speak_for_its_driver(run: Any) -> None:
    """The pipe to the verifier is out of a cell's reach, and so is the memory of the program that holds it."""
    source = (
        "import glob, os\nopened = []\nfor pid in glob.glob('/proc/[0-9]*'):\n"
        "    if os.path.basename(pid) in (str(os.getpid()), '1'): continue\n"
        "    for fd in ('fd/1', 'fd/3', 'fd/4', 'fd/5', 'mem'):\n        try:\n"
        "            os.close(os.open(f'{pid}/{fd}', os.O_WRONLY | os.O_NONBLOCK)); opened.append(fd)\n"
        "        except OSError: pass\nprint(opened)"
    )
    assert run(source, expected=("[]\n",)).exit_code == 0


@needs_sandbox
@pytest.mark.parametrize(
    ("source", "code"),
    [
        pytest.param("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", 4, id="kills its parent"),
        pytest.param("import os, signal\nos.kill(-1, signal.SIGKILL)", 4, id="kills everybody"),
        pytest.param("import os\nos.kill(os.getppid(), 19)\nimport time; time.sleep(600)", 6, id="stops its parent"),
        pytest.param("import time; time.sleep(24 * 3600)", 6, id="sleeps a day"),
        pytest.param("import shutil, os\nshutil.rmtree(os.path.expanduser('~'), ignore_errors=True)\nos.remove('x.csv')", 1, id="removes all"),
    ],
)  # fmt: skip
def test_what_ends_the_run_is_no_verdict(
    run: Any, source: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killing, stopping and sleeping end as failures and limits; the verifier lives on."""
    monkeypatch.setattr("jupyter_repro.verifier.terms._START_S", 4.0)
    report = run(source, "print(open('x.csv').read())", total_timeout_s=2.0)
    assert report.exit_code == code, report.headline


@needs_sandbox
@pytest.mark.parametrize(
    ("source", "option"),
    [
        pytest.param("f = open('big', 'wb')\nfor _ in range(400): f.write(bytes(1 << 20))", "--disk-limit", id="one big file"),
        pytest.param("import time\nfor n in range(400): open(f'{n}', 'wb').write(bytes(1 << 20))\ntime.sleep(60)", "--disk-limit", id="many files"),
        pytest.param("import time\nfor n in range(400): open(f'/dev/shm/{n}', 'wb').write(bytes(1 << 20))\ntime.sleep(60)", "--disk-limit", id="shared memory"),
        pytest.param("import time\nfor n in range(3000): open(f'{n}', 'w').close()\ntime.sleep(60)", "files", id="too many files"),
        pytest.param("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(600)", "--process-limit", id="forks"),
        pytest.param("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()", "--process-limit", id="threads"),
        pytest.param("import os, time\nblocks = []\nfor _ in range(9):\n    if os.fork() == 0:\n        blocks.append(bytearray(b'x') * (150 << 20)); time.sleep(600)\ntime.sleep(600)", "--memory-limit", id="memory of children"),
        pytest.param("x = bytearray(10 ** 10)", "--memory-limit", id="memory"),
    ],
)  # fmt: skip
def test_limits(run: Any, source: str, option: str) -> None:
    """What fills the disk, the memory or the table of processes is a resource limit, with the option that gives more."""
    report = run(
        source, disk_bytes=100 << 20, files=2000, processes=80, memory_bytes=1 << 30, total_timeout_s=60.0,
        cell_timeout_s=50.0,
    )  # fmt: skip
    assert (report.exit_code, report.verdict) == (6, "resource limit"), report.headline
    assert option in f"{report.headline} {report.remedy}"


@needs_sandbox
def test_nothing_is_left_behind(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Daemons end with the sandbox; closed folders and trees too deep for a path are removed."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    marker = f"left-{os.getpid()}"
    source = (
        "import os, subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)', '{marker}'], start_new_session=True)\n"
        "for _ in range(3000):\n    os.mkdir('d' * 20); os.chdir('d' * 20)\nopen('f', 'w').close(); os.chmod('.', 0)\nprint('done')"
    )
    assert run(source, expected=("done\n",)).exit_code == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.zip"]
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if marker.encode() in _read(path)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@needs_sandbox
def test_files_outside_are_shown_read_only(run: Any, parts: Parts, tmp_path: Path) -> None:
    """A file that the recipe names by path and digest is at its place, and no other file of its folder is."""
    import hashlib

    path = tmp_path / "outside/data.csv"
    path.parent.mkdir()
    path.write_bytes(b"1")
    (path.parent / "other.csv").write_bytes(b"2")
    parts.recipe(external_files=[{"path": str(path), "sha256": hashlib.sha256(b"1").hexdigest(), "size": 1}])
    source = f"import os\nprint(open({str(path)!r}).read(), os.listdir({str(path.parent)!r}), os.access({str(path)!r}, os.W_OK))"
    assert run(source, expected=("1 ['data.csv'] False\n",)).exit_code == 0


def test_a_kernel_that_lies_gives_no_verdict(run: Any) -> None:
    """Messages forged by a cell become its own outputs at most; another cell's verdict stays what its outputs say."""
    source = (
        "kernel = get_ipython().kernel\n"
        "for parent in ({'header': {'msg_id': 'forged'}}, kernel.get_parent('shell')):\n"
        "    kernel.session.send(kernel.iopub_socket, 'stream', {'name': 'stdout', 'text': 'as expected'}, parent=parent, ident=b'stream')\n"
        "    kernel.session.send(kernel.iopub_socket, 'status', {'execution_state': 'idle'}, parent=parent, ident=b'status')\n"
        "    kernel.session.send(kernel.iopub_socket, 'stream', {'name': 7}, parent=parent, ident=b'stream')"
    )
    report = run(source, "print('other')", expected=("x\n", "as expected\n"), cell_timeout_s=60.0)
    assert report.exit_code in (1, 4), report.headline
    assert all(row["verdict"] in ("differs", "not run", "error") for row in report.rows)


@needs_sandbox
def test_a_reader_who_is_not_root(tmp_path: Path) -> None:
    """In a user namespace of its own, a plain user's sandbox shows and allows no more than that of root."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if os.geteuid() != 0 or python is None:
        pytest.skip("every other test runs as a plain user already, or there is no Python for everybody")
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        top = Path(name)
        top.chmod(0o755)
        shutil.copytree(Path(sandbox.__file__).parent, top / "tools/verifier")
        shutil.copy(Path(__file__).with_name("plain_user.py"), top)
        for folder in ("home", "temp", "environment"):
            (top / folder).mkdir()
            os.chown(top / folder, 65_534, 65_534)
        done = subprocess.run(
            [python, "-I", str(top / "plain_user.py"), str(top)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )
    if done.stdout.startswith("none"):
        pytest.skip(f"the system forbids it to plain users: {done.stdout}")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["bubblewrap None", "1000 ['home'] [] refused"]


def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take bubblewrap from PATH: the one thing made up here."""
    monkeypatch.setattr(sandbox.shutil, "which", lambda _name: None)


def test_without_a_sandbox_nothing_runs_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused with the exact words to add; the variable or the option goes on, and it is told."""
    _without(monkeypatch)
    for mode in (None, "required"):
        with pytest.raises(UsageFault) as caught:
            decide(mode, network=False, environ={})
        assert "not installed" in caught.value.message
        for words in ("apt-get install bubblewrap", "--no-sandbox", "--sandbox if-possible"):
            assert words in caught.value.remedy
    assert "not installed" in decide("if-possible", network=False, environ={}).sentence
    assert decide(None, network=False, environ={VARIABLE: "if-possible"}).kind == "none"
    assert decide("off", network=False, environ={}).reason == "--no-sandbox"
    with pytest.raises(UsageFault, match="means nothing"):
        decide(None, network=False, environ={VARIABLE: "maybe"})


def test_the_command_refuses_without_a_sandbox(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nobody can be asked, `verify` ends with exit 2 before anything is unpacked; `inspect` needs none."""
    _without(monkeypatch)
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", None)
    path = parts.write(tmp_path / "x.zip")
    assert (
        main(["verify", str(path), "--keep", str(tmp_path / "kept"), "--output", str(tmp_path / "out")]) == 2
    )
    assert "--sandbox if-possible" in capsys.readouterr().err
    assert [path] == list(tmp_path.iterdir())
    assert main(["inspect", str(path)]) == 0


@pytest.mark.parametrize(("answer", "runs"), [(True, True), (False, False)])
def test_the_reader_is_asked(monkeypatch: pytest.MonkeyPatch, answer: bool, runs: bool) -> None:  # noqa: FBT001 - a case
    """On a terminal the question names the reason; no answer is a yes but yes."""
    _without(monkeypatch)
    asked: list[str] = []

    def ask(question: str) -> bool:
        asked.append(question)
        return answer

    if runs:
        assert decide(None, network=False, environ={}, ask=ask).kind == "none"
    else:
        with pytest.raises(UsageFault, match="nothing was run"):
            decide(None, network=False, environ={}, ask=ask)
    assert "not installed" in asked[0]


@pytest.mark.parametrize(
    ("typed", "said"), [("y\n", True), ("YES\n", True), ("\n", False), ("", False), ("n\n", False)]
)
def test_the_question(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    said: bool,  # noqa: FBT001 - a case
) -> None:
    """Asked on stderr; an empty line or the end of the input is a no. The terminal is made up."""
    import io

    terminal = io.StringIO(typed)
    terminal.isatty = lambda: True  # type: ignore[method-assign]  # a terminal is made up
    monkeypatch.setattr(consent.sys, "stdin", terminal)
    monkeypatch.setattr(consent.sys.stderr, "isatty", lambda: True, raising=False)
    ask = consent.ask_on_terminal()
    assert ask is not None
    assert ask("Run?") is said
    assert capsys.readouterr().err == "Run? [y/N] "


def test_a_bubblewrap_that_does_not_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel forbids namespaces, the reason is bubblewrap's own last line."""
    if not sys.platform.startswith("linux"):
        pytest.skip("bubblewrap runs on Linux only")
    fake = tmp_path / "bwrap"
    fake.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", encoding="utf-8"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert probe().sentence.startswith("no sandbox (bubblewrap does not work: bwrap: No permissions")


def test_without_a_sandbox_limits_hold_all_the_same(run: Any) -> None:
    """Time, memory and disk are watched; variables of the reader's are not passed on; the report says what was not."""
    none = Isolation("none", "--no-sandbox")
    os.environ["SECRET_TOKEN"] = "x"
    try:
        report = run("import os\nprint('SECRET_TOKEN' in os.environ)", isolation=none, expected=("False\n",))
    finally:
        del os.environ["SECRET_TOKEN"]
    assert report.exit_code == 0, report.headline
    assert (report.isolation["kind"], report.isolation["network"]) == ("none", True)
    assert report.isolation["limits"]["disk_bytes"] == 20 << 30
    report = run(
        "for n in range(300): open(f'{n}', 'wb').write(bytes(1 << 20))\nimport time; time.sleep(60)",
        isolation=none,
        disk_bytes=50 << 20,
    )
    assert report.exit_code == 6, report.headline


@pytest.mark.parametrize(
    ("memory", "root", "own_user", "names"),
    [
        (True, False, False, {"memory_bytes", "processes"}),
        (True, True, True, {"memory_bytes", "processes"}),
        (True, True, False, {"memory_bytes"}),
        (False, False, False, {"processes"}),
    ],
    ids=["Linux", "root in a sandbox", "root without", "macOS"],
)
def test_no_limit_is_claimed_that_does_not_hold(
    monkeypatch: pytest.MonkeyPatch,
    memory: bool,  # noqa: FBT001 - a case
    root: bool,  # noqa: FBT001 - a case
    own_user: bool,  # noqa: FBT001 - a case
    names: set[str],
) -> None:
    """No memory is watched where nothing shows it, and root may start what it likes; the machines are stood in for."""
    monkeypatch.setattr(terms, "memory_is_seen", lambda: memory)
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    assert set(Allowance().in_force(own_user=own_user)) == {"seconds", "disk_bytes", "files", *names}


@pytest.fixture
def devices() -> Iterator[Path]:
    """Return a folder of files that stand for devices, outside what the sandbox replaces."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for device in ("nvidia0", "nvidiactl", "other"):
            (folder / device).write_text(device, encoding="utf-8")
            (folder / device).chmod(0o666)
        yield folder


@needs_sandbox
def test_devices_are_passed_through(run: Any, devices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They lie where they lie outside, can be opened for writing, and are counted; files stand for them here."""
    folder = devices
    monkeypatch.setattr(sandbox, "_DEVICES", (f"{folder}/nvidia*",))
    found = probe()
    assert found.devices == (f"{folder}/nvidia0", f"{folder}/nvidiactl")
    assert "2 GPU devices" in found.sentence
    source = (
        f"import os\nprint(sorted(os.listdir({str(folder)!r})), open({str(folder / 'nvidia0')!r}, 'r+').read(),"
        " os.path.isdir('/sys/class'))"
    )
    report = run(source, isolation=found, expected=("['nvidia0', 'nvidiactl'] nvidia0 True\n",))
    assert report.exit_code == 0, report.rows[0]["why"]
    assert report.isolation["devices"] == list(found.devices)


def test_the_outputs_are_joined_to_our_own_notebook() -> None:
    """Sources, ids and tags are ours, whatever comes back."""
    from jupyter_repro.verifier.rerun import _joined

    ours = notebook({"a": "1"})
    theirs = notebook({"z": "2"}, {"z": {"output_type": "stream", "name": "stdout", "text": "x"}})
    (cell,) = _joined(ours, theirs)["cells"]
    assert (cell["id"], cell["source"], len(cell["outputs"])) == ("a", "1", 1)
    with pytest.raises(ValueError, match="another number"):
        _joined(ours, notebook({"a": "1", "b": "2"}))
