"""An in-toto statement about the canonical run: which bytes it is about, and what is said of them.

It is no attestation before somebody signs it: the signature over the manifest covers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.canonical import dumps, to_builtins

if TYPE_CHECKING:
    from .described import Description

__all__ = ["statement"]

_PREDICATE = "urn:x-jupyter-repro:canonical-run:1"


def statement(facts: Description) -> bytes:
    """Return the statement, in the form of in-toto's version 1."""
    return dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"name": member.name, "digest": {"sha256": member.sha256}} for member in facts.members
            ],
            "predicateType": _PREDICATE,
            "predicate": {
                "notebook": facts.notebook,
                "run": "a fresh kernel, top to bottom"
                if facts.proven
                else "none: the saved outputs are the reference",
                "proven": facts.proven,
                "cells": facts.cells,
                "verdicts": facts.verdicts,
                "waived": to_builtins(facts.waived),
                "claims": [{"text": text, "cell": label} for text, label in facts.claims],
                "seed": facts.plan.seed,
                "strictness": facts.plan.strictness,
                "environment": {
                    "python": facts.python,
                    "platform": facts.platform,
                    "variables": facts.environment,
                    "lock": {"sha256": facts.find("env/pylock.toml").sha256},
                },
                "revision": facts.revision,
                "made_with": f"jupyter_repro {facts.made_with}",
            },
        },
        indent=2,
    )
