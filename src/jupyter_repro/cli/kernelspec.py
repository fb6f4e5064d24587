"""``jupyter repro kernelspec``: a kernel that starts under the variables that only a start can set."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

__all__ = ["command"]


@click.command("kernelspec")
@click.option(
    "--name", default="repro", show_default=True, help="Name of the kernel in `jupyter kernelspec list`."
)
@click.option("--display-name", help="Name that front ends show; default `Python 3 (reproducible)`.")
@click.option(
    "--hash-seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="PYTHONHASHSEED."
)
@click.option("--threads", type=click.IntRange(min=1), help="Threads of OpenMP, MKL, OpenBLAS and numexpr.")
@click.option("--cbwr", help="MKL's numerical mode, such as `COMPATIBLE` or `AVX2`.")
@click.option(
    "--prefix", type=click.Path(path_type=Path), help="Where to write; default this Python's environment."
)
@click.option("--user", is_flag=True, help="Write into the user's own kernels.")
@click.option("--overwrite", is_flag=True, help="Replace a kernel of this name that is not ours.")
def command(  # noqa: PLR0913 - one parameter an option, as click calls it
    *,
    name: str,
    display_name: str | None,
    hash_seed: int,
    threads: int | None,
    cbwr: str | None,
    prefix: Path | None,
    user: bool,
    overwrite: bool,
) -> int:
    """Write a kernel that runs this Python with PYTHONHASHSEED, CUBLAS_WORKSPACE_CONFIG and the like set."""
    import json
    import tempfile

    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import KernelSpecManager

    from jupyter_repro.determinism.start import Start, start_variables
    from jupyter_repro.errors import StorageFailed

    if prefix is not None and user:
        raise click.UsageError("--prefix and --user name two places; choose one")
    manager = KernelSpecManager()
    existing = manager.find_kernel_specs().get(name)
    if existing is not None and not overwrite and not _is_ours(Path(existing)):
        raise click.UsageError(
            f"a kernel named {name} is there and is not ours; choose --name, or --overwrite"
        )
    variables = start_variables(Start(hash_seed=hash_seed, threads=threads, cbwr=cbwr), os.environ)
    spec = get_kernel_dict()
    spec["display_name"] = display_name or "Python 3 (reproducible)"
    spec["env"] = variables
    spec["metadata"] = {**spec.get("metadata", {}), _MARK: True}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        place = None if user else str(prefix or sys.prefix)
        try:
            written = manager.install_kernel_spec(folder, kernel_name=name, user=user, prefix=place)
        except OSError as error:
            raise StorageFailed(
                f"the kernel cannot be written: {error}", remedy="choose another --prefix, or --user"
            ) from error
    click.echo(f"{written}: {' '.join(f'{key}={value}' for key, value in sorted(variables.items()))}")
    return 0


_MARK = "jupyter_repro"


def _is_ours(folder: Path) -> bool:
    import json

    try:
        spec = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(spec.get("metadata", {}).get(_MARK))
