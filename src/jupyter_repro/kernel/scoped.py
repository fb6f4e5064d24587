"""``%%repro seed=42 strict``: governed for one cell, then as before."""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, Any

from jupyter_repro.errors import BadWord
from jupyter_repro.rng.governor import Streams
from jupyter_repro.rng.swept import swept

from .requests import Govern, Twice

if TYPE_CHECKING:
    from jupyter_repro.entropy.governor import Entropy

    from .requests import Request
    from .session import Session

__all__ = ["head_of", "run_body", "run_governed"]


def run_governed(session: Session, request: Request, body: str) -> Any:
    """Run the body under the settings, give everything back, return the value of its last expression.

    Raises:
        BadWord: The words ask for something else than settings.
    """
    __tracebackhide__ = True  # IPython shows the user's frames of an error, and not ours
    twice: Twice | None = None
    if isinstance(request, Twice):
        twice, request = request, request.settings
    if not isinstance(request, Govern):
        raise BadWord(
            "`%%repro` takes settings only", remedy="write `%%repro seed=42 strict`, or use `%repro`"
        )
    if request.per_cell is not None or request.workers is not None:
        raise BadWord(
            "`per_cell` and `workers` govern the notebook, not one cell",
            remedy="write them on a `%repro` line",
        )
    from jupyter_repro.determinism.apply import Switches

    entropy = _entropy(session, request)
    streams, switches = Streams(scope=True), Switches()
    ops = session.governing.ops
    try:
        if request.strictness is not None or request.switches:
            switches.begin(request.strictness or "off", request.switches)
        if request.strictness is not None:
            ops.begin_cell(request.strictness, body)
        if request.seed is not None:
            streams.begin(swept(request.seed))
        head = head_of(body, session.running_source())
        if twice is None:
            return run_body(session.shell, body, head=head)
        from .twice import RunTwice

        both = RunTwice(session, body, twice, entropy)
        return both.run(functools.partial(run_body, session.shell, body, head=head))
    finally:
        if entropy is not None:
            session.governing.leaking.add(entropy.take(), derives=entropy.mode == "derive")
            entropy.end()
        streams.end()
        ops.end_cell()
        switches.end()


def _entropy(session: Session, request: Govern) -> Entropy | None:
    """Return the watch over what the body draws without a seed, None where the session's own goes on."""
    if request.entropy is None:
        return None
    from jupyter_repro.entropy.governor import Entropy
    from jupyter_repro.rng.rank import rank_number

    seed = session.plan.seed if request.seed is None and session.plan is not None else request.seed
    if seed is not None and request.seed is not None:
        seed = swept(seed)
    entropy = Entropy(exempt=session.allowed_now, rank=rank_number)
    entropy.begin(request.entropy, seed)
    return entropy


def head_of(body: str, cell: str) -> str:
    """Return the lines of the cell above its body as comments, so that its lines have the numbers the user sees."""
    start = cell.find("\n", cell.find("%%")) + 1
    if not start or not cell.startswith(body.rstrip("\n"), start):
        return ""
    return "".join(f"# {line}\n" for line in cell[: start - 1].split("\n"))


def run_body(shell: Any, body: str, *, head: str) -> Any:
    """Run the body of a cell as the shell runs a cell, and return the value of its last expression."""
    __tracebackhide__ = True
    code = head + shell.transform_cell(body)
    filename = shell.compile.cache(code, shell.execution_count, raw_code=body)
    tree = shell.transform_ast(shell.compile.ast_parse(code, filename=filename))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), shell.user_ns)  # noqa: S102 - the user's own cell, as %%time runs it
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), filename, "eval"), shell.user_ns)  # noqa: S307 - as above
    return None if code.rstrip().endswith(";") else value
