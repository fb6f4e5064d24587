"""The members that describe a bundle in the formats of others."""

from __future__ import annotations

import re
from collections import Counter
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro.records import Git, Missing

from . import layout
from .archive import Member, text_member
from .checklists import acm, neurips
from .citation import citation
from .containers import container_files
from .crate import crate
from .described import DescribedMember, Description
from .preview import preview
from .readme import expected_time
from .statement import statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .contents import Facts
    from .notebook import Notebook

__all__ = ["describe", "described_members"]

_HEADING = re.compile(r"^#{1,3}[ \t]+(\S[^\n]*)", re.MULTILINE)
_SEEDS = re.compile(r"\bseed\b|manual_seed|random_state", re.IGNORECASE)
_PROGRAM = (layout.MAIN, f"{layout.VERIFIER}/")


def describe(facts: Facts, members: Sequence[Member]) -> Description:
    """Return what a bundle is, from the facts of its export and what it holds so far."""
    interpreter, environment = facts.interpreter, facts.environment
    git = environment.git
    labels = {str(cell.id): cell.label for cell in facts.notebook.cells}
    held = tuple(_described(member) for member in members if not member.name.startswith(_PROGRAM))
    here = Path(facts.notebook.path).absolute().relative_to(facts.gathered.root).as_posix()
    return Description(
        notebook=here,
        title=_title(facts.notebook),
        members=held,
        inputs=tuple(sorted(layout.input_member(file) for file in facts.gathered.packed)),
        fetched=tuple(
            (each.file.path, each.url, each.file.sha256, each.file.size) for each in facts.gathered.fetched
        ),
        authors=facts.authors,
        date=facts.date,
        python=interpreter.version,
        platform=" ".join(
            part for part in (interpreter.system, interpreter.machine, interpreter.libc) if part
        ),
        packages=len(facts.locked.packages),
        wheels=len(facts.locked.vendored),
        environment=facts.run.environment,
        cpu=environment.hardware.cpu,
        cores=environment.hardware.cores,
        memory_bytes=environment.hardware.memory_bytes,
        gpus=() if isinstance(environment.gpus, Missing) else tuple(gpu.name for gpu in environment.gpus),
        plan=facts.plan,
        seeds=any(_SEEDS.search(cell.source) for cell in facts.notebook.cells),
        image=facts.image,
        expected_time=expected_time(facts.run.seconds),
        cells=len(facts.notebook.cells),
        verdicts=dict(sorted(Counter(proof.verdict for proof in facts.proofs).items())),
        proven=facts.proven,
        waived=facts.waived,
        claims=tuple((claim.text, labels[claim.cell]) for claim in facts.claims),
        quick_cells=len(facts.quick_cells),
        revision=git.commit if isinstance(git, Git) else "",
        remote=(git.remote or "") if isinstance(git, Git) else "",
        made_with=metadata.version("jupyter_repro"),
    )


def described_members(facts: Description, requirements: str) -> Iterator[Member]:
    """Yield the members; the metadata come last, since they name the others."""
    made = [
        text_member(layout.CITATION, citation(facts)),
        text_member(layout.NEURIPS, neurips(facts)),
        text_member(layout.ACM, acm(facts)),
        text_member(layout.STATEMENT, statement(facts)),
        *(text_member(name, text) for name, text in container_files(facts, requirements)),
    ]
    yield from made
    whole = (*facts.members, *(_described(member) for member in made))
    described = _with_members(facts, whole)
    yield text_member(layout.CRATE, crate(described))
    yield text_member(layout.PREVIEW, preview(described))


def _with_members(facts: Description, members: tuple[DescribedMember, ...]) -> Description:
    return msgspec.structs.replace(facts, members=tuple(sorted(members, key=lambda member: member.name)))


def _described(member: Member) -> DescribedMember:
    size = len(member.source) if isinstance(member.source, bytes) else member.source.stat().st_size
    return DescribedMember(name=member.name, sha256=member.sha256, size=size)


def _title(notebook: Notebook) -> str:
    """Return the first heading, else the name of the file."""
    for cell in notebook.node["cells"]:
        found = _HEADING.search(cell["source"]) if cell["cell_type"] == "markdown" else None
        if found is not None:
            return found[1].strip()
    return PurePosixPath(notebook.path.as_posix()).stem
