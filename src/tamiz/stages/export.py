"""`export`: a trained model in another format, held to the answers of `predict`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.files import make_folder
from tamiz.core.language import Text, text
from tamiz.data.image import Image
from tamiz.data.report import (
    Block,
    Code,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
)
from tamiz.stages.exporting.reference import (
    MOST_CALIBRATION,
    Reference,
    images_of,
    reference_set,
    run_images,
    run_of,
)
from tamiz.stages.predict import load_bundle

if TYPE_CHECKING:
    from tamiz.data.run_folder import Run
    from tamiz.engine.exporting.registry import Exported, Wanted
    from tamiz.models.bundle import Bundle
    from tamiz.stages.exporting.gate import Parity
    from tamiz.stages.exporting.int8 import Cost

STAGE: Final = "export"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a model is exported.

    Attributes:
        format: a name of `tamiz list exports`.
        reference: images to compare on; None: validation images of the run.
        is_int8: whether weights and activations become 8-bit numbers.
        calibrate: images for that; None: training images of the run.
    """

    format: str = "onnx"
    reference: Path | None = None
    is_int8: bool = False
    calibrate: Path | None = None


def export(
    model: Path | str,
    out: Path | str,
    options: ExportOptions | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Write a trained model in another format, or nothing where its answers would be others.

    Args:
        model: folder of a model or of a run.
        out: the file (or folder) to write; must not be there yet.
        options: how.
        on_event: told about progress.

    Raises:
        WrongUse: no model is there, an option does not suit, or the format cannot express it.
        WrongData: the exported model answers otherwise than `predict` (nothing is left).
        MissingDependency: the format needs a package that is not installed.
    """
    from tamiz.engine.exporting.registry import EXPORTS, Wanted

    options, folder, place = options or ExportOptions(), Path(model), Path(out)
    form = EXPORTS.get(options.format)()
    _check_place(place, form.suffix)
    if options.calibrate is not None and not options.is_int8:
        raise WrongUse.of("export.calibrate_alone", where="--calibrate")
    bundle, run = load_bundle(folder), run_of(folder)
    on_event(Event(STAGE, "start"))
    form.check(Wanted(bundle, place.parent, options.is_int8, (), on_event))
    make_folder(place.parent)
    scratch = Path(tempfile.mkdtemp(prefix=".tamiz-export-", dir=place.parent))
    try:
        references = reference_set(bundle, run, options.reference)
        images = _calibration(bundle, run, options)
        wanted = Wanted(bundle, scratch, options.is_int8, images, on_event)
        made = form.make(wanted)
        with_alpha = form.reads_alpha
        parity, cost, facts = _judged(wanted, made, run, references, with_alpha=with_alpha)
        made.write(place, facts)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    on_event(Event(STAGE, "end"))
    return _report(place, options.format, made, parity, cost)


def _check_place(place: Path, suffix: str) -> None:
    if place.exists():
        raise WrongUse.of("export.exists", where=place)
    if suffix and place.suffix.lower() != suffix:
        raise WrongUse.of("export.suffix", where=place, suffix=suffix)


def _calibration(bundle: Bundle, run: Run | None, options: ExportOptions) -> list[Image]:
    """Return decoded training images for 8-bit numbers."""
    if not options.is_int8:
        return []
    if options.calibrate is not None:
        found = images_of(options.calibrate, bundle.policy, MOST_CALIBRATION)
    else:
        found = [] if run is None else list(run_images(run, bundle.policy, ("train",)))
    if not found:
        raise WrongUse.of("export.no_calibration", where="--int8")
    return [image for _, image in found]


def _judged(
    wanted: Wanted,
    made: Exported,
    run: Run | None,
    references: Sequence[Reference],
    *,
    with_alpha: bool,
) -> tuple[Parity, Cost | None, dict[str, Any]]:
    """Return the comparison with `predict`, of 8 bits the cost, and both as JSON.

    Raises:
        WrongData: the answers differ; of an 8-bit model, those of the exact one it was made from.
    """
    from tamiz.engine.exporting.registry import Lossy
    from tamiz.stages.exporting.gate import parity_of
    from tamiz.stages.exporting.int8 import cost_of

    bundle, on_event = wanted.bundle, wanted.on_event
    exact = made.plain if wanted.is_int8 and isinstance(made, Lossy) else None
    strict = made if exact is None else exact
    parity = parity_of(bundle, references, strict.probabilities, on_event, with_alpha=with_alpha)
    parity.check()
    facts: dict[str, Any] = {"parity": parity.facts()}
    if exact is None:
        return parity, None, facts
    cost = cost_of(bundle, run, exact, made, on_event)
    parity = parity_of(bundle, references, made.probabilities, on_event, with_alpha=with_alpha)
    facts |= {"int8": {**cost.facts(), "parity": parity.facts()}}
    return parity, cost, facts


def _report(place: Path, name: str, made: Exported, parity: Parity, cost: Cost | None) -> Report:
    n_bytes = sum(one.stat().st_size for one in _files(place))
    facts = parity.facts()
    blocks: list[Block] = [
        Paragraph(text("export.saved", path=str(place), mib=n_bytes / 2**20, format=name)),
        Paragraph(_agreement(facts, is_lossy=cost is not None)),
    ]
    if not facts["n_real"]:
        what, advice = text("export.no_real_what"), text("export.no_real")
        blocks.append(Findings((Finding(Severity.WARNING, what, advice),)))
    blocks += [Paragraph(note) for note in made.notes]
    if name == "onnx":
        blocks.append(Code(f"tamiz predict {place} IMAGES", text("export.use")))
    title = text("export.title")
    sections = [Section(STAGE, title, tuple(blocks))]
    if cost is not None:
        sections.append(cost.section())
        blocks = [*blocks[:2], *sections[1].blocks, *blocks[2:]]
    values: dict[str, Any] = {
        "path": str(place), "format": name, "bytes": n_bytes, "parity": facts, **_plain(made.facts),
        "int8": None if cost is None else cost.facts(),
    }  # fmt: skip
    return Report(STAGE, title, tuple(sections), tuple(blocks), {STAGE: values})


def _agreement(facts: Mapping[str, Any], *, is_lossy: bool) -> Text:
    if is_lossy:
        share, dp = facts["same_answer"], facts["largest_dp"]
        return text("export.int8_agree", n=facts["n"], same=share, dp=dp)
    real, drawn, dp = facts["n_real"], facts["n_drawn"], facts["largest_dp"]
    return text("export.parity", n=facts["n"], real=real, drawn=drawn, dp=dp)


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return an export's own facts, less those that the report tells itself."""
    return {name: value for name, value in facts.items() if name not in {"bytes", "parity"}}
