"""Values of polars, scikit-learn, SciPy, Pillow and matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp
from PIL import Image
from sklearn.cluster import KMeans
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from jupyter_repro.digest.values import Budget, value_digest

if TYPE_CHECKING:
    from pathlib import Path

X = np.linspace(0, 1, 60).reshape(20, 3) ** 2
Y = np.arange(20) % 2


def digest(value: Any) -> str:
    budget = Budget(items=100_000)
    found = value_digest(value, budget=budget)
    assert found is not None, budget.why
    return found


def refusal(value: Any) -> str:
    budget = Budget()
    assert value_digest(value, budget=budget) is None
    return budget.why


def image(mode: str = "RGB", colour: Any = 0, **info: Any) -> Any:
    found = Image.new(mode, (2, 2), colour)
    found.info.update(info)
    return found


DIFFERENT = {
    "polars": lambda: [
        pl.Series("a", [1, 2]), pl.Series("b", [1, 2]), pl.Series("a", [1, 3]), pl.Series("a", [1, None]), pl.Series("a", [None, 1]),
        pl.Series("a", [1.0, 2.0]), pl.Series("a", ["x", "y"]), pl.Series("a", ["x", None]), pl.Series("a", ["x", "None"]),
        pl.Series("a", ["x", "y"], pl.Categorical), pl.Series("a", ["x", "y"], pl.Enum(["x", "y"])), pl.Series("a", [[1], [2]]),
        pl.Series("a", [{"b": 1}]), pl.Series("a", [{"b": None}]), pl.DataFrame({"a": [1, 2]}), pl.DataFrame({"b": [1, 2]}),
        pl.DataFrame({"a": [1], "b": [2]}), pl.DataFrame({"b": [2], "a": [1]}), pl.DataFrame(), pl.Series("a", [True, False]),
        pl.Series("a", [1, 2], pl.Int32), pl.Series("a", [1, 2], pl.Duration("us")), pl.Series("a", [1, 2], pl.Duration("ms")),
    ],
    "sparse": lambda: [
        kind(np.eye(size) * by)
        for kind in (sp.csr_array, sp.csc_array, sp.coo_array, sp.lil_array, sp.dok_array, sp.dia_array, sp.bsr_array, sp.csr_matrix)
        for size, by in ((2, 1), (3, 1), (2, 5))
    ],
    "images": lambda: [
        image(), image(colour=1), image("L"), image("L", 1), image("P"), image("RGBA"), image(dpi=72), Image.new("RGB", (3, 2)),
        image("1"), image("F"),
    ],
}  # fmt: skip

SAME = {
    "chunks": lambda: [
        pl.Series("a", [1, 2, 3]),
        pl.concat([pl.Series("a", [1, 2]), pl.Series("a", [3])], rechunk=False),
    ],
    "slices": lambda: [
        pl.Series("a", ["x", None, "y" * 20]),
        pl.Series("a", ["z", "x", None, "y" * 20, "q"])[1:4],
    ],
    "nested slices": lambda: [pl.Series("a", [[1], [2, 3]]), pl.Series("a", [[0], [1], [2, 3]])[1:]],
    "sorted": lambda: [pl.Series("a", [1, 2, 3]), pl.Series("a", [3, 1, 2]).sort()],
    "remembered order": lambda: [sp.csr_array(np.eye(3)), _asked(sp.csr_array(np.eye(3)))],
}


def _asked(array: Any) -> Any:
    assert array.has_sorted_indices
    return array


@pytest.mark.parametrize("group", DIFFERENT)
def test_different_values_differ(group: str) -> None:
    """Each value has its own digest, and the same when it is made again."""
    once, again = (list(map(digest, DIFFERENT[group]())) for _ in range(2))
    assert once == again
    assert len(set(once)) == len(once), [at for at, found in enumerate(once) if once.count(found) > 1]


@pytest.mark.parametrize("group", SAME)
def test_how_it_is_stored_is_no_content(group: str) -> None:
    """What holds the same has one digest."""
    assert len(set(map(digest, SAME[group]()))) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: RandomForestClassifier(3, random_state=0),
        lambda: GradientBoostingClassifier(n_estimators=2, random_state=0),
        lambda: HistGradientBoostingClassifier(max_iter=2, random_state=0),
        lambda: KNeighborsClassifier(algorithm="kd_tree"),
        lambda: KMeans(2, n_init=1, random_state=0),
        lambda: SGDClassifier(random_state=0),
        lambda: make_pipeline(StandardScaler(), SVC()),
        LogisticRegression,
    ],
)
def test_an_estimator_is_its_settings_and_what_it_learnt(make: Any) -> None:
    """Fitting shows, fitting again to the same does not, to other data does; predicting does not."""
    fresh, fitted = make(), make().fit(X, Y)
    assert digest(fresh) == digest(make())
    before = digest(fitted)
    assert before != digest(fresh)
    assert before == digest(make().fit(X, Y))
    assert before != digest(make().fit(X[::-1] * 2, Y))
    fitted.predict(X)
    assert before == digest(fitted)


def test_figures_are_display_only() -> None:
    """Figures, axes and lines have no digest, and say that they are shown only."""
    mpl.use("agg")
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot()
    for part in (figure, axes, axes.plot([1, 2])):
        assert refusal(part) == "a figure: display only"


def test_an_image_in_a_file_is_not_read_early(tmp_path: Path) -> None:
    """An image that Pillow has not read yet stays unread, and says so; once read it has a digest."""
    image(colour=5).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as lazy:
        assert "not been read" in refusal(lazy)
        lazy.load()
        assert digest(lazy)


def test_what_polars_cannot_tell_says_why() -> None:
    """Plans and columns of Python objects are refused."""
    assert refusal(pl.DataFrame({"a": [1]}).lazy()) == "a lazy frame: a plan, not data"
    assert "Python objects" in refusal(pl.Series([object()], dtype=pl.Object))


def test_what_a_library_cannot_read_any_more_says_so() -> None:
    """An image that was closed has no digest, and raises nothing."""
    closed = image()
    closed.close()
    assert refusal(closed)
