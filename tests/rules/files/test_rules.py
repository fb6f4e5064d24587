"""What each rule finds in a file, at which line, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.rules.configured import RuleSettings
from jupyter_repro.rules.files import check_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
ALL = RuleSettings(extend_select=("RP611",))
ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}


def found(path: Path) -> list[tuple[str, str, int]]:
    """Return code, cell and line of each finding."""
    return [(each.code, each.cell, each.line) for each in check_notebook(path, ALL).findings]


@pytest.mark.parametrize(
    ("code", "cells", "cell", "line"),
    [
        ("RP102", ["print(total)", "total = 3"], 1, 1),
        ("RP102", ["x = 1", "y = x +\\\n  z", "z = 2"], 2, 2),
        ("RP102", ["n += 1", "n = 1"], 1, 1),
        ("RP103", ["a = 1", "# note\nprint(a, gone)"], 2, 2),
        ("RP103", ["x = 1", "del x", "x"], 3, 1),
        ("RP103", ["x = x + 1"], 1, 1),
        ("RP103", ["def f(): return missing\nf()"], 1, 1),
        ("RP103", ["def f(x: missing): return x"], 1, 1),
        ("RP103", ["def f(): return g()\ndef g(): return missing\nf()"], 1, 2),
        ("RP103", ["class A:\n    b = missing"], 1, 2),
        ("RP103", ["%%time\ny = missing"], 1, 2),
        ("RP103", ["!ls \\\n  -l\nprint(missing)"], 1, 3),
        ("RP111", ["print 'done'"], 1, 1),
        ("RP111", ["%%time\nx = = 2"], 1, 2),
        ("RP112", ["%run setup.py"], 1, 1),
        ("RP112", ["exec(open('setup.py').read())"], 1, 1),
        ("RP113", ["import os\nfrom helpers import *"], 1, 2),
        ("RP202", ["import numpy as np\nnp.random.rand(3)", "np.random.seed(0)"], 1, 2),
        ("RP202", ["from random import shuffle\nx = [1]\nshuffle(x)"], 1, 3),
        ("RP202", ["import torch\ntorch.manual_seed(0)\nimport random\nrandom.random()"], 1, 4),
        ("RP202", ["from sklearn.model_selection import train_test_split as s\ns([1], [2])"], 1, 2),
        ("RP202", ["import pandas as pd\npd.DataFrame().sample(frac=1)"], 1, 2),
        ("RP202", ["import torch\ntorch.nn.Linear(2, 2)"], 1, 2),
        ("RP202", ["import torch.utils.data as d\nd.DataLoader([1], shuffle=True)"], 1, 2),
        ("RP202", ["import numpy as np\ndef noise():\n    return np.random.rand()", "noise()"], 1, 3),
        ("RP203", ["import numpy as np\nrng = np.random.default_rng()"], 1, 2),
        ("RP203", ["from numpy.random import default_rng\nrng = default_rng(None)"], 1, 2),
        ("RP203", ["import random\nr = random.Random()"], 1, 2),
        ("RP204", ["import time, random\nrandom.seed(time.time())"], 1, 2),
        ("RP204", ["import numpy as np\nnp.random.seed()"], 1, 2),
        ("RP205", ["import uuid\nname = uuid.uuid4()"], 1, 2),
        (
            "RP206",
            ["import os\nfor f in os.listdir('.'):\n    if f:\n        os.remove(f)\n        print(f)"],
            1,
            2,
        ),
        ("RP206", ["import os\nold = os.listdir('.')\n'a' in old", "print(old)"], 1, 2),
        ("RP206", ["import os\nfiles = os.listdir('data')"], 1, 2),
        ("RP206", ["from pathlib import Path\nfor p in Path('data').glob('*.csv'):\n    print(p)"], 1, 2),
        ("RP208", ["labels = list({'cat', 'dog'})"], 1, 1),
        ("RP212", ["from datetime import datetime\nstamp = datetime.now()"], 1, 2),
        (
            "RP212",
            ["from datetime import datetime, timedelta\ns = datetime.now() - timedelta(days=30)"],
            1,
            2,
        ),
        ("RP411", ["%pip install numpy"], 1, 1),
        ("RP411", ["!pip install -q 'numpy>=2'"], 1, 1),
        ("RP411", ["import sys\n!{sys.executable} -m pip install numpy==2.*"], 1, 2),
        ("RP411", ["%%bash\n# setup\npip install git+https://example.org/a/b.git"], 1, 3),
        ("RP411", ["%conda install -c conda-forge scipy"], 1, 1),
        ("RP412", ["x = 1\n!make data"], 1, 2),
        ("RP412", ["%%bash\nmake data"], 1, 2),
        ("RP413", ["!pip install numpy==2.1.0"], 1, 1),
        ("RP511", ["open('/home/ana/train.csv')"], 1, 1),
        ("RP511", ["p = 'C:\\\\Users\\\\ana\\\\train.csv'"], 1, 1),
        ("RP511", ["import os\nos.path.expanduser('~/train.csv')"], 1, 2),
        ("RP511", ["from pathlib import Path\nPath.home()"], 1, 2),
        ("RP512", ["import pandas as pd\npd.read_csv('https://example.org/a.csv')"], 1, 2),
        ("RP512", ["import requests\nurl = 'x'\nrequests.get(url)"], 1, 3),
        ("RP512", ["from datasets import load_dataset\nload_dataset('imdb')"], 1, 2),
        ("RP512", ["!wget https://example.org/a.csv"], 1, 1),
        ("RP512", ["from transformers import AutoModel\nAutoModel.from_pretrained('org/name')"], 1, 2),
        ("RP611", ["learning_rate = 3e-4"], 1, 1),
        ("RP611", ["batch_size: int = 32"], 1, 1),
        ("RP611", ["dict(a=1,\n    lr=3e-4)"], 1, 2),
        ("RP611", ["config = {'seed': 1,\n          'n_epochs': 5}"], 1, 2),
        ("RP812", ["key = 'AKIA" + "QWERTYUIOPASDFGH'"], 1, 1),
    ],
)
def test_it_is_found(code: str, cells: list[str], cell: int, line: int, write: Callable[..., Path]) -> None:
    """Cell and line are those of the source as it is written."""
    assert (code, f"cell {cell}", line) in found(write(*cells))


@pytest.mark.parametrize(
    "cells",
    [
        ["import numpy as np", "%matplotlib inline\nnp.arange(3)"],
        ["for i in range(3):\n    t = i", "print(i, t)"],
        ["try:\n    x\nexcept NameError:\n    x = 1", "print(x)"],
        ["if 'x' not in globals():\n    x = 1", "print(x)"],
        ["%run setup.py  # repro: allow RP112 because it is a lesson", "print(anything)"],
        ["from math import *", "print(pi)"],
        ["def f():\n    return later", "later = 1", "f()"],
        ["class A:\n    def a(self):\n        return B()\n    b = property(a)\nA", "class B(A):\n    pass", "A().b"],
        ["table = {'f': lambda: later}\ndef g():\n    return later\nlist(map(print, [g]))", "later = 1"],
        ["display(In, Out, _, __name__)\nget_ipython()"],
        ["a = !ls  # repro: allow RP412 because it is shown only\nprint(a)"],
        ["%%writefile a.py\nprint(x", "x = 1"],
        ["%%html\n<b>not python</b>"],
        ["[y for y in range(3)]", "lambda q: q", "class A:\n    k = 1\n    m = k"],
        ["with open('a') as f, open('b') as g:\n    t = f.read() + g.read()", "t"],
        ["import pandas as pd\ndf = pd.DataFrame({'a': [1]})", "df.query('a > 0').eval('a + 1')"],
        ["df = 1", "match df:\n    case [a, *rest]:\n        print(a, rest)\n    case _:\n        pass"],
        ["# only a comment"],
        ["str.join?", "?str"],
        ["raise ValueError"],
        ["dict(alpha=0.5)\nlearning_rate = float('1')\nconfig = {'lr': None, 3: 4}\nbatch_size = True"],
        ["import numpy as np\nnp.random.seed(0)", "np.random.rand(3)"],
        ["%load_ext jupyter_repro\n%repro seed=42", "import random\nrandom.random()"],
        ["import numpy as np\ndef set_seed(n):\n    np.random.seed(n)\nset_seed(1)", "np.random.rand()"],
        ["import numpy as np\ndef noise():\n    return np.random.rand()", "np.random.seed(0)\nnoise()"],
        ["from helpers import set_seed\nset_seed(1)", "import torch\ntorch.rand(3)"],
        ["from sklearn.model_selection import train_test_split as s\ns([1], [2], random_state=0)"],
        ["from sklearn.model_selection import train_test_split as s\ns([1], [2], shuffle=False)"],
        ["import numpy as np\nrng = np.random.default_rng(42)\nrng.normal(size=3)\nrng.shuffle([1])"],
        ["import random\nr = random.Random(0)\nr.random()"],
        ["import torch\ng = torch.Generator().manual_seed(0)\ntorch.rand(3, generator=g)"],
        ["import random\nrandom.seed(42)\nrandom.sample(range(5), k=2)"],
        ["import os\nfor f in sorted(os.listdir('.')):\n    print(f)"],
        ["import os\nn = len(os.listdir('.'))\nfiles = os.listdir('.')\nfiles.sort()"],
        ["from pathlib import Path\nfiles = sorted(p.name for p in Path('.').glob('*'))"],
        ["import os\nfor f in os.listdir('.'):\n    if f.endswith('.tmp'):\n        os.remove(f)"],
        ["from pathlib import Path\nfor p in Path('.').rglob('*.tmp'):\n    p.unlink()"],
        ["import os\nold = [f for f in os.listdir('.')]", "'a' in old, len(old)\nfor f in old:\n    os.remove(f)"],
        ["import fnmatch, glob\nany(glob.glob('*.csv'))"],
        ["s = sorted({'a', 'b'})\n'a' in {'a', 'b'}\nlen({'a'})"],
        ["import time\nt = time.time()\nprint(time.time() - t)"],
        ["from datetime import datetime\nstart = datetime.now()", "print(datetime.now() - start)"],
        ["%pip install numpy==2.1.0 'pandas == 2.3.3; python_version > \"3.9\"'", "%pip install -r requirements.txt"],
        ["%pip install git+https://example.org/a.git@0123456789abcdef0123456789abcdef01234567 -e ."],
        ["open('data/train.csv')", "u = 'https://example.org/home/a'", "'''Notes: /home/ana/x'''"],
        ["import pandas as pd\npd.read_csv('data/a.csv')", "open('/etc/hostname')"],
        ["import pandas as pd\npd.read_csv('https://zenodo.org/records/123/files/a.csv')"],
        ["from datasets import load_dataset\nload_dataset('imdb', revision='0123abc')", "load_dataset('csv')"],
        ["import requests, hashlib\nb = requests.get('https://a.b/c').content\nassert hashlib.sha256(b).hexdigest() == 'f'"],
        ["key = 'your-api-key-here'", "h = 'd41d8cd98f00b204e9800998ecf8427e'"],
    ],
)  # fmt: skip
def test_it_is_left_alone(cells: list[str], write: Callable[..., Path]) -> None:
    """Nothing but what a reason allows is found."""
    findings = check_notebook(write(*cells), RuleSettings()).findings
    assert [each for each in findings if not each.allowed] == []


def test_names_given_by_the_platform(write: Callable[..., Path]) -> None:
    """`builtins` names what no cell has to make."""
    path = write("spark.sql('select 1')")
    assert found(path) == [("RP103", "cell 1", 1)]
    assert check_notebook(path, RuleSettings(builtins=("spark",))).findings == ()


def test_saved_runs(write: Callable[..., Path], code: Callable[..., dict[str, Any]]) -> None:
    """A saved error is an error unless it is meant; a cell without a run is told only where others ran."""
    path = write(
        code("1 / 0", count=1, outputs=[ERROR]),
        code("2 / 0", count=2, outputs=[ERROR], tags=["raises-exception"]),
        code("3"),
        code("# nothing"),
    )
    assert found(path) == [("RP108", "cell 1", 1), ("RP105", "cell 3", 1)]
    assert found(write("1", "2", name="never.ipynb")) == []


def test_credentials_in_outputs_and_text(
    write: Callable[..., Path], code: Callable[..., dict[str, Any]]
) -> None:
    """They are found in what a cell shows and in Markdown, and never spelled."""
    key = "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"
    shown = {"output_type": "stream", "name": "stdout", "text": [f"token {key}\n"]}
    note = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": f"a\n\nuse {key}"}
    image = {"output_type": "display_data", "data": {"image/png": key}, "metadata": {}}
    path = write(code("print()", outputs=[shown, image]), note)
    assert found(path) == [("RP812", "cell 1", 1), ("RP812", "markdown at 2", 3)]
    assert key not in json.dumps([each.message for each in check_notebook(path, ALL).findings])


def test_the_file_line_is_that_of_the_source(write: Callable[..., Path]) -> None:
    """An annotation lands at the line of the file, whatever its layout."""
    path = write("a = 1", "b = 2\nprint(\n  gone)\n")
    line = check_notebook(path, ALL).findings[0].file_line
    assert "gone" in path.read_text().split("\n")[line - 1]
    one_line = json.dumps(json.loads(path.read_text()))
    path.write_text(one_line)
    assert check_notebook(path, ALL).findings[0].file_line == 1


def test_a_clean_notebook_full_of_traps() -> None:
    """What looks like a fault and is none."""
    findings = check_notebook(HERE / "notebooks" / "traps.ipynb", RuleSettings()).findings
    assert [(each.code, each.cell, each.message) for each in findings if not each.allowed] == []


def test_a_notebook_full_of_faults() -> None:
    """All of them, in the order of the document."""
    findings = check_notebook(HERE / "notebooks" / "faults.ipynb", RuleSettings()).findings
    assert [(each.code, each.cell, each.line) for each in findings] == [
        ("RP411", "cell 1", 1),
        ("RP413", "cell 1", 1),
        ("RP511", "cell 2", 1),
        ("RP512", "cell 2", 2),
        ("RP102", "cell 3", 2),
        ("RP206", "cell 4", 2),
        ("RP202", "cell 5", 1),
        ("RP202", "cell 5", 2),
        ("RP203", "cell 5", 3),
        ("RP205", "cell 6", 1),
        ("RP103", "cell 6", 2),
        ("RP111", "cell 7", 1),
    ]
