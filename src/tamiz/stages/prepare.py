"""Stage `prepare`: slides to pictures of a size that a network can read, streamed and resumable.

It is no stage of a run: its output is a folder of PNG files with a table, ready to be a source.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import OnEvent, ignore, track
from tamiz.core.files import locked, make_folder, remove_stale_parts, write_bytes
from tamiz.core.language import Text, text
from tamiz.core.recipe import DataOptions
from tamiz.data.contracts import Policy
from tamiz.data.report import Block, Finding, Findings, Paragraph, Report, Section, Severity
from tamiz.formats.png_writing import encode_png
from tamiz.formats.reader import policy_from
from tamiz.formats.slide import Slide
from tamiz.inputs.find import find
from tamiz.stages.conversion_files import Journal, Unplaced, save_table, save_unplaced
from tamiz.stages.conversion_names import stamp_of
from tamiz.stages.converting import Done, Job
from tamiz.stages.sharing import check_shared
from tamiz.stages.slides.sources import missing_of, names_of, opened, refuse_inside, slides_of
from tamiz.steps.blur import Blur
from tamiz.workers.current import in_order, is_elsewhere
from tamiz.workers.registry import Wishes

TABLE: Final = "prepared.csv"
_MEASURED: Final = frozenset((
    "bytes", "width_px", "height_px", "slide_width_px", "slide_height_px", "um_per_px", "levels",
    "compression",
))  # fmt: skip
_MOST_BLUR: Final = 99  # as for the step


@dataclass(frozen=True, slots=True)
class PrepareSlides:
    """What is done to every slide, in this order.

    Attributes:
        scale: factor in both directions, above 0 and at most 1; by area averaging.
        is_grey: luma (ITU-R 601).
        blur: kernel of a Gaussian blur in pixels of the result, odd; 0: none.
        threads: that decode a slide; 0: all cores, or one where other processes do slides, too.
    """

    scale: float = 0.05
    is_grey: bool = False
    blur: int = 0
    threads: int = 0

    def check(self) -> None:
        """Raise `WrongUse` when a value is out of its limits."""
        if not 0 < self.scale <= 1:
            raise WrongUse.of("prepare.bad_scale", where="--scale", scale=self.scale)
        if not 0 <= self.blur <= _MOST_BLUR or (self.blur and self.blur % 2 == 0):
            raise WrongUse.of("prepare.bad_blur", where="--blur", n=self.blur, high=_MOST_BLUR)
        if self.threads < 0:
            raise WrongUse.of("prepare.bad_threads", where="--threads", n=self.threads)


def prepare(
    data: DataOptions, out: Path, options: PrepareSlides, on_event: OnEvent = ignore
) -> Report:
    """Prepare every slide that `data.source` names; write PNG files and `prepared.csv`.

    Memory follows the width of a slide, not its height. What an interrupted call did is not done
    again.

    Raises:
        WrongData: no slide is there, or the table contradicts itself.
        WrongUse: an option is wrong, or `out` holds something else.
    """
    options.check()
    blur = Blur(options.blur) if options.blur else None
    limitless = replace(data, max_megapixels=1e7, max_aspect=1e6)
    found = find(limitless)
    root = found.manifest.root
    refuse_inside(out, data.source, found)
    rows = _rows_of(found.manifest)
    names = names_of(row["path"] for row in rows)
    jobs = [_job(root, path, name) for path, name in names.items()]
    make_folder(out)
    with locked(out):
        remove_stale_parts(out)
        settings = json.dumps([str(root), asdict(options) | {"threads": 0}], sort_keys=True)
        digest = hashlib.sha256(settings.encode()).hexdigest()
        journal = Journal(out / "prepared.jsonl", out, digest)
        todo = [job for job in jobs if not journal.has(job)]
        for job in todo:
            journal.remove_moved(job)
        check_shared(root, [job.source for job in todo], out)
        failed: list[Unplaced] = []
        work = _Prepare(root.absolute(), out.absolute(), options, blur, policy_from(limitless))
        for done in _work(todo, work, on_event):
            if done.reason:
                failed.append(Unplaced(done.job.source, "unreadable", done.reason))
            else:
                journal.add([done])
        told = [name for name in rows[0] if name != "path"]
        facts = {row["path"]: {name: row[name] for name in told} for row in rows}
        made = journal.rows_of(jobs, facts)
        save_table(made, out / TABLE, told)
        save_unplaced(failed, out / "unplaced.csv")
    return _report(len(jobs), len(todo), made, failed, missing_of(found), out)


def _rows_of(manifest: Any) -> list[dict[str, Any]]:
    """Return the slides' rows: path, label, group and the table's own columns.

    What holds them together is called patient where it can be: of 'group' nobody knows what it is.
    """
    free = [name for name in manifest.free_column_names if name != "um_per_px"]
    rows = slides_of(manifest, *free)
    group = "group" if "patient" in free else "patient"
    made = []
    for row in rows:
        first = {"path": row["path"], "label": row["label"], group: row["group"]}
        if any(one["split"] is not None for one in rows):
            first["split"] = row["split"]
        own = first.keys() | _MEASURED
        made.append(first | {f"table_{n}" if n in own else n: row[n] for n in free})
    return made


def _job(root: Path, path: str, name: str) -> Job:
    return Job(path, f"{path} {stamp_of(root, path)}", ((0, f"{name}.png"),))


def _work(todo: Sequence[Job], work: _Prepare, on_event: OnEvent) -> Iterator[Done]:
    """Yield what became of each slide: here one after the other, its blocks decoded in parallel."""
    if is_elsewhere():
        threads = work.options.threads or 1
        work = replace(work, options=replace(work.options, threads=threads))
    made = in_order(work, todo, Wishes(n_threads=1, what="prepare"))
    return track(
        made, on_event, stage="prepare", text=text("prepare.progress"), total=len(todo), every_s=0
    )


@dataclass(frozen=True, slots=True)
class _Prepare:
    """What is done to every slide; may be sent to another process.

    Attributes:
        root: where the slides lie.
        out: where pictures go.
        options: what is done.
        blur: the blur in it.
        policy: how files become pixels.
    """

    root: Path
    out: Path
    options: PrepareSlides
    blur: Blur | None
    policy: Policy

    def __call__(self, job: Job) -> Done:
        """Return what became of a slide."""
        try:
            with opened(self.root, job.source, self.policy, threads=self.options.threads) as slide:
                return self._picture(job, slide)
        except UnreadableItem as error:
            return Done(job, reason=error.reason)

    def _picture(self, job: Job, slide: Slide) -> Done:
        (width, height), options = slide.size_px, self.options
        size = max(1, round(width * options.scale)), max(1, round(height * options.scale))
        image = slide.read(size_px=size, is_grey=options.is_grey)
        if self.blur is not None:
            image = self.blur(image)
        packed = encode_png(image.pixels)
        target = job.targets[0][1]
        write_bytes(self.out / target, packed)
        um = slide.um_per_px
        row = {
            "path": target,
            "bytes": len(packed),
            "width_px": size[0],
            "height_px": size[1],
            "slide_width_px": width,
            "slide_height_px": height,
            "um_per_px": um / options.scale if um else "",
            "levels": len(slide.levels),
            "compression": slide.facts["compression"],
        }
        return Done(job, (row,))


def _report(
    n: int,
    n_now: int,
    made: Sequence[dict[str, Any]],
    failed: Sequence[Unplaced],
    missing: Sequence[Text],
    out: Path,
) -> Report:
    values = {
        "slides": n,
        "prepared": len(made),
        "prepared_now": n_now - len(failed),
        "unreadable": len(failed),
        "missing": len(missing),
    }
    blocks: list[Block] = [Paragraph(text("prepare.sentence", out=str(out), **values))]
    findings = [
        Finding(Severity.WARNING, text(f"prepare.n_{name}", n=count, total=total), items=items)
        for name, count, total, items in (
            ("unreadable", len(failed), n, tuple(f"{f.source}: {f.reason}" for f in failed[:20])),
            ("missing", len(missing), n + len(missing), tuple(missing[:20])),
        )
        if count
    ]
    if findings:
        blocks.append(Findings(tuple(findings)))
    blocks.append(Paragraph(text("prepare.table", table=str(out / TABLE))))
    section = Section("prepare", text("prepare.title"), tuple(blocks))
    return Report("prepare", text("prepare.title"), (section,), tuple(blocks), {"prepare": values})
