"""RP801 to RP815: what an export may say; the findings are made in :mod:`jupyter_repro.bundle.findings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_repro.records import Severity

__all__ = ["BUNDLE_CODES", "BundleCode"]


class BundleCode:
    """One kind of finding of an export."""

    code: str
    severity: Severity = "warning"


class ShownDiffers(BundleCode):
    """RP801: what a cell shows in the saved notebook differs from a fresh run.

    **Why is this bad?** A reader compares with what you saved, and will not get it.
    **Example**: the notebook shows `accuracy 0.91`, the run for the bundle gives `0.89`.
    **Remedy**: run all cells in a fresh kernel, save, export again.
    """

    code = "RP801"


class NothingShown(BundleCode):
    """RP802: the saved notebook shows no run of a cell.

    **Why is this bad?** There is nothing to compare a reader's run with but the run for the bundle.
    **Example**: a cell was added and the notebook saved before it was run.
    **Remedy**: run all cells in a fresh kernel, save, export again.
    """

    code = "RP802"
    severity: Severity = "info"


class FileLeftOut(BundleCode):
    """RP803: a file that was read is not in the bundle, with the reason.

    **Why is this bad?** A reader's run stops where the notebook reads it.
    **Example**: `pd.read_csv("../private/train.csv")`, which lies outside the project.
    **Remedy**: move it into the project.
    """

    code = "RP803"


class LinkFollowed(BundleCode):
    """RP804: a link was packed as the bytes it leads to.

    **Why is this bad?** The bundle carries data that you may have kept elsewhere on purpose.
    **Example**: `data/train.csv` is a link to a shared disk.
    **Remedy**: nothing, unless they may not be shared.
    """

    code = "RP804"
    severity: Severity = "info"


class InputRewritten(BundleCode):
    """RP805: a file is read and later rewritten by the notebook.

    **Why is this bad?** The second run reads another file than the first.
    **Example**: `df = pd.read_csv("t.csv")`, further below `df.to_csv("t.csv")`.
    **Remedy**: write to another file.
    """

    code = "RP805"


class OutsideEffect(BundleCode):
    """RP806: the run did what no bundle can replay: the network, other programs.

    **Why is this bad?** The answer may be another one tomorrow, and a reader may not be let in.
    **Example**: `requests.get("https://example.org/api")`.
    **Remedy**: `%%repro http record` above the cell keeps the answers; or save what it fetches to a file and read that.
    """

    code = "RP806"


class UnseenReader(BundleCode):
    """RP807: a library reads files unseen, so some may be missing.

    **Why is this bad?** Readers in C open files without telling Python, and what is not seen is not packed.
    **Example**: `h5py.File("images.h5")`.
    **Remedy**: look through the data with `jupyter repro inspect`.
    """

    code = "RP807"


class EditedPackage(BundleCode):
    """RP808: installed files of a package were edited by hand.

    **Why is this bad?** The lock file names a version that holds other code.
    **Example**: a `print` put into `site-packages/sklearn/base.py`.
    **Remedy**: reinstall the package, or publish your change.
    """

    code = "RP808"


class NotebookNote(BundleCode):
    """RP809: a note about the notebook file: an old format, cells without ids.

    **Why is this bad?** It is not; the bundle says how it was read.
    **Example**: a notebook of format 4.4, whose cells have no ids.
    **Remedy**: nothing.
    """

    code = "RP809"
    severity: Severity = "info"


class PackageCarried(BundleCode):
    """RP810: a package is carried in the bundle, since no index offers it.

    **Why is this bad?** It is shared with the bundle.
    **Example**: your own package, installed with `pip install -e .`.
    **Remedy**: nothing, unless it may not be shared.
    """

    code = "RP810"
    severity: Severity = "info"


class PackageUnchecked(BundleCode):
    """RP811: an installed package could not be checked fully.

    **Why is this bad?** Whether its files are those of its version is not known.
    **Example**: a package without a `RECORD` of its files.
    **Remedy**: reinstall it from an index.
    """

    code = "RP811"


class NotProven(BundleCode):
    """RP813: the bundle was made without a run, by `prove=no`.

    **Why is this bad?** The saved outputs are what readers compare with, and nobody has seen a fresh kernel give them.
    **Example**: `jupyter repro export --prove no`, for a notebook that runs for two days.
    **Remedy**: export without it, or tag some cells `repro-smoke`: their quick variant is run and proven.
    """

    code = "RP813"
    severity: Severity = "info"


class ByAddress(BundleCode):
    """RP814: a file is too large for the bundle, and readers fetch it from its address.

    **Why is this bad?** The address may die; digest and size are in the bundle, so no other file is taken for it.
    **Example**: `jupyter repro export --max-data 500MB --data-url data/train.bin=https://zenodo.org/...`.
    **Remedy**: nothing, or a larger `--max-data`.
    """

    code = "RP814"
    severity: Severity = "info"


class ImageByTag(BundleCode):
    """RP815: the bundle's Dockerfile names its image by a tag, not by a digest.

    **Why is this bad?** A tag means another image tomorrow. The digest can be told by nobody but the author: no registry is asked.
    **Example**: an export on a machine that is no container, or in one that does not tell its image.
    **Remedy**: nothing, for the Dockerfile is a second way only; or `jupyter repro export --image python@sha256:...`.
    """

    code = "RP815"
    severity: Severity = "info"


BUNDLE_CODES: tuple[BundleCode, ...] = (
    ShownDiffers(),
    NothingShown(),
    FileLeftOut(),
    LinkFollowed(),
    InputRewritten(),
    OutsideEffect(),
    UnseenReader(),
    EditedPackage(),
    NotebookNote(),
    PackageCarried(),
    PackageUnchecked(),
    NotProven(),
    ByAddress(),
    ImageByTag(),
)
