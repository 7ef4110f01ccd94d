"""Stage `explore`: what the data are. Facts only: nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tamiz.core.events import OnEvent, ignore
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.data.label_sets import JOINT, count_labels, labels_in
from tamiz.data.ledger import Fate
from tamiz.data.manifest import Manifest
from tamiz.data.report import (
    Block,
    Finding,
    Findings,
    Paragraph,
    Pictures,
    Report,
    Section,
    Severity,
)
from tamiz.data.run_folder import Run
from tamiz.formats.reader import Reader, policy_from
from tamiz.formats.regions import with_region
from tamiz.inputs.cells import Cells
from tamiz.inputs.dicom import header_cells
from tamiz.inputs.find import table_of
from tamiz.inputs.parts import has_parts, regions_of
from tamiz.inputs.roles import Roles, fill
from tamiz.inputs.several_labels import sets_of_texts
from tamiz.profile.images import ImageFacts, ImageReport, image_sections
from tamiz.profile.label_words import label_findings
from tamiz.profile.labels_together import together_section, together_values
from tamiz.profile.table_blocks import TableReport, table_sections
from tamiz.profile.table_facts import TableFacts
from tamiz.stages.backgrounds import explore_backgrounds
from tamiz.stages.index import tell
from tamiz.stages.measuring import NO_PIXELS, Seen, sketches_of
from tamiz.stages.showing import filled_in, picture_at, with_page

MOST_SEEN: Final = 200_000  # images whose pixels are looked at: 1 GB of sketches
_MOST_CLASSES: Final = 40
_EXTREMES: Final = 3
_TOGETHER: Final = " + "
# What a table's profile says of labels that are one for each image.
_OF_ONE_LABEL: Final = frozenset(
    f"profile.{name}"
    for name in (
        "several_labels", "no_label", "same_label", "rare_labels", "mixed_groups",
        "named_twice", "named_at_odds", "repeated_id", "imbalance",
    )
)  # fmt: skip


def explore(recipe: Recipe, run: Run, on_event: OnEvent = ignore) -> Report:
    """Describe the table, if there is one, and the images: sizes, colours, classes, centres.

    Every image is looked at once, large JPEGs at reduced size; what was measured is kept in
    `cache/sketches.npz`. Rows whose file is not there are described by their table only.

    Raises:
        WrongUse: `explore.classes` names no column or no class.
    """
    seen = sketches_of(recipe, run, on_event, most=MOST_SEEN)
    table = _explore_table(recipe) or _explore_headers(seen.rows, recipe)
    images = _explore_images(seen, recipe)
    shown = _pictures(seen.rows, images, recipe)
    if seen.rows.is_multilabel:
        together = together_section(seen.rows.label_sets(), seen.rows.classes())
        shown = (together, *shown)
    shown = (*explore_backgrounds(seen.rows, seen.sketches), *shown)
    found = [*(table.findings if table else ()), *images.findings]
    if table is not None or seen.rows.is_multilabel:  # a table has counted the labels already
        found = [one for one in found if getattr(one.what, "key", "") != "images.imbalance"]
    if seen.rows.is_multilabel:  # a table knows columns: sets of labels are not classes
        found = [one for one in found if getattr(one.what, "key", "") not in _OF_ONE_LABEL]
    n = n_with_pixels(run)
    if table is None or seen.rows.is_multilabel:
        found += label_findings(_label_counts(seen, run, n))
    if n > len(seen.rows):
        sampled = text("explore.sampled", n=len(seen.rows), total=n)
        found.append(Finding(Severity.NOTE, sampled))
    found.sort(key=lambda one: one.rank)
    findings = tuple(filled_in(one, run) for one in found)
    for finding in findings:
        tell(on_event, "explore", finding)
    return with_page(_report(table, images, shown, findings, seen, run), run)


def n_with_pixels(run: Run) -> int:
    """Return how many rows have an image that decodes."""
    fates = run.manifest(("fate",)).series("fate")
    return int((fates.is_null() | ~fates.is_in(NO_PIXELS)).sum())


def _label_counts(seen: Seen, run: Run, n: int) -> Counter[str]:
    """Return how many images have each label: all images, also where a sample is looked at."""
    if n <= len(seen.rows):
        return count_labels(seen.rows.label_sets())
    rows = run.manifest(("label", "fate"))
    fates = rows.series("fate")
    labels = rows.series("label").filter(fates.is_null() | ~fates.is_in(NO_PIXELS)).drop_nulls()
    made: Counter[str] = Counter()
    for joined, k in labels.value_counts().iter_rows():
        for label in labels_in(joined) if rows.is_multilabel else (joined,):
            made[label] += k
    return made


def _explore_table(recipe: Recipe) -> TableReport | None:
    found = table_of(recipe.data)
    if found is None:
        return None
    roles, cells = found.roles, _with_sets(found.cells, found.roles, recipe)
    is_set = recipe.data.label_separator is not None and roles.label is not None
    facts = TableFacts(
        columns=cells.columns,
        where=found.where,
        label=roles.label,
        group=roles.group,
        centre=roles.centre,
        path=roles.path,
        split=roles.split,
        lines=cells.lines,
        corrections={name: str(kind) for name, kind in recipe.explore.classes.items()},
        unnamed=cells.unnamed,
        paths=_paths(roles, cells, found.where),
        joint=_TOGETHER if is_set else None,
        seed=recipe.audit.seed,
    )
    return table_sections(facts)


def _with_sets(cells: Cells, roles: Roles, recipe: Recipe) -> Cells:
    """Return the table with the same words for the same set of labels."""
    separator = recipe.data.label_separator
    if separator is None or roles.label is None:
        return cells
    sets = sets_of_texts(cells.columns[roles.label], separator)
    words = [(joined or "").replace(JOINT, _TOGETHER) for joined in sets.joined]
    return replace(cells, columns={**cells.columns, roles.label: words})


def _paths(roles: Roles, cells: Cells, where: str) -> Sequence[str]:
    """Return each row's file, with the part that it names; nothing where a column says it all."""
    files = fill(roles.template, cells) if roles.template else []
    if not has_parts(cells):
        return files
    whole = files or cells.columns[roles.path or ""]
    regions = regions_of(cells, where)
    return [with_region(name, one) for name, one in zip(whole, regions, strict=True)]


def _explore_headers(rows: Manifest, recipe: Recipe) -> TableReport | None:
    """Describe what DICOM headers say, as a table."""
    columns = header_cells(rows)
    if columns is None or not len(rows):
        return None
    has_label = any(columns["label"])
    facts = TableFacts(
        columns={name: cells for name, cells in columns.items() if has_label or name != "label"},
        where="DICOM",
        label="label" if has_label else None,
        group="patient",
        centre="centre" if "centre" in columns else None,
        path="path",
        corrections={name: str(kind) for name, kind in recipe.explore.classes.items()},
        seed=recipe.audit.seed,
    )
    return table_sections(facts)


def _explore_images(seen: Seen, recipe: Recipe) -> ImageReport:
    has_centre = "centre" in seen.rows.column_names
    facts = ImageFacts(
        seen.rows, seen.sketches, "centre" if has_centre else None, seed=recipe.audit.seed
    )
    return image_sections(facts)


def _pictures(rows: Manifest, images: ImageReport, recipe: Recipe) -> tuple[Section, ...]:
    """Return a sheet of each class, and the largest and smallest images."""
    if not len(rows):
        return ()
    with Reader(rows.root, policy_from(recipe.data)) as reader:
        extremes: list[Block] = []
        for name, at in (("largest", images.largest), ("smallest", images.smallest)):
            chosen = at[:_EXTREMES]
            if chosen:  # none where all are of one size
                extremes.append(_sheet(rows, chosen, reader, text(f"explore.{name}")))
        sheets = [
            _sheet(rows, at, reader, label or text("explore.no_label"))
            for label, at in list(images.contact.items())[:_MOST_CLASSES]
        ]
    more = len(images.contact) - _MOST_CLASSES
    blocks: tuple[Block, ...] = tuple(sheets)
    if more > 0:
        blocks = (*blocks, Paragraph(text("explore.more_classes", n=more)))
    made = [Section("contact", text("explore.contact"), blocks)]
    if extremes:
        made.append(Section("extremes", text("explore.extremes"), tuple(extremes)))
    return tuple(made)


def _sheet(rows: Manifest, at: Sequence[int], reader: Reader, caption: Any) -> Pictures:
    places = list(rows.rows("path", "frame"))
    sizes = list(rows.rows("width_px", "height_px"))
    made = []
    for row in at:
        path, frame = places[row]
        name = f"{path}#{frame}" if frame else path
        width, height = sizes[row]
        shown = picture_at(reader, path, frame, caption=f"{name} · {width} × {height} px")
        made += [shown] if shown else []
    return Pictures(tuple(made), caption)


def _report(
    table: TableReport | None,
    images: ImageReport,
    shown: tuple[Section, ...],
    findings: tuple[Finding, ...],
    seen: Seen,
    run: Run,
) -> Report:
    n_missing = run.manifest().column("fate").count(Fate.MISSING.value)
    sentence = text("explore.sentence", n=len(seen.rows), n_missing=n_missing)
    blocks: list[Block] = [*(table.summary if table else ()), Paragraph(sentence)]
    if findings:
        blocks.append(Findings(findings))
    sections = (
        Section("overview", text("explore.overview"), tuple(blocks)),
        *(table.sections if table else ()),
        *images.sections,
        *shown,
    )
    summary: list[Block] = [*(table.summary if table else ()), Paragraph(sentence)]
    if findings:
        brief = tuple(replace(one, items=one.items[:3], pictures=()) for one in findings)
        summary.append(Findings(brief))
    values = {
        "images": {**images.values, "missing": n_missing},
        "table": table.values if table else None,
        "labels": together_values(seen.rows.label_sets()) if seen.rows.is_multilabel else None,
    }
    title = text("explore.title")
    return Report("explore", title, sections, tuple(summary), {"explore": values})
