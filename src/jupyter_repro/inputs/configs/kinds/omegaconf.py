"""Configurations of OmegaConf and Hydra."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

from jupyter_repro.inputs.configs.bound import Call, call_of, last_call
from jupyter_repro.inputs.configs.overrides import differences, text_override
from jupyter_repro.inputs.configs.plain import plain
from jupyter_repro.inputs.configs.scene import Part

if TYPE_CHECKING:
    from jupyter_repro.inputs.configs.scene import Scene
    from jupyter_repro.records.configs import Override

__all__ = ["is_container", "read_container", "root_of", "unresolved"]

_ASK = "ask Hydra for its own part as well: `compose(..., return_hydra_config=True)`"


def is_container(value: Any) -> bool:
    """Whether it is a configuration of OmegaConf."""
    library = sys.modules.get("omegaconf")
    container = getattr(library, "Container", None)
    return isinstance(container, type) and issubclass(type(value), container)


def root_of(value: Any) -> Any:
    """Return the configuration that it is a part of, itself if it is none."""
    while (parent := value._get_parent()) is not None:  # noqa: SLF001 - OmegaConf has no public way to ask
        value = parent
    return value


def unresolved(value: Any) -> Any:
    """Return plain data with references as they are written."""
    return plain(sys.modules["omegaconf"].OmegaConf.to_container(value, resolve=False))


def read_container(value: Any, names: tuple[str, ...], scene: Scene) -> Part:
    """Return the content before references are resolved, with Hydra's overrides or what was merged over it."""
    content = unresolved(value)
    call = last_call(names, scene.sources)
    if isinstance(content, dict) and "overrides" in (content.get("hydra") or {}):
        return _with_hydra(content)
    if call is not None and call.function == "compose":
        return _composed(content, call, scene)
    if call is not None and call.function == "merge" and call.arguments:
        base = _merged_over(call.arguments[0], scene)
        if base is not None:
            over = f"what was merged over `{ast.unparse(call.arguments[0])}`"
            return Part("omegaconf", content, overrides=differences(base, content), note=over)
    return scene.from_file(
        "omegaconf", content, else_note="from which defaults it was made, OmegaConf does not keep"
    )


def _with_hydra(content: dict[str, Any]) -> Part:
    own = content.pop("hydra")
    job, runtime = own.get("job") or {}, own.get("runtime") or {}
    choices = {key: each for key, each in (runtime.get("choices") or {}).items() if "hydra" not in key}
    return Part(
        "hydra",
        content,
        overrides=tuple(text_override(str(each)) for each in own["overrides"].get("task") or ()),
        source=str(job.get("config_name") or ""),
        note="; ".join(f"{key}: {each}" for key, each in sorted(choices.items())),
    )


def _composed(content: Any, call: Call, scene: Scene) -> Part:
    """Return what the call to ``hydra.compose`` says of it, as Hydra itself does not keep it."""
    name = call.named.get("config_name", call.arguments[0] if call.arguments else None)
    source = str(name.value) if isinstance(name, ast.Constant) else ""
    given = call.named.get("overrides", call.arguments[1] if len(call.arguments) > 1 else None)
    if given is None:
        return Part("hydra", content, overrides=(), source=source)
    overrides, note = _texts(given, scene)
    return Part("hydra", content, overrides=overrides, source=source, note=note)


def _texts(node: ast.expr, scene: Scene) -> tuple[tuple[Override, ...] | None, str]:
    if isinstance(node, (ast.List, ast.Tuple)):
        texts = [text for each in node.elts if (text := _text(each, scene)) is not None]
        if len(texts) == len(node.elts):
            names = sorted(
                {name.id for each in node.elts for name in ast.walk(each) if isinstance(name, ast.Name)}
            )
            note = f"the overrides name {', '.join(names)}, as they are now" if names else ""
            return tuple(map(text_override, texts)), note
    held = scene.namespace.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Name) and type(held) is list and all(type(each) is str for each in held):
        return tuple(text_override(each) for each in held), f"the overrides are `{node.id}` as it is now"
    return None, f"its overrides are computed (`{ast.unparse(node)[:80]}`); {_ASK}"


def _text(node: ast.expr, scene: Scene) -> str | None:
    """Return a text that is written out, or put together from values that names hold now."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for each in node.values:
        if isinstance(each, ast.Constant):
            parts.append(str(each.value))
            continue
        plainly = isinstance(each, ast.FormattedValue) and each.conversion == -1 and each.format_spec is None
        name = each.value if plainly and isinstance(each, ast.FormattedValue) else None
        held = scene.namespace.get(name.id) if isinstance(name, ast.Name) else None
        if type(held) not in (str, int, float, bool):
            return None
        parts.append(str(held))
    return "".join(parts)


def _merged_over(node: ast.expr, scene: Scene) -> Any:
    """Return the content of the first configuration of a merge; None where it is not known any more."""
    if isinstance(node, ast.Name):
        held = scene.namespace.get(node.id)
        if is_container(held):
            return unresolved(held)
        return plain(held) if type(held) is dict else None
    call = call_of(node)
    path = call.arguments[0] if call is not None and call.function == "load" and call.arguments else None
    if isinstance(path, ast.Constant) and path.value in scene.written:
        scene.used.add(str(path.value))
        return scene.written[str(path.value)].config.content
    return None
