"""Which section is made by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .panel import Panel
    from .replies import Reply
    from .requests import Section

__all__ = ["section"]


def section(panel: Panel, request: Section) -> Reply:
    """Return the facts of one section of the panel.

    Raises:
        ReproError: They cannot be had, with the reason.
    """
    session, identity = panel.session, request.id
    if request.name in ("randomness", "dataflow"):
        status = panel.status()
        with session.lock:
            document, runs = session.document(), tuple(session.ledger.runs)
        if request.name == "randomness":
            from .about_chance import randomness

            fresh = session.governing.base_digests()
            return randomness(identity, status, document, runs, fresh=fresh)
        from .about_dataflow import dataflow

        return dataflow(identity, request.cell, document, runs)
    if request.name == "checklist":
        from .check_notes import noted_checklist

        return noted_checklist(identity, panel)
    if request.name in ("environment", "drift", "gpu"):
        from . import about_environment

        if request.name == "gpu":
            return about_environment.devices(identity)
        if request.name == "drift":
            return about_environment.drifted(identity, session, request.run)
        return about_environment.environment(identity, session)
    from . import about_bundle, about_files

    if request.name == "inputs":
        return about_files.inputs(identity, session)
    if request.name == "runs":
        return about_files.runs(identity, session, request.limit)
    return about_bundle.bundle_plan(identity, session, panel.status())
