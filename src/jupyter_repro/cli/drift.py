"""``jupyter repro drift NOTEBOOK [RUN]``: this Python against the environment that made the saved outputs."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("drift")
@click.argument("notebook", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("run", default="")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Also tell one by one what cannot change numbers.")
@click.option(
    "--load",
    is_flag=True,
    help="Import what cells had imported to compute, in a process of its own, and compare BLAS, threads and fonts.",
)
@click.option("--exit-code", is_flag=True, help="End with 1 if a difference can change numbers.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *, notebook: Path, run: str, as_json: bool, verbose: bool, load: bool, exit_code: bool
) -> int:
    """Say what differs from the environment that made the outputs of NOTEBOOK, or from that of RUN.

    Compared is the Python that runs this command; libraries are asked only with --load.
    """
    from jupyter_repro.bundle.baseline import baseline_from
    from jupyter_repro.canonical import dumps
    from jupyter_repro.environments.loading import as_loaded, loaded_apart, modules_that_compute
    from jupyter_repro.environments.now import environment_now
    from jupyter_repro.records.drift import RANKS
    from jupyter_repro.reports.drift_text import drift_text
    from jupyter_repro.secrets import redact
    from jupyter_repro.store.baseline import NoBaseline, drift_since
    from jupyter_repro.store.makers import baseline_of

    folder = notebook.resolve().parent
    baseline = baseline_from(folder, run) if run else baseline_of(notebook.resolve())
    now = environment_now(folder)
    if load and not isinstance(baseline, NoBaseline):
        now = as_loaded(now, loaded_apart(modules_that_compute(baseline.environment)))
    found = drift_since(baseline, now, folder=folder, notebook=notebook.name)
    click.echo(
        dumps(found, indent=2).decode().rstrip() if as_json else redact(drift_text(found, verbose=verbose))
    )
    if not exit_code:
        return 0
    return 1 if isinstance(baseline, NoBaseline) or found.of_rank(RANKS[0]) else 0
