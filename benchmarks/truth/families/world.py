"""What lies outside the names: files, environment variables, settings, modules, magics."""

from __future__ import annotations

from truth.family import Family

__all__ = ["ENVIRONMENT", "FILES", "MAGICS", "MODULES", "SETTINGS"]

FILES = Family(
    name="files",
    kinds={"content": ("content",), "handle": ("fh",)},
    first={"content": "{new} = open('data.csv').read()", "handle": "{new} = open('data.csv')"},
    makes={
        "content": (
            "{new} = open('data.csv').read()", "{new} = open('out{small}.txt').read()", "with open('data.csv') as source:\n    {new} = source.readline()",
            "from pathlib import Path\n{new} = Path('out.txt').read_text() if Path('out.txt').exists() else ''", "import json\n{new} = json.dumps(json.load(open('settings.json')))",
            "import pickle\n{new} = str(pickle.load(open('kept.pkl', 'rb')))", "{new} = str(np.load('kept.npy').sum())", "import os\n{new} = str(sorted(os.listdir('.')))",
            "from pathlib import Path\n{new} = str(sorted(p.name for p in Path('.').glob('*.txt')))", "import os\n{new} = str(os.path.exists('out{small}.txt'))",
        ),
        "handle": ("{new} = open('data.csv')", "{new} = open('out.txt', 'a')\n{new}.write('{small}')\n{new}.flush()", "import io\n{new} = io.StringIO('a\\nb\\nc\\n')"),
        "frame": ("{new} = pd.read_csv('data.csv')", "{new} = pd.read_csv('data.csv', usecols=['p', 'q']).head({small} + 1)", "{new} = pd.read_csv('table.csv')", "{new} = pd.read_pickle('table.pkl')"),
        "int": ("{new} = len(open('data.csv').readlines())", "import os\n{new} = os.path.getsize('data.csv')", "{new} = len({content})"),
        "function": ("def {new}(z):\n    return len(open('data.csv').read()) + z", "def {new}(z):\n    with open('log.txt', 'a') as log:\n        log.write('x')\n    return z"),
    },
    changes=(
        "open('out.txt', 'w').write(str({int}))", "with open('out{small}.txt', 'w') as target:\n    target.write(str({list}))", "with open('out.txt', 'a') as target:\n    target.write('{small}')",
        "{frame}.to_csv('table.csv', index=False)", "{frame}.to_pickle('table.pkl')", "import pickle\npickle.dump({list}, open('kept.pkl', 'wb'))", "np.save('kept.npy', np.arange({int} % 9))",
        "import json\nwith open('settings.json', 'w') as target:\n    json.dump({{'k': {int}}}, target)", "import os\nif os.path.exists('out.txt'):\n    os.remove('out.txt')",
        "{handle}.readline()", "from pathlib import Path\nPath('out{small}.txt').write_text(str({int}))", "import shutil\nshutil.copy('data.csv', 'out{small}.txt')",
        "import os\nos.makedirs('folder', exist_ok=True)", "with open('data.csv', 'a') as target:\n    target.write('9,{small}\\n')", "{function}({small})",
    ),
    shows=("{content}", "open('data.csv').readline()", "{handle}.readline()", "len({content})", "{frame}", "open('out.txt').read()", "__import__('os').path.exists('out.txt')"),
    imports="import numpy as np\nimport pandas as pd",
)  # fmt: skip

ENVIRONMENT = Family(
    name="environment",
    makes={
        "text": ("{new} = os.environ.get('APP_MODE', 'none')", "{new} = os.getenv('APP_LEVEL', '{small}')", "{new} = os.path.basename(os.getcwd())", "{new} = os.environ['APP_MODE']"),
        "int": ("{new} = int(os.environ.get('APP_LEVEL', {small}))", "{new} = sum(name.startswith('APP_') for name in os.environ)", "{new} = len(sys.path)", "{new} = int('here{small}' in sys.path)"),
        "function": ("def {new}(z):\n    return int(os.environ.get('APP_LEVEL', 0)) + z",),
    },
    changes=(
        "os.environ['APP_MODE'] = 'm{small}'", "os.environ['APP_LEVEL'] = str({int})", "os.environ.pop('APP_MODE', None)", "os.environ.setdefault('APP_LEVEL', '{small}')", "%env APP_MODE=e{small}",
        "sys.path.insert(0, 'here{small}')", "os.chdir('..')\nos.chdir('work')", "os.makedirs('sub', exist_ok=True)\nos.chdir('sub')", "os.environ.update(APP_LEVEL='{small}')", "{function}({small})",
        "os.putenv('APP_MODE', 'p')", "%cd -q sub", "del os.environ['APP_MODE']",
    ),
    shows=("os.environ.get('APP_MODE')", "os.getenv('APP_LEVEL')", "os.path.basename(os.getcwd())", "'here{small}' in sys.path", "{function}({small})"),
    imports="import os, sys",
)  # fmt: skip

SETTINGS = Family(
    name="settings",
    makes={
        "text": ("{new} = str(np.array([1 / 3, {small}]))", "{new} = repr(np.array([1 / 3]))", "import decimal\n{new} = str(decimal.Decimal({int} + 1) / 7)", "{new} = str({frame})"),
        "float": ("{new} = float(np.float64({int}) / np.float64(3))",),
        "int": ("import sys\n{new} = sys.getrecursionlimit()", "import decimal\n{new} = decimal.getcontext().prec", "{new} = pd.get_option('display.max_rows')"),
    },
    changes=(
        "np.set_printoptions(precision={small} + 1)", "pd.set_option('display.max_rows', {small} + 5)", "pd.options.display.precision = {small} + 1", "import decimal\ndecimal.getcontext().prec = {small} + 3",
        "np.seterr(divide='raise')", "np.seterr(divide='ignore')", "import warnings\nwarnings.simplefilter('error')", "import warnings\nwarnings.simplefilter('ignore')", "import sys\nsys.setrecursionlimit({small} * 100 + 2000)",
        "with np.printoptions(precision={small}):\n    print(np.array([1 / 3]))", "pd.reset_option('display.precision')", "%precision {small}", "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    ),
    shows=(
        "np.array([1 / 3, {small}])", "{array} / 3", "{frame} / 7", "import decimal\ndecimal.Decimal(1) / 7", "print({array} / 3)", "1 / 3", "np.array([1.0]) / ({small} - {small})", "pd.DataFrame({{'z': [1 / 3] * 12}})",
        "import warnings\nwarnings.warn('heed')", "{float} / 3",
    ),
    imports="import numpy as np\nimport pandas as pd",
)  # fmt: skip

MODULES = Family(
    name="modules",
    makes={
        "int": ("import helper\n{new} = helper.scaled({small})", "import helper\n{new} = helper.SCALE", "import helper\n{new} = helper.counted()", "from helper import scaled\n{new} = scaled({int})", "import math\n{new} = math.gcd({int}, 12)"),
        "list": ("import helper\n{new} = helper.SEEN", "import helper\n{new} = list(helper.SEEN)", "import string\n{new} = list(string.digits[:{small}])"),
        "function": ("from helper import scaled as {new}", "import helper\ndef {new}(z):\n    return helper.scaled(z)", "import helper\n{new} = helper.scaled"),
    },
    changes=(
        "import helper\nhelper.SCALE = {int}", "import helper\nhelper.SEEN.append({small})", "import helper\nhelper.counted()", "import helper, importlib\nimportlib.reload(helper)", "from helper import *",
        "import math\nmath.tau2 = {int}", "import helper\nhelper.extra = {small}", "import sys\nsys.modules.pop('helper', None)", "import json as helper2", "from helper import SCALE", "import helper as hp\nhp.SCALE += 1",
    ),
    shows=("{function}({small})", "import helper\nhelper.SCALE", "import helper\nhelper.SEEN", "import helper\nhelper.counted()", "import math\ngetattr(math, 'tau2', None)", "import helper\nhelper.scaled({small})", "SCALE"),
)  # fmt: skip

MAGICS = Family(
    name="magics",
    makes={
        "int": ("lines = %env APP_MODE\n{new} = len(lines)", "found = !echo {small}\n{new} = int(found[0])", "%run script.py\n{new} = from_script"),
        "text": ("{new} = !echo hi\n{new} = {new}[0]", "here = %pwd\n{new} = here.rpartition('/')[2]"),
        "content": ("{new} = open('written.py').read()",),
    },
    changes=(
        "%env APP_MODE=g{small}", "%run script.py", "%run written.py", "!echo {small} > out{small}.txt", "%time {list}.append({small})", "%cd -q .", "%time {int} = {small}", "!touch seen.txt", "%run -i uses.py", "%load_ext autoreload",
        "%config InteractiveShell.ast_node_interactivity='last_expr'", "get_ipython().run_line_magic('env', 'APP_MODE=r{small}')", "ran = get_ipython().run_cell('{int} = {small}').success", "%autoreload 2",
        "get_ipython().user_ns['a'] = {small}", "get_ipython().ex('a = {small}')", "%xdel d",
    ),
    shows=("from_script", "%env APP_MODE", "!cat out{small}.txt", "{int}", "%pwd", "!echo {{{int}}}", "%who_ls int", "q_written"),
    whole=(
        "%%writefile written.py\nq_written = {small}", "%%writefile -a written.py\nq_more = {small}", "%%writefile uses.py\nq_uses = a + {small}", "%%capture grabbed\nprint({int})", "%%bash\necho {small}", "%reset -f", "%reset_selective -f ^x",
        "%%time\n{list}.append({small})", "%%timeit -n 1 -r 1\n{list}.append({small})", "%%sh\ntouch seen.txt", "%%python\nprint({small})", "%%html\n<b>{small}</b>",
    ),
    wraps=("%%capture", "%%capture kept_output"),
)  # fmt: skip
