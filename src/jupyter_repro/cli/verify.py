"""``jupyter repro verify paper.repro.zip``: the same program that travels in the bundle."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("verify", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, arguments: tuple[str, ...]) -> int:
    """Rebuild a bundle's environment, re-run its notebook, compare cell by cell."""
    from jupyter_repro.verifier.__main__ import main

    return main(["verify", *arguments], prog="jupyter repro")
