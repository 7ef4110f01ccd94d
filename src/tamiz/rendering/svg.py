"""From matplotlib's SVG to one that a strict page can hold: no style, no addresses, no dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_DROPPED: Final = frozenset({"metadata", "style"})
_FONT_SIZE: Final = re.compile(r"([\d.]+)px")
_PLACES: Final = frozenset({"d", "x", "y"})
_LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")  # a hundredth of a point is enough
_INHERITED: Final = ("fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width")
_KEPT_STYLES: Final = frozenset(
    {
        "fill", "fill-opacity", "font-size", "opacity", "stroke", "stroke-dasharray",
        "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-opacity",
        "stroke-width", "text-anchor",
    }
)  # fmt: skip


def themed_svg(
    drawing: str, colours: Mapping[str, str], *, name: str, title: str, description: str
) -> str:
    """Return the <svg> element of matplotlib's `drawing`, made fit for a page.

    Args:
        drawing: SVG text as matplotlib writes it.
        colours: the stand-in colours used in it -> what replaces them.
        name: start of every id.
        title: accessible name.
        description: accessible description.

    Inline styles become attributes (a page that forbids inline styles still shows them), its
    global style sheet, metadata and unused ids go, links lose their namespace.
    """
    root = ET.fromstring(drawing)  # noqa: S314 - matplotlib wrote it a moment ago
    used = set(_references(root))
    ids = {old: f"{name}-{i}" for i, old in enumerate(sorted(used), 1)}
    for element in root.iter():
        for child in [part for part in element if _tag(part) in _DROPPED]:
            element.remove(child)
        _mend(element, colours, ids)
    for element in root.iter():
        _hoist(element)
    _dress_root(root, name, title, description)
    return _written(root)


def _tag(element: ET.Element) -> str:
    return element.tag.removeprefix(_SVG)


def _references(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == _LINK:
                yield value.removeprefix("#")
            yield from _REFERENCE.findall(value)


def _mend(element: ET.Element, colours: Mapping[str, str], ids: Mapping[str, str]) -> None:
    style = element.attrib.pop("style", "")
    for part in style.split(";"):
        key, _, value = (piece.strip() for piece in part.partition(":"))
        if key == "font" and (size := _FONT_SIZE.search(value)):
            element.set("font-size", size[1])
        elif key in _KEPT_STYLES:
            element.set(key, value)
    identity = element.attrib.pop("id", "")
    if identity in ids:
        element.set("id", ids[identity])
    if _LINK in element.attrib:
        element.set("href", "#" + ids[element.attrib.pop(_LINK).removeprefix("#")])
    for key, value in element.attrib.items():
        if key in {"fill", "stroke"}:
            element.set(key, colours.get(value, value))
        elif key in _PLACES:
            element.set(key, _LONG_NUMBER.sub(_rounded, value))
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(lambda found: f"url(#{ids[found[1]]})", value))


def _hoist(element: ET.Element) -> None:
    """Say once, on the element, what all marks in it say: a thousand points are then half as long.

    Presentation attributes are inherited, also by what <use> shows.
    """
    if len(element) < 2 or any(_tag(child) != "use" for child in element):
        return
    for key in _INHERITED:
        values = {child.get(key) for child in element}
        if len(values) == 1 and (value := values.pop()) is not None and key not in element.attrib:
            element.set(key, value)
            for child in element:
                del child.attrib[key]


def _rounded(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}"


def _dress_root(root: ET.Element, name: str, title: str, description: str) -> None:
    box = root.get("viewBox", "0 0 100 100")
    root.attrib.clear()
    root.attrib.update(
        {
            "class": "chart",
            "viewBox": box,
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "stroke-linejoin": "round",
            "stroke-linecap": "butt",
            "font-family": "system-ui, sans-serif",
        }
    )
    words = (("desc", description), ("title", title))
    for tag, text in words:
        element = ET.Element(f"{_SVG}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(0, element)


def _written(root: ET.Element) -> str:
    """Return the element as text, tags without prefix, as a page and a file of its own need it."""
    for element in root.iter():
        element.tag = _tag(element)
        element.text = (element.text or "").strip() or None
        element.tail = None
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return ET.tostring(root, encoding="unicode", short_empty_elements=True)
