"""Calls that may give something else each time: clocks, the system's entropy, what files are there."""

from __future__ import annotations

import builtins
import functools
import re
import types
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "FILE_METHODS",
    "TAKES_MODULES",
    "Called",
    "full_name",
    "is_assured",
    "is_telling",
    "spelled_out",
    "why_unrepeatable",
]


class Called(NamedTuple):
    """One call as the source spells it."""

    dotted: str
    """``np.random.default_rng``."""
    arguments: int = 0
    none: bool = False
    """Its only argument is None."""
    argument: str = ""
    """The name that is its only argument."""


_CLOCK = {
    "datetime": "date.today datetime.now datetime.today datetime.utcnow",
    "pandas": "Timestamp.now Timestamp.today Timestamp.utcnow",
    "time": "asctime clock_gettime clock_gettime_ns ctime gmtime localtime monotonic monotonic_ns perf_counter "
    "perf_counter_ns process_time process_time_ns strftime thread_time time time_ns",
    "timeit": "default_timer repeat timeit",
}
_ENTROPY = {
    "os": "getrandom urandom",
    "random": "SystemRandom",
    "secrets": "SystemRandom choice randbelow randbits token_bytes token_hex token_urlsafe",
    "torch": "seed",
    "uuid": "uuid1 uuid4",
}
_PROCESS = {
    "os": "getpid getppid times",
    "tempfile": "NamedTemporaryFile TemporaryDirectory gettempdir mkdtemp mkstemp mktemp",
    "threading": "get_ident get_native_id",
}
_UNSEEN_FILES = {
    "duckdb": "connect execute from_csv_auto from_parquet query read_csv read_json read_parquet sql",
    "fiona": "open",
    "fitsio": "FITS read",
    "geopandas": "read_file",
    "netCDF4": "Dataset MFDataset",
    "osgeo": "Open OpenEx",
    "pyarrow": "OSFile open_input_file open_input_stream",
    "pyreadstat": "read_dta read_por read_sas7bdat read_sav read_xport",
    "pysam": "AlignmentFile FastaFile TabixFile VariantFile",
    "pyvips": "new_from_file",
    "rasterio": "open",
    "SimpleITK": "ImageSeriesReader ReadImage",
    "torchaudio": "load",
    "xarray": "load_dataarray load_dataset open_dataarray open_dataset open_mfdataset",
}
"""Readers written in C before which nobody stands, see :mod:`jupyter_repro.inputs.readers`."""
_DATABASES = {
    "adbc_driver_postgresql": "connect",
    "MySQLdb": "connect",
    "oracledb": "connect",
    "psycopg": "connect",
    "psycopg2": "connect",
    "pycurl": "Curl",
    "pymssql": "connect",
    "pyodbc": "connect",
}
"""They connect in C."""
_PATH_QUESTIONS = "exists getatime getctime getmtime getsize isdir isfile islink lexists"
_FILES = {
    "genericpath": _PATH_QUESTIONS,
    "glob": "glob iglob",
    "os": f"access listdir lstat scandir stat walk {' '.join(f'path.{name}' for name in _PATH_QUESTIONS.split())}",
    "posix": "access listdir lstat scandir stat",
    "nt": "access listdir lstat scandir stat",
    "ntpath": _PATH_QUESTIONS,
    "posixpath": _PATH_QUESTIONS,
}
FILE_METHODS = frozenset(("exists", "glob", "is_dir", "is_file", "is_symlink", "iterdir", "rglob", "stat"))
"""Methods of paths that ask the same; no watch over opened files sees these questions."""
TAKES_MODULES = frozenset(("sys.modules.clear", "sys.modules.pop", "sys.modules.popitem"))
"""The next import runs the module anew; a second call finds none."""
_UNSEEDED_IF_BARE = {
    "numpy": "MT19937 PCG64 PCG64DXSM Philox RandomState SFC64 SeedSequence default_rng seed",
    "random": "Random seed",
}
_WITH_FORMAT = {"strftime": 1, "gmtime": 0, "localtime": 0, "ctime": 0, "asctime": 0}
"""Functions of ``time`` that only turn a given moment, past so many arguments."""


def _pairs(table: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset((package, tail) for package, tails in table.items() for tail in tails.split())


_UNSEEN = "it may read files unseen"
_KINDS = (
    (_pairs(_CLOCK), "it reads the clock"),
    (_pairs(_ENTROPY), "it draws from the system's entropy"),
    (_pairs(_PROCESS), "it asks for what is this process's own"),
    (_pairs(_FILES), "it asks what files are there"),
    (_pairs(_UNSEEN_FILES), _UNSEEN),
    (_pairs(_DATABASES), "it connects to what may answer otherwise next time"),
)
_BARE = _pairs(_UNSEEDED_IF_BARE)
_TAILS = FILE_METHODS | frozenset(
    tail.rpartition(".")[2] for pairs in (*(pairs for pairs, _ in _KINDS), _BARE) for _, tail in pairs
)

_USUAL = {
    "date": "datetime.date",
    "default_rng": "numpy.random.default_rng",
    "dt": "datetime",
    "np": "numpy",
    "pd": "pandas",
    "perf_counter": "time.perf_counter",
    "uuid4": "uuid.uuid4",
}
"""What names commonly stand for, where no import is seen."""


_BUILTINS = frozenset(dir(builtins))


def is_telling(dotted: str) -> bool:
    """Tell whether the objects behind the name may show that the call is one of these."""
    top, dot, rest = dotted.partition(".")
    return rest.rpartition(".")[2] in _TAILS if dot else top not in _BUILTINS


def spelled_out(dotted: str, imports: Mapping[str, str]) -> str:
    """Return the full name behind a dotted one, by the imports seen and by custom."""
    top, dot, rest = dotted.partition(".")
    return f"{imports.get(top) or _USUAL.get(top, top)}{dot}{rest}"


def full_name(dotted: str, namespace: Mapping[str, Any]) -> str:
    """Return the full name behind a dotted one, by the objects themselves; empty if they do not tell.

    No attribute of an object of the user's is looked at.
    """
    top, dot, rest = dotted.partition(".")
    value: Any = namespace.get(top)
    kind = type(value)
    if kind is types.ModuleType:
        name = value.__name__
    elif kind is types.MethodType:
        name = f"{value.__func__.__module__}.{value.__func__.__name__}"
    elif kind is types.FunctionType or kind.__name__ in _BUILTIN_KINDS:
        name = f"{value.__module__}.{value.__name__}"
    elif issubclass(kind, type):
        name = f"{type.__getattribute__(value, '__module__')}.{type.__getattribute__(value, '__name__')}"
    else:
        return ""
    return f"{name}{dot}{rest}"


_BUILTIN_KINDS = frozenset(("builtin_function_or_method", "cython_function_or_method", "cyfunction"))


_DRAWS = "it draws from the system's entropy (`"


def drawn_by(reason: str) -> str:
    """Return what draws, as the source spells it, of a reason that names the system's entropy; else empty."""
    return reason[len(_DRAWS) :].rstrip("`)") if reason.startswith(_DRAWS) else ""


_STREAMS = {"random.seed": "rng:python", "np.random.seed": "rng:numpy", "numpy.random.seed": "rng:numpy"}


_SEEDS = re.compile(r"seed(?!\s*\(\s*\))|set_state|setstate")


@functools.lru_cache(maxsize=4096)
def seeds_a_stream(source: str) -> bool:
    """Tell whether a source says anything of seeds but that it seeds with nothing."""
    return bool(_SEEDS.search(source))


def unseeded_by(effects: Iterable[str], source: str) -> str:
    """Return the stream that a run surely leaves at random, having seeded it with nothing; else an empty string.

    Args:
        effects: Of the run.
        source: The cell; it must say ``seed`` once.
    """
    if source.count("seed") != 1:
        return ""
    drawn = (drawn_by(effect).partition("`")[0].partition("(")[0] for effect in effects)
    return next((_STREAMS[name] for name in drawn if name in _STREAMS), "")


def is_assured(reason: str, source: str) -> bool:
    """Tell whether the source asks for its data by digest, so that who reads them then does not matter."""
    return reason.startswith(_UNSEEN) and "jupyter_repro.data(" in source


def is_derivable(reason: str) -> bool:
    """Tell whether ``entropy=derive`` governs what the reason names: a generator made or seeded without a seed."""
    tail = drawn_by(reason).rpartition(".")[2]
    return any(tail == name for _, name in _BARE)


def why_unrepeatable(full: str, called: Called) -> str:
    """Return why the call gives something else each time, or an empty string.

    Args:
        full: The full name of what is called.
        called: The call as it is spelled.
    """
    parts = full.split(".")
    if parts[-1] not in _TAILS:
        return ""
    keys = {(parts[0], parts[-1]), (parts[0], ".".join(parts[-2:]))}
    if parts[0] == "time" and called.arguments > _WITH_FORMAT.get(parts[-1], called.arguments):
        return ""
    if len(parts) > 1 and parts[-1] in FILE_METHODS:
        return f"it asks what files are there (`{called.dotted}`)"
    for pairs, reason in _KINDS:
        if keys & pairs:
            return f"{reason} (`{called.dotted}`)"
    if keys & _BARE and (not called.arguments or called.none):
        return f"it draws from the system's entropy (`{called.dotted}`)"
    return ""
