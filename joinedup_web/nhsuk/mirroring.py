"""The design system's styles by the direction of reading: physical sides become logical ones.

nhsuk-frontend names left and right. Pages that read from the right use this copy, in which margins, borders, floats
and positions begin where reading begins; so a piece of English within such a page lies the right way round too.
"""

from __future__ import annotations

import re

SIDE = {"left": "start", "right": "end"}
CORNER = {
    "top-left": "start-start", "top-right": "start-end", "bottom-left": "end-start", "bottom-right": "end-end",
}  # fmt: skip
DECLARATION = re.compile(r"(?<=[{;])([a-z-]+):([^;{}]*)")
SIDED = re.compile(
    r"^(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-width|-style|-color)?$"
)
ROUNDED = re.compile(r"^border-(top|bottom)-(left|right)-radius$")
FOUR = {"margin", "padding", "border-width", "border-style", "border-color"}
ARROWS = ("arrow-right", "arrow-left", "arrow-right-circle", "arrow-left-circle")
TURNED = ",".join(f'[dir="rtl"] .nhsuk-icon--{one}' for one in ARROWS) + "{transform:scaleX(-1)}"
"""Arrows that point along the line point the other way."""


def logical(style: str) -> str:
    """A style sheet in which nothing is left or right. A page that reads from the left looks as before."""
    return DECLARATION.sub(lambda found: _declared(found[1], found[2]), style) + TURNED


def _declared(name: str, value: str) -> str:
    plain, important = _split(value)
    parts = _parts(plain)
    if len(parts) == 4 and name in FOUR and parts[1] != parts[3]:
        return _expanded(name, parts, important)
    if len(parts) == 4 and name == "border-radius":
        corners = zip(("start-start", "start-end", "end-end", "end-start"), parts, strict=True)
        return ";".join(f"border-{corner}-radius:{part}{important}" for corner, part in corners)
    if plain in SIDE and name in ("text-align", "float", "clear"):
        return f"{name}:{'' if name == 'text-align' else 'inline-'}{SIDE[plain]}{important}"
    return f"{_named(name)}:{value}"


def _named(name: str) -> str:
    """The logical name of a property that names a side or a corner."""
    if sided := SIDED.match(name):
        return f"{sided[1]}-inline-{SIDE[sided[2]]}{sided[3] or ''}"
    if rounded := ROUNDED.match(name):
        return f"border-{CORNER['-'.join(rounded.groups())]}-radius"
    return f"inset-inline-{SIDE[name]}" if name in SIDE else name


def _expanded(name: str, parts: list[str], important: str) -> str:
    """Top, right, bottom, left of a shorthand, as block and inline."""
    top, right, bottom, left = parts
    head, _, tail = name.partition("-")
    block, inline = (f"{head}-{axis}{'-' + tail if tail else ''}" for axis in ("block", "inline"))
    return f"{block}:{top} {bottom}{important};{inline}:{left} {right}{important}"


def _split(value: str) -> tuple[str, str]:
    plain, mark, _ = value.partition("!")
    return plain.strip(), "!important" if mark else ""


def _parts(value: str) -> list[str]:
    """The parts of a value; what stands in brackets is one."""
    found, depth = [""], 0
    for sign in value:
        depth += (sign == "(") - (sign == ")")
        if sign == " " and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [part for part in found if part]
