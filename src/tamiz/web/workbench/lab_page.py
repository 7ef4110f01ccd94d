"""The lab's pages: a convolution number by number, filters on a picture, what a network sees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tamiz.core.errors import WrongUse
from tamiz.core.language import say
from tamiz.stages.laboratory.steps import (
    Rows,
    Slid,
    Step,
    example_numbers,
    kernel_names,
    kernel_words,
    slid,
)
from tamiz.web.frame import empty, escaped, heading, html
from tamiz.web.report_view import show_sections
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.screens import chosen_run, plain, refreshed

_VIEWS: Final = ("convolution", "filters", "features")
_PADDINGS: Final = ("valid", "same", "2")
_EVERY_S: Final = 1.0
_PLACE: Final = "lab-place"
_NO_PIXELS: Final = ("missing", "unreadable")
_KINDS: Final = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp", "dcm"]


def show(bench: Bench) -> None:
    """Draw the page."""
    import streamlit as st

    heading(say("workbench.lab_title"), say("workbench.lab_lead"))
    view = st.segmented_control(
        say("workbench.view"),
        _VIEWS,
        default=_VIEWS[0],
        required=True,
        format_func=lambda one: say(f"workbench.lab_{one}"),
        key="lab-view",
        label_visibility="collapsed",
    )
    {"convolution": _convolution, "filters": _filters, "features": _features}[str(view)](bench)


def _convolution(_bench: Bench) -> None:
    """Draw the kernel on the input, the products and their sum; slide it."""
    import streamlit as st

    columns = st.columns(3)
    kernel = columns[0].selectbox(
        say("workbench.kernel"), kernel_names(), index=1, key="lab-kernel"
    )
    padding = columns[1].selectbox(
        say("workbench.padding"),
        _PADDINGS,
        format_func=lambda one: say(f"workbench.padding_{one}"),
        key="lab-padding",
    )
    stride = columns[2].number_input(say("workbench.stride"), 1, 5, 1, key="lab-stride")
    with st.expander(say("workbench.own_numbers")):
        numbers = st.text_area(
            say("workbench.input"), value=example_numbers(), key="lab-numbers", height=140
        )
        own = st.text_input(
            say("workbench.own_kernel"), placeholder=kernel_words(kernel), key="lab-own"
        )
    found = slid(numbers, own or kernel, padding, int(stride))
    plays = st.toggle(say("workbench.play"), key="lab-play")
    n = len(found.steps)
    if not 1 <= st.session_state.get(_PLACE, 1) <= n:
        st.session_state[_PLACE] = 1

    def draw() -> None:
        at = _place(n, plays=plays)
        html(_step_html(found, found.steps[at - 1]))
        down, across = found.arithmetic
        st.caption(plain(say("workbench.size_of_result", down=down, across=across)))

    refreshed(draw, every_s=_EVERY_S if plays else None)


def _place(n: int, *, plays: bool) -> int:
    """Draw the slider of the place; return it, one further each second while it plays."""
    import streamlit as st

    if n < 2:
        return 1
    if plays:
        at = int(st.session_state.get(_PLACE, 1)) % n + 1
        st.session_state[_PLACE] = at
        st.progress(at / n, say("workbench.place", n=at, all=n))
        return at
    st.session_state.setdefault(_PLACE, 1)
    return int(st.slider(say("workbench.place_of", all=n), 1, n, key=_PLACE))


def _step_html(found: Slid, step: Step) -> str:
    """Return input, window x kernel, products and result, the place at work marked."""
    high, wide = len(found.kernel), len(found.kernel[0])
    window = {
        (row, column)
        for row in range(step.top, step.top + high)
        for column in range(step.left, step.left + wide)
    }
    zeros = {
        (row, column)
        for row, words in enumerate(found.given)
        for column in range(len(words))
        if not (
            0 <= row - found.zeros[0] < found.size[0]
            and 0 <= column - found.zeros[1] < found.size[1]
        )
    }
    grids = [
        _grid_html(say("lab_filters.input"), found.given, window, zeros),
        '<span class="tz-sign-of">×</span>',
        _grid_html(say("lab_filters.kernel"), found.kernel),
        '<span class="tz-sign-of">=</span>',
        _grid_html(say("lab_filters.products"), step.products),
        '<span class="tz-sign-of">Σ →</span>',
        _grid_html(say("lab_filters.result"), found.result, {(step.row, step.column)}),
    ]
    pairs = [
        f"{_bracketed(number)}·{_bracketed(weight)}"
        for numbers, weights in zip(step.window, found.kernel, strict=True)
        for number, weight in zip(numbers, weights, strict=True)
    ]
    total = f"<strong>{escaped(step.total)}</strong>"
    words = f"{escaped(' + '.join(pairs))} = {total}"
    return f'<div class="tz-grids">{"".join(grids)}</div><p class="tz-sum">{words}</p>'


def _bracketed(words: str) -> str:
    return f"({words})" if words.startswith("-") else words


def _grid_html(
    title: str,
    rows: Rows,
    marked: set[tuple[int, int]] | None = None,
    pale: set[tuple[int, int]] | None = None,
) -> str:
    lines = []
    for row, words in enumerate(rows):
        cells = []
        for column, word in enumerate(words):
            kinds = "tz-on " * ((row, column) in (marked or ())) + "tz-zero" * (
                (row, column) in (pale or ())
            )
            cells.append(f'<td class="{kinds.strip()}">{escaped(word)}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    caption = f"<caption>{escaped(title)}</caption>"
    return f'<table class="tz-grid">{caption}{"".join(lines)}</table>'


def _filters(bench: Bench) -> None:
    """Draw a picture before and after a kernel."""
    import streamlit as st

    from tamiz.stages.laboratory.filters import FilterHow, filter_photo

    columns = st.columns(3)
    kernel = columns[0].selectbox(
        say("workbench.kernel"), kernel_names(), index=1, key="filter-kernel"
    )
    padding = columns[1].selectbox(
        say("workbench.padding"),
        _PADDINGS[:2],
        index=1,
        format_func=lambda one: say(f"workbench.padding_{one}"),
        key="filter-padding",
    )
    stride = columns[2].number_input(say("workbench.stride"), 1, 16, 1, key="filter-stride")
    is_grey = st.toggle(say("workbench.in_grey"), key="filter-grey")
    given = st.file_uploader(say("workbench.own_picture"), type=_KINDS, key="filter-file")
    how = FilterHow(kernel, padding, int(stride), is_grey=is_grey)
    if given is not None:
        with _kept_for_now(given.getvalue()) as path:
            report = filter_photo(path, how)
    else:
        sample = _sample(bench)
        if sample is None:
            empty(say("workbench.no_picture"), say("workbench.no_picture_advice"))
            return
        report = filter_photo(sample, how)
    show_sections(st, report, report.sections)


def _sample(bench: Bench) -> Path | None:
    """Return the file of an image of the data; None where none is a file of its own."""
    if not bench.look.manifest_path.is_file():
        return None
    manifest = bench.look.manifest()
    for path, fate in manifest.rows("path", "fate"):
        file: Path = manifest.root / path
        if fate not in _NO_PIXELS and "!/" not in path and file.is_file():
            return file
    return None


@contextmanager
def _kept_for_now(content: bytes) -> Iterator[Path]:
    """Yield a file of ours with these bytes; it is gone afterwards, its own name never used."""
    with tempfile.TemporaryDirectory(prefix="tamiz-lab-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        yield path


def _features(bench: Bench) -> None:
    """Draw learnt kernels and the maps that they make of an image."""
    import streamlit as st

    from tamiz.stages.laboratory.features import LookInside, lab_features

    trained = [one for one in bench.run_folders() if (one / "model").is_dir()]
    if not trained:
        empty(say("workbench.no_models"), say("workbench.no_models_advice"))
        return
    run = chosen_run(trained, "lab-run")
    columns = st.columns(2)
    layers = columns[0].number_input(say("workbench.layers"), 1, 12, 3, key="lab-layers")
    image = columns[1].number_input(say("workbench.image_number"), 1, value=1, key="lab-image")
    given = st.file_uploader(say("workbench.own_picture"), type=_KINDS, key="features-file")
    if run is None:
        raise WrongUse.of("run.no_run", where=bench.runs)
    with (
        tempfile.TemporaryDirectory(prefix="tamiz-lab-") as out,
        st.spinner(say("workbench.at_work")),
    ):
        if given is not None:
            with _kept_for_now(given.getvalue()) as path:
                how = LookInside(str(layers))
                report = lab_features(run, path, Path(out), how)
        else:
            how = LookInside(str(layers), int(image))
            report = lab_features(run, bench.source, Path(out), how)
    show_sections(st, report, report.sections)
