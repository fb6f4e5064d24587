"""What stands beside Python: container, place, letters, programs, conda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.environments.system import LATER
from jupyter_repro.records import Missing
from jupyter_repro.records.drift import Difference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Environment
    from jupyter_repro.records.system import Figures, System

__all__ = ["surroundings"]


def surroundings(record: Environment, now: Environment) -> Iterator[Difference | Unknown]:
    """Yield what differs beside Python."""
    before, after = record.system, now.system
    if before is None or after is None:
        return  # the machine says so already
    yield from _container(before, after)
    yield from _place(before, after)
    if before.figures == LATER:
        yield Unknown(what="fonts of figures", reason="the record was made before matplotlib could be asked")
    elif isinstance(before.figures, Missing):
        pass  # matplotlib was not loaded: no figure was drawn
    elif isinstance(after.figures, Missing):
        yield Unknown(what="fonts of figures", reason="matplotlib is not loaded now")
    else:
        yield from _figures(before.figures, after.figures)
    yield from _programs(before, after)


def _container(before: System, now: System) -> Iterator[Difference]:
    names = [
        "" if isinstance(box, Missing) else " ".join(p for p in (box.kind, box.digest or box.image) if p)
        for box in (before.container, now.container)
    ]
    if names[0] != names[1]:
        yield Difference(
            what="container",
            before=names[0],
            now=names[1],
            rank="may change results",
            reason="another image brings other system libraries; those that are known to matter are told one by one",
            restore=f"docker pull {before.container.image or before.container.digest}"
            if not isinstance(before.container, Missing)
            and before.container.kind in ("docker", "podman")
            and before.container.image
            else "",
            instead=f"run it in {names[0]}" if names[0] else "run it outside of a container",
        )


def _place(before: System, now: System) -> Iterator[Difference]:
    was, present = before.locality, now.locality
    zone = _zone(was.timezone)
    if zone != _zone(present.timezone):
        yield Difference(
            what="time zone",
            before=was.timezone,
            now=present.timezone,
            rank="may change results",
            reason="local times and the days that they fall on are others",
            restore=f"export TZ={zone}",
        )
    if was.locale != present.locale:
        changed = {
            key for key in {*was.locale, *present.locale} if was.locale.get(key) != present.locale.get(key)
        }
        yield Difference(
            what="locale",
            before=", ".join(f"{key}={was.locale.get(key, 'none')}" for key in sorted(changed)),
            now=", ".join(f"{key}={present.locale.get(key, 'none')}" for key in sorted(changed)),
            rank="may change results",
            reason="text is sorted, parsed and printed by it",
            restore=f"export LC_ALL={next(iter(was.locale.values()), 'C.UTF-8')}",
        )
    if was.encoding != present.encoding:
        yield Difference(
            what="encoding of files",
            before=was.encoding,
            now=present.encoding,
            rank="may change results",
            reason="files that are opened without naming one are read otherwise",
            restore="export PYTHONUTF8=1"
            if was.encoding.lower().replace("-", "") == "utf8"
            else "export PYTHONUTF8=0",
        )


def _zone(told: str) -> str:
    """Return the name alone: the offset changes with the season."""
    return told.partition(" (")[0]


def _figures(before: Figures, now: Figures) -> Iterator[Difference]:
    for what, old, new in (
        ("FreeType", before.freetype, now.freetype),
        (
            "font of figures",
            f"{before.family} {before.font_sha256[:12]}",
            f"{now.family} {now.font_sha256[:12]}",
        ),
        ("matplotlib's back end", before.backend, now.backend),
    ):
        if old != new:
            yield Difference(
                what=what,
                before=old,
                now=new,
                rank="may change results",
                reason="letters in figures are drawn otherwise; numbers stay as they are",
                restore=f"export MPLBACKEND={old}" if what.startswith("matplotlib") else "",
                instead=""
                if what.startswith("matplotlib")
                else "FreeType comes with matplotlib, the font with it or the system",
            )


def _programs(before: System, now: System) -> Iterator[Difference | Unknown]:
    present = {each.name: each.version for each in now.programs}
    for program in before.programs:
        if program.name not in present:
            continue  # it has not been called yet: nothing is known of it
        was, is_ = program.version, present[program.name]
        if isinstance(was, Missing) or isinstance(is_, Missing):
            if was != is_:
                yield Unknown(
                    what=f"program {program.name}", reason="it does not tell its version on both sides"
                )
            continue
        if was != is_:
            yield Difference(
                what=f"program {program.name}",
                before=was,
                now=is_,
                rank="may change results",
                reason="cells call it",
                instead=f"install that version of {program.name}",
            )
