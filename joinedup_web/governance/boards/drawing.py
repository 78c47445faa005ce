"""Reporting lines as a picture, drawn from the data: once for a page and once for a phone. Words are escaped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as Tree

WIDE, HIGH, GAP, DROP = 146, 74, 10, 44
PHONE, ROW, INDENT = 320, 56, 20
BLUE, DARK, GREY, PALE = "#005eb8", "#212b32", "#4c6272", "#f0f4f5"
LINE = {"fill": "none", "stroke": GREY, "stroke-width": "2"}


@dataclass(frozen=True)
class Node:
    """A body in the picture: `above` is the key of the body it reports to, empty where there is none."""

    key: str
    name: str
    above: str = ""
    formal: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Placed:
    """A node with the left and top of its box."""

    node: Node
    x: float
    y: float


def page(nodes: Sequence[Node], title: str) -> str:
    """The picture for a page: bodies above on top, those without a line side by side below. SVG text."""
    placed, width, height = _placed(nodes)
    svg = _svg(width, height, title)
    at = {one.node.key: one for one in placed}
    for one in placed:
        if one.node.above in at:
            up, middle = at[one.node.above], one.y - DROP / 2
            path = f"M{up.x + WIDE / 2:g},{up.y + HIGH:g} V{middle:g} H{one.x + WIDE / 2:g} V{one.y:g}"
            Tree.SubElement(svg, "path", {"d": path, **LINE})
    for one in placed:
        _box(svg, one, WIDE, HIGH, 19)
    return Tree.tostring(svg, encoding="unicode")


def phone(nodes: Sequence[Node], title: str) -> str:
    """The picture for a phone: one box a row, indented by how far below it stands. SVG text."""
    order = list(_walk(nodes))
    svg = _svg(PHONE, len(order) * ROW + 4, title)
    at = {node.key: (depth * INDENT + 2, index * ROW + 2) for index, (node, depth) in enumerate(order)}
    for node, _ in order:
        if node.above in at:
            (left, top), (x, y) = at[node.above], at[node.key]
            path = f"M{left + INDENT / 2:g},{top + ROW - GAP:g} V{y + ROW / 2 - 5:g} H{x:g}"
            Tree.SubElement(svg, "path", {"d": path, **LINE})
    for node, _ in order:
        x, y = at[node.key]
        _box(svg, Placed(node, x, y), PHONE - x - 2, ROW - GAP, 34)
    return Tree.tostring(svg, encoding="unicode")


def sentence(nodes: Sequence[Node]) -> str:
    """What the picture shows, in words, for whoever does not see it."""
    names = {node.key: node.name for node in nodes}
    below: dict[str, list[str]] = {}
    for node in nodes:
        if node.above in names:
            below.setdefault(node.above, []).append(node.name)
    told = [f"{_list(found)} report to {names[up]}" if len(found) > 1 else f"{found[0]} reports to {names[up]}"
            for up, found in below.items()]  # fmt: skip
    alone = [node.name for node in nodes if node.above not in names and node.key not in below]
    if alone:
        told.append(f"{_list(alone)} {'stand' if len(alone) > 1 else 'stands'} alongside, without a line")
    return ". ".join(told) + "." if told else ""


def _list(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _placed(nodes: Sequence[Node]) -> tuple[list[Placed], float, float]:
    known = {node.key for node in nodes}
    below = {node.key: [one for one in nodes if one.above == node.key] for node in nodes}
    roots = [node for node in nodes if node.above not in known]
    found: list[Placed] = []
    left = 0.0
    for root in (node for node in roots if below[node.key]):
        left = _hang(root, 0, left, below, found)
    alone = [node for node in roots if not below[node.key]]
    columns = max(round(left / (WIDE + GAP)), min(len(alone), 6), 1)
    top = max((one.y for one in found), default=-HIGH - DROP) + HIGH + DROP
    for index, node in enumerate(alone):
        row, column = divmod(index, columns)
        found.append(Placed(node, column * (WIDE + GAP) + 2, top + row * (HIGH + GAP) + 2 * (not left)))
    height = max((one.y for one in found), default=0.0) + HIGH + 4
    return found, max(left, columns * (WIDE + GAP)) + 2, height


def _hang(
    node: Node, depth: int, left: float, below: dict[str, list[Node]], found: list[Placed]
) -> float:  # fmt: skip
    """Place a node over what reports to it; where the next may begin."""
    start, y = left, depth * (HIGH + DROP) + 2
    for one in below[node.key]:
        left = _hang(one, depth + 1, left, below, found)
    left = max(left, start + WIDE + GAP)
    found.append(Placed(node, (start + left - WIDE - GAP) / 2 + 2, y))
    return left


def _walk(nodes: Sequence[Node]) -> Iterable[tuple[Node, int]]:
    known = {node.key for node in nodes}
    below = {node.key: [one for one in nodes if one.above == node.key] for node in nodes}
    waiting = [(node, 0) for node in nodes if node.above not in known]
    waiting.sort(key=lambda one: not below[one[0].key])  # trees first, what stands alone after them
    waiting.reverse()
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(one, depth + 1) for one in reversed(below[node.key])]


def _svg(width: float, height: float, title: str) -> Tree.Element:
    svg = Tree.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}",
        "height": f"{height:g}", "role": "img", "aria-label": title, "font-family": "Arial, sans-serif",
        "font-size": "14",
    })  # fmt: skip
    return svg


def _box(svg: Tree.Element, one: Placed, width: float, height: float, letters: int) -> None:
    node = one.node
    frame = {
        "x": f"{one.x:g}", "y": f"{one.y:g}", "width": f"{width:g}", "height": f"{height:g}", "rx": "4",
        "fill": PALE if node.outside else "#ffffff", "stroke": BLUE, "stroke-width": "2",
    }  # fmt: skip
    Tree.SubElement(svg, "rect", frame if node.formal else {**frame, "stroke-dasharray": "6 4"})
    told = textwrap.wrap(node.name, letters)[: 2 if height < HIGH else 4]
    first = one.y + height / 2 - (len(told) - 1) * 8 + 5
    for index, words in enumerate(told):
        spot = {
            "x": f"{one.x + width / 2:g}",
            "y": f"{first + index * 16:g}",
            "text-anchor": "middle",
            "fill": DARK,
        }
        Tree.SubElement(svg, "text", spot).text = words
