"""``jupyter repro explain RP301``: what one code means."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("explain")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(*, code: str, as_json: bool) -> int:
    """Say what the rule CODE finds, why that is bad, with an example and the remedy."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.reports.rule_text import rule_text
    from jupyter_repro.rules.catalog import explained

    one = explained(code)
    click.echo(dumps(one, indent=2).decode().rstrip("\n") if as_json else rule_text(one))
    return 0
