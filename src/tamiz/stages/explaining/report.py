"""What `explain` says about images: maps, whether they are true, and the gallery."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.files import write_json, write_text
from tamiz.core.language import text
from tamiz.data.ledger import safe_cell
from tamiz.data.report import (
    Block,
    Chart,
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
from tamiz.stages.explaining.check import Evidence, Verdict, is_described, shows_little
from tamiz.stages.explaining.images import Shown
from tamiz.stages.explaining.making import Maker

_SHOWN: Final = 24
_ROWS: Final = 50
_SUMMARY_ROWS: Final = 10


def report_of(
    maker: Maker,
    made: tuple[Sequence[Shown], Sequence[tuple[str, str]]],
    evidence: Evidence,
    gallery: tuple[Block, ...],
    out: Path,
) -> Report:
    """Return the report; write it as report.html, its figures as maps.csv and explain.json.

    Args:
        maker: of the maps.
        made: the maps, and (image, reason) of what could not be read.
        evidence: of the check.
        gallery: blocks.
        out: the folder.
    """
    from tamiz.rendering.html import render_html

    shown, problems = made
    page = out / "report.html"
    n = len({one.path for one in shown})
    sentence = Paragraph(text("explaining.sentence", n=n, out=str(out), page=str(page)))
    findings = _findings(maker, evidence, problems)
    sections = [_maps_section(maker, shown, out)]
    if evidence.verdicts:
        sections.append(_check_section(maker, evidence))
    if gallery:
        sections.append(Section("gallery", text("explaining.gallery"), gallery))
    values = {"explain": _values(maker, shown, problems, evidence)}
    summary: tuple[Block, ...] = (
        sentence,
        _table(_answers(shown)[:_SUMMARY_ROWS]),
        *([_lot_table(evidence)] if evidence.verdicts else []),
        findings,
    )
    report = Report("explain", text("explain.title"), tuple(sections), summary, values)
    _write_csv(shown, problems, out / "maps.csv")
    write_json(out / "explain.json", values["explain"])
    write_text(page, render_html(replace(report, summary=(findings,))))
    return report


def _maps_section(maker: Maker, shown: Sequence[Shown], out: Path) -> Section:
    first = shown[:_SHOWN]
    blocks: list[Block] = []
    if len(maker.members) > 1:
        blocks.append(Paragraph(text("explaining.of_ensemble", n=len(maker.members))))
    blocks += [
        Paragraph(text("explaining.left_out", name=name, reason=reason))
        for name, reason in maker.left_out
    ]
    for method in maker.explainers:
        pictures = [
            picture for one in first if one.method == method for picture in _pictures(one, out)
        ]
        blocks.append(Paragraph(_how(maker, method, shown)))
        what = text(f"explaining.what_{method.replace('-', '_')}")
        caption = text("explaining.pictures_caption", method=method, what=what)
        blocks.append(Pictures(tuple(pictures), caption))
    if len(shown) > len(first):
        blocks.append(Paragraph(text("explaining.more", n=len(first), all=len(shown))))
    blocks += [Paragraph(text("explaining.no_cause")), _table(_answers(shown)[:_ROWS])]
    return Section("maps", text("explaining.maps"), tuple(blocks))


def _how(maker: Maker, method: str, shown: Sequence[Shown]) -> Any:
    """Return what the method shows, in words."""
    key = f"explaining.how_{method.replace('-', '_')}"
    if method == "integrated-gradients":
        gaps = [_relative_gap(one) for one in shown if one.method == method]
        return text(key, gap=max(gaps, default=0.0))
    if method == "occlusion":
        return text(key, patch=maker.how.patch)
    return text(key)


def _relative_gap(one: Shown) -> float:
    size = max(abs(one.facts["score_difference"]), 1e-9)
    return one.facts["completeness_gap"] / size


def _pictures(one: Shown, out: Path) -> list[Picture]:
    """Return the image and its map."""
    words = text("explaining.picture", target=one.target, probability=one.probability)
    pairs = ((one.image, one.path), (one.file, words))
    return [Picture((out / "maps" / f"{name}.png").read_bytes(), told) for name, told in pairs]


def _answers(shown: Sequence[Shown]) -> list[Shown]:
    """Return one entry for each image and class, whatever the method."""
    return list({(one.path, one.target): one for one in reversed(shown)}.values())[::-1]


def _table(shown: Sequence[Shown]) -> Table:
    columns = ("path", "class", "probability", "answer")
    rows = tuple((one.path, one.target, one.probability, one.predicted) for one in shown)
    return Table(
        tuple(text(f"explaining.{name}") for name in columns), rows, text("explaining.caption")
    )


def _check_section(maker: Maker, evidence: Evidence) -> Section:
    from tamiz.engine.explaining.faithfulness import GRID, N_ORDERS, N_RANDOM_NETS

    known = "explaining.check_groups" if evidence.has_groups else "explaining.check_groups_alone"
    is_mixed, n = is_described(maker), N_RANDOM_NETS
    blocks: list[Block] = [
        Paragraph(text("explaining.check_how", grid=GRID)),
        _lot_table(evidence, 2 * N_ORDERS),
        *(_chart(one) for one in evidence.verdicts),
        Paragraph(text("explaining.check_mixed" if is_mixed else "explaining.check_random", n=n)),
        _weights_table(evidence, is_mixed=is_mixed),
        Paragraph(text(known)),
    ]
    if len(maker.members) > 1:
        first = "explaining.check_mixed_first" if is_mixed else "explaining.check_random_first"
        blocks.append(Paragraph(text(first)))
    return Section("check", text("explaining.check"), tuple(blocks))


def _lot_table(evidence: Evidence, n_orders: int = 0) -> Table:
    columns = ("method", "maps_checked", "separation", "beaten", "p_value", "contrast")
    rows = tuple(
        (
            one.method,
            len(one.rows),
            one.estimate("separation"),
            one.estimate("beaten"),
            text("explaining.p", p=one.lot.p),
            one.estimate("contrast"),
        )
        for one in evidence.verdicts
    )
    caption = text("explaining.check_lot_caption", n=n_orders) if n_orders else ""
    return Table(tuple(text(f"explaining.{name}") for name in columns), rows, caption)


def _weights_table(evidence: Evidence, *, is_mixed: bool = False) -> Table:
    other = "mixed_separation" if is_mixed else "random_separation"
    columns = ("method", "separation", other, "correlation")
    rows = tuple(
        (
            one.method,
            one.estimate("separation"),
            one.random_estimate,
            one.estimate("correlation"),
        )
        for one in evidence.verdicts
    )
    key = "check_columns_caption" if is_mixed else "check_weights_caption"
    caption = text(f"explaining.{key}")
    return Table(tuple(text(f"explaining.{name}") for name in columns), rows, caption)


def _chart(verdict: Verdict) -> Chart:
    n = len(verdict.rows)
    lines = []
    for name in ("deletion", "insertion", "by_lot"):
        curves = [getattr(one, name) for one in verdict.rows]
        mean = tuple(sum(values) / n for values in zip(*curves, strict=True))
        shares = tuple(float(at / (len(mean) - 1)) for at in range(len(mean)))
        lines.append(Series(text(f"explaining.{name}"), shares, mean))
    return Chart(
        kind="line",
        title=text("explaining.chart", method=verdict.method),
        x_label=text("explaining.chart_x"),
        y_label=text("explaining.chart_y"),
        series=tuple(lines),
    )


def _findings(maker: Maker, evidence: Evidence, problems: Sequence[tuple[str, str]]) -> Findings:
    made = []
    for one in evidence.verdicts:
        if one.explains:
            made += [Finding(Severity.NOTE, words) for words in one.sentences()]
            continue
        others = ", ".join(_other_methods(maker, one.method))
        advice = text("explaining.advice" if others else "explaining.advice_none", others=others)
        made += [Finding(Severity.WARNING, words, advice) for words in one.sentences()]
    little = shows_little(evidence)
    if little is not None:
        made.append(Finding(Severity.WARNING, little))
    if not maker.how.n_checked:
        made.append(Finding(Severity.WARNING, text("explaining.not_checked")))
    if problems:
        items = tuple(f"{name}: {reason}" for name, reason in problems)
        what = text("explaining.unreadable", n=len(items))
        made.append(Finding(Severity.WARNING, what, items=items))
    return Findings(tuple(made))


def _other_methods(maker: Maker, method: str) -> list[str]:
    """Return the other methods that suit the networks."""
    from tamiz.engine.explaining.registry import EXPLAINERS

    made = []
    for name in sorted({"gradcam", "integrated-gradients", "occlusion"} - {method}):
        explainer = EXPLAINERS.get(name)()
        try:
            for subject in maker.subjects:
                explainer.check(subject)
        except WrongUse:
            continue
        made.append(name)
    return made


def _values(
    maker: Maker,
    shown: Sequence[Shown],
    problems: Sequence[tuple[str, str]],
    evidence: Evidence,
) -> dict[str, Any]:
    return {
        "model": maker.identity,
        "maps": [
            {
                "path": one.path,
                "method": one.method,
                "class": one.target,
                "probability": one.probability,
                "predicted": one.predicted,
                "picture": f"{one.file}.png",
                "map": f"maps/{one.file}.npy",
                "layer": one.layer,
                **one.facts,
            }
            for one in shown
        ],
        "problems": [{"path": name, "reason": reason} for name, reason in problems],
        "check": {one.method: _figures(one) for one in evidence.verdicts},
    }


def _figures(verdict: Verdict) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in ("separation", "beaten", "contrast", "correlation"):
        found = verdict.estimate(name)
        made[name] = {
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "n": found.n,
            "n_groups": found.n_groups,
        }
    return {
        **made,
        "p": verdict.lot.p,
        "random_separation": verdict.random_separation,
        "is_better_than_lot": verdict.is_better_than_lot,
        "is_learnt": verdict.is_learnt,
        "is_changing": verdict.is_changing,
        "explains": verdict.explains,
    }


def _write_csv(shown: Sequence[Shown], problems: Sequence[tuple[str, str]], path: Path) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    names = sorted({name for one in shown for name in one.facts})
    head = ["path", "method", "class", "probability", "predicted", "picture", "layer"]
    writer.writerow([*head, *names, "problem"])
    for one in shown:
        cells = [one.path, one.method, one.target, repr(one.probability), one.predicted]
        cells += [f"{one.file}.png", one.layer]
        facts = [repr(one.facts[name]) if name in one.facts else "" for name in names]
        writer.writerow([*map(safe_cell, cells), *facts, ""])
    for name, reason in problems:
        empty = [""] * (len(head) - 1 + len(names))
        writer.writerow([safe_cell(name), *empty, safe_cell(reason)])
    write_text(path, lines.getvalue())
