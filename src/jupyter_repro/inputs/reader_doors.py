"""The functions through which Python calls readers written in C, library by library."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DOORS", "Door"]


class Door(NamedTuple):
    """A function or class of a library."""

    holder: str
    """``module`` or ``module:Class``."""
    name: str
    at: int = 0
    """Which argument is the path."""
    keyword: str = ""
    writes: bool = False
    talks: bool = False
    """The argument is a request to a host, sent over a connection that may be open already."""


_POLARS_FORMATS = ("csv", "ipc", "ipc_stream", "parquet", "ndjson", "avro", "json", "delta", "excel", "ods")


def _each(holder: str, verb: str, at: int, keyword: str, *, writes: bool = False) -> tuple[Door, ...]:
    return tuple(Door(holder, f"{verb}_{kind}", at, keyword, writes) for kind in _POLARS_FORMATS)


DOORS: dict[str, tuple[Door, ...]] = {
    "h5py": (Door("h5py.h5f", "open", 0, "name"), Door("h5py.h5f", "create", 0, "name", writes=True)),
    "tables": (Door("tables.file:File", "__init__", 1, "filename"),),
    "pyarrow": (Door("pyarrow", "memory_map", 0, "path"), Door("pyarrow", "input_stream", 0, "source")),
    "pyarrow.csv": (
        Door("pyarrow.csv", "read_csv", 0, "input_file"),
        Door("pyarrow.csv", "open_csv", 0, "input_file"),
        Door("pyarrow.csv", "write_csv", 1, "output_file", writes=True),
    ),
    "pyarrow.json": (Door("pyarrow.json", "read_json", 0, "input_file"),),
    "pyarrow.feather": (
        Door("pyarrow.feather", "read_table", 0, "source"),
        Door("pyarrow.feather", "read_feather", 0, "source"),
        Door("pyarrow.feather", "write_feather", 1, "dest", writes=True),
    ),
    "pyarrow.orc": (
        Door("pyarrow.orc:ORCFile", "__init__", 1, "source"),
        Door("pyarrow.orc", "read_table", 0, "source"),
        Door("pyarrow.orc:ORCWriter", "__init__", 1, "where", writes=True),
    ),
    "pyarrow.parquet": (
        Door("pyarrow.parquet.core:ParquetFile", "__init__", 1, "source"),
        Door("pyarrow.parquet.core:ParquetDataset", "__init__", 1, "path_or_paths"),
        Door("pyarrow.parquet.core:ParquetWriter", "__init__", 1, "where", writes=True),
        Door("pyarrow.parquet", "read_metadata", 0, "where"),
        Door("pyarrow.parquet", "read_schema", 0, "where"),
    ),
    "pyarrow.dataset": (Door("pyarrow.dataset", "dataset", 0, "source"),),
    "polars": (
        *_each("polars", "read", 0, "source"),
        *_each("polars", "scan", 0, "source"),
        *_each("polars.dataframe.frame:DataFrame", "write", 1, "file", writes=True),
        *_each("polars.lazyframe.frame:LazyFrame", "sink", 1, "path", writes=True),
    ),
    "cv2": (
        Door("cv2", "imread", 0, "filename"),
        Door("cv2", "imwrite", 0, "filename", writes=True),
    ),
    "httpx": (
        Door("httpx:Client", "send", 1, "request", talks=True),
        Door("httpx:AsyncClient", "send", 1, "request", talks=True),
    ),
    "soundfile": (Door("soundfile:SoundFile", "__init__", 1, "file"),),
}
"""By the module after whose import the doors are there."""
