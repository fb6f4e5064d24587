"""One cell for each of the 33 kinds of output that break a naive comparison.

Nothing in them is another result: two runs of this notebook tell a reader the same. Cells that draw do so as in
a bundle's runs, after a seed and under a fixed hash seed.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["KINDS", "Kind"]


class Kind(NamedTuple):
    """One kind of volatile output."""

    title: str
    source: str
    tags: tuple[str, ...] = ()


KINDS = (
    Kind("address in a repr", "class Model: pass\nmodels = [Model(), print]\nprint(models[0])\nmodels[0]"),
    Kind(
        "path of the kernel's temporary file in a traceback",
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    print(traceback.format_exc())",
    ),
    Kind(
        "one stream in other pieces",
        "import sys, time\nfor i in range(4):\n    print('part', i, end=' ', flush=True)\n"
        "    time.sleep(0.3 if hash(time.time()) % 2 else 0)\nprint('end')",
    ),
    Kind(
        "stdout and stderr interleaved",
        "import sys, os\nfor i in range(3):\n    print('out', i, flush=True)\n    print('err', i, file=sys.stderr, flush=True)",
    ),
    Kind("%timeit", "%timeit -n 20 -r 3 sum(range(1000))"),
    Kind(
        "seconds in ordinary text",
        "import time\nbegan = time.perf_counter()\ntotal = sum(range(200_000))\n"
        "print(f'summed to {total} in {time.perf_counter() - began:.6f} seconds')",
    ),
    Kind(
        "altair chart",
        "import altair as alt, pandas as pd\n"
        "alt.Chart(pd.DataFrame({'a': [1, 2, 3], 'b': [4.5, 5.25, 6.125]})).mark_bar().encode(x='a', y='b')",
    ),
    Kind(
        "plain twin of a rich output",
        "class Rich:\n    def _repr_html_(self):\n        return '<b>accuracy 0.93</b>'\nRich()",
    ),
    Kind(
        "SVG figure with dates and random ids",
        "import io, matplotlib; matplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
        "from IPython.display import SVG, display\nfig, ax = plt.subplots(figsize=(2, 1.5))\n"
        "ax.plot([1, 3, 2], marker='o')\nout = io.StringIO(); fig.savefig(out, format='svg'); plt.close(fig)\n"
        "display(SVG(out.getvalue()))",
    ),
    Kind(
        "PDF figure with its date",
        "import io, time\nfrom IPython.display import display\nfig, ax = plt.subplots(figsize=(2, 1.5)); ax.plot([1, 3, 2])\n"
        "out = io.BytesIO(); fig.savefig(out, format='pdf'); plt.close(fig)\nimport base64\n"
        "display({'application/pdf': base64.b64encode(out.getvalue()).decode(), 'text/plain': 'a figure'}, raw=True)",
    ),
    Kind(
        "statsmodels summary with date and time",
        "import numpy as np, statsmodels.api as sm\nx = np.arange(8.0)\n"
        "sm.OLS(2 * x + np.cos(x), sm.add_constant(x)).fit().summary()",
    ),
    Kind("set of strings in hash order", "print(set(['ab', 'cd', 'ef', 'gh']), list({'x': 1, 'y': 2}))"),
    Kind(
        "uninitialised memory",
        "import os, struct\nprint('before', struct.unpack('<2d', os.urandom(16)), 'after')",
    ),
    Kind(
        "random numbers hidden in a library",
        "import random, networkx as nx\nrandom.seed(42); np.random.seed(42)\n"
        "print({n: p.round(6).tolist() for n, p in nx.spring_layout(nx.path_graph(3)).items()})",
    ),
    Kind("numbers drawn after others", "print(np.random.rand(3), random.random())"),
    Kind(
        "bytes made from random numbers",
        "import hashlib\nprint(hashlib.sha256(np.random.rand(10).tobytes()).hexdigest())",
    ),
    Kind("widget", "import ipywidgets\nipywidgets.IntSlider(value=3, description='k')"),
    Kind(
        "progress bar",
        "import sys\nfrom tqdm import tqdm\nfor _ in tqdm(range(40), file=sys.stdout):\n    time.sleep(0.003)",
    ),
    Kind(
        "error that is the lesson", "raise ValueError(f'no such model {object()!r}')", ("raises-exception",)
    ),
    Kind(
        "failing callback told on stdout",
        "print(f'Error in callback <function flush_figures at {hex(id(Rich()))}> (for post_execute):')",
    ),
    Kind("warning with the path of a package", "import warnings\nwarnings.warn('deprecated')\nprint(6 * 7)"),
    Kind("names of host and process", "import os, platform\nprint('pid', os.getpid(), 'cores ok')"),
    Kind(
        "temporary file, clock and id()",
        "import datetime, tempfile\nprint(tempfile.mkdtemp(), datetime.datetime.now(), id(object()))",
    ),
    Kind(
        "scikit-learn and Styler ids",
        "from sklearn.linear_model import LinearRegression\nfrom IPython.display import display\n"
        "display(LinearRegression())\npd.DataFrame({'a': [1, 2]}).style.highlight_max()",
    ),
    Kind(
        "counter in a file that each run advances",
        "path = 'counter.txt'\ncount = int(open(path).read()) + 1 if os.path.exists(path) else 1\n"
        "open(path, 'w').write(str(count))\nprint('run number', count)",
    ),
    Kind("history of the kernel", "print(len(In) > 3, type(_oh).__name__)\ndatetime.datetime.now()"),
    Kind(
        "display update and clear_output",
        "from IPython.display import clear_output, display\nhandle = display('loading', display_id=True)\n"
        "print('wait', time.time())\nclear_output(wait=True)\nhandle = display('done', display_id=True)\nhandle.update('ready')",
    ),
    Kind(
        "place of a local module",
        "import types\nhelper = types.ModuleType('helper')\nhelper.__file__ = tempfile.mkdtemp() + '/helper.py'\nprint(helper)",
    ),
    Kind(
        "plotly figure",
        "import plotly.graph_objects as go, plotly.io\nplotly.io.renderers.default = 'plotly_mimetype+notebook_connected'\n"
        "go.Figure(go.Bar(x=['a', 'b'], y=[1.5, 2.5]))",
    ),
    Kind(
        "cache that makes a call quiet or quick",
        "import functools\n@functools.lru_cache\ndef slow(n):\n    began = time.perf_counter(); sum(range(n))\n"
        "    return time.perf_counter() - began\nprint('first call', slow(100_000), 'value', 499)",
    ),
    Kind(
        "figure encoded with other metadata",
        "from IPython.display import Image\nfig, ax = plt.subplots(figsize=(2, 1.5)); ax.plot([1, 3, 2])\n"
        "out = io.BytesIO(); fig.savefig(out, format='png', metadata={'Creation Time': str(time.time())}); plt.close(fig)\n"
        "Image(out.getvalue())",
    ),
    Kind(
        "listing with times of files",
        "open('model.bin', 'wb').write(b'x' * 512)\n"
        "print('model.bin', os.path.getsize('model.bin'), time.ctime(os.path.getmtime('model.bin')))",
    ),
    Kind(
        "execution counts and ids of the notebook itself",
        "get_ipython().execution_count += int(time.time()) % 50\n{'answer': 42}",
    ),
)
