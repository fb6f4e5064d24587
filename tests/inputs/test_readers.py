"""Files that readers written in C open are seen where Python calls them, and nothing of theirs changes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from jupyter_repro.inputs.opened import FileWatch, blind_spots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jupyter_repro.inputs.opened import Opened


@pytest.fixture
def seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], tuple[list[str], list[str]]]]:
    """Return what says which files of the working folder were read and written since it last said so."""
    monkeypatch.chdir(tmp_path)
    watch = FileWatch()
    watch.start()

    def take() -> tuple[list[str], list[str]]:
        found: Opened = watch.take()
        return _names(found.read), _names(found.written)

    yield take
    watch.stop()


def _names(paths: tuple[str, ...]) -> list[str]:
    """Return the paths below the working folder; libraries read files of their own."""
    return [os.path.relpath(path) for path in paths if Path(path).is_relative_to(Path.cwd())]


def test_arrow(seen: Any) -> None:
    """Parquet files, data sets, CSV, Feather, memory maps."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.csv
    import pyarrow.dataset
    import pyarrow.feather
    import pyarrow.parquet as pq

    table = pa.table({"x": [1, 2]})
    pq.write_table(table, "t.parquet")
    assert seen() == ([], ["t.parquet"])
    assert pq.read_table("t.parquet").num_rows == 2
    assert seen() == (["t.parquet"], [])
    for read in (pq.ParquetFile, pq.read_schema, pq.read_metadata, pq.ParquetDataset):
        read(Path("t.parquet"))
        assert seen() == (["t.parquet"], [])
    pyarrow.csv.write_csv(table, "t.csv")
    pyarrow.feather.write_feather(table, "t.feather")
    assert seen() == ([], ["t.csv", "t.feather"])
    pyarrow.csv.read_csv("t.csv")
    pyarrow.feather.read_table("t.feather")
    pa.memory_map("t.csv").close()
    assert seen() == (["t.csv", "t.feather"], [])
    Path("parts").mkdir()
    for number in range(3):
        pq.write_table(table, f"parts/{number}.parquet")
    seen()
    assert pyarrow.dataset.dataset("parts").to_table().num_rows == 6
    assert seen() == ([f"parts/{number}.parquet" for number in range(3)], [])


def test_polars(seen: Any) -> None:
    """Read and scanned files, patterns too; a text buffer is no file."""
    pl = pytest.importorskip("polars")
    for name in ("a", "b"):
        pl.DataFrame({"x": [1]}).write_csv(f"{name}.csv")
    assert seen() == ([], ["a.csv", "b.csv"])
    assert pl.read_csv("a.csv").height == 1
    assert seen() == (["a.csv"], [])
    assert pl.scan_csv("*.csv").collect().height == 2
    assert seen() == (["a.csv", "b.csv"], [])
    pl.read_csv(b"x\n1\n")
    assert seen() == ([], [])


def test_pandas_hdf5(seen: Any) -> None:
    """PyTables opens its files in C."""
    pytest.importorskip("tables", reason="not in the development set; `make data-libraries` has it")
    pd = pytest.importorskip("pandas")
    pd.DataFrame({"x": [1]}).to_hdf("t.h5", key="x")
    assert "t.h5" in seen()[1]
    pd.read_hdf("t.h5")
    assert seen() == (["t.h5"], [])


def test_h5py(seen: Any) -> None:
    """Made, read, changed."""
    h5py = pytest.importorskip("h5py", reason="not in the development set; `make data-libraries` has it")
    with h5py.File("t.h5", "w") as file:
        file["x"] = [1, 2]
    assert seen() == ([], ["t.h5"])
    with h5py.File("t.h5") as file:
        assert list(file["x"]) == [1, 2]
    assert seen() == (["t.h5"], [])
    with h5py.File("t.h5", "a") as file:
        file["y"] = [3]
    assert seen() == (["t.h5"], ["t.h5"])


def test_images_and_sounds(seen: Any) -> None:
    """OpenCV and libsndfile."""
    cv2 = pytest.importorskip("cv2", reason="not in the development set; `make data-libraries` has it")
    soundfile = pytest.importorskip("soundfile", reason="as above")
    import numpy as np

    cv2.imwrite("i.png", np.zeros((2, 2, 3), dtype=np.uint8))
    soundfile.write("s.wav", np.zeros(8), 8000)
    assert seen() == ([], ["i.png", "s.wav"])
    assert cv2.imread("i.png").shape == (2, 2, 3)
    assert soundfile.read("s.wav")[1] == 8000
    assert seen() == (["i.png", "s.wav"], [])


def test_all_is_given_back_bit_for_bit() -> None:
    """Two watches, one after the other taken off."""
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    before = vars(pq.core.ParquetFile)["__init__"]
    one, two = FileWatch(), FileWatch()
    one.start()
    two.start()
    assert vars(pq.core.ParquetFile)["__init__"] is not before
    one.stop()
    assert vars(pq.core.ParquetFile)["__init__"] is not before
    two.stop()
    assert vars(pq.core.ParquetFile)["__init__"] is before


def test_an_error_of_the_library_is_the_users() -> None:
    """It is the same, with or without us."""
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    watch = FileWatch()
    watch.start()
    try:
        with pytest.raises(FileNotFoundError):
            pq.read_table("gone.parquet")
        with pytest.raises(TypeError):
            pq.ParquetFile()
    finally:
        watch.stop()


def test_what_is_seen_is_no_blind_spot() -> None:
    """And without a watch it is one."""
    pytest.importorskip("pyarrow")

    assert "pyarrow.parquet" in blind_spots()
    watch = FileWatch()
    watch.start()
    try:
        assert "pyarrow.parquet" in sys.modules
        assert "pyarrow.parquet" not in blind_spots()
    finally:
        watch.stop()
