"""Stage `tiles`: slides to tiles as rows of a table; pixels stay where they are unless asked for.

It is no stage of a run: its output is a folder with `tiles.csv`, which is a source for one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np

from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.files import locked, make_folder, read_json, remove_stale_parts, write_bytes
from tamiz.core.language import text
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.data.report import Report
from tamiz.data.tiling import Tiling
from tamiz.formats.png_writing import encode_png
from tamiz.formats.reader import policy_from
from tamiz.formats.refusal import reading
from tamiz.formats.slide import Slide
from tamiz.inputs.find import find
from tamiz.stages.conversion_names import stamp_of
from tamiz.stages.sharing import check_shared
from tamiz.stages.slides.sources import missing_of, names_of, opened, refuse_inside, slides_of
from tamiz.stages.slides.tiles_report import SlideTold, report_of, save_slides, save_tiles
from tamiz.stages.slides.tiling import Tiles, tile_slide
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

_DONE: Final = "done"
_PICTURES: Final = "pictures"
_AHEAD: Final = 2  # slides at once: each decodes with all cores


@dataclass(frozen=True, slots=True)
class CutTiles:
    """What `tiles` does besides choosing them.

    Attributes:
        tiling: which tiles, at what scale.
        copies: whether tiles are written as PNG, too.
        seed: of the choice of tiles that are spread.
    """

    tiling: Tiling = Tiling()
    copies: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    """One slide: its path, its row's facts, and what its answer is kept under."""

    path: str
    facts: dict[str, str | None]
    key: str


def tiles(data: DataOptions, out: Path, how: CutTiles, on_event: OnEvent = ignore) -> Report:
    """Write `tiles.csv` (a row per tile), `slides.csv` (a row per slide) and a picture per slide.

    What an interrupted call did is not done again, as long as neither slide nor settings change.
    A slide that cannot be read, or that holds no tissue, is named, with its reason.

    Raises:
        WrongData: no slide is there, or the table contradicts itself.
        WrongUse: a setting is out of its limits, or `out` holds something else.
    """
    how.tiling.check()
    limitless = replace(data, max_megapixels=1e7, max_aspect=1e6, missing_files="keep")
    found = find(limitless)
    root = found.manifest.root
    refuse_inside(out, data.source, found)
    _refuse_foreign(out)
    rows = _rows_of(found.manifest)
    names = names_of(row["path"] for row in rows)
    jobs = [_job(root, row, names[row["path"]], how) for row in rows]
    make_folder(out)
    policy = policy_from(limitless)
    with locked(out):
        remove_stale_parts(out)
        check_shared(root, [job.path for job in jobs], out)
        cut = _Cut(root.absolute(), out.absolute(), how, policy, threads=int(is_elsewhere()))
        told = list(_work(jobs, cut, on_event))
        save_tiles(told, out / "tiles.csv", copies=how.copies)
        save_slides(told, out / "slides.csv")
        return report_of(told, missing_of(found), out, root, how.tiling)


def _refuse_foreign(out: Path) -> None:
    """Raise when the folder holds something that this stage did not write."""
    ours = {_DONE, _PICTURES, "copies", "tiles.csv", "slides.csv", "tiles.html"}
    if out.is_dir():
        strange = [one.name for one in out.iterdir() if one.name not in ours]
        strange = [name for name in strange if not name.startswith(".")]
        if strange and not (out / _DONE).is_dir():
            raise WrongUse.of("tiles.not_ours", where=out, first=sorted(strange)[0])


def _rows_of(manifest: Any) -> list[dict[str, Any]]:
    return slides_of(manifest, *(["centre"] if "centre" in manifest.column_names else []))


def _job(root: Path, row: dict[str, Any], slide: str, how: CutTiles) -> _Job:
    path = row["path"]
    settings = json.dumps([asdict(how.tiling), how.copies, how.seed], sort_keys=True)
    key = hashlib.sha256(f"{path}\x1f{stamp_of(root, path)}\x1f{settings}".encode()).hexdigest()
    facts = {"label": row["label"], "patient": row["group"] or slide, "centre": row.get("centre")}
    facts["split"] = row["split"]
    return _Job(path, {"slide": slide, **facts}, key[:32])


def _work(jobs: Sequence[_Job], cut: _Cut, on_event: OnEvent) -> Iterator[SlideTold]:
    """Yield what became of each slide, in order; a few are worked on at once."""
    made = in_order(cut, jobs, Wishes(n_threads=_AHEAD, what="tiles"))
    return track(made, on_event, stage="tiles", text=text("tiles.progress"), total=len(jobs))


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is done to every slide; may be sent to another process.

    Attributes:
        root: where the slides lie.
        out: where results go.
        how: which tiles.
        policy: how files become pixels.
        threads: that decode one slide; 0: all cores.
    """

    root: Path
    out: Path
    how: CutTiles
    policy: Policy
    threads: int

    def __call__(self, job: _Job) -> SlideTold:
        """Return what became of a slide, now or before."""
        kept = self.out / _DONE / f"{job.key}.json"
        if kept.is_file():
            told = SlideTold.from_facts(read_json(kept), job.facts)
            if _is_whole(told, self.out, self.how):
                return told
        try:
            told = self._tile(job)
        except UnreadableItem as error:  # told again next time: the file may be mended
            return SlideTold(job.path, job.facts, problem=error.reason)
        write_bytes(kept, json.dumps(told.kept()).encode())
        return told

    def _tile(self, job: _Job) -> SlideTold:
        how, folder = self.how, self.out
        with opened(self.root, job.path, self.policy, threads=self.threads) as slide:
            with reading(job.path):
                name = PurePosixPath(job.path).name
                made = tile_slide(slide, how.tiling, seed=how.seed, name=name)
            name = job.facts["slide"] or job.path
            write_bytes(folder / _PICTURES / f"{name}.png", _png(made))
            if how.copies:
                _write_copies(slide, made, folder / "copies" / name, how.tiling.tile_px)
            return SlideTold.of(job.path, job.facts, made, how.tiling)


def _is_whole(told: SlideTold, out: Path, how: CutTiles) -> bool:
    """Return whether what was written of a slide is still there."""
    name, columns = told.facts["slide"], told.columns or {}
    copies = (
        f"copies/{name}/{_copy(x, y)}" for x, y in zip(columns["x"], columns["y"], strict=True)
    )
    files = (f"{_PICTURES}/{name}.png", *(copies if how.copies else ()))
    return all(_size(out / file) > 0 for file in files)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _png(made: Tiles) -> bytes:
    import PIL.Image

    opened = io.BytesIO()
    PIL.Image.fromarray(np.ascontiguousarray(made.picture())).save(opened, "PNG")
    return opened.getvalue()


def _write_copies(slide: Slide, made: Tiles, folder: Path, side_px: int) -> None:
    written = set()
    for region, pixels in zip(made.regions, slide.tiles(made.regions, side_px), strict=True):
        name = _copy(*region[:2].tolist())
        _write(folder / name, encode_png(pixels))
        written.add(name)
    for old in folder.glob("*_*.png"):  # of other settings, or of the slide as it was
        if old.name not in written and old.stem.replace("_", "", 1).isdecimal():
            old.unlink()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; unlike `write_bytes` it is not forced to the disk.

    A slide has thousands; the record that it is done is forced, and the next call looks.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.tamiz-part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        write_bytes(path, content)  # makes the folder, or says what is wrong


def _copy(x: int, y: int) -> str:
    return f"{x}_{y}.png"
