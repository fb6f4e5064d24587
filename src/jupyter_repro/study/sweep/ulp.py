"""Numbers moved by the least that rounding moves them: does a result that hangs on them stay where it is?

The disturbance is that of Summers and Dinneen (2021, arXiv 2103.04514), who change one weight by one unit in the last place.
"""

from __future__ import annotations

import math
import random
import struct
import sys
from typing import Any

from jupyter_repro.errors import BadWord
from jupyter_repro.rng.derive import derive

__all__ = ["moved", "moved_params"]


def moved_params(params: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the parameters with every float moved, and one element of each array of floats.

    Args:
        params: By name; what holds no float stays as it is.
        number: Which disturbance: 0, 1, 2 ... are one unit up, one down, two up and so on.

    Raises:
        BadWord: None of them is a float or an array of floats.
    """
    found = {name: moved(value, number, name) for name, value in params.items()}
    if all(found[name] is value for name, value in params.items()):
        raise BadWord(
            "`ulp` moves floating-point parameters, and there are none",
            remedy="give one, such as `param=lr=0.1`, or leave `ulp` out",
        )
    return found


def moved(value: Any, number: int, name: str = "") -> Any:
    """Return the value moved; a Python float by units of single precision, which survive a cast to it.

    Args:
        value: A float, or an array or tensor of floats, of which one element is moved.
        number: Which disturbance.
        name: Decides which element of an array is taken.
    """
    units = (number // 2 + 1) * (1 if number % 2 == 0 else -1)
    if type(value) is float:
        return _moved_float(value, units) if math.isfinite(value) and value else value
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and isinstance(value, numpy.ndarray) and value.dtype.kind == "f" and value.size:
        found = value.copy()
        place = _place(name, number, value.size)
        towards = numpy.asarray(math.copysign(math.inf, units), value.dtype)
        for _ in range(abs(units)):
            found.flat[place] = numpy.nextafter(found.flat[place], towards)
        return found
    if torch is not None and isinstance(value, torch.Tensor) and value.is_floating_point() and value.numel():
        tensor = value.detach().clone()
        place = _place(name, number, tensor.numel())
        flat = tensor.view(-1)
        for _ in range(abs(units)):
            flat[place] = torch.nextafter(
                flat[place], torch.full_like(flat[place], math.copysign(math.inf, units))
            )
        return tensor.requires_grad_(value.requires_grad)
    return value


def _place(name: str, number: int, size: int) -> int:
    return random.Random(derive(0, "sweep", "ulp", name, number)).randrange(size)  # noqa: S311 - no secret


def _moved_float(value: float, units: int) -> float:
    """Return the float that lies so many units of single precision away, in double precision."""
    _, exponent = math.frexp(struct.unpack("f", struct.pack("f", value))[0] or value)
    return value + units * math.ldexp(1.0, exponent - 24)
