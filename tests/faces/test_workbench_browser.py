"""The workbench in a real browser: decided, trained, stopped, taken up, and looked at."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.faces.bench_world import QUICK, data_with_faults, looked_at
from tests.faces.web_world import running

from tamiz.core.files import read_json
from tamiz.core.recipe_io import tables_to_toml
from tamiz.data.decisions import read_decisions
from tamiz.data.run_folder import Run
from tamiz.web.opened import Opened
from tamiz.web.workbench import pages, scripts
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child, wait_for

_EPOCHS = 600  # more than the test waits for: it is stopped in between


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Bench:
    """Return a bench whose data were looked at, with a recipe of many short epochs."""
    folder = tmp_path_factory.mktemp("browser")
    made = looked_at(Bench(data_with_faults(folder / "data"), folder / "runs"), "clean")
    chosen: dict[str, dict[str, object]] = {}
    for path, value in {**QUICK, "train.epochs": _EPOCHS, "train.checkpoint_s": 0.0}.items():
        section, _, name = path.partition(".")
        chosen.setdefault(section, {})[name] = value
    made.recipe.write_text(tables_to_toml(chosen), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def tab(bench, browser):
    """Return a tab of a real browser, and the address of the workbench."""
    opened = Opened(pages(bench.source, bench.runs), language="en", scripts=scripts())
    with running(opened) as address:
        made = browser.new_page(viewport={"width": 1280, "height": 1000})
        made.set_default_timeout(60_000)
        yield made, address
        made.close()


def shot(tab, name: str) -> None:
    """Keep a picture of the tab where TAMIZ_SCREENSHOTS names a folder."""
    folder = os.environ.get("TAMIZ_SCREENSHOTS")
    if folder:
        tab.wait_for_timeout(700)
        tab.screenshot(path=Path(folder) / f"workbench-{name}.png")


def n_epochs(run: Run) -> int:
    path = run.folder / "history.jsonl"
    return path.read_text().count("\n") if path.is_file() else 0


def wait_until(is_so, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


@pytest.mark.long
def test_what_was_decided_by_key_is_followed_by_a_run_that_is_stopped_and_taken_up(bench, tab):
    page, address = tab
    page.goto(f"{address}/review")
    page.wait_for_selector(".tz-picture img")
    page.get_by_role("button", name="Next").wait_for()
    shot(page, "review")
    page.keyboard.press("x")
    wait_until(bench.decisions.is_file)
    decided = read_decisions(bench.decisions)
    left_out = {place[0] for place, one in decided.items() if one.is_out}
    assert left_out

    page.goto(f"{address}/train")
    page.get_by_role("button", name="Start").click()
    run = bench.run_named("run-1")
    child = Child(run.folder, bench.log_of(run.folder))
    try:
        page.get_by_text("Best so far").wait_for()
        shot(page, "train")
        page.reload()  # the run lives in its folder, not in the page
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("This run is stopped").wait_for()
        assert read_json(run.folder / "run.json")["status"] == "stopped"
        before = n_epochs(run)
        assert 0 < before < _EPOCHS
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Stop").wait_for()
        wait_until(lambda: n_epochs(run) > before)
    finally:
        child.stop()
        assert wait_for(child, 20)
    fates = dict(run.manifest().rows("path", "fate"))
    assert {fates[path] for path in left_out} == {"excluded"}
    assert bench.source.joinpath(next(iter(left_out))).is_file()


def test_a_report_fills_its_frame_and_its_script_runs(bench, tab):
    page, address = tab
    page.goto(address)  # the first page has no name in the address
    page.get_by_text("Report", exact=True).click()
    frame = page.frame_locator("iframe.stIFrame")
    frame.locator("h2").first.wait_for()
    page.wait_for_function("document.querySelector('iframe.stIFrame').offsetHeight !== 150")
    assert "live" in (frame.locator("html").get_attribute("class") or "")
    shot(page, "explore")


def test_nothing_is_wider_than_a_phone(tab):
    page, address = tab
    page.goto(f"{address}/?lang=es")
    page.locator(".tz-foot").wait_for()
    wide = {}
    for name in ("explore", "review", "recipe", "train", "compare", "lab"):
        if name != "explore":  # by the menu: a page of a loaded app comes quickly
            page.set_viewport_size({"width": 1280, "height": 1000})
            page.locator(f"[data-testid=stSidebarNavLink][href$='/{name}']").click()
        page.set_viewport_size({"width": 390, "height": 844})
        page.locator(".tz-foot").wait_for()
        page.wait_for_selector(".stApp[data-test-script-state=notRunning]")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        shot(page, f"{name}-phone")
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert max(wide.values()) <= 390, wide
