"""The report: plain data that every stage returns and every face renders."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from tamiz.core.errors import WrongData
from tamiz.core.files import read_json, write_bytes, write_json
from tamiz.core.language import Text, has_text

SCHEMA_VERSION = 1
Words = Text | str
_PICTURE_NAME = re.compile(r"figures/[0-9a-f]{16}\.png")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with what is needed to believe it.

    Attributes:
        value: the point estimate.
        low: lower end of the interval, None when there is none (`note` says why).
        high: upper end.
        n: number of items it rests on.
        n_groups: number of independent groups among them.
        method: how the interval was made: 'wilson', 'bootstrap', ''.
        note: why there is no interval, or what limits it.
        design_effect: how many times wider (as a variance) groups make it than as many
            independent items would; None where it is not known.
    """

    value: float
    low: float | None = None
    high: float | None = None
    n: int = 0
    n_groups: int = 0
    method: str = ""
    note: Text | None = None
    design_effect: float | None = None


Cell = Words | int | float | bool | Estimate | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text."""

    text: Words


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `style` 'heat' shades each number by its size within its row (confusion matrix).

    'list' is one of long texts: a number, a subject, a state, an answer, perhaps a weight.

    `unit` 'fraction' shows numbers as given (0.912); 'percent' as 91.2 %; 'count' as whole
    numbers.
    """

    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: Words = ""
    style: Literal["plain", "heat", "list"] = "plain"
    unit: Literal["fraction", "percent", "count"] = "fraction"

    def __post_init__(self) -> None:
        for i, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(f"row {i} has {len(row)} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Series:
    """One line, set of bars or cloud of points: x and y of equal length, optional band."""

    name: Words
    x: tuple[float | str, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("y", "low", "high"):
            given = getattr(self, name)
            if given is not None and len(given) != len(self.x):
                raise ValueError(f"series has {len(self.x)} x but {len(given)} {name}")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as data: kind, axes with units, series.

    A 'histogram' has numbers for x: the middles of bins of one width, `bin_width`; its `lines`
    (a density) are drawn over the bars, on the same axes.
    """

    kind: Literal["line", "bar", "scatter", "histogram"]
    title: Words
    x_label: Words
    y_label: Words
    series: tuple[Series, ...]
    log_y: bool = False
    diagonal: bool = False  # a reliability diagram's line of perfect agreement
    log_x: bool = False
    bin_width: float = 0.0
    lines: tuple[Series, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """One small picture: PNG bytes and what stands below it."""

    png: bytes
    caption: Words = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """A grid of pictures under one heading (examples of a class, mistakes)."""

    pictures: tuple[Picture, ...]
    caption: Words = ""


class Severity(StrEnum):
    """How much a finding matters."""

    STOP = "stop"  # the result would not be valid
    WARNING = "warning"
    NOTE = "note"


_GRAVITY = (Severity.STOP, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the reader should know: what, what to do, and the command that does it.

    Attributes:
        severity: how much it matters.
        what: the fact, with its figures.
        advice: what to do.
        command: the exact command that does it.
        items: the items concerned, by name; words of tamiz among them are in the reader's language.
        certainty: how sure it is, and by what: an interval, a p-value, 'certain: same bytes'.
        effect: 0..1, the share of the result that is at stake; among equally grave findings the
            larger goes first.
        pictures: the items concerned, to look at.
    """

    severity: Severity
    what: Words
    advice: Words = ""
    command: str = ""
    items: tuple[Words, ...] = ()
    certainty: Words = ""
    effect: float = 0.0
    pictures: tuple[Picture, ...] = ()

    @property
    def rank(self) -> tuple[int, float]:
        """Return the key that sorts findings by what they would do to the result."""
        return (_GRAVITY.index(self.severity), -self.effect)


@dataclass(frozen=True, slots=True)
class Findings:
    """A list of findings, the gravest first."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text shown as it is: a recipe, a command."""

    content: str
    caption: Words = ""


Block = Paragraph | Table | Chart | Pictures | Findings | Code


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `anchor` is its stable name: 'fates', 'metrics'."""

    anchor: str
    title: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a stage found: sections for people, `values` for scripts.

    Attributes:
        stage: the word of the stage that made it.
        title: its heading.
        sections: in reading order.
        summary: the few blocks that a terminal shows at the end.
        values: JSON-ready figures for scripts ({"test": {"accuracy": {...}}}).
    """

    stage: str
    title: Words
    sections: tuple[Section, ...] = ()
    summary: tuple[Block, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; texts carry their words in the language in use beside their key.

        Pictures are named by the hash of their bytes; `save` writes them beside the JSON.
        """
        return {"schema_version": SCHEMA_VERSION, **_plain(self)}

    def save(self, folder: Path) -> None:
        """Write report.json and figures/<hash>.png into `folder`."""
        for picture in self._all_pictures():
            target = folder / picture_name(picture.png)
            if not target.exists():
                write_bytes(target, picture.png)
        write_json(folder / "report.json", self.to_json())

    def all_blocks(self) -> Sequence[Block]:
        """Return the blocks of the summary and of all sections."""
        return [*self.summary, *(block for part in self.sections for block in part.blocks)]

    def with_findings(self, change: Callable[[Finding], Finding]) -> Report:
        """Return the report with each finding of the summary and of all sections changed."""

        def changed(blocks: Sequence[Block]) -> tuple[Block, ...]:
            return tuple(
                Findings(tuple(map(change, one.findings))) if isinstance(one, Findings) else one
                for one in blocks
            )

        sections = tuple(replace(one, blocks=changed(one.blocks)) for one in self.sections)
        return replace(self, sections=sections, summary=changed(self.summary))

    def _all_pictures(self) -> Iterator[Picture]:
        for block in self.all_blocks():
            if isinstance(block, Pictures):
                yield from block.pictures
            elif isinstance(block, Findings):
                for finding in block.findings:
                    yield from finding.pictures

    @classmethod
    def load(cls, folder: Path) -> Report:
        """Read the report that `save` wrote, pictures included.

        Raises:
            WrongData: the file or a picture is missing or damaged.
        """
        path = folder / "report.json"
        plain = read_json(path)
        try:
            made = _revive(plain, folder)
        except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
            raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
        if not isinstance(made, Report):
            raise WrongData.of("errors.broken_file", where=path, reason="no report")
        return made


def picture_name(png: bytes) -> str:
    """Return 'figures/<hash>.png', where `Report.save` puts a picture."""
    return f"figures/{hashlib.sha256(png).hexdigest()[:16]}.png"


_TYPES: dict[str, type] = {
    one.__name__: one
    for one in (
        Estimate, Paragraph, Table, Series, Chart, Picture, Pictures,
        Finding, Findings, Code, Section, Report,
    )
}  # fmt: skip


def _plain(value: Any) -> Any:
    """Return `value` as JSON can hold it: a figure that is not finite becomes null."""
    if isinstance(value, Text):
        words = str(value)
        return {"key": value.key, "values": _plain(dict(value.values)), "text": _plain(words)}
    if type(value).__name__ in _TYPES:
        parts = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {"type": type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return _plain_one(value)


def _plain_one(value: Any) -> Any:
    made: Any = value
    if isinstance(value, bytes):
        made = picture_name(value)
    elif isinstance(value, float):
        made = float(value) if math.isfinite(value) else None
    elif hasattr(value, "tolist"):  # a NumPy number or array
        made = _plain(value.tolist())
    elif value is not None and not isinstance(value, (bool, int)):
        # words, a severity, a path; undecodable file names hold halves of characters
        made = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return made


def _revive(value: Any, folder: Path) -> Any:
    if isinstance(value, list):
        return tuple(_revive(part, folder) for part in value)
    if not isinstance(value, dict):
        return value
    if value.keys() == {"key", "values", "text"}:
        if not has_text(value["key"]):  # written by another version of tamiz
            return value["text"]
        words = Text(value["key"], _revive(value["values"], folder))
        return words if _can_be_said(words) else value["text"]
    kind = value.get("type")
    if kind not in _TYPES:
        return {key: _revive(part, folder) for key, part in value.items()}
    kept = {"type", "schema_version"} | ({"values"} if kind == "Report" else set())
    made = {name: _revive(part, folder) for name, part in value.items() if name not in kept}
    return _TYPES[kind](**_mended(kind, value, made, folder))


def _can_be_said(words: Text) -> bool:
    """Return whether the text has all its fields; another version's may have had others."""
    try:
        str(words)
    except (KeyError, IndexError, ValueError):
        return False
    return True


def _mended(kind: str, plain: Mapping[str, Any], made: dict[str, Any], folder: Path) -> Any:
    """Return the fields of a `kind` with what JSON cannot hold put back."""
    if kind == "Picture":
        if not _PICTURE_NAME.fullmatch(plain["png"]):
            raise ValueError(f"not the name of a picture: {plain['png']!r}")
        made["png"] = (folder / plain["png"]).read_bytes()
    elif kind == "Finding":
        made["severity"] = Severity(plain["severity"])
        made["effect"] = plain.get("effect") or 0.0
    elif kind == "Estimate" and plain["value"] is None:
        made["value"] = math.nan
    elif kind == "Series":
        for name in ("y", "low", "high"):
            if made.get(name) is not None:
                made[name] = tuple(math.nan if y is None else y for y in made[name])
    elif kind == "Report":
        made["values"] = plain["values"]  # figures for scripts, as they are
    return made
