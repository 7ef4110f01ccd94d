import io
import re

from rich.console import Console

from tamiz.core.language import set_language
from tamiz.data.report import (
    Chart,
    Estimate,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.rendering.terminal import print_report, spark


def printed(report, *, width=80, is_full=False, **options) -> str:
    """Return what `report` looks like in a pipe."""
    out = io.StringIO()
    print_report(report, console=Console(file=out, width=width, **options), is_full=is_full)
    return out.getvalue()


def test_summary_shows_metrics_beside_baselines_with_intervals(plain_report):
    out = printed(plain_report)
    line = next(line for line in out.splitlines() if "Accuracy" in line)
    assert re.search(r"0\.934.*0\.929–0\.939.*0\.500", line)
    assert "95 % interval (bootstrap over groups); n = 5,000 in 725 groups" in out
    assert "The rest" not in out


def test_a_part_whose_images_are_its_groups_counts_among_the_groups():
    ours = Estimate(0.8, 0.7, 0.9, n=203, n_groups=203, method="wilson")
    theirs = Estimate(0.9, 0.8, 0.95, n=1000, n_groups=999, method="bootstrap")
    alone, both = (
        printed(Report("evaluate", "r", summary=(Table(tuple("abc")[: len(row)], (row,)),)))
        for row in (("x", ours), ("x", ours, theirs))
    )
    assert "n = 203." in alone
    assert "n = 203–1,000 in 203–999 groups" in " ".join(both.split())


def test_full_report_shows_every_block(plain_report):
    out = printed(plain_report, is_full=True)
    for part in ("The rest", "… and 220 more rows", "3 pictures", "█▃▁", "█", "Stop", "$ cat"):
        assert part in out
    assert "Nothing to list." in out


def test_nothing_is_wider_than_the_terminal_except_what_must_be_copied(plain_report):
    lines = printed(plain_report, is_full=True).splitlines()
    assert max(map(len, lines)) <= 80


def test_no_line_of_a_pipe_ends_in_blanks(plain_report):
    assert all(line == line.rstrip() for line in printed(plain_report, is_full=True).splitlines())


def test_hostile_names_neither_colour_the_terminal_nor_act_as_markup(hostile_report):
    out = printed(hostile_report, is_full=True)
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[red]bold[/red]" in out
    out.encode("utf-8")


def test_commands_and_paths_stay_on_one_line():
    command = "tamiz run " + "/very/long/folder" * 8
    path = "runs/" + "x" * 120 + "/report.html"
    finding = Finding(Severity.WARNING, "look", "do", command)
    out = printed(Report("run", "T", summary=(Findings((finding,)), Paragraph(path))))
    assert command in out
    assert path in out


def test_ascii_terminals_get_ascii(plain_report):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    print_report(plain_report, console=Console(file=stream, width=80), is_full=True)
    stream.flush()
    assert b"(0.929-0.939)" in raw.getvalue()


def test_report_without_summary_shows_its_first_section():
    report = Report("index", "T", (Section("a", "A", (Paragraph("first"),)),))
    assert "first" in printed(report)


def test_spanish_words(plain_report):
    set_language("es")
    try:
        assert "intervalo del 95 %" in printed(plain_report)
    finally:
        set_language("en")


def test_percent_and_count_units():
    shares = Table(("a", "b"), (("x", Estimate(0.912, 0.9, 0.92)),), unit="percent")
    counts = Table(("a", "b"), (("x", 1234.0),), unit="count")
    out = printed(Report("index", "T", summary=(shares, counts)))
    assert "91.2\u00a0% (90.0–92.0\u00a0%)" in out
    assert "1,234" in out


def test_spark_goes_from_lowest_to_highest():
    assert spark([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert len(spark(list(range(100)), 30)) <= 30
    assert spark([1, 1], 5) == "▁▁"


def test_findings_say_how_sure_they_are_and_stand_by_what_is_at_stake():
    findings = (
        Finding(Severity.NOTE, "a small thing", effect=0.1),
        Finding(Severity.NOTE, "a large thing", certainty="p = 0.004", effect=0.8),
    )
    out = printed(Report("explore", "T", summary=(Findings(findings),)))
    assert "  How sure: p = 0.004\n" in out
    assert out.index("a large thing") < out.index("a small thing")


def test_long_advice_is_wrapped_and_paths_in_it_stay_whole():
    path = "/folder" * 20
    finding = Finding(Severity.NOTE, "what", "word " * 60 + path)
    out = printed(Report("explore", "T", summary=(Findings((finding,)),)))
    assert path in out
    assert all(len(line) <= 80 for line in out.splitlines() if path not in line)


def test_histogram_is_a_row_of_blocks_between_its_ends():
    bars = Series("images", (10.0, 20.0, 30.0), (1.0, 9.0, 1.0))
    out = printed(Report("explore", "T", summary=(Chart("histogram", "W", "x", "n", (bars,)),)))
    assert "▁█▁  10.00 … 30.00" in out
