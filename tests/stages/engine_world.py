"""Sources of every kind, and all that stages write of them, for one engine against another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.stages.converted import PERSON, one
from tests.stages.slide_drawing import HAEMATOXYLIN, drawn, save_slide

from tamiz.core.events import ignore
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.data.manifest import Manifest
from tamiz.data.tiling import Tiling
from tamiz.descriptors.described import Described
from tamiz.formats.reader import policy_from
from tamiz.inputs import dicom_headers
from tamiz.stages.convert import ConvertOptions, convert
from tamiz.stages.describing import Task, write_features
from tamiz.stages.embedding import Embedding, bags_of
from tamiz.stages.measuring import sketches_of
from tamiz.stages.pipeline import advance, begin, recipe_of
from tamiz.stages.prepare import PrepareSlides, prepare
from tamiz.stages.preparing import prepare_rows
from tamiz.stages.tiles import CutTiles, tiles
from tamiz.steps.apply import build_steps
from tamiz.testing.pictures import png
from tamiz.testing.sources import npz_bytes, write_files, zip_bytes

STAGES = ("run", "prepared", "described", "png", "dicom", "slides", "tiles", "bags")
_TIME = {".lock", "events.jsonl", "run.json", "timing.json"}  # say when, or by which command
_HOW = Embedding(Tiling(tile_px=32, um_per_px=1.0, most=6), ("stain", "edges"), (), Policy())
_STEPS = build_steps([{"name": "rgb"}, {"name": "resize", "size_px": 28, "aspect": "stretch"}])


def sources_in(root: Path) -> Path:
    """Return a folder with photos (one cut off, some in archives), DICOM files and slides."""
    photos = {f"{'ab'[n % 2]}/{n}.png": png(n, (20 + n, 18)) for n in range(10)}
    photos["a/cut.png"] = png(77)[:200]
    photos["b/more.zip"] = zip_bytes({f"{n}.png": png(n) for n in range(20, 24)})
    write_files(root / "photos", photos)
    write_files(root / "dicom", {f"{n % 2}/{n}.dcm": one(n, **PERSON) for n in range(5)})
    for n in range(2):
        place = root / "slides" / f"{n}.tif"
        save_slide(place, drawn(384, 384, stain=HAEMATOXYLIN, seed=n))
    values = np.random.default_rng(0).integers(0, 255, (9, 16, 16), dtype=np.uint8)
    labels = np.arange(9) % 2
    write_files(root, {"some.npz": npz_bytes(train_images=values, train_labels=labels)})
    return root


def do_all(sources: Path, out: Path) -> dict[str, dict[str, bytes]]:
    """Return by stage and name the files that every stage writes on the engine in force."""
    run, asked = begin(sources / "photos", out / "run", settings={"data": {"max_problems": 0.5}})
    advance(run, asked, "check")
    recipe = recipe_of(run, asked)
    sketches_of(recipe, run, ignore)
    advance(*begin(sources / "some.npz", out / "run2"), "check")
    manifest = run.manifest()
    usable = [at for at, fate in enumerate(manifest.column("fate")) if fate is None]
    rows = manifest.take(usable)
    prepare_rows(rows, _STEPS, policy_from(recipe.data), recipe, out / "prepared", ignore)
    how = Described.from_words("colour-histogram,glcm,lbp", (20, 20))
    task = Task(rows, how, policy_from(recipe.data), out / "described" / "x.parquet")
    write_features(task, ignore)
    for to in ("png", "dicom"):
        data = DataOptions(source=str(sources / "dicom"))
        convert(data, out / to, ConvertOptions(to=to))
    slides = DataOptions(source=str(sources / "slides"))
    prepare(slides, out / "slides", PrepareSlides(0.25, blur=3))
    tiles(slides, out / "tiles", CutTiles(Tiling(tile_px=64), copies=True))
    names = ["0.tif", "1.tif"]
    bagged = Manifest.from_columns({"path": names}, sources / "slides")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAMIZ_CACHE", str(out / "bags"))
        bags_of(bagged.with_columns({"content_sha256": names}), _HOW)
    return {stage: _files_in(out, stage) for stage in STAGES}


@contextmanager
def own_key(place: Path) -> Iterator[None]:
    """Use a key of pseudonyms of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TAMIZ_KEY_FILE", str(place))
        dicom_headers._pseudonyms.cache_clear()
        yield
    dicom_headers._pseudonyms.cache_clear()


def _files_in(out: Path, stage: str) -> dict[str, bytes]:
    folders = [out / stage, out / "run2"] if stage == "run" else [out / stage]
    return {
        str(path.relative_to(out)): path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _TIME and path.suffix not in {".html", ".json"}
    }
