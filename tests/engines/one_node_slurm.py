"""A Slurm of this machine alone: a controller and one node, as root, from Debian's packages, beside any other."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["PROGRAMS", "CannotStart", "one_node_slurm"]

PROGRAMS = ("munged", "slurmctld", "slurmd", "sinfo")
_READY_S = 40
_CONFIG = """ClusterName=trial
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={control}
SlurmdPort={node}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdSpoolDir={folder}/spool
StateSaveLocation={folder}/state
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobAcctGatherType=jobacct_gather/none
NodeName=only NodeHostname={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=trial Nodes=only Default=YES MaxTime=INFINITE State=UP
"""


class CannotStart(Exception):
    """This machine lets no Slurm run, and what it said."""


@contextlib.contextmanager
def one_node_slurm(folder: Path) -> Iterator[Path]:
    """Run one, and yield its configuration: what ``SLURM_CONF`` names. It keeps no accounts, so there is no ``sacct``.

    Raises:
        CannotStart: The node does not come up.
    """
    host = socket.gethostname().partition(".")[0]
    for name in ("spool", "state"):
        (folder / name).mkdir()
    config = folder / "slurm.conf"
    config.write_text(
        _CONFIG.format(host=host, folder=folder, control=_port(), node=_port(), cores=os.cpu_count() or 1),
        encoding="utf-8",
    )
    key = folder / "munge.key"
    key.write_bytes(os.urandom(128))
    key.chmod(0o600)
    told = {**os.environ, "SLURM_CONF": str(config)}
    munged = ["munged", "--force", "--foreground", f"--socket={folder}/munge.socket", f"--key-file={key}"]
    munged += [f"--{name}-file={folder}/munged.{name}" for name in ("log", "pid", "seed")]
    daemons = [munged, ["slurmctld", "-D", "-i"], ["slurmd", "-D", "-N", "only"]]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for daemon in daemons:
            program = shutil.which(daemon[0], path=f"{os.defpath}:/usr/sbin:/sbin") or daemon[0]
            with (folder / f"{daemon[0]}.said").open("wb") as said:
                running.append(
                    subprocess.Popen([program, *daemon[1:]], env=told, stdout=said, stderr=subprocess.STDOUT)
                )
            time.sleep(0.5)  # each needs the one before
        _wait(told, folder)
        yield config
    finally:
        for process in reversed(running):
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(told: dict[str, str], folder: Path) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end:
        asked = subprocess.run(
            ["sinfo", "--noheader", "--format=%T"], env=told, capture_output=True, text=True, check=False
        )
        if asked.stdout.strip() == "idle":
            return
        time.sleep(0.5)
    logs = "\n".join(path.read_text(errors="replace")[-400:] for path in sorted(folder.glob("*.said")))
    raise CannotStart(f"{asked.stdout}{asked.stderr}{logs}")
