"""RP3: settings that were asked for and are not in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_repro.records import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_repro.records import Severity

    from .engine import Facts

__all__ = ["SettingNotInForce"]


class SettingNotInForce:
    """RP301: a seed or determinism switch was asked for and is not in force, or came too late.

    **Why is this bad?** What was asked for had no effect, so the results do not stand on it.
    **Example**: `%repro strict` after the first CUDA call: cuBLAS has read its setting already.
    **Remedy**: mostly a restart with ``%repro`` in the first cell.
    """

    code = "RP301"
    severity: Severity = "warning"

    def check(self, facts: Facts) -> Iterator[Finding]:
        """Yield one finding a setting."""
        for setting in facts.settings:
            if setting.effect in ("too late", "not in force"):
                yield Finding(
                    code=self.code,
                    severity="info" if setting.name == "env.PYTHONHASHSEED" else self.severity,
                    message=f"{setting.name}: {setting.requested} was asked for, it is {setting.effect}"
                    + (f" ({setting.effective})" if setting.effective else ""),
                    remedy=setting.note or "restart the kernel and run `%repro` in the first cell",
                )
