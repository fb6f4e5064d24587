"""The members of a bundle, from the facts of one export."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jupyter_repro import verifier
from jupyter_repro.canonical import dumps, to_builtins
from jupyter_repro.errors import ExportRefused
from jupyter_repro.records import Git
from jupyter_repro.secrets import known_values, redacted
from jupyter_repro.verifier.compare.registry import PACKED, plugin_modules
from jupyter_repro.verifier.recipe import Recipe, RecipeCell, RecipeFile, RecipeQuick

from . import layout
from .archive import Member, file_member, text_member
from .checklists import completeness
from .conda import CONDA_FILES
from .describe import describe, described_members
from .described import NO_DATE
from .environment import author_facts, environment_facts
from .notebook import notebook_bytes
from .paths import without_home
from .quick import QUICK_ENV
from .readme import ReadmeFacts, readme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment, Finding, InputFile, SeedPlan, Setting
    from jupyter_repro.records.proof import CellProof
    from jupyter_repro.store.check_notes import CheckNote
    from jupyter_repro.verifier.claims.claim import Claim
    from jupyter_repro.verifier.compare.tolerance import Tolerance
    from jupyter_repro.verifier.compare.volatile import Mask

    from .canonical import CanonicalRun
    from .dists import Interpreter
    from .gather import Gathered
    from .lock import Locked
    from .notebook import Notebook
    from .refusals import Waived

__all__ = ["Facts", "members"]

_PROGRAM_FILES = frozenset({".py", ".css"})


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one export found out."""

    notebook: Notebook
    run: CanonicalRun
    proofs: tuple[CellProof, ...]
    interpreter: Interpreter
    locked: Locked
    gathered: Gathered
    environment: Environment
    plan: SeedPlan
    settings: tuple[Setting, ...]
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    proven: bool = True
    quick: CanonicalRun | None = None
    """The run of the quick variant, if cells are tagged for one."""
    quick_cells: tuple[str, ...] = ()
    notes: tuple[CheckNote, ...] = ()
    """What the author has noted beside the checklist."""
    authors: tuple[str, ...] = ()
    date: str = NO_DATE
    image: str = ""
    """Of the Dockerfile, by digest; empty where nobody tells one."""
    tolerance: Tolerance
    volatile: tuple[Mask, ...] = ()
    """Places that differed between the author's runs."""
    claims: tuple[Claim, ...] = ()


def members(facts: Facts, stage: Path) -> Iterator[Member]:
    """Yield everything but the manifest; ``stage`` holds what the lock wrote.

    Raises:
        ExportRefused: A comparer cannot travel.
    """
    yield from _program()
    held = list(_content(facts, stage))
    described = describe(facts, held)
    held.append(text_member(layout.README, _readme(facts, completeness(described))))
    yield from held
    requirements = (stage / layout.REQUIREMENTS).read_text(encoding="utf-8")
    yield from described_members(describe(facts, held), requirements)


def _content(facts: Facts, stage: Path) -> Iterator[Member]:
    """Yield what the export found out."""
    yield text_member(layout.RECIPE, dumps(_recipe(facts).to_json(), indent=2))
    yield text_member(layout.NOTEBOOK, facts.notebook.bytes)
    yield text_member(layout.REFERENCE, notebook_bytes(facts.run.node))
    if facts.quick is not None:
        yield text_member(layout.QUICK_REFERENCE, notebook_bytes(facts.quick.node))
    for name in (layout.PYLOCK, layout.REQUIREMENTS, layout.RECORDS, layout.PYTHON_VERSION):
        yield file_member(name, stage / name)
    for name in CONDA_FILES:
        if (stage / "env" / name).is_file():
            yield file_member(f"env/{name}", stage / "env" / name)
    for each in facts.locked.vendored:
        yield file_member(f"{layout.WHEELS}/{each.wheel.name}", each.wheel)
    for file in facts.gathered.packed:
        path = facts.gathered.root / file.path
        yield file_member(layout.input_member(file), path, sha256=file.sha256)
    yield text_member(layout.ENVIRONMENT, dumps(environment_facts(facts.environment), indent=2))
    yield from _revision(facts.environment)


def _program() -> Iterator[Member]:
    """Yield the verifier as it is installed here, and the file that starts it."""
    folder = Path(verifier.__file__).parent
    yield file_member(layout.MAIN, folder / "bundle_main.py")
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _PROGRAM_FILES or "__pycache__" in path.parts:
            continue
        yield file_member(f"{layout.VERIFIER}/{path.relative_to(folder).as_posix()}", path)
    for module in plugin_modules():
        spec = find_spec(module)
        if spec is None or spec.origin is None or spec.submodule_search_locations is not None:
            raise ExportRefused(
                f"the comparer `{module}` is not one file, so it cannot travel in the bundle",
                remedy="make it a module of one file that needs the standard library only, or uninstall it",
            )
        name = f"{PACKED}{module.replace('.', '_')}.py"
        yield file_member(f"{layout.VERIFIER}/compare/{name}", Path(spec.origin))


def _revision(environment: Environment) -> Iterator[Member]:
    git = environment.git
    if not isinstance(git, Git):
        return
    facts = redacted(without_home(to_builtins(git)), known=known_values())
    del facts["diff"]
    yield text_member(layout.GIT, dumps(facts, indent=2))
    if git.diff:
        yield text_member(layout.DIRTY_PATCH, git.diff.encode("utf-8", "surrogateescape"))


def _recipe(facts: Facts) -> Recipe:
    interpreter, gathered = facts.interpreter, facts.gathered
    platform = {"system": interpreter.system, "machine": interpreter.machine, "libc": interpreter.libc}
    # No durations: they differ from run to run, and two exports of the same facts are the same bytes.
    cells = (
        RecipeCell(
            id=str(cell.id),
            label=cell.label,
            source_sha256=cell.digest,
            expects_error=facts.run.errors.get(cell.id),
        )
        for cell in facts.notebook.cells
    )
    planned = facts.plan.seed is not None or facts.plan.strictness != "off"
    return Recipe(
        notebook=_notebook_path(facts),
        python={"version": interpreter.version, "implementation": interpreter.implementation},
        platform=platform,
        kernel_arguments=facts.run.arguments,
        kernel_environment=facts.run.environment,
        files=(
            *(_file(file, layout.input_member(file)) for file in gathered.packed),
            *(_file(each.file, "", url=each.url) for each in gathered.fetched),
        ),
        external_files=tuple(_file(file, "") for file in gathered.external),
        rtol=facts.tolerance.rtol,
        atol=facts.tolerance.atol,
        volatile=facts.volatile,
        claims=facts.claims,
        cells=tuple(cells),
        seed=to_builtins(facts.plan) if planned else None,
        settings=tuple(redacted(without_home(to_builtins(setting))) for setting in facts.settings),
        author=author_facts(facts.environment),
        proof=tuple(to_builtins(proof) for proof in facts.proofs),
        proven=facts.proven,
        waivers=tuple(without_home(to_builtins(each)) for each in facts.waived),
        quick=_quick(facts),
        created_with=metadata.version("jupyter_repro"),
    )


def _quick(facts: Facts) -> RecipeQuick | None:
    if facts.quick is None:
        return None
    return RecipeQuick(cells=facts.quick_cells, environment=QUICK_ENV, expected=tuple(facts.quick.errors))


def _file(file: InputFile, member: str, *, url: str = "") -> RecipeFile:
    return RecipeFile(
        path=without_home(file.path),
        sha256=file.sha256,
        size=file.size,
        role=file.role,
        member=member,
        url=url,
    )


def _notebook_path(facts: Facts) -> str:
    return Path(facts.notebook.path).absolute().relative_to(facts.gathered.root).as_posix()


def _readme(facts: Facts, checklist: str) -> str:
    interpreter = facts.interpreter
    platform = " ".join(part for part in (interpreter.system, interpreter.machine, interpreter.libc) if part)
    return readme(
        ReadmeFacts(
            notebook=_notebook_path(facts),
            python=interpreter.version,
            platform=platform,
            packages=len(facts.locked.packages),
            plan=facts.plan,
            seconds=facts.run.seconds,
            cells=facts.notebook.cells,
            node=facts.run.node,
            findings=facts.findings,
            waived=facts.waived,
            proven=facts.proven,
            quick=len(facts.quick_cells),
            fetched=facts.gathered.fetched,
            checklist=checklist,
            notes=facts.notes,
            offline=len(facts.locked.vendored) == len(facts.locked.packages),
        )
    )
