"""A workbench on drawn data with known faults, and its pages without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image as Pillow
from streamlit.testing.v1 import AppTest
from tests.faces.conftest import drawn

import tamiz.web
from tamiz.core.recipe_io import tables_from_settings
from tamiz.stages.pipeline import advance, begin
from tamiz.web.opened import Opened, hold
from tamiz.web.workbench import pages
from tamiz.web.workbench.bench import Bench

HOSTILE = "left <b>*x*$"
QUICK = {
    "prepare.size_px": 16,
    "prepare.channels": 1,
    "train.augment": [],
    "train.guard": False,
    "audit.depth": "quick",
    "data.max_problems": 0.1,
    "evaluate.resamples": 100,
}


_LOOK = {"audit.depth": "quick", "data.max_problems": 0.1}


def data_with_faults(folder: Path, n_each: int = 20) -> Path:
    """Write images of two classes, copies of two of them, a blank one and a broken one."""
    rng = np.random.default_rng(5)
    for kind, name in (("left", HOSTILE), ("upper", "upper")):
        (folder / name).mkdir(parents=True)
        for number in range(n_each):
            Pillow.fromarray(drawn(rng, kind, 24)).save(folder / name / f"{number:03}.png")
    for number in range(2):
        with Pillow.open(folder / "upper" / f"{number:03}.png") as picture:
            picture.save(folder / "upper" / f"copy{number}.bmp")
    Pillow.fromarray(np.full((24, 24), 7, np.uint8)).save(folder / "upper" / "blank.png")
    (folder / "upper" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    return folder


def looked_at(bench: Bench, last: str = "audit") -> Bench:
    """Look at the data as the child process does, in this one."""
    source, out = bench.source.absolute(), bench.look.folder.absolute()
    run, asked = begin(source, out, settings=tables_from_settings(_LOOK))
    advance(run, asked, last)
    return bench


def page(bench: Bench, name: str, language: str = "en", **state: Any) -> AppTest:
    """Return a page as it is drawn when it is opened.

    Args:
        bench: what it works on.
        name: of the page.
        language: of the reader.
        state: of the session, before.
    """
    chosen = tuple(one for one in pages(bench.source, bench.runs) if one.name == name)
    hold(Opened(chosen, language=language))
    script = Path(tamiz.web.__file__).with_name("main_page.py")
    test = AppTest.from_file(str(script), default_timeout=30)
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def words_of(test: AppTest) -> str:
    """Return all that stands on a page: texts, HTML, frames."""
    parts = [str(getattr(one, "value", "")) for one in (*test.caption, *test.markdown)]
    parts += [one.proto.body for one in test.get("html") if not one.proto.body.startswith("<style")]
    parts += [one.proto.srcdoc for one in test.get("iframe")]
    return "\n".join(parts)


def button(test: AppTest, start: str) -> Any:
    """Return the button whose key begins so."""
    return next(one for one in test.button if (one.key or "").startswith(start))
