"""Scalars, containers and aliases: in every notebook."""

from __future__ import annotations

from truth.family import Family

__all__ = ["ALIASES", "CONTAINERS", "SCALARS"]

SCALARS = Family(
    name="scalars",
    kinds={"int": ("a", "b", "n"), "text": ("w", "label"), "float": ("x", "rate")},
    first={"int": "{new} = {small}", "text": "{new} = 'v{small}'", "float": "{new} = {small} / 2"},
    makes={
        "int": (
            "{new} = {small}", "{new} = {int} + {small}", "{new} = {int}\n{new} += {small}", "{new} = {int} * 2 - {int}",
            "if {int} % 2:\n    {new} = {small}\nelse:\n    {new} = {small}", "{new} = {int} if {int} > {small} else {small}",
            "for {new} in range({small}, {small} + 3):\n    pass", "{new}, _unused = divmod({int} + 7, 3)",
            "try:\n    {new} = 10 // ({int} % 3)\nexcept ZeroDivisionError:\n    {new} = {small}", "{new} = len({text})",
            "if {int} > {small}:\n    {new} = {small}", "{new}: int = {int} + 1", "{new} = max({int}, {small})",
            "match {int}:\n    case 0:\n        {new} = 5\n    case _:\n        {new} = {small}",
        ),
        "text": ("{new} = f'{{{int}}}-{small}'", "{new} = {text}.upper()", "{new} = {text} + 'z'", "{new} = str({float})"),
        "float": ("{new} = {int} / 4", "{new} = {float} * {small}", "{new} = round({float}, 1)", "{new} = float({int})"),
    },
    changes=(
        "{int} += {small}", "{int} -= 1", "{int} = {int} + 1", "{text} += '{small}'", "{float} *= 2", "while {int} > 50:\n    {int} -= 20",
        "if {int} > {small}:\n    {int} = {small}", "del {any}", "pass", "# a remark", "{int}, {float} = {small}, {small} / 2",
    ),
    shows=("{int}", "{text}", "{float}", "{int} + {small}", "print({int}, {text})", "print(f'{{{float}:.2f}}')", "{int};", "({int}, {text})"),
)  # fmt: skip

CONTAINERS = Family(
    name="containers",
    kinds={"list": ("xs", "ys", "zs"), "dict": ("d", "e"), "set": ("s", "t"), "tuple": ("pair",)},
    first={
        "list": "{new} = [{small}, {small}]", "dict": "{new} = {{'k': {small}}}", "set": "{new} = {{{small}, {small}}}",
        "tuple": "{new} = ({small}, {small})",
    },
    makes={
        "list": (
            "{new} = [{small}, {small}]", "{new} = list({list})", "{new} = [i + {int} for i in {list} if isinstance(i, int)]", "{new} = {list} + [{int}]",
            "{new} = {list}[:1]", "{new} = sorted({set}, key=str)", "{new} = list({dict})", "{new} = list({tuple})", "{new} = [{int}] * 2",
            "{new} = [{list}, {small}]", "{new} = {dict}.setdefault('l', [])", "{new} = [*{list}, *{tuple}]", "{new} = list(set(map(str, {list})))",
        ),
        "dict": (
            "{new} = {{'k': {small}}}", "{new} = {{'l': {list}, 'k': {int}}}", "{new} = dict({dict})", "{new} = {{**{dict}, 'm': {int}}}",
            "{new} = {{str(i): i for i in {list}}}", "{new} = dict.fromkeys('ab', {int})",
        ),
        "set": ("{new} = {{{small}, {small}}}", "{new} = set(map(str, {list}))", "{new} = {set} | {{{small}}}", "{new} = {{'p', 'q', 'r{small}'}}"),
        "tuple": ("{new} = ({int}, {small})", "{new} = ({list}, {int})", "{new} = tuple(map(str, {list}))"),
        "int": (
            "{new} = len({list})", "{new} = len({dict})", "{new} = {dict}.get('k', {small})", "{new} = sum(i for i in {list} if isinstance(i, int))",
            "for w in {list}:\n    if w == {small}:\n        {new} = {small}", "{new} = {dict}['k']", "{new} = {list}[0]", "{new} = len({set})",
        ),
        "text": ("{new} = ''.join(map(str, {list}))", "{new} = str({dict})", "{new} = ','.join(sorted(map(str, {set})))"),
    },
    changes=(
        "{list}.append({small})", "{list}.append({int})", "{list} += [{small}]", "{list}[0] = {int}", "{list}.sort(key=str)", "{list}.pop()",
        "{dict}['k'] = {int}", "{dict}['l'] = {list}", "{dict}.update(k={small})", "{dict}.pop('k', None)", "{dict}['k'] += 1", "{set}.add({small})",
        "{set} |= {{{small}}}", "{set}.discard({small})", "{list}.extend({list}[:2])", "{list}.insert(0, {list}[0])", "{list}[:] = [{small}]",
        "if {int} % 2:\n    {list}.append({small})", "for k in range({int}):\n    {list}.append(k)", "{list}.clear()", "{list}.reverse()",
        "if {int} > {small}:\n    {dict}['k'] = {small}", "{dict}.setdefault('l', []).append({small})", "del {list}[0]", "{list} *= 2",
    ),
    shows=(
        "{list}", "{dict}", "sorted({set}, key=str)", "{set}", "{tuple}", "[{int}, {list}, {dict}]", "{int} + len({list})", "print(*{list})",
        "{list}[-1]", "{dict}.get('k')", "list({set})", "print({dict})",
    ),
)  # fmt: skip

ALIASES = Family(
    name="aliases",
    makes={
        "list": ("{new} = {list}", "{new} = {dict}.setdefault('l', [])", "{new} = {list} = [{small}]", "{new} = ({list},)[0]"),
        "dict": ("{new} = {dict}", "{new} = {{'l': {list}}}", "{new} = {{'in': {dict}}}"),
        "set": ("{new} = {set}",),
        "tuple": ("{new} = ({list}, {list})", "{new} = ({dict}, {list})"),
    },
    changes=(
        "{list}.append({list})", "{list}.append({dict})", "global_table = {{'x': {list}}}", "global_table = {{'x': {list}}}\nglobal_table['x'].append({small})",
        "pair_of_all = [{list}, {dict}]", "pair_of_all = [{list}, {dict}]\npair_of_all[0].append({small})", "{dict}['l'] = {list}\n{dict}['l'].append({small})",
        "for each in ({list}, {list}):\n    each.append({small})", "held = {list}\ndel {list}\nheld.append({small})", "{list}, {list} = {list}, {list}",
        "[every.append({small}) for every in [{list}]]",
    ),
    shows=("{list} is {list}", "{dict} is {dict}", "id({list}) == id({list})", "[{list}, {list}]", "{list} == {list}"),
)  # fmt: skip
