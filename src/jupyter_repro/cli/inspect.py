"""``jupyter repro inspect paper.repro.zip``: read only."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("inspect", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, arguments: tuple[str, ...]) -> int:
    """Say what a bundle holds, without running anything."""
    from jupyter_repro.verifier.__main__ import main

    return main(["inspect", *arguments], prog="jupyter repro")
