"""``jupyter repro`` and its verbs; each verb is imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from jupyter_repro.errors import (
    BadBundle,
    BadCheckpoint,
    BadGolden,
    BadManifest,
    BadNotebook,
    BadRecord,
    BadSettings,
    BadTrace,
    BadWord,
    GoldenExists,
    GoldenRefused,
    LockFailed,
    NoGolden,
    NoNotebook,
    NotTracked,
    ReproError,
    RunFailed,
)
from jupyter_repro.version import __version__

__all__ = ["main"]

_VERBS = {
    "check": ("jupyter_repro.cli.check", "Read notebooks and say what would not give the same results."),
    "checkpoint": ("jupyter_repro.cli.checkpoint", "List, show and verify checkpoints of training."),
    "ci": ("jupyter_repro.cli.ci", "Write a workflow that verifies bundles on push and on schedule."),
    "data": ("jupyter_repro.cli.data", "Track data files by digest, and say which have changed."),
    "drift": (
        "jupyter_repro.cli.drift",
        "Say what differs from the environment that made a notebook's outputs.",
    ),
    "env": ("jupyter_repro.cli.env", "Say what this Python stands on: packages, machine, devices, code."),
    "explain": ("jupyter_repro.cli.explain", "Say what the code of a finding means."),
    "export": ("jupyter_repro.cli.export", "Run a notebook in a fresh kernel and write its bundle."),
    "gc": ("jupyter_repro.cli.gc", "Remove old records of runs; what a bundle needs always stays."),
    "golden": (
        "jupyter_repro.cli.golden",
        "Record a training run as the reference, and check others against it.",
    ),
    "inspect": ("jupyter_repro.cli.inspect", "Say what a bundle holds, without running anything."),
    "kernelspec": (
        "jupyter_repro.cli.kernelspec",
        "Write a kernel that starts with a fixed hash seed and the like.",
    ),
    "merge": ("jupyter_repro.cli.merge", "Join and check the journals of the ranks of a job."),
    "prove": ("jupyter_repro.cli.prove", "Run a notebook again in a copy of its folder, and compare."),
    "rules": ("jupyter_repro.cli.rules", "List the codes of all findings."),
    "sweep": ("jupyter_repro.cli.sweep", "Run a notebook under many seeds: does the claim survive?"),
    "runs": ("jupyter_repro.cli.runs", "List, show and compare recorded runs."),
    "trace": ("jupyter_repro.cli.trace", "Say where two traces of torch operations part."),
    "verify": (
        "jupyter_repro.cli.verify",
        "Rebuild a bundle's environment, re-run it, compare cell by cell.",
    ),
}

EXIT_CODES: dict[type[ReproError], int] = {
    BadBundle: 5,
    BadCheckpoint: 5,
    BadGolden: 5,
    BadManifest: 5,
    BadNotebook: 2,
    BadRecord: 5,
    BadSettings: 2,
    BadTrace: 5,
    BadWord: 2,
    GoldenExists: 2,
    GoldenRefused: 4,
    LockFailed: 3,
    NoGolden: 2,
    NoNotebook: 2,
    NotTracked: 2,
    RunFailed: 4,
}
"""The same numbers as the verifier's; 1 for what has no number of its own (a file that cannot be written)."""


class _Verbs(click.Group):
    """A group whose ``--help`` imports no verb."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        if cmd_name not in _VERBS:
            return None
        command: click.Command = importlib.import_module(_VERBS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        with formatter.section("Commands"):
            formatter.write_dl([(verb, sentence) for verb, (_, sentence) in sorted(_VERBS.items())])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="jupyter repro")
def repro() -> None:
    """Know whether a notebook gives the same results again, and pack it so that others can see it.

    Exit codes: 0 done or reproduced, 1 differs or could not write, 2 usage, 3 could not lock or build,
    4 could not run, 5 bad or tampered bundle, 6 resource limit, 7 unknown signer.
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; our errors become one ``error:`` and one ``hint:`` line on stderr."""
    try:
        result = repro.main(args=arguments, prog_name="jupyter repro", standalone_mode=False)
    except ReproError as error:
        click.echo(f"error: {error.message}\n\nhint: {error.remedy}", err=True)
        sys.exit(EXIT_CODES.get(type(error), 1))
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("error: interrupted", err=True)
        sys.exit(130)
    sys.exit(result if isinstance(result, int) else 0)
