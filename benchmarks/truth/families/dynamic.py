"""Code from text, unusual scopes, the shell's history, and errors midway."""

from __future__ import annotations

from truth.family import Family

__all__ = ["DYNAMIC", "ERRORS", "HISTORY", "SCOPES"]

DYNAMIC = Family(
    name="dynamic",
    makes={
        "int": (
            "exec('{new} = {int} + {small}')", "{new} = eval('{int} + {small}')", "globals()['{new}'] = {small}", "{new} = globals()['{int}']", "{new} = globals().get('{int}', {small})",
            "exec(f'{new} = {{{int}}}')", "code = '{int} * 2'\n{new} = eval(code)", "exec(compile('{new} = {small}', 'made', 'exec'))", "{new} = vars()['{int}']", "import __main__\n{new} = __main__.{int}",
            "{new} = eval('{function}({small})')", "{new} = int('{int}' in globals())", "{new} = getattr(__builtins__, 'len')({list})", "globals().update({new}={int})", "import builtins\n{new} = getattr(builtins, 'shared', {small})",
        ),
        "list": ("{new} = eval('{list}')", "{new} = [name for name in ('a', 'b', 'zs') if name in globals()]", "{new} = globals()['{list}']"),
        "function": ("exec('def {new}(z):\\n    return z + {int}')", "{new} = eval('lambda z: z + {int}')", "def {new}(z):\n    return eval('{int} + z')", "def {new}(z):\n    return globals().get('{int}', 0) + z"),
    },
    changes=(
        "exec('{list}.append({small})')", "globals()['{list}'].append({small})", "exec('{int} += 1')", "globals().pop('{any}', None)", "for name in ('{int}', '{int}'):\n    globals()[name] = {small}", "import __main__\n__main__.{int} = {small}",
        "getattr({list}, 'app' + 'end')({small})", "import operator\noperator.methodcaller('append', {small})({list})", "list.append({list}, {small})", "vars()['{int}'] = {small}", "import builtins\nbuiltins.shared = {int}", "{function}({small})",
        "(lambda q: q.append({small}))({list})", "[*map({list}.append, [{small}])]", "import gc\n_ = [o.append({small}) for o in gc.get_referents(globals()) if o is {list}]", "locals()['{int}'] = {small}", "setattr(__import__('__main__'), '{int}', {small})",
    ),
    shows=("'{any}' in globals()", "eval('{int}')", "sorted(k for k in globals() if len(k) == 1 and k != '_')", "{function}({small})", "len([k for k in dir() if not k.startswith('_')])", "shared"),
)  # fmt: skip

SCOPES = Family(
    name="scopes",
    makes={
        "int": (
            "({new} := {small})", "if ({new} := {int}) > 2:\n    {list}.append({new})", "def setter():\n    global {new}\n    {new} = {int} + 1\nsetter()", "with __import__('contextlib').nullcontext({int}) as {new}:\n    pass",
            "for {new} in {list} or [{small}]:\n    {new} = {small}", "[{new} := i for i in range({small} + 1)]", "{new} = [i for i in range(5) if i > {int}][:1] or [0]\n{new} = {new}[0]", "import asyncio\nasync def wait():\n    return {int}\n{new} = await wait()",
            "{new} = await __import__('asyncio').sleep(0, {int})", "import threading\ndef work():\n    global {new}\n    {new} = {int}\nt1 = threading.Thread(target=work)\nt1.start()\nt1.join()", "{new}, *_rest = [{int}, {small}]",
            "class Box:\n    inside = {int}\n    {new} = inside\n{new} = Box.inside", "try:\n    {new} = {list}[9]\nexcept IndexError as problem:\n    {new} = {small}",
        ),
        "list": ("{new} = [{int} for {int} in range(2)]", "{new}, {list} = {list}, [{small}]", "*{new}, last = [{small}, {int}, 3]", "{new} = [(lambda: {int})() for _ in range(2)]"),
        "function": ("def {new}(z):\n    def deep():\n        global b\n        b = z\n    deep()\n    return z", "def {new}({int}):\n    return {int}", "def {new}(z):\n    global n\n    n += z\n    return n", "def {new}(z):\n    {int} = z\n    return {int}"),
    },
    changes=(
        "del {any}", "def bump():\n    global {int}\n    {int} += 1\nbump()", "for {int} in range({small}):\n    pass", "import contextlib\nwith contextlib.suppress(NameError):\n    del {any}", "{function}({small})", "len = {int}\ndel len",
        "sum = {int}", "print = lambda *args: None", "def list(*args):\n    return [{small}]", "del {int}, {int}", "try:\n    del {any}\nexcept NameError:\n    pass", "import asyncio\nasync def later():\n    {list}.append({small})\nawait later()",
        "type = {int}", "{int} = {int} = {small}", "global {int}\n{int} = {small}",
    ),
    shows=("{int}", "{function}({small})", "({int} := {int} + 1)", "[{int} for {int} in range(2)]", "await __import__('asyncio').sleep(0, {int})", "sum([1, {small}])", "list((1, 2))"),
)  # fmt: skip

HISTORY = Family(
    name="history",
    makes={
        "int": ("{new} = len(str(_))", "{new} = len(Out)", "{new} = len(In)", "{new} = _ if isinstance(_, int) else {small}", "{new} = len(_i)", "{new} = get_ipython().execution_count"),
        "text": ("{new} = str(_)", "{new} = str(__)", "{new} = In[-2]", "{new} = str(list(Out.values())[-1:])", "{new} = _i", "{new} = str(_oh)"),
    },
    changes=("Out.clear()", "_ = {int}", "{list}.append(_)", "Out[2] = {small}"),
    shows=("_", "__", "Out", "len(In)", "_i", "_1", "Out.get(2)", "{int}"),
)  # fmt: skip

ERRORS = Family(
    name="errors",
    makes={
        "int": (
            "{new} = {list}[{int}]", "{new} = {dict}['missing{small}']", "{new} = 10 // ({int} % 2)", "{new} = undefined_{small}", "assert {int} < {small} + 3\n{new} = {small}",
            "try:\n    {new} = {list}[{int}]\nexcept IndexError:\n    {new} = {small}", "try:\n    {new} = undefined_{small}\nexcept NameError as problem:\n    {new} = len(str(problem))",
        ),
        "list": ("{new} = [10 // i for i in {list}]", "{new} = []\nfor i in ({int}, 0):\n    {new}.append(i)\n    if i == {small}:\n        raise ValueError(i)"),
    },
    changes=(
        "{list}.append({small})\n1 / 0", "{list}.append({small})\nif {int} > 2:\n    raise ValueError({int})", "{int} += 1\nassert {int} < {small} + 4", "try:\n    {list}.append(1 / 0)\nexcept ZeroDivisionError as problem:\n    {list}.append(str(problem))",
        "try:\n    {list}.append({small})\n    raise KeyError({small})\nexcept KeyError:\n    pass\nfinally:\n    {int} = {small}", "if {int} == {small}:\n    raise SystemExit", "import sys\nif {int} > 3:\n    sys.exit({small})", "if {int} == {small}:\n    raise KeyboardInterrupt",
        "try:\n    {dict}[{list}] = 1\nexcept TypeError:\n    {dict}['e'] = {small}", "x = = 1", "def broken(:\n    pass", "assert {int} != {small}, {int}", "try:\n    from nowhere import nothing\nexcept ImportError:\n    nothing = {small}",
        "def fails(z):\n    {list}.append(z)\n    raise RuntimeError(z)\ntry:\n    fails({int})\nexcept RuntimeError:\n    pass", "{list}[{small}]", "for i in {list}:\n    {int} += 1\n    if {int} > 9:\n        raise RuntimeError({int})",
    ),
    shows=("{list}[{int}]", "10 / ({int} + 1)", "{dict}['k']", "{list}[:1]"),
)  # fmt: skip
