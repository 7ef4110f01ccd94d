"""Stage `explain`: what a model's answers rest on, as pictures, and whether these are true.

It is no stage of a run: it takes a model and files, as `predict` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.data.report import Report
from tamiz.models.registry import MODELS
from tamiz.stages.explaining.images import explain_images
from tamiz.stages.explaining.making import ExplainImages
from tamiz.stages.explaining.slides import METHODS as SLIDE_METHODS
from tamiz.stages.explaining.slides import ExplainSlides, explain_slides
from tamiz.stages.predict import load_bundle

_OF_IMAGES_ONLY: Final = (("classes", "--class"),)


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """How answers are explained.

    Attributes:
        by: names of explainers (`tamiz list explainers`), in order; of slides one: 'attention',
            how much each tile counted, or 'occlusion', the fall of the answer's probability.
            Empty: of slides 'attention', of images 'gradcam', or 'occlusion' where the network
            has no feature maps.
        downsample: of slides: of the pyramidal TIFF, a whole number; 0: none is written.
        images: of images: see `ExplainImages`; its `by` is not looked at.
    """

    by: tuple[str, ...] = ()
    downsample: int = 8
    images: ExplainImages | None = None


def explain(
    model: Path | str,
    sources: Sequence[Path | str],
    out: Path,
    how: ExplainOptions | None = None,
    on_event: OnEvent = ignore,
) -> Report:
    """Draw what the answers of a model rest on: pictures, numbers and a page.

    Of images: maps by each method beside the image, whether these maps do better than chance
    (`explain_images`). Of slides: heatmaps of tiles (`explain_slides`). What an interrupted call
    did is not done again.

    Args:
        model: the folder of a model or of its run.
        sources: images or slides, folders or tables of them.
        out: folder for all that is made.
        how: by which methods, how; None: the defaults.
        on_event: told about progress.

    Raises:
        WrongUse: there is no model, a method does not suit it, or an option is wrong.
        WrongData: the bundle is damaged, or a source holds no images.
    """
    how = how or ExplainOptions()
    bundle = load_bundle(Path(model))
    images = how.images or ExplainImages()
    if MODELS.get(bundle.model).reads != "slides":
        asked = replace(images, by=how.by)
        return explain_images((Path(model), bundle), sources, out, asked, on_event)
    for field, option in _OF_IMAGES_ONLY:
        if getattr(images, field):
            raise WrongUse.of("explaining.not_for_slides", where="explain", name=option)
    by = how.by or SLIDE_METHODS[:1]
    if len(by) > 1:
        known = ", ".join(SLIDE_METHODS)
        raise WrongUse.of("explain.bad_method", where="--with", name=",".join(by), known=known)
    return explain_slides(bundle, sources, out, ExplainSlides(by[0], how.downsample), on_event)
