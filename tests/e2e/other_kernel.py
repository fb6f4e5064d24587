"""A kernel of another language: it speaks Jupyter's protocol and computes nothing. No R is in the test's environment."""

from __future__ import annotations

from typing import Any

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel


class OtherKernel(Kernel):
    """Says that it runs R."""

    implementation = "other"
    implementation_version = "1"
    banner = "other"
    language_info = {"name": "R", "mimetype": "text/plain", "file_extension": ".r"}  # noqa: RUF012 - as its base has it

    async def do_execute(self, *_args: Any, **_options: Any) -> dict[str, Any]:
        """Do nothing, well."""
        return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=OtherKernel)
