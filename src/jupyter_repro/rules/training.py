"""RP7: randomness of training that works where a cell evaluates or samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity, TrainingKind, TrainingUse

    from .engine import Facts

__all__ = ["ActiveBatchNorm", "ActiveDropout", "GumbelNoise", "MonteCarloDropout"]


class _Training:
    code: str
    kind: TrainingKind
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a line."""
        labels = {said.id: said.label for said in facts.verdicts}
        for run in facts.latest:
            where = labels.get(run.cell, "a cell") if run.cell is not None else "a cell"
            for use in run.training:
                if use.kind == self.kind:
                    yield Finding(
                        code=self.code,
                        severity=self.severity,
                        message=f"{where}, line {use.line}, {self.says(use)}",
                        remedy=self.remedy(use),
                        cell=run.cell,
                    )

    def says(self, use: TrainingUse) -> str:
        """Say what is at work."""
        raise NotImplementedError

    def remedy(self, use: TrainingUse) -> str:
        """Return the next step."""
        raise NotImplementedError


class ActiveDropout(_Training):
    """RP701: a module is in ``train()`` mode while a cell evaluates, so its dropout draws.

    **Why is this bad?** The score is that of a thinned network, another one at each call.
    **Example**: `with torch.no_grad(): score = model(x)` without `model.eval()`.
    **Remedy**: ``model.eval()`` before; if samples are meant, a stream of their own.
    """

    code = "RP701"
    kind = "dropout"

    def says(self, use: TrainingUse) -> str:
        """Say how many layers draw."""
        return f"evaluates `{use.what}` in `train()` mode: {_layers(use.layers, 'dropout')} at work under `no_grad`"

    def remedy(self, use: TrainingUse) -> str:
        """Return the next step."""
        return f"write `{use.what}.eval()` before it"


class ActiveBatchNorm(_Training):
    """RP702: batch norm is in ``train()`` mode while a cell evaluates.

    **Why is this bad?** Each score hangs on the other samples of its batch, and evaluating changes the
    running statistics, so the model is another one afterwards.
    **Example**: `with torch.no_grad(): score = model(x)` without `model.eval()`.
    **Remedy**: ``model.eval()`` before.
    """

    code = "RP702"
    kind = "batch norm"

    def says(self, use: TrainingUse) -> str:
        """Say how many layers learn."""
        return (
            f"evaluates `{use.what}` with {_layers(use.layers, 'batch norm')} in `train()` mode: "
            "running statistics change under `no_grad`"
        )

    def remedy(self, use: TrainingUse) -> str:
        """Return the next step."""
        return f"write `{use.what}.eval()` before it"


class MonteCarloDropout(_Training):
    """RP703: Monte Carlo dropout draws its samples from the global stream.

    **Why is this bad?** One sample more, and everything drawn after it is another number.
    **Example**: `for _ in range(50): samples.append(model(x))` with dropout left on.
    **Remedy**: one ``jupyter_repro.fork_rng(seed)`` around all samples.
    """

    code = "RP703"
    kind = "Monte Carlo dropout"
    severity = "info"

    def says(self, use: TrainingUse) -> str:
        """Say what draws."""
        return f"draws Monte Carlo dropout samples from torch's global stream (`{use.what}`)"

    def remedy(self, use: TrainingUse) -> str:
        """Return the next step."""
        return (
            "put all samples under "
            '`with jupyter_repro.fork_rng(jupyter_repro.child_seed("mc dropout")):`, '
            f"or, if none are meant, {'`' + use.what + '.eval()`' if use.layers else '`training=False`'}"
        )


class GumbelNoise(_Training):
    """RP704: ``gumbel_softmax`` draws its noise from the global stream.

    **Why is this bad?** The noise is coupled to dropout, augmentation and all else that draws there.
    **Example**: `F.gumbel_softmax(logits)`.
    **Remedy**: noise from ``jupyter_repro.generator("gumbel", kind="torch")``.
    """

    code = "RP704"
    kind = "Gumbel noise"
    severity = "info"

    def says(self, use: TrainingUse) -> str:
        """Say what draws."""
        return f"draws Gumbel noise from torch's global stream (`{use.what}`)"

    def remedy(self, use: TrainingUse) -> str:  # noqa: ARG002 - the others name the module
        """Return the next step."""
        return (
            'draw it from `g = jupyter_repro.generator("gumbel", kind="torch")`: '
            "`-torch.empty_like(logits).exponential_(generator=g).log()`"
        )


def _layers(number: int, of: str) -> str:
    return f"{number} {of} layer{'s' if number > 1 else ''}"
