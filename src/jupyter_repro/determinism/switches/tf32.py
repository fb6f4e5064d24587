"""TF32 and bfloat16 inside float32 products in torch."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping  # noqa: TC003 - a field's type
from typing import Any

import msgspec

from jupyter_repro.determinism.switch import Switch

__all__ = ["TF32"]

_ROOT = ("generic", "all")
_FAMILIES = (("cuda", "all"), ("mkldnn", "all"))
_OPERATIONS = tuple((family, op) for family, _ in _FAMILIES for op in ("matmul", "conv", "rnn"))


class _Precision(msgspec.Struct, frozen=True):
    """Everything that torch keeps about it; ``nodes`` is None before torch 2.9."""

    matmul: str
    cudnn: bool
    nodes: Mapping[tuple[str, str], str] | None


def _torch() -> Any:
    return sys.modules["torch"]


def _has_nodes() -> bool:
    return hasattr(_torch()._C, "_get_fp32_precision_getter")  # noqa: SLF001 - the attributes raise half of the time


def _get(node: tuple[str, str]) -> str:
    value: str = _torch()._C._get_fp32_precision_getter(*node)  # noqa: SLF001 - as above
    return value


def _set(node: tuple[str, str], value: str) -> None:
    _torch()._C._set_fp32_precision_setter(*node, value)  # noqa: SLF001 - as above


def _read() -> str:
    torch = _torch()
    if _has_nodes():
        on = [".".join(node) for node in _OPERATIONS if _get(node) not in {"ieee", "none"}]
    else:
        on = ["matmul"] if torch.get_float32_matmul_precision() != "highest" else []
        on += ["cudnn"] if torch.backends.cudnn.allow_tf32 else []
    return f"on for {', '.join(on)}" if on else "off"


def _capture() -> _Precision:
    torch = _torch()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls the older of its two interfaces deprecated
        if not _has_nodes():
            return _Precision(torch.get_float32_matmul_precision(), torch.backends.cudnn.allow_tf32, None)
        nodes = _own_values()
        # The older getters raise unless the newer values agree with them; full precision everywhere does.
        for node in _OPERATIONS:
            _set(node, "ieee")
        try:
            matmul = torch.get_float32_matmul_precision()
            cudnn = _cudnn_allows(torch)
        finally:
            _set_all(nodes)
    return _Precision(matmul, cudnn, nodes)


def _own_values() -> dict[tuple[str, str], str]:
    """Return each node's own value; leaves the upper ones at ``none``.

    A getter gives the inherited value where the node has none, so the upper nodes are emptied first.
    """
    found = {_ROOT: _get(_ROOT)}
    _set(_ROOT, "none")
    for family in _FAMILIES:
        found[family] = _get(family)
        _set(family, "none")
    found.update({node: _get(node) for node in _OPERATIONS})
    return found


def _cudnn_allows(torch: Any) -> bool:
    try:
        allowed: bool = torch.backends.cudnn.allow_tf32
    except RuntimeError:
        # With full precision everywhere it disagrees only if its own flag is on.
        return True
    return allowed


def _set_all(nodes: Mapping[tuple[str, str], str]) -> None:
    for node, value in nodes.items():
        _set(node, value)


def _put(_: str) -> None:
    # Both interfaces: after a write through one of them alone, torch's getters of the other raise.
    _write(_Precision("highest", cudnn=False, nodes=dict.fromkeys((_ROOT, *_FAMILIES, *_OPERATIONS), "ieee")))


def _write(wanted: _Precision) -> None:
    torch = _torch()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls the older of its two interfaces deprecated
        torch.set_float32_matmul_precision(wanted.matmul)
        torch.backends.cudnn.allow_tf32 = wanted.cudnn
        if _has_nodes() and wanted.nodes is not None:
            _set_all(wanted.nodes)


TF32 = Switch(
    name="torch.tf32",
    why="TF32 keeps 10 bits of each factor, so a GPU without it, or a CPU, gives other numbers",
    cost="slower float32 products and convolutions on GPUs that have TF32",
    wanted={"strict": "off", "warn": "off"},
    read=_read,
    verified_by="read back from torch's float32 precision of matmul, conv and rnn",
    put=_put,
    capture=_capture,
    restore=_write,
    module="torch",
    chosen_by="tf32",
)
