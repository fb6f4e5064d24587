"""``jupyter repro trace diff A B``: where two traces of torch operations part."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.group("trace")
def command() -> None:
    """Compare traces that `%repro trace stop` has written; torch is not needed."""


@command.command("diff")
@click.argument("a")
@click.argument("b")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def diff(*, a: str, b: str, as_json: bool) -> int:
    """Say at which operation the traces A and B part, and why.

    A and B are files, or names of traces of the notebooks in this folder. Exit code 1: they part.
    """
    from jupyter_repro.canonical import dumps
    from jupyter_repro.determinism.trace.compare import compare_traces
    from jupyter_repro.determinism.trace.format import read_trace
    from jupyter_repro.reports.trace_text import comparison_text
    from jupyter_repro.store.traces import trace_file

    one, two = (read_trace(trace_file(Path(), word)) for word in (a, b))
    one.name, two.name = a, b
    found = compare_traces(one, two)
    click.echo(dumps(found).decode().rstrip("\n") if as_json else comparison_text(found))
    return 0 if found.divergence is None and min(found.ops) else 1
