"""Becomes a plain user and looks around in a sandbox; run by test_sandbox."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

top = Path(sys.argv[1])
os.setgroups([])
os.setresgid(65_534, 65_534, 65_534)
os.setresuid(65_534, 65_534, 65_534)
os.environ["HOME"] = str(top / "home")
sys.path.insert(0, str(top / "tools"))

from verifier.sandbox import Places, environment, probe, wrapped  # type: ignore[import-not-found]  # noqa: E402 - above

found = probe()
sys.stdout.write(f"{found.kind} {found.uid} {found.reason}".strip() + "\n")
sys.stdout.flush()
if found.kind == "none":
    sys.exit(0)
places = Places(home=top / "home", temp=top / "temp", environment=top / "environment", tools=top / "tools")
look = (
    "import os, socket\n"
    f"said = [n for n in os.listdir({str(top)!r}) if n == 'home'], os.listdir(os.path.expanduser('~'))\n"
    "try: open('/usr/planted', 'w')\n"
    "except OSError: print(os.getuid(), *said, 'refused')"
)
command = wrapped(found, places, {"NPROC": 4096, "FSIZE": 1 << 20}, [sys.executable, "-I", "-c", look])
sys.exit(
    subprocess.run(
        command, env=environment(found, places, os.environ), check=False, cwd=top / "tools"
    ).returncode
)
