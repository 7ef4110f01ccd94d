"""The model card: what the model is for, what it learnt from, its figures and its limits.

The sections follow Mitchell et al., "Model Cards for Model Reporting", FAT* 2019.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tamiz.core.files import write_text
from tamiz.core.language import text
from tamiz.data.report import Block, Cell, Code, Estimate, Paragraph, Report, Section, Table, Words
from tamiz.data.run_folder import Run
from tamiz.metrics.multilabel_blocks import label_metric
from tamiz.metrics.registry import METRICS
from tamiz.metrics.report_blocks import metric_name
from tamiz.stages.checklist_answers import Answers, answers_of
from tamiz.stages.figures_in_words import (
    figure_sentences,
)
from tamiz.stages.results_in_words import (
    data_sentences,
    limit_sentences,
    training_sentences,
)
from tamiz.stages.run_facts import RunFacts
from tamiz.stages.wording import enumerated, figure, joined


def write_card(facts: RunFacts, run: Run) -> None:
    """Write report/card.html and card.md, and the same card.md into the model's folder."""
    if not facts.bundle.get("model"):
        return
    from tamiz.rendering.html import render_html
    from tamiz.rendering.markdown import render_markdown

    card = model_card(facts)
    words = render_markdown(card)
    write_text(run.report_folder / "card.html", render_html(card))
    write_text(run.report_folder / "card.md", words)
    write_text(run.model_folder / "card.md", words)


def model_card(facts: RunFacts) -> Report:
    """Return the card; what the run does not show is said to be open, not filled in."""
    answers = answers_of(facts)
    sections = (
        _section("model", _told(answers, "technique", "start", "ensemble")),
        _section("use", _use(facts)),
        _section("out_of_scope", _out_of_scope(facts)),
        _section("data", _data(facts, answers)),
        _section("testing", _told(answers, "internal", "looks", "apart", "external")),
        _section("figures", _figures(facts)),
        _section("decision", _told(answers, "output", "recalibrated", "calibration")),
        _section("subgroups", _subgroups(answers)),
        _section("guard", _guard(facts, answers)),
        _section("limits", _limits(facts)),
        _section("how", _how()),
        _section("made", _told(answers, "training", "selection", "recipe", "software")),
        _section("licence", _licence(facts)),
    )
    made = tuple(section for section in sections if section.blocks)
    title = text("card.title", source=facts.source)
    return Report("card", title, made, (Paragraph(text("card.intro")),))


def _section(key: str, blocks: tuple[Block, ...]) -> Section:
    return Section(key, text(f"card.{key}"), blocks)


def _told(answers: Answers, *names: str) -> tuple[Block, ...]:
    return tuple(Paragraph(joined(answers[name])) for name in names if answers.get(name))


def _use(facts: RunFacts) -> tuple[Block, ...]:
    said = str(facts.bundle.get("intended_use", ""))
    return (Paragraph(said or text("card.use_open")), Paragraph(text("card.research")))


def _out_of_scope(facts: RunFacts) -> tuple[Block, ...]:
    names = enumerated([f"'{name}'" for name in facts.classes])
    key = "labels" if facts.is_multilabel else "classes"
    formats = ", ".join(facts.values.get("check", {}).get("formats", {})) or "-"
    images = "card.scope_external" if facts.external else "card.scope_images"
    return (
        Paragraph(text(f"card.scope_{key}", **{key: names})),
        Paragraph(text(images, formats=formats)),
    )


def _data(facts: RunFacts, answers: Answers) -> tuple[Block, ...]:
    if not facts.parts:
        return ()
    made = (Paragraph(joined(list(data_sentences(facts)))),)
    trained = list(training_sentences(facts))
    more = (Paragraph(joined(trained)),) if trained else ()
    return (*made, *_told(answers, "labels_from", "preprocessing"), *more)


def _figures(facts: RunFacts) -> tuple[Block, ...]:
    if not facts.part:
        return (Paragraph(text("results.none")),)
    confidence = facts.recipe.evaluate.confidence
    rows = tuple(_figure_rows(facts))
    caption = text("card.figures_caption", confidence=confidence)
    columns = (text("card.metric"), text("card.value"))
    blocks: list[Block] = [
        Paragraph(joined(list(figure_sentences(facts)))),
        Table(columns, rows, caption),
    ]
    classes = tuple(_class_rows(facts))
    if classes:
        caption = text("card.class_caption", confidence=confidence)
        blocks.append(Table((text("card.class"), text("card.value")), classes, caption))
    return tuple(blocks)


def _figure_rows(facts: RunFacts) -> Iterator[tuple[Cell, ...]]:
    for name, found in facts.figures.items():
        known = name in METRICS.names() or facts.is_multilabel
        if not known or found.get("value") is None:
            continue
        metric = label_metric(name) if facts.is_multilabel else METRICS.get(name)
        yield metric_name(metric), estimate_of(found)


def _class_rows(facts: RunFacts) -> Iterator[tuple[Cell, ...]]:
    for name, found in facts.metrics.get("by_class", {}).get(facts.part, {}).items():
        if found.get("recall", {}).get("value") is not None:
            yield name, estimate_of(found["recall"])


def estimate_of(found: Mapping[str, Any]) -> Estimate:
    """Return a figure of metrics.json as an Estimate."""
    return Estimate(
        found["value"],
        found.get("low"),
        found.get("high"),
        int(found.get("n", 0)),
        int(found.get("n_groups", 0)),
        str(found.get("method") or ""),
    )


def _subgroups(answers: Answers) -> tuple[Block, ...]:
    return _told(answers, "subgroups") or (Paragraph(text("card.no_subgroups")),)


def _guard(facts: RunFacts, answers: Answers) -> tuple[Block, ...]:
    if not answers.get("guard"):
        return (Paragraph(text("card.no_guard")),)
    alarms = facts.bundle["guard"].get("false_alarms", {}).get("all", {})
    told: list[Words] = list(answers["guard"])
    if "value" in alarms:
        rate = figure(facts, {"n_groups": alarms.get("n", 0), **alarms}, unit="percent")
        told.append(text("card.guard_alarms", rate=rate))
    return (Paragraph(joined(told)),)


def _limits(facts: RunFacts) -> tuple[Block, ...]:
    found = tuple(Paragraph(one) for one in limit_sentences(facts))
    return found or (Paragraph(text("card.no_limits")),)


def _how() -> tuple[Block, ...]:
    return (
        Code("tamiz predict RUN/model IMAGES --out answers.csv", text("card.how_command")),
        Code(
            'import tamiz\n\nanswers = tamiz.predict("RUN/model", "IMAGES")',
            text("card.how_python"),
        ),
    )


def _licence(facts: RunFacts) -> tuple[Block, ...]:
    said = str(facts.bundle.get("licence", ""))
    return (Paragraph(said or text("card.licence_open")),)
