"""Random numbers: the global streams, generators that are values, and what no seed governs."""

from __future__ import annotations

from truth.family import Family

__all__ = ["GENERATORS", "GLOBAL_RNGS", "UNSEEDED"]

GLOBAL_RNGS = Family(
    name="global rngs",
    kinds={"draw": ("r1", "r2")},
    first={"draw": "{new} = random.random()"},
    makes={
        "draw": ("{new} = random.random()", "{new} = np.random.rand()", "{new} = float(np.random.normal({small}, 1))", "{new} = random.gauss({int}, 1)", "{new} = {draw} * {int}"),
        "int": ("{new} = random.randint(0, 99)", "{new} = random.choice({list} or [{small}])\n{new} = len(str({new}))", "{new} = int(np.random.randint(10))", "{new} = random.randrange({small}, 50)"),
        "list": ("{new} = [random.random() for _ in range(2)]", "{new} = random.sample(range(20), 3)", "{new} = np.random.permutation(4).tolist()", "{new} = random.choices({list} or [0], k=2)"),
        "array": ("{new} = np.random.rand(4).round(3)", "{new} = np.random.permutation({array})", "{new} = np.random.choice({array}, 2)"),
        "frame": ("{new} = pd.DataFrame({{'p': np.random.randint(0, 9, 3), 'q': [{small}, 5, 6]}})", "{new} = {frame}.sample(2)"),
        "function": ("def {new}(z):\n    if {int} > {small}:\n        return random.randint(0, 9)\n    return z", "def {new}(z):\n    return random.randint(0, 9) + z", "def {new}(z):\n    return int(np.random.randint(9)) + z"),
    },
    changes=(
        "random.random()", "np.random.rand()", "random.shuffle({list})", "np.random.shuffle({array})", "if {int} > {small}:\n    random.random()", "random.seed({small})",
        "np.random.seed({small})", "random.seed({int})", "for _ in range({int} % 5):\n    random.random()", "state = random.getstate()", "random.setstate(random.getstate())",
        "np.random.seed({int} % 7)\n{draw} = np.random.rand()", "{function}({small})",
    ),
    shows=("random.random()", "np.random.rand()", "{draw}", "[random.randint(0, 9), {int}]", "np.random.rand(2).round(3)", "print(random.random())", "{function}({small})"),
    imports="import random\nimport numpy as np",
)  # fmt: skip

GENERATORS = Family(
    name="generator objects",
    kinds={"rng": ("rng", "rng2"), "rnd": ("rnd",)},
    first={"rng": "{new} = np.random.default_rng({small})", "rnd": "{new} = random.Random({small})"},
    makes={
        "rng": (
            "{new} = np.random.default_rng({small})", "{new} = np.random.default_rng({int} % 9)", "{new} = {rng}", "{new} = np.random.RandomState({small})", "{new} = np.random.Generator(np.random.PCG64({small}))",
            "import copy\n{new} = copy.deepcopy({rng})",
        ),
        "rnd": ("{new} = random.Random({small})", "{new} = random.Random({int})", "{new} = {rnd}"),
        "int": ("{new} = int({rng}.normal() * 100)", "{new} = {rnd}.randint(0, 99)"),
        "array": ("{new} = {rng}.normal(size=3).round(3)", "{new} = {rng}.permutation({array})"),
        "list": ("{new} = [{rnd}.random()]", "{new} = {rng}.normal(size=2).tolist()"),
        "frame": ("{new} = {frame}.sample(2, random_state={rng})", "{new} = {frame}.sample(2, random_state={small})"),
        "function": ("def {new}(z):\n    return int({rng}.normal() * 10) + z", "def {new}(z, rng={rng}):\n    return int(rng.normal() * 10) + z", "def {new}(z):\n    return {rnd}.randint(0, 9)"),
    },
    changes=("{rng}.normal()", "{rng}.shuffle({array})", "{rnd}.shuffle({list})", "{rnd}.seed({small})", "if {int} > {small}:\n    {rng}.normal()", "{rnd}.random()", "{function}({small})"),
    shows=("{rng}.normal()", "{rnd}.random()", "{rng}.normal(size=2).round(3)", "[{rnd}.randint(0, 9), {int}]", "{function}({small})"),
    imports="import random\nimport numpy as np",
)  # fmt: skip

UNSEEDED = Family(
    name="unseeded",
    kinds={"loose": ("loose",)},
    first={"loose": "{new} = 0"},
    makes={
        "loose": (
            "{new} = np.random.default_rng().normal()", "import uuid\n{new} = uuid.uuid4().hex", "import os\n{new} = os.urandom(2)", "import secrets\n{new} = secrets.randbelow(10**6)",
            "import time\n{new} = time.time()", "import datetime\n{new} = datetime.datetime.now()", "{new} = random.Random().random()", "{new} = random.SystemRandom().random()",
            "{new} = id(object())", "{new} = hash('a{small}')", "{new} = os.getpid() if 'os' in globals() else 0", "{new} = {loose}", "{new} = np.random.RandomState().rand()",
            "import tempfile\n{new} = tempfile.mktemp()", "from random import SystemRandom\n{new} = SystemRandom().randint(0, 9**9)", "import time as clock\n{new} = clock.time_ns()",
            "from time import time as now\n{new} = now()", "random.seed()\n{new} = random.random()", "from uuid import uuid4 as fresh\n{new} = str(fresh())",
        ),
        "int": ("{new} = len(str({loose}))",),
    },
    changes=("import time\ntime.sleep(0)", "random.seed()", "np.random.seed()"),
    shows=("{loose}", "str({loose})[:4]", "[{loose}, {int}]", "random.random()"),
    imports="import random\nimport numpy as np",
)  # fmt: skip
