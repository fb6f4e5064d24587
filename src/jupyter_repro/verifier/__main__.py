"""The command line of the verifier: verify, inspect, extract."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .archive import extract, open_bundle
from .consent import MODES, ask_on_terminal, decide
from .errors import UsageFault, VerifierError
from .inspect import facts, lines
from .progress import Progress, shown
from .rebuild import BuildOptions
from .report_files import write_report
from .sigstore_check import Identity
from .terms import Allowance, Terms
from .verify import Options, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["add_verify", "main"]

_VERBS = ("verify", "inspect", "extract")
_LONGEST = 2000
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_EPILOG = (
    "exit codes: 0 reproduced, 1 differs, 2 usage, 3 could not build, 4 could not run, "
    "5 bad or tampered bundle, 6 resource limit, 7 unknown signer"
)


def main(
    arguments: Sequence[str] | None = None, *, prog: str = "verifier", bundle: Path | None = None
) -> int:
    """Run a verb and return the exit code.

    Args:
        arguments: Words of the command line; None takes the process's.
        prog: How the program is called.
        bundle: The bundle, where the program runs from within it and so needs no name.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "verify")
    try:
        options = _parser(prog, bundle).parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return int(_VERB[options.verb](options))
    except VerifierError as error:
        sys.stderr.write(f"error: {_line(error.message)}\n\nhint: {_line(error.remedy)}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("error: interrupted\n")
        return 130


def _parser(prog: str, bundle: Path | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description=__doc__, epilog=_EPILOG)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, sentence in (
        ("verify", "rebuild the environment, re-run the notebook, compare cell by cell"),
        ("inspect", "say what the bundle holds; runs nothing"),
        ("extract", "unpack the bundle after checking it; runs nothing"),
    ):
        sub = verbs.add_parser(verb, help=sentence, description=sentence, epilog=_EPILOG)
        if bundle is None:
            sub.add_argument("bundle", type=Path)
        else:
            sub.set_defaults(bundle=bundle)
        _ADD[verb](sub)
    return parser


def add_verify(parser: argparse.ArgumentParser) -> None:
    """Add the options of `verify` to a parser."""
    parser.add_argument(
        "--output", type=Path, metavar="DIR", help="where report.json and report.html go; default here"
    )
    parser.add_argument(
        "--junit", type=Path, metavar="FILE", help="write JUnit XML, which build servers show"
    )
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="write what was verified on one page, .html or .txt"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the workspace in this new folder")
    parser.add_argument("--python", help="Python to use instead of the author's version")
    parser.add_argument("--index-url", help="your package index")
    parser.add_argument(
        "--find-links", action="append", default=[], metavar="PLACE", help="folder or page with wheels"
    )
    parser.add_argument(
        "--environments",
        type=Path,
        metavar="DIR",
        help="keep environments here for other bundles of the same lock",
    )
    parser.add_argument("--offline", action="store_true", help="use no network for packages")
    _add_isolation(parser)
    _add_signers(parser)
    parser.add_argument(
        "--quick", action="store_true", help="run only the cells that the author tagged for it"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder with files that the bundle only names"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--quiet", action="store_true", help="print the verdict only")


def _add_signers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--allowed-signers", type=Path, metavar="FILE", help="refuse what none of these has signed"
    )
    parser.add_argument(
        "--cert-identity", metavar="NAME", help="refuse what this one has not signed with sigstore"
    )
    parser.add_argument("--cert-oidc-issuer", metavar="URL", help="the service that vouches for that name")
    parser.add_argument(
        "--trust-config", type=Path, metavar="FILE", help="of a sigstore of your own, not the public one"
    )


def _add_isolation(parser: argparse.ArgumentParser) -> None:
    usual = Allowance()
    parser.add_argument(
        "--sandbox", choices=MODES, metavar="MODE",
        help="required: only in a bubblewrap sandbox; if-possible: without one where there is none; off; default asks",
    )  # fmt: skip
    parser.add_argument(
        "--no-sandbox",
        dest="sandbox",
        action="store_const",
        const="off",
        help="run the author's code with your rights",
    )
    parser.add_argument("--allow-network", action="store_true", help="let the notebook use the network")
    parser.add_argument("--cell-timeout", type=_positive, metavar="S", help="seconds a cell may take")
    parser.add_argument(
        "--timeout", type=_positive, metavar="S", default=usual.total_timeout_s,
        help="seconds the whole run may take, default %(default)g",
    )  # fmt: skip
    parser.add_argument(
        "--memory-limit",
        type=_size,
        metavar="SIZE",
        help="memory, for example 4G; default nine tenths of this machine's",
    )
    parser.add_argument(
        "--disk-limit",
        type=_size,
        metavar="SIZE",
        default=usual.disk_bytes,
        help="what it may write, default 20G",
    )
    parser.add_argument(
        "--process-limit", type=_count, metavar="N", help="processes and threads, default 1024 and 32 a core"
    )


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    _add_signers(parser)
    parser.add_argument("--json", action="store_true", help="print the facts as JSON")


def _add_extract(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a new folder")


def _verify(options: argparse.Namespace) -> int:
    output = options.output or Path.cwd()
    if options.keep is not None and options.keep.exists():
        raise UsageFault(f"`{options.keep}` exists already", remedy="name a new folder for --keep")
    asked = Options(
        bundle=options.bundle,
        build=BuildOptions(options.python, options.index_url, tuple(options.find_links), options.offline),
        terms=_terms(options),
        keep=options.keep,
        environments=options.environments,
        quick=options.quick,
        allowed_signers=options.allowed_signers,
        identity=_identity(options),
        data=options.data,
    )
    report = verify(asked, Progress(quiet=options.quiet or options.json))
    written = write_report(report.to_json(), output, junit=options.junit, certificate_to=options.certificate)
    if options.json:
        sys.stdout.write(json.dumps(report.to_json(), indent=2) + "\n")
    else:
        sys.stdout.write(f"{_line(report.headline)}\n")
        if report.isolation:
            sys.stdout.write(f"{_line(report.isolation['sentence'])}\n")
        if report.remedy:
            sys.stderr.write(f"\nhint: {_line(report.remedy)}\n")
        if not options.quiet:
            sys.stderr.write(f"report: {written}\n")
    return report.exit_code


def _terms(options: argparse.Namespace) -> Terms:
    allowance = Allowance(
        cell_timeout_s=options.cell_timeout,
        total_timeout_s=options.timeout,
        memory_bytes=options.memory_limit,
        disk_bytes=options.disk_limit,
        processes=options.process_limit,
    )
    ask = ask_on_terminal()
    return Terms(
        decide(options.sandbox, network=options.allow_network, environ=os.environ, ask=ask), allowance
    )


def _identity(options: argparse.Namespace) -> Identity:
    return Identity(options.cert_identity or "", options.cert_oidc_issuer or "", options.trust_config)


def _inspect(options: argparse.Namespace) -> int:
    found = facts(options.bundle, allowed=options.allowed_signers, identity=_identity(options))
    text = json.dumps(found, indent=2) if options.json else "\n".join(lines(found))
    sys.stdout.write(text + "\n")
    return 0


def _extract(options: argparse.Namespace) -> int:
    bundle = open_bundle(options.bundle)
    try:
        options.folder.mkdir(parents=True)
        extract(bundle, {name: name for name in bundle.digests}, options.folder)
    except OSError as error:
        raise UsageFault(
            f"`{options.folder}` cannot be made or written to: {error.strerror}", remedy="name a new folder"
        ) from error
    sys.stdout.write(f"{len(bundle.digests)} files in {options.folder}\n")
    return 0


def _line(text: str) -> str:
    """Make a sentence that may quote a bundle harmless for a terminal."""
    return shown(text, most=_LONGEST)


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def _size(text: str) -> int:
    match = re.fullmatch(r"([0-9]+)([kmgKMG]?)i?[bB]?", text)
    if match is None:
        raise argparse.ArgumentTypeError("write a size like 4G or 500M")
    return int(match[1]) * _UNITS[match[2].lower()]


_ADD: dict[str, Any] = {"verify": add_verify, "inspect": _add_inspect, "extract": _add_extract}
_VERB: dict[str, Any] = {"verify": _verify, "inspect": _inspect, "extract": _extract}

if __name__ == "__main__":
    sys.exit(main())
