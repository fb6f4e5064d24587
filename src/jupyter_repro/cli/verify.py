"""``jupyter repro verify paper.repro.zip``: the same program that travels in the bundle, for one bundle or many."""

from __future__ import annotations

import click

__all__ = ["command"]

_MANY = ("-j", "--jobs", "--shard", "--engine", "--html")


@click.command("verify", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(*, arguments: tuple[str, ...]) -> int:
    """Rebuild the environments of bundles, re-run their notebooks, compare cell by cell."""
    bundles = [word for word in arguments if word.endswith(".zip")]
    many = any(word.partition("=")[0] in _MANY or word.startswith("-j") for word in arguments)
    if len(bundles) > 1 or many or {"-h", "--help"} & set(arguments):
        from .verify_many import verify_many

        return verify_many(arguments)
    from jupyter_repro.verifier.__main__ import main

    return main(["verify", *arguments], prog="jupyter repro")
