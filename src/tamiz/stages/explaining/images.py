"""`explain` where the model reads images: a map for each image, method and class."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tamiz.acquisition.patterns import exists
from tamiz.acquisition.remote import at_hand
from tamiz.core.errors import UnreadableItem, WrongUse
from tamiz.core.events import Event, OnEvent
from tamiz.core.files import (
    locked,
    make_folder,
    read_json,
    remove_stale_parts,
    replacing,
    write_bytes,
    write_json,
)
from tamiz.core.language import say, text
from tamiz.data.image import Image
from tamiz.data.label_sets import join_labels
from tamiz.data.report import Report
from tamiz.formats.reader import Reader
from tamiz.inputs.find import find_images
from tamiz.stages.conversion_names import stamp_of
from tamiz.stages.explaining.drawing import Drawing, box_of, pictures_of_map
from tamiz.stages.explaining.making import ExplainImages, Maker, Pixels

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Shown:
    """One map: of which image, by which method, for which class, and where it lies.

    Attributes:
        path: the image, as `predict` names it.
        place: (folder, path, frame), to read it again.
        method: name of the explainer.
        target: the class.
        probability: of that class.
        predicted: the answer; several labels joined by '|'.
        file: name of the picture in the folder, less '.png'; the map is maps/<file>.npy.
        image: name of the small picture of the image, maps/<image>.png.
        layer: that was looked at.
        grid: on which the values were computed.
        facts: figures about the map.
    """

    path: str
    place: tuple[str, str, int]
    method: str
    target: str
    probability: float
    predicted: str
    file: str
    image: str = ""
    layer: str = ""
    grid: tuple[int, int] = (0, 0)
    facts: dict[str, float] = field(default_factory=dict)


def explain_images(
    model: tuple[Path, Bundle],
    sources: Sequence[Path | str],
    out: Path,
    how: ExplainImages,
    on_event: OnEvent,
) -> Report:
    """Draw what answers about images rest on, and check whether the maps are true.

    For each image, method and class a picture (the image beside its map) and the map itself as
    an array; maps.csv, explain.json and report.html for all.

    Args:
        model: the folder that was asked for, and the bundle in it.
        sources: images, folders or tables of them.
        out: folder for all that is made.
        how: see `ExplainImages`.
        on_event: told about progress.

    Raises:
        WrongUse: an option is wrong, or a method does not suit the network.
        WrongData: a source holds no images.
    """
    from tamiz.stages.explaining.check import checked
    from tamiz.stages.explaining.gallery import gallery_of
    from tamiz.stages.explaining.report import report_of

    maker = Maker.of(model[1], how)
    make_folder(out)
    with locked(out):
        remove_stale_parts(out)
        make_folder(out / "maps")
        problems: list[tuple[str, str]] = []
        shown = [one for made in _work(maker, sources, out, problems, on_event) for one in made]
        evidence = checked(maker, model[0], shown, out, on_event)
        gallery = gallery_of(maker, model[0], shown, out, on_event)
        return report_of(maker, (shown, problems), evidence, gallery, out)


def _work(
    maker: Maker,
    sources: Sequence[Path | str],
    out: Path,
    problems: list[tuple[str, str]],
    on_event: OnEvent,
) -> Iterator[list[Shown]]:
    """Yield the maps of each image; what cannot be read goes to `problems`."""
    taken: set[str] = set()
    for source in sources:
        if not exists(at_hand(source, on_event)):
            raise WrongUse.of("errors.not_found", where=source)
        found = find_images(Path(source)).manifest
        rows = list(found.rows("path", "frame"))
        many = {path for path, frame in rows if frame > 0}
        with Reader(found.root, maker.bundle.policy) as reader:
            for number, (path, frame) in enumerate(rows):
                on_event(
                    Event("explain", "progress", text("explaining.progress"), number, len(rows))
                )
                name = f"{path}#{frame}" if path in many else path
                try:
                    yield _one(maker, reader, (str(found.root), path, frame), name, out, taken)
                except UnreadableItem as error:
                    problems.append((name, error.reason))
        on_event(Event("explain", "progress", text("explaining.progress"), len(rows), len(rows)))


def _one(
    maker: Maker,
    reader: Reader,
    place: tuple[str, str, int],
    name: str,
    out: Path,
    taken: set[str],
) -> list[Shown]:
    """Return the maps of one image, made now or by an earlier call."""
    stem = free_name(name, taken)
    root, path, frame = place
    told = [*maker.told(), path, frame, stamp_of(Path(root), path), stem]
    made: list[Shown] = []
    read: list[tuple[Image, list[Pixels], NDArray[np.float64]]] = []
    for method in maker.explainers:
        kept = stamp_path(out, [*told, method])
        found = _kept(kept, out, place)
        if found is None:
            if not read:
                image = reader.read(path, frame)
                inputs = maker.read(image)
                read.append((image, inputs, maker.probabilities(inputs)))
            found = [
                _made(maker, (*read[0], target), (method, place, name, stem), out)
                for target in maker.targets(read[0][2])
            ]
            write_json(kept, [{**asdict(one), "place": None} for one in found])
        made += found
    return made


def _kept(path: Path, out: Path, place: tuple[str, str, int]) -> list[Shown] | None:
    """Return what an earlier call made, where all its files are still there."""
    if not path.is_file():
        return None
    rows = [{**row, "place": place, "grid": tuple(row["grid"])} for row in read_json(path)]
    found = [Shown(**row) for row in rows]
    is_there = all(
        (out / name).is_file()
        for one in found
        for name in (
            f"{one.file}.png",
            f"maps/{one.file}.png",
            f"maps/{one.file}.npy",
            f"maps/{one.image}.png",
        )
    )
    return found if is_there else None


def _made(
    maker: Maker,
    what: tuple[Image, list[Pixels], NDArray[np.float64], str],
    names: tuple[str, tuple[str, str, int], str, str],
    out: Path,
) -> Shown:
    """Make one map, write its picture and its array, and return what is known of it."""
    image, inputs, shares, target = what
    method, place, name, stem = names
    values, told = maker.map_of(method, inputs, target)
    is_named = bool(maker.how.classes) or maker.bundle.is_multilabel
    shown = Shown(
        path=name,
        place=place,
        method=method,
        target=target,
        probability=float(shares[maker.bundle.classes.index(target)]),
        predicted=join_labels(maker.predicted(shares)),
        file="_".join([stem, method, *([_suffix(maker, target)] if is_named else [])]),
        image=stem,
        **told,
    )
    single = values.astype(np.float32)
    with replacing(out / "maps" / f"{shown.file}.npy") as part, part.open("wb") as opened:
        np.save(opened, single, allow_pickle=False)
    box = box_of(image, maker.members[0].steps)
    drawing = drawing_of(maker, shown, single.astype(np.float64))
    full, small, over = pictures_of_map(image, box, inputs[0], drawing)
    write_bytes(out / "maps" / f"{stem}.png", small)
    write_bytes(out / "maps" / f"{shown.file}.png", over)
    write_bytes(out / f"{shown.file}.png", full)
    return shown


def _suffix(maker: Maker, target: str) -> str:
    """Return the class in a file's name, with its number where two classes look the same there."""
    names = [plain(name) for name in maker.bundle.classes]
    made = plain(target)
    return f"{made}-{maker.bundle.classes.index(target)}" if names.count(made) > 1 else made


def drawing_of(maker: Maker, shown: Shown, values: NDArray[np.float64]) -> Drawing:
    """Return what is drawn of a map, with its words."""
    target = say("explaining.word_of", target=shown.target, probability=shown.probability)
    answer = say("explaining.word_answer", predicted=shown.predicted)
    words = [say("explaining.word_title", method=shown.method, name=shown.path)]
    words.append(f"{target}; {answer}")
    if shown.layer:
        rows, columns = shown.grid
        words.append(say("explaining.word_layer", layer=shown.layer, rows=rows, columns=columns))
    if "score_difference" in shown.facts:
        total, difference = shown.facts["sum"], shown.facts["score_difference"]
        words.append(say("explaining.word_gap", total=total, difference=difference))
    what = say(f"explaining.what_{shown.method.replace('-', '_')}")
    is_signed = maker.explainers[shown.method].is_signed
    return Drawing(values, is_signed, what, tuple(words))


def map_in(out: Path, shown: Shown) -> NDArray[np.float64]:
    """Return a map that was written."""
    made: NDArray[np.float32] = np.load(out / "maps" / f"{shown.file}.npy", allow_pickle=False)
    return made.astype(np.float64)


def stamp_path(out: Path, told: list[Any]) -> Path:
    """Return where what was made of exactly `told` is remembered."""
    digest = hashlib.sha256(json.dumps(told, default=str).encode("utf-8", "surrogatepass"))
    make_folder(out / ".done")
    return out / ".done" / f"{digest.hexdigest()[:32]}.json"


def plain(name: str) -> str:
    """Return a name that any file system takes."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.") or "x"


def free_name(path: str, taken: set[str]) -> str:
    """Return the image's name without folders and suffix, with a number where it is taken."""
    file, hash_mark, frame = path.partition("#")
    stem = plain(PurePosixPath(file).stem + (f"-{frame}" if hash_mark else ""))
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}_{number}", number + 1
    taken.add(name)
    return name
