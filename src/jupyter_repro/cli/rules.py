"""``jupyter repro rules``: every rule, a line each."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("rules")
@click.option("--json", "as_json", is_flag=True, help="Print all that is said of each as JSON.")
def command(*, as_json: bool) -> int:
    """List all rules, those of installed packages too."""
    from jupyter_repro.canonical import dumps
    from jupyter_repro.reports.rule_text import rules_table
    from jupyter_repro.rules.catalog import catalog
    from jupyter_repro.rules.plugins import plugin_rules

    if as_json:
        click.echo(dumps(catalog(), indent=2).decode(), nl=False)
    else:
        click.echo(rules_table(catalog()))
    for fault in plugin_rules().broken:
        click.echo(f"error: {fault}", err=True)
    return 0
