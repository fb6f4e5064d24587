"""Twenty real changes, each planted into what a cell really gave: a comparison that passes one of them is blind."""

from __future__ import annotations

import base64
import copy
import io
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CHANGES", "SOURCES", "Change", "planted"]

SOURCES = {
    "numbers": "print('samples 1797')\nprint('loss 0.4976977, accuracy 0.9333')\nprint('done')",
    "array": "np.linspace(0.125, 1, 4) ** 3",
    "frame": "pd.DataFrame({'model': ['svm', 'tree', 'knn'], 'f1': [0.91, 0.87, 0.89], 'n': [100, 120, 130]})",
    "figure": "import base64\nfig, ax = plt.subplots(figsize=(3, 2)); ax.plot([1, 3, 2]); ax.set_title('Loss')\n"
    "out = io.BytesIO(); fig.savefig(out, format='png'); plt.close(fig); Image(out.getvalue())",
    "heat map": "fig, ax = plt.subplots(figsize=(2, 2)); ax.imshow(np.arange(9.0).reshape(3, 3)); ax.axis('off')\n"
    "out = io.BytesIO(); fig.savefig(out, format='png'); plt.close(fig); Image(out.getvalue())",
    "drawing": "fig, ax = plt.subplots(figsize=(2, 1.5)); ax.plot([1, 3, 2])\n"
    "out = io.StringIO(); fig.savefig(out, format='svg'); plt.close(fig); display(SVG(out.getvalue()))",
    "bars": "plotly.io.renderers.default = 'plotly_mimetype'\ngo.Figure(go.Bar(x=['a', 'b'], y=[1.5, 2.5]))",
    "chart": "alt.Chart(pd.DataFrame({'a': [1, 2], 'b': [4.5, 5.25]})).mark_bar().encode(x='a', y='b')",
    "formula": "from IPython.display import Latex\nLatex(r'$y = 0.731 x + 2$')",
    "json": "from IPython.display import JSON\nJSON({'folds': [0.91, 0.92], 'best': 'svm'})",
    "failure": "raise KeyError('column `age` is missing')",
}
"""Cells with results that are the same in each run."""


class Change(NamedTuple):
    """One planted change: which cell, and what becomes of its outputs."""

    title: str
    cell: str
    plant: Callable[[list[dict[str, Any]]], None]


def planted(notebook: dict[str, Any], change: Change) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the cell as a run left it, and with the change.

    Raises:
        ValueError: The change changed nothing.
    """
    cell = next(cell for cell in notebook["cells"] if cell["id"] == change.cell)
    changed = copy.deepcopy(cell)
    change.plant(changed["outputs"])
    if changed["outputs"] == cell["outputs"]:
        raise ValueError(f"`{change.title}` changes nothing")
    return cell, changed


def _text(was: str, now: str, mime: str | None = None) -> Callable[[list[dict[str, Any]]], None]:
    """Replace a text in a stream, an error's message or a form."""

    def plant(outputs: list[dict[str, Any]]) -> None:
        for output in outputs:
            if mime is not None and mime in output.get("data", {}):
                output["data"][mime] = output["data"][mime].replace(was, now, 1)
            elif mime is None:
                for field in ("text", "evalue", "ename"):
                    if was in output.get(field, ""):
                        output[field] = output[field].replace(was, now, 1)
                        return

    return plant


def _value(mime: str, *path: str | int, now: Any) -> Callable[[list[dict[str, Any]]], None]:
    """Set one value of a JSON form."""

    def plant(outputs: list[dict[str, Any]]) -> None:
        place = next(output["data"][mime] for output in outputs if mime in output.get("data", {}))
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = now

    return plant


def _pixels(paint: Callable[[Any], None]) -> Callable[[list[dict[str, Any]]], None]:
    """Paint into a PNG."""

    def plant(outputs: list[dict[str, Any]]) -> None:
        from PIL import Image

        data = next(output["data"] for output in outputs if "image/png" in output.get("data", {}))
        image = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGBA")
        paint(image)
        out = io.BytesIO()
        image.save(out, "PNG")
        data["image/png"] = base64.b64encode(out.getvalue()).decode()

    return plant


def _tile(image: Any) -> None:
    """Move the colour of the middle tile by one level."""
    x, y = image.size[0] // 2, image.size[1] // 2
    red, green, blue, alpha = image.getpixel((x, y))
    for u in range(image.size[0]):
        for v in range(image.size[1]):
            if image.getpixel((u, v)) == (red, green, blue, alpha):
                image.putpixel((u, v), (red, green, blue + 1, alpha))


def _drawn_after(outputs: list[dict[str, Any]]) -> None:
    outputs.append({"output_type": "stream", "name": "stdout", "text": "warning: fold 3 did not converge\n"})


def _gone(outputs: list[dict[str, Any]]) -> None:
    outputs.clear()


_HTML, _PLOTLY = "text/html", "application/vnd.plotly.v1+json"

CHANGES = (
    Change("one digit of a whole number", "numbers", _text("1797", "1798")),
    Change("1e-4 of a float", "numbers", _text("0.4976977", "0.4977475")),
    Change("the last of four digits", "numbers", _text("0.9333", "0.9334")),
    Change("a line is missing", "numbers", _text("\ndone", "")),
    Change("a line is new", "array", _drawn_after),
    Change("1e-6 of a float in an array", "array", _text("0.07233796", "0.07233803", "text/plain")),
    Change("one digit in a table", "frame", _text("0.87", "0.88", _HTML)),
    Change("two names of a table change places", "frame", _text("<td>svm</td>", "<td>tree</td>", _HTML)),
    Change("a region of a figure", "figure", _pixels(lambda image: image.paste("red", (60, 60, 68, 68)))),
    Change("one pixel of a figure", "figure", _pixels(lambda image: image.putpixel((5, 5), (0, 0, 0, 255)))),
    Change("a blank figure", "figure", _pixels(lambda image: image.paste("white", (0, 0, *image.size)))),
    Change("one tile of a heat map, by one level", "heat map", _pixels(_tile)),
    Change("a point of a drawing", "drawing", _text("L 129.6 12.96", "L 129.6 13.46", "image/svg+xml")),
    Change("a value of a plotly figure", "bars", _value(_PLOTLY, "data", 0, "x", 1, now="c")),
    Change("a value of an altair chart", "chart", _text("5.25", "5.26", _HTML)),
    Change("a coefficient of a formula", "formula", _text("0.731", "0.732", "text/latex")),
    Change("a value of a JSON output", "json", _value("application/json", "folds", 1, now=0.93)),
    Change("the message of an error", "failure", _text("age", "sex")),
    Change("the error does not come", "failure", _gone),
    Change("a result beside volatile seconds", "kind-06", _text("19999900000", "19999900001")),
)
