"""Which streams the cells of a notebook seed, and which they draw from, by their source."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from jupyter_repro.entropy.calls import called_name
from jupyter_repro.replay.magics import magic_of

if TYPE_CHECKING:
    from .notebook import CodeCell, NotebookFile

__all__ = ["STREAMS", "stream_drawn", "streams_seeded"]

STREAMS = frozenset(("python", "numpy", "torch", "tensorflow"))

_SEEDS = {
    "numpy.random.seed": "numpy",
    "random.seed": "python",
    "tensorflow.random.set_seed": "tensorflow",
    "torch.manual_seed": "torch",
    "torch.random.manual_seed": "torch",
}
_PYTHON = frozenset(
    ("betavariate", "choice", "choices", "expovariate", "gammavariate", "gauss", "getrandbits", "normalvariate",
     "randbytes", "randint", "random", "randrange", "sample", "shuffle", "triangular", "uniform")
)  # fmt: skip
_NUMPY = frozenset(
    ("beta", "binomial", "bytes", "chisquare", "choice", "dirichlet", "exponential", "f", "gamma", "geometric",
     "gumbel", "laplace", "logistic", "lognormal", "multinomial", "multivariate_normal", "normal", "pareto",
     "permutation", "poisson", "power", "rand", "randint", "randn", "random", "random_sample", "ranf", "rayleigh",
     "sample", "shuffle", "standard_normal", "standard_t", "triangular", "uniform", "vonmises", "weibull", "zipf")
)  # fmt: skip
_TORCH = frozenset(
    ("bernoulli", "multinomial", "normal", "rand", "rand_like", "randint", "randint_like", "randn", "randn_like",
     "randperm")
)  # fmt: skip
_LAYERS = ("Conv", "Embedding", "GRU", "LSTM", "Linear", "MultiheadAttention", "RNN", "Transformer")
"""How the names of torch's modules begin whose weights are drawn as they are made."""
_TENSORFLOW = frozenset(
    ("categorical", "gamma", "normal", "poisson", "shuffle", "truncated_normal", "uniform")
)
_SKLEARN = frozenset(
    ("BaggingClassifier", "BaggingRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor", "IsolationForest",
     "KMeans", "MLPClassifier", "MLPRegressor", "MiniBatchKMeans", "RandomForestClassifier", "RandomForestRegressor",
     "RandomizedSearchCV", "ShuffleSplit", "StratifiedShuffleSplit", "TSNE", "make_blobs", "make_circles",
     "make_classification", "make_moons", "make_regression", "permutation_importance", "train_test_split")
)  # fmt: skip
_OWN = frozenset(("generator", "random_state", "rng", "seed"))
"""Arguments by which a call draws from something else."""


def streams_seeded(cell: CodeCell, notebook: NotebookFile) -> frozenset[str]:
    """Return the global streams that a cell seeds, also in a function that it defines.

    A function of which only the name tells that it seeds (`set_seed(42)`) is taken to seed all.
    """
    found: set[str] = set()
    if cell.source.lstrip().startswith("%%repro") and "seed=" in cell.source.split("\n", 1)[0]:
        return STREAMS
    for call in cell.calls:
        magic = magic_of(call)
        if magic is not None:
            found |= STREAMS if magic.name == "repro" and "seed" in magic.line else set()
            continue
        full = notebook.full(call.func)
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if "seed" not in full.rpartition(".")[2].lower() or not arguments or _is_none(arguments[0]):
            continue
        if full in _SEEDS:
            found.add(_SEEDS[full])
        elif not full.startswith(("numpy.", "random.", "torch.cuda.")):
            found |= STREAMS
    return frozenset(found)


def stream_drawn(call: ast.Call, notebook: NotebookFile) -> str | None:
    """Return the global stream that a call surely draws from, if there is one."""
    given = {keyword.arg for keyword in call.keywords if not _is_none(keyword.value)}
    full = notebook.full(call.func)
    module, _, name = full.rpartition(".")
    if given & _OWN or None in given:
        return None
    if module == "random" and name in _PYTHON:
        return "python"
    if module == "numpy.random" and name in _NUMPY:
        return "numpy"
    if module == "torch":
        return "torch" if name in _TORCH else None
    if module == "torch.nn" and name.startswith(_LAYERS):
        return "torch"
    if full == "torch.utils.data.DataLoader":
        return "torch" if _is_true(call, "shuffle") else None
    if module == "tensorflow.random" and name in _TENSORFLOW:
        return "tensorflow"
    if module.startswith("sklearn."):
        return "numpy" if name in _SKLEARN and not _is_false(call, "shuffle") else None
    if called_name(call) == "sample" and given & {
        "frac",
        "n",
    }:  # of a frame or series: others have no such arguments
        return "numpy"
    return None


def _is_none(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is None


def _is_true(call: ast.Call, name: str) -> bool:
    return _argument(call, name) is True


def _is_false(call: ast.Call, name: str) -> bool:
    return _argument(call, name) is False


def _argument(call: ast.Call, name: str) -> object:
    """Return the constant that an argument is given by name."""
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return ...
