"""NumPy arrays with their views, pandas frames changed in place."""

from __future__ import annotations

from truth.family import Family

__all__ = ["ARRAYS", "FRAMES"]

ARRAYS = Family(
    name="arrays",
    kinds={"array": ("u", "v"), "grid": ("m",)},
    first={"array": "{new} = np.arange(4.0)", "grid": "{new} = np.arange(6).reshape(2, 3)"},
    makes={
        "array": (
            "{new} = np.arange(4.0)", "{new} = {array}", "{new} = {array}[:3]", "{new} = {array} * {int}", "{new} = {array}.copy()", "{new} = {array}[::-1]",
            "{new} = {grid}[0]", "{new} = {grid}.ravel()", "{new} = np.asarray({array})", "{new} = np.where({array} > {small}, {array}, 0)", "{new} = {array}[{array} > -1]",
            "{new} = np.array({list}, dtype=object)", "{new} = np.frombuffer(bytes(range(4)), dtype='u1') + {int}", "{new} = {array}.reshape(-1)", "{new} = np.sort({array})",
            "{new} = np.broadcast_to({array}[:1], 3).copy()", "{new} = np.ones(3, dtype='f4') * {small}",
        ),
        "grid": ("{new} = np.arange(6).reshape(2, 3)", "{new} = {grid}.T", "{new} = {grid} + {int}", "{new} = {grid}.copy()", "{new} = np.zeros((2, 3))\n{new}[0] = {int}"),
        "int": ("{new} = int({array}.sum())", "{new} = int({grid}.max())", "{new} = {array}.size", "{new} = int({array}[0])"),
        "list": ("{new} = {array}.tolist()", "{new} = [{array}]", "{new} = list({grid}.shape)"),
        "dict": ("{new} = {{'k': {int}, 'v': {array}}}",),
    },
    changes=(
        "{array}[0] = {small}", "{array} += 1", "{array}.fill({int})", "{array}[:2] *= 2", "{grid}[0, 0] = {int}", "{grid} += {small}", "{array}.sort()",
        "np.add({array}, 1, out={array})", "{grid}[:, 0] = {small}", "{array}[{array} > {small}] = 0", "np.put({array}, 0, {int})", "np.copyto({array}, {small})",
        "{array}.resize(3, refcheck=False)", "view = {array}[1:]\nview[0] = {small}", "{array}.flags.writeable = False", "{grid}.flat[1] = {int}", "{array}.shape = (-1,)",
    ),
    shows=(
        "{array}", "{grid}", "{array}.sum()", "{grid}.sum(axis=0)", "np.shares_memory({array}, {array})", "{array}.mean()", "print({array})", "{array}.dtype",
        "{grid}[0].tolist()", "float({array}[0])", "print({array} / 3)",
    ),
    imports="import numpy as np",
)  # fmt: skip

FRAMES = Family(
    name="pandas",
    kinds={"frame": ("df", "dg"), "series": ("col",)},
    first={"frame": "{new} = pd.DataFrame({{'p': [1, 2, 3], 'q': [{small}, 5, 6]}})", "series": "{new} = {frame}['p']"},
    makes={
        "frame": (
            "{new} = pd.DataFrame({{'p': [1, 2, 3], 'q': [{small}, 5, 6]}})", "{new} = {frame}", "{new} = {frame}.copy()", "{new} = {frame}[{frame}['p'] > {small}]",
            "{new} = {frame}.assign(r={int})", "{new} = {frame}.head(2)", "{new} = {frame}.sort_values('q')", "{new} = {frame}.groupby('p', as_index=False)['q'].sum()",
            "{new} = {frame}.merge({frame}, on='p', suffixes=('', '_y'))[['p', 'q']]", "{new} = {frame}.query('p > @{int}')", "{new} = {frame}.loc[{frame}.index[:2]]",
            "{new} = pd.concat([{frame}, {frame}], ignore_index=True).head(4)", "{new} = {frame}.eval('r = p + q')", "{new} = {frame}.rename(columns={{'q': 'q'}})",
        ),
        "series": ("{new} = {frame}['p']", "{new} = {frame}['q'] * {int}", "{new} = {frame}.q", "{new} = {series}", "{new} = pd.Series([{small}, {small}, 7])", "{new} = {frame}['p'].astype('category').cat.codes"),
        "int": ("{new} = int({frame}['p'].sum())", "{new} = len({frame})", "{new} = int({series}.iloc[0])", "{new} = {frame}.shape[1]"),
        "list": ("{new} = {frame}['q'].tolist()", "{new} = list({frame}.columns)", "{new} = [{frame}]"),
    },
    changes=(
        "{frame}['r'] = {int}", "{frame}['p'] = {frame}['p'] + {small}", "{frame}.loc[0, 'q'] = {int}", "{frame}.loc[{frame}['p'] > {small}, 'q'] = 0",
        "{frame}.drop(columns='r', errors='ignore', inplace=True)", "{frame}.sort_values('q', inplace=True)", "{frame}.rename(columns={{'r': 'rr'}}, inplace=True)",
        "{frame}.iloc[0, 0] = {small}", "{frame}.reset_index(drop=True, inplace=True)", "{frame}.at[1, 'p'] = {int}", "{frame}.columns = ['p', 'q', *{frame}.columns[2:]]",
        "part = {frame}.loc[:1]\npart['q'] = {small}", "{series}.iloc[0] = {small}", "{frame}['q'] += 1", "{frame}.insert(0, 'z{small}', {int})", "{frame}.fillna(0, inplace=True)",
        "{frame}.pop('r') if 'r' in {frame} else None", "{frame}.index = {frame}.index + {small}", "{frame}.attrs['n'] = {int}", "del {frame}['q']",
    ),
    shows=(
        "{frame}", "{frame}['p'].sum()", "{series}", "{frame}.describe()", "{frame}.shape", "{frame}.head(1)", "{series}.mean()", "print({frame})", "{frame}.attrs",
        "{frame}.groupby('p')['q'].mean()", "list({frame}.columns)", "{frame}.dtypes", "{frame}.q.max()",
    ),
    imports="import pandas as pd",
)  # fmt: skip
