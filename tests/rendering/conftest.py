"""A report that holds every kind of block, and one whose names are hostile."""

import struct
import zlib

import pytest

from tamiz.core.language import text
from tamiz.data.report import (
    Chart,
    Code,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Picture,
    Pictures,
    Report,
    Section,
    Series,
    Severity,
    Table,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "</style></title></svg><b>--></b>",
    "{{ 7 * 7 }} {% raw %}",
    "[red]bold[/red] [/]",
    "$a_b$ \\frac{1}",
    "two\nlines\ttab",
    "escape \x1b[31m bell \x07 null \x00",
    "\u202egnp.exe",
    "half \udce9 character",
    "😀 胸部 é",
    "x" * 400,
    "javascript:alert(3)",
    "",
)


def png(grey: int = 0, side: int = 8) -> bytes:
    """Return a grey square as PNG, drawn without any image library."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes([grey]) * side for _ in range(side))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


METRICS = Table(
    ("Metric", "small", "prior"),
    (
        ("Accuracy", Estimate(0.934, 0.929, 0.939, 5000, 725, "bootstrap"), Estimate(0.5, n=5000)),
        (
            "Log loss",
            Estimate(0.21, 0.2, 0.22, 5000, 725, "bootstrap"),
            Estimate(0.693, n=5000, note=text("rendering.no_data")),
        ),
    ),
    caption="Test",
)


def report_with(names: tuple[str, ...]) -> Report:
    """Return a report of every kind of block in which `names` stand wherever a name can."""
    ys = tuple(float(i + 1) for i in range(len(names)))
    bars = Series(names[0], names, ys, tuple(y - 0.5 for y in ys), tuple(y + 0.5 for y in ys))
    lines = tuple(Series(name, (1.0, 2.0, 3.0), (0.9, 0.5, 0.3)) for name in names)
    points = Series(names[0], (0.1, 0.9), (0.2, 0.8), (0.1, 0.7), (0.3, 0.9))
    heat = Table(
        ("true", *names),
        tuple((name, *(int(i == j) for j in range(len(names)))) for i, name in enumerate(names)),
        names[0],
        "heat",
        "count",
    )
    pictures = tuple(Picture(png(i), name) for i, name in enumerate(names))
    findings = tuple(
        Finding(
            severity, names[0], names[-1] or "advice", names[0], names, names[0], 0.5, pictures[:3]
        )
        for severity in (Severity.NOTE, Severity.WARNING, Severity.STOP)
    )
    rows = tuple((name, 0.5, 3, True, None, float("nan")) for name in names)
    mixed = Table(("name", "share", "n", "ok", "none", "nan"), rows, names[0])
    long = Table(("path", "n"), tuple((f"file {i}", i) for i in range(250)), "Long")
    return Report(
        "evaluate",
        names[0],
        (
            Section("words", names[0], (Paragraph("\n\n".join(names)), mixed, METRICS, long)),
            Section(
                "charts",
                "Charts",
                (
                    Chart("bar", names[0], names[0], "n (images)", (bars,)),
                    Chart("line", names[0], "epoch", "loss (nats)", lines, log_y=True),
                    Chart("scatter", names[0], "p", "share", (points,), diagonal=True),
                    Chart("line", "Empty", "epoch", "loss", ()),
                ),
            ),
            Section("charts", "Same anchor", (heat, Table(("empty",), ()))),
            Section(
                "rest",
                "The rest",
                (Pictures(pictures, names[0]), Findings(findings), Code("\n".join(names), "code")),
            ),
        ),
        (Paragraph("In short."), METRICS, Findings(findings[:1])),
        {"test": {"accuracy": {"value": 0.934}}},
    )


@pytest.fixture
def plain_report() -> Report:
    return report_with(("cat", "dog", "bird"))


@pytest.fixture
def hostile_report() -> Report:
    return report_with(HOSTILE)


@pytest.fixture
def hostile_names() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture
def metrics_table() -> Table:
    return METRICS


@pytest.fixture
def make_png():
    return png
