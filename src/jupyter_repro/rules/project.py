"""RP612: the project's decisions about rules that are not understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["SettingsNotUnderstood"]


class SettingsNotUnderstood:
    """RP612: what `pyproject.toml` says of rules is not understood, so nothing of it is in force.

    **Why is this bad?** Findings that the project has allowed are told, and what it asks for is not looked for.
    **Example**: `[tool.jupyter_repro]` with `selct = ["RP2"]`.
    **Remedy**: mend the file as the message says.
    """

    code = "RP612"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        if facts.settings_fault:
            yield Finding(
                code=self.code,
                severity=self.severity,
                message=f"the project's settings of rules are not in force: {facts.settings_fault}",
                remedy="mend `pyproject.toml`",
            )
