"""From a notebook to a bundle: canonical run, lock, inputs, one file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jupyter_repro.canonical.write import storage_failed
from jupyter_repro.errors import BadWord
from jupyter_repro.rules.configured import settings_near
from jupyter_repro.store.check_notes import read_notes
from jupyter_repro.verifier.compare.tolerance import PROFILES

from .anonymous import (
    anonymous_environment,
    anonymous_notebook,
    anonymous_run,
    identities_left,
    refuse_identities,
)
from .archive import check_output, write_bundle
from .budget import budgeted, weights
from .calibrate import Calibration, calibrate, check_tags
from .canonical import CanonicalRun, Trace, canonical_run
from .claims import check_claims, read_claims
from .containers import image_of
from .contents import Facts, members
from .described import NO_DATE, date_of
from .dists import read_interpreter
from .environment import exported_environment
from .expected import expected_seconds, latest_run
from .exported import Exported
from .findings import as_project_decides, export_findings
from .gather import gather
from .guard import exposed_in_files, exposed_in_notebook, exposed_in_wheels, secret_findings
from .identity import authors_of, commit_date, identities
from .lock import lock_environment
from .notebook import read_notebook
from .options import ExportOptions, ExportWish
from .progress import Journey
from .proof import prove
from .quick import QUICK_ENV, quick_cells
from .refusals import refuse, unseeded, waived, with_waivers
from .saved_run import findings_of_record, saved_run
from .signing import check_signing, signers
from .stopping import stoppable

if TYPE_CHECKING:
    from jupyter_repro.records import Environment, Finding
    from jupyter_repro.records.catalog import Run

    from .dists import Interpreter
    from .guard import Exposed
    from .lock import Locked
    from .progress import StepName

__all__ = ["ExportOptions", "ExportWish", "Exported", "export"]


def export(notebook: Path, *, options: ExportOptions) -> Exported:
    """Write the bundle of ``notebook``.

    Nothing at ``options.output`` changes before the new bundle is complete.

    Raises:
        BadWord: The output's name does not end in ``.zip``, or a cell's tag on comparing, or a claim, is not understood.
        BadNotebook: The notebook cannot be read, or is not for Python.
        BadSettings: What `pyproject.toml` says of rules is not understood.
        StorageFailed: The output cannot be written.
        RunFailed: The canonical run failed.
        LockFailed: The environment cannot be locked exactly.
        ExportRefused: Something speaks against the bundle that is not waived, or readers would not accept it.
        Stopped: ``options.stop`` was set.
    """
    with stoppable(options.stop):
        return _Export(notebook, options).written()


class _Export:
    """One export: what each step found out, for those after it."""

    def __init__(self, notebook: Path, options: ExportOptions) -> None:
        self.options = options
        self.started = time.monotonic()
        check_output(options.output)
        if options.sign and options.anonymous:
            raise BadWord("a signature tells who the author is", remedy="leave `sign` out, or `anonymous`")
        if options.sign:
            check_signing(options.sign)
        self.author = read_notebook(notebook)
        check_tags(self.author)
        self.identities = identities(self.author) if options.anonymous else {}
        if options.anonymous:
            self.author = anonymous_notebook(self.author)
        self.others: tuple[str, ...] = ()
        """Wheels in the bundle that an index offers as they are."""
        self.claims = read_claims(self.author, options.claims)
        self.notes = read_notes(notebook)
        self.quick = quick_cells(self.author.cells)
        self.rules = with_waivers(settings_near(notebook.parent), options.waivers)
        self.journey = Journey(
            options.progress,
            self._steps(),
            passes=1 + options.calibrate if options.prove else 0,
            expected={**expected_seconds(self.author), **options.durations},
        )
        self.order = [str(cell.id) for cell in self.author.cells]

    def _steps(self) -> list[StepName]:
        options = self.options
        asked = {
            "run": options.prove,
            "calibrate": options.prove and options.calibrate > 0,
            "quick": bool(self.quick),
        }
        every = ("read", "run", "calibrate", "quick", "lock", "gather", "write")
        return cast("list[StepName]", [step for step in every if asked.get(step, True)])

    def written(self) -> Exported:
        """Do all steps."""
        journey, options = self.journey, self.options
        journey.begin("read", f"reading {self.author.path.name}")
        secrets = self._secrets(exposed_in_notebook(self.author, self.author.node))
        early = unseeded(self.author.path, options.plan, self.rules)
        refuse((*secrets, *early))
        interpreter = read_interpreter(options.python)
        run, more = self._run(interpreter)
        calibration = self._calibrated(run, interpreter)
        quick = self._quick_run(interpreter)
        if options.anonymous:
            run, quick = anonymous_run(run), None if quick is None else anonymous_run(quick)
        with tempfile.TemporaryDirectory(prefix="jr-export-", ignore_cleanup_errors=True) as folder:
            stage = Path(folder)
            facts = self._facts(run, quick, calibration, stage, findings=(*secrets, *early, *more))
            journey.begin("write", f"writing {options.output.name}")
            bundle_id = write_bundle(
                options.output,
                members(facts, stage),
                stage=stage,
                check=self._check,
                sign=signers(options.sign),
            )
        return Exported(
            path=options.output,
            bundle_id=bundle_id,
            size=options.output.stat().st_size,
            cells=facts.proofs,
            findings=facts.findings,
            seconds=time.monotonic() - self.started,
            calibrated=calibration.told,
            proven=options.prove,
            waived=facts.waived,
            durations=dict(journey.durations) if options.prove else {},
        )

    def _run(self, interpreter: Interpreter) -> tuple[CanonicalRun, tuple[Finding, ...]]:
        options = self.options
        if not options.prove:
            record: Run | None = options.run or latest_run(self.author)
            run = saved_run(self.author, record, plan=options.plan)
            found = as_project_decides(
                findings_of_record(self.author, record) if record else (), self.author, self.rules
            )
            refuse(found)
            return run, found
        self.journey.begin("run")
        self.journey.about(self.order)
        run = canonical_run(
            self.author,
            plan=options.plan,
            interpreter=interpreter,
            cell_timeout_s=options.cell_timeout_s,
            progress=self.journey.tell,
            watch=self.journey.cell,
        )
        return run, ()

    def _calibrated(self, run: CanonicalRun, interpreter: Interpreter) -> Calibration:
        if not self.options.prove or not self.options.calibrate:
            return Calibration()
        self.journey.begin("calibrate")
        return calibrate(
            self.author,
            run,
            runs=self.options.calibrate,
            plan=self.options.plan,
            interpreter=interpreter,
            cell_timeout_s=self.options.cell_timeout_s,
            progress=self.journey.tell,
            watch=self.journey.cell,
            claims=self.claims,
            tolerance=PROFILES[self.options.profile],
        )

    def _quick_run(self, interpreter: Interpreter) -> CanonicalRun | None:
        if not self.quick:
            return None
        self.journey.begin("quick")
        self.journey.about(self.quick)
        return canonical_run(
            self.author,
            plan=self.options.plan,
            interpreter=interpreter,
            cell_timeout_s=self.options.cell_timeout_s,
            progress=self.journey.tell,
            watch=self.journey.cell,
            only=frozenset(self.quick),
            more_environment=QUICK_ENV,
        )

    def _environment(self, trace: Trace, locked: Locked) -> Environment:
        found = exported_environment(
            self.author.path,
            output=self.options.output,
            sources=[cell.source for cell in self.author.cells],
            trace=trace,
            edited=locked.edited_files,
        )
        return anonymous_environment(found) if self.options.anonymous else found

    def _check(self, finished: Path) -> None:
        """Look through the finished file of an anonymous bundle."""
        if self.options.anonymous:
            self.journey.tell("looking through the finished file for your name")
            left = identities_left(
                finished,
                self.identities,
                others=self.others,
                allowed=self.options.allowed_secrets,
            )
            refuse_identities(left)

    def _secrets(self, exposed: tuple[Exposed, ...]) -> tuple[Finding, ...]:
        return secret_findings(exposed, self.rules.reason("RP812", self.author.path))

    def _facts(
        self,
        run: CanonicalRun,
        quick: CanonicalRun | None,
        calibration: Calibration,
        stage: Path,
        *,
        findings: tuple[Finding, ...],
    ) -> Facts:
        """Lock the environment into ``stage``, and put together all that the bundle tells."""
        options, notebook, journey = self.options, self.author, self.journey
        tolerance = PROFILES[options.profile]
        proofs = prove(notebook, run, tolerance=tolerance, masks=calibration.masks) if options.prove else ()
        check_claims(self.claims, run.node, tolerance=tolerance, masks=calibration.masks)
        journey.begin("lock")
        try:
            locked = lock_environment(
                python=options.python,
                out=stage,
                progress=journey.tell,
                offline=options.offline,
                anonymous=options.anonymous,
            )
        except OSError as error:
            raise storage_failed(stage, error) from error
        # as the run left it: a cell may have installed something
        interpreter = read_interpreter(options.python)
        self.others = tuple(each.wheel.name for each in locked.vendored if not each.why)
        journey.begin("gather")
        trace = run.trace if quick is None else run.trace.and_also(quick.trace)
        gathered = gather(
            notebook.path, trace, interpreter=interpreter, locked=locked, include=options.include
        )
        gathered = budgeted(gathered, max_data=options.max_data, addresses=options.addresses)
        journey.tell(weights(gathered, locked))
        secrets = self._secrets(
            (
                *exposed_in_notebook(notebook, run.node),
                *exposed_in_files(gathered, allowed=options.allowed_secrets),
                *exposed_in_wheels(locked, interpreter, allowed=options.allowed_secrets),
            )
        )
        environment = self._environment(trace, locked)
        image = options.image or image_of(environment)
        noted = export_findings(
            notebook=notebook, proofs=proofs, trace=trace, gathered=gathered, locked=locked, image=image
        )
        later = as_project_decides(noted, notebook, self.rules)
        refuse((*secrets, *later))
        told = tuple(sorted(dict.fromkeys((*findings, *secrets, *later)), key=lambda each: each.code))
        return Facts(
            notebook=notebook,
            run=run,
            quick=quick,
            quick_cells=self.quick,
            proofs=proofs,
            proven=options.prove,
            interpreter=interpreter,
            locked=locked,
            gathered=gathered,
            environment=environment,
            plan=options.plan,
            settings=options.settings,
            findings=told,
            waived=waived(told),
            authors=() if options.anonymous else authors_of(notebook),
            date=NO_DATE if options.anonymous else date_of(commit_date(notebook)),
            image=image,
            tolerance=tolerance,
            volatile=calibration.masks,
            claims=self.claims,
            notes=self.notes,
        )
