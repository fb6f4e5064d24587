"""Random small notebooks: what people do to names in cells, all of it plain Python."""

from __future__ import annotations

import dataclasses
import random  # noqa: TC003 - hypothesis reads the annotations
import re

__all__ = ["Writer"]

KINDS = {
    "int": ("a", "b", "n"),
    "list": ("xs", "ys", "zs"),
    "dict": ("d", "e"),
    "set": ("s", "t"),
    "array": ("u", "v"),
    "object": ("o", "p"),
    "iterator": ("it", "jt"),
    "function": ("f", "g"),
    "changer": ("h",),
    "closure": ("k",),
    "class": ("C",),
}
"""Kind of value -> the names that hold it."""

MAKES = {
    "int": [
        "{new} = {small}", "{new} = {int} + {small}", "{new} = len({list})", "{new} = {function}({small})",
        "{new} = {int}\n{new} += {small}", "{new} = sum({list})", "{new} = random.randint(0, 99)",
        "{new} = {dict}.get('k', {small})", "{new} = {object}.value", "{new} = int({array}.sum())",
        "{new} = {closure}()", "{new} = next({iterator}, -1)", "{new} = {function}({int})",
        "if {int} % 2:\n    {new} = {small}\nelse:\n    {new} = {small}", "{new} = {object}.grow()",
        "{new} = {int} if {int} > {small} else {small}", "for {new} in range({small}, {small} + 3):\n    pass",
        "try:\n    {new} = 10 // ({int} % 3)\nexcept ZeroDivisionError:\n    {new} = {small}",
    ],
    "list": [
        "{new} = [{small}, {small}]", "{new} = {list}", "{new} = list({list})", "{new} = [i + {int} for i in {list}]",
        "{new} = [{list}, {small}]", "{new} = sorted({set})", "{new} = {changer}({small})", "{new} = {object}.items",
        "{new} = {dict}.setdefault('l', [])", "{new} = [random.random() for _ in range(2)]",
        "{new} = list({iterator})", "{new} = {list} + [{int}]", "{new} = {list}[:1]",
    ],
    "dict": ["{new} = {{'k': {small}}}", "{new} = {dict}", "{new} = {{'l': {list}, 'k': {int}}}", "{new} = dict({dict})"],
    "set": ["{new} = {{{small}, {small}}}", "{new} = {set}", "{new} = set(map(str, {list}))"],
    "array": [
        "{new} = np.arange(3.0)", "{new} = {array}", "{new} = {array}[1:]", "{new} = {array} * {int}",
        "{new} = np.random.rand(3).round(3)", "{new} = {array}.copy()",
    ],
    "object": ["{new} = {class}({int})", "{new} = {object}", "{new} = {class}({small})"],
    "iterator": ["{new} = iter({list})", "{new} = (i + {int} for i in {list})", "{new} = {iterator}", "{new} = map({function}, {list})"],
    "function": [
        "def {new}(z):\n    return {int} + {small}", "def {new}(z):\n    return z * {small}", "{new} = lambda z: z + {int}",
        "def {new}(z):\n    return {function}(z) + 1", "def {new}(z):\n    {list}.append({small})\n    return z",
        "def {new}(z):\n    global a\n    a = z\n    return z", "def {new}(z, b={int}):\n    return z - b",
        "def {new}(z):\n    if {int} > {small}:\n        return random.randint(0, 9)\n    return z",
    ],
    "changer": ["def {new}(z, acc=[]):\n    acc.append(z)\n    return list(acc)"],
    "closure": [
        "def make(m={int}):\n    def inner():\n        nonlocal m\n        m += 1\n        return m\n    return inner\n{new} = make()",
        "def make(keep={list}):\n    def inner():\n        keep.append(len(keep))\n        return len(keep)\n    return inner\n{new} = make()",
    ],
    "class": [
        # one cell, written line by line
        "class {new}:\n    count = 0\n    def __init__(self, value):\n        self.value = value\n        self.items = []\n"
        "    def grow(self):\n        self.value += {small}\n        return self.value\n"
        "    def read(self):\n        return self.value + {int}\n"
        "    def add(self):\n        type(self).count += 1\n        self.items.append(type(self).count)\n        return len(self.items)\n"
        "    def __repr__(self):\n        return f'<{{sorted(vars(self).items())}}>'",
    ],
}  # fmt: skip

CHANGES = [
    "{int_} += {small}", "{int_} -= 1", "{list}.append({small})", "{list}.append({int})", "{list} += [{small}]",
    "{list}[0] = {int}", "{list}.sort(key=str)", "{list}.pop()", "{dict}['k'] = {int}", "{dict}['l'] = {list}",
    "{dict}.update(k={small})", "{dict}.pop('k', None)", "{set}.add({small})", "{set} |= {{{small}}}", "{set}.discard({small})",
    "{array}[0] = {small}", "{array} += 1", "{array}.fill({int})", "{object}.value = {int}", "{object}.items = {list}",
    "{object}.grow()", "{object}.add()", "{object}.items.append({small})", "{function}({int})", "{changer}({int})", "{closure}()",
    "next({iterator}, None)", "for q in {iterator}:\n    break", "if {int} > {small}:\n    {int_} = {small}",
    "if {int} % 2:\n    {list}.append({small})", "if {int} > {small}:\n    random.random()", "del {any}", "random.random()",
    "np.random.rand()", "{list}.extend({list}[:2])", "{class}.count = {int}", "for w in {list}:\n    if w == {small}:\n        {int_} = {small}",
    "while {int_} > 50:\n    {int_} -= 20", "{list}.append({dict})", "{list}.insert(0, {list}[0])", "global_table = {{'x': {list}}}",
    "random.seed({small})", "with_all = [{list}, {dict}]", "({int_} := {small})",
]  # fmt: skip

SHOWS = [
    "{int}", "{list}", "{dict}", "sorted({set}, key=str)", "{array}", "{object}", "{function}({small})", "{int} + len({list})",
    "{object}.read()", "isinstance({object}, {class})", "{list} is {list}", "[{int}, {list}, {dict}]", "random.random()",
    "sum(1 for _ in {iterator})", "{class}.count", "np.random.rand()", "'a' in globals()", "{closure}()", "list(map({function}, [{small}]))",
]  # fmt: skip


@dataclasses.dataclass
class Writer:
    """Writes cells whose names exist when the cells run in the order of writing.

    Args:
        rng: Chooses everything.
        transparent: Leave out what is never reproduced by construction (``globals()``).
    """

    rng: random.Random
    transparent: bool = False

    def __post_init__(self) -> None:
        self.known: dict[str, list[str]] = {kind: [] for kind in KINDS}

    def preamble(self) -> list[str]:
        """Return cells that make one value of every kind."""
        cells = ["import random\nimport numpy as np"]
        cells += [self._make(kind, MAKES[kind][:1]) for kind in ("int", "list", "dict", "set", "array")]
        cells += [self._make("function", MAKES["function"][:2]), self._make("changer"), self._make("closure")]
        cells += [
            self._make("class"),
            self._make("object", MAKES["object"][:1]),
            self._make("iterator", MAKES["iterator"][:1]),
        ]
        return cells[:1] + [part for part in cells[1:] if part]

    def notebook(self, length: int) -> list[str]:
        """Return a whole notebook: the preamble in few cells, then random cells."""
        first = self.preamble()
        cells = [first[0]]
        rest = first[1:]
        while rest:
            take = self.rng.randint(1, 3)
            cells.append("\n".join(rest[:take]))
            rest = rest[take:]
        return cells + [self.cell() for _ in range(length)]

    def cell(self) -> str:
        """Return one cell of one to three statements, perhaps with a display."""
        lines = []
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            if self.rng.random() < 0.5:
                lines.append(self._make(self.rng.choice(("int", "int", "list", "list", *MAKES))))
            else:
                lines.append(self._fill(self.rng.choice(CHANGES)))
        if self.rng.random() < 0.6:
            lines.append(self._fill(self.rng.choice(SHOWS)))
        text = "\n".join(line for line in lines if line)
        if self.transparent and ("globals()" in text or " is " in text or "del " in text):
            return self.cell()
        return text

    def _make(self, kind: str, patterns: list[str] | None = None) -> str:
        new = self.rng.choice(KINDS[kind])
        text = self._fill(self.rng.choice(patterns or MAKES[kind]), new)
        if new not in self.known[kind]:
            self.known[kind].append(new)
        return text

    def _fill(self, pattern: str, new: str = "") -> str:
        def word(match: re.Match[str]) -> str:
            return match[0][0] if match[1] is None else self._word(match[1], new)

        return re.sub(r"\{\{|\}\}|\{(\w+)\}", word, pattern)

    def _word(self, word: str, new: str) -> str:
        if word == "new":
            return new
        if word == "small":
            return str(self.rng.randint(0, 4))
        if word == "any":
            return self.rng.choice([name for names in self.known.values() for name in names] or ["a"])
        kind = word.rstrip("_")
        return self.rng.choice(self.known[kind] or list(KINDS[kind]))
