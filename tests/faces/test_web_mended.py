"""Faults that a reader once met on the pages, each kept from coming back."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
from tests.faces.bench_world import page, words_of
from tests.faces.web_world import opened_of, png

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.files import write_json
from tamiz.core.language import speaking
from tamiz.data.decisions import read_decisions
from tamiz.data.run_folder import Run
from tamiz.inputs.find import find_images
from tamiz.serving.explaining import Explanations
from tamiz.serving.patience import patient_protocol
from tamiz.stages.reviewing import Case, Decided, Member, Verdict
from tamiz.stages.slides.viewing import SlideShelf, key_of, overview
from tamiz.web import asgi
from tamiz.web.asgi import Door, Guarded
from tamiz.web.opened import hold
from tamiz.web.workbench import children
from tamiz.web.workbench.bench import Bench
from tamiz.web.workbench.children import Child, holder_of
from tamiz.web.workbench.screens import said_of
from tamiz.web.workbench.slides_page import heat_tables


def asked(path: str, query: bytes = b"", body=None) -> tuple[int, dict[str, str], bytes]:
    """Return what the door answers; behind it stands an app that sends an English page."""
    sent: list[dict[str, object]] = []

    async def app(_scope, receive, send):
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        told = message["type"].encode() + b'<html lang="en">'
        await send({"type": "http.response.body", "body": told})

    async def receive():
        if body is not None:
            await asyncio.sleep(60)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(dict(message))

    door = Door(frozenset({"localhost"}), "", "x", 10, 80, lambda: 0, first="/explore")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query,
        "headers": [(b"host", b"localhost")],
    }
    asyncio.run(Guarded(app, door)(scope, receive, send))
    headers = {k.decode(): v.decode() for k, v in sent[0]["headers"]}  # type: ignore[attr-defined]
    return int(str(sent[0]["status"])), headers, bytes(sent[1]["body"])  # type: ignore[call-overload]


@pytest.mark.parametrize("path", ["/explore", "/explore/"])
def test_the_first_page_opens_under_its_own_name_too(path):
    status, headers, _ = asked(path, b"run=a&lang=es")
    assert status == 307
    assert headers["location"] == "/?run=a&lang=es"
    assert asked("/review")[0] == 200


def test_the_language_in_the_address_is_that_of_the_page():
    assert b'<html lang="es">' in asked("/", b"lang=es")[2]
    assert b'<html lang="en">' in asked("/", b"lang=<b>")[2]


def test_a_sender_who_falls_silent_is_taken_for_gone(monkeypatch):
    monkeypatch.setattr(asgi, "_SILENCE_S", 0.05)
    assert asked("/", body="never comes")[2].startswith(b"http.disconnect")


def test_who_connects_and_sends_no_headers_is_let_go_of():
    import uvicorn

    async def nothing(_scope, _receive, _send):
        raise AssertionError("no request came")

    config = uvicorn.Config(
        nothing, http=patient_protocol(0.2), ws="none", lifespan="off", port=0, log_config=None
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        with socket.create_connection(listening.getsockname(), timeout=10) as client:
            client.sendall(b"GET / HTT")
            assert client.recv(1) == b""
        server.should_exit = True
        thread.join(10)


def test_two_starts_at_once_make_one_child(tmp_path):
    one, other = (Child(tmp_path / "run", tmp_path / "c" / "run.log") for _ in range(2))
    faults: list[Exception] = []

    def start(child: Child) -> None:
        try:
            child.start(["run", str(tmp_path / "no-such"), "--out", str(child.run)])
        except WrongUse as error:
            faults.append(error)

    threads = [threading.Thread(target=start, args=(child,)) for child in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(faults) == 1
    assert children.wait_for(one, 30)


def test_a_run_that_was_begun_elsewhere_can_be_stopped_and_a_reused_number_is_not_it(
    tmp_path, monkeypatch
):
    run = tmp_path / "run"
    run.mkdir()
    write_json(run / "run.json", {"status": "running"})
    write_json(run / ".lock", {"pid": os.getpid(), "host": socket.gethostname()})
    stopped: list[int] = []
    monkeypatch.setattr(os, "kill", lambda pid, sent: stopped.append(pid) if sent else None)
    child = Child(run, tmp_path / "run.log")
    assert child.state() == "running"
    child.stop()
    assert stopped == [os.getpid()]
    os.utime(run / ".lock", (1, 1))  # taken long before this process began
    assert holder_of(run) == 0
    assert child.state() == "stopped"


def test_a_run_may_be_called_as_the_look_is(tmp_path):
    bench = Bench(tmp_path / "data", tmp_path / "runs")
    assert bench.log_of(bench.look.folder) != bench.log_of(bench.run_named("look").folder)


def test_other_data_of_the_same_name_have_decisions_of_their_own(tmp_path):
    first, second = (Bench(tmp_path / one / "data", tmp_path / "runs") for one in "ab")
    assert first.folder == second.folder
    source = str(first.source.resolve())
    first.look.folder.mkdir(parents=True)
    write_json(first.look.folder / "run.json", {"asked": {"data": {"source": source}}})
    assert first.folder.name == "data.bench"
    assert second.folder != first.folder
    assert second.folder.name.endswith(".bench")


def test_what_went_wrong_is_found_in_either_language():
    with speaking("es"):
        assert said_of("error: there\n") == "there"
    assert said_of("plan: x\nerror: no disk\nmore") == "no disk"
    assert said_of("nothing") == ""


@pytest.mark.parametrize("label", ["=1+1", "-", "+a", "@b"])
def test_a_class_that_looks_like_a_formula_is_decided_for_and_read_back(label, tmp_path):
    member = Member("=a.png", 0, "b", "")
    path = tmp_path / "decisions.csv"
    Decided(path).decide(Case("labels", 1, (member,)), [Verdict(label=label)])
    assert read_decisions(path)[("=a.png", 0)].label == label
    assert Decided(path).of(member) == Verdict(label=label)
    assert not any(line.startswith("=") for line in path.read_text().replace(",", "\n").split())


@pytest.mark.parametrize(
    "words", ['[split]\ngiven = "<b>no</b>"\n', "[train]\nno_such = 1\n", "[train]\nepochs = 0\n"]
)
def test_a_recipe_that_was_broken_by_hand_is_shown_and_can_be_left(words, tmp_path):
    (tmp_path / "data").mkdir()
    bench = Bench(tmp_path / "data", tmp_path / "runs")
    bench.folder.mkdir(parents=True)
    bench.recipe.write_text(words)
    test = page(bench, "recipe")
    assert not test.exception
    assert "Something broke" not in words_of(test)
    assert "tz-stop" in words_of(test)
    test.button(key="drop-recipe").click().run()
    assert not bench.recipe.exists()
    assert "tz-stop" not in words_of(test)


def test_a_run_without_a_report_is_shown_without_one(tmp_path):
    bench = Bench(tmp_path, tmp_path / "runs")
    run = Run(tmp_path / "runs" / "checked")
    run.folder.mkdir(parents=True)
    write_json(run.folder / "run.json", {"status": "done", "stages": {"index": {}}})
    test = page(bench, "train")
    assert not test.exception
    assert "tz-stop" not in words_of(test)
    assert "part of the way" in words_of(test)


def test_what_is_no_image_is_told_by_its_content(tmp_path):
    for name, content, told in (
        ("upload", b"%PDF-1.4 x", "no image: PDF"),
        ("bare", b"\x01\x02\x03", "of no kind that is known"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(WrongData, match=told):
            find_images(tmp_path / name, obeys_tables=False)


@pytest.fixture
def slides(tmp_path) -> Path:
    """Return a folder of two slides of one name in two folders, and a link that leads out."""
    import tifffile

    pixels = np.full((300, 400, 3), 120, dtype=np.uint8)
    for name in ("in/a", "in/b"):
        (tmp_path / name).mkdir(parents=True)
        tifffile.imwrite(tmp_path / name / "x.tif", pixels, tile=(256, 256))
    tifffile.imwrite(tmp_path / "secret.tif", pixels, tile=(256, 256))
    (tmp_path / "in" / "link.tif").symlink_to(tmp_path / "secret.tif")
    made: Path = tmp_path / "in"
    return made


def test_no_link_leads_the_viewer_out_and_slides_keep_their_address(slides):
    shelf = SlideShelf(slides)
    assert shelf.names() == ["a/x.tif", "b/x.tif"]
    assert len({key_of(name) for name in shelf.names()}) == 2
    with pytest.raises(WrongUse):
        shelf.tile("link.tif", 0, 0, 0)
    shelf.close()


def test_heat_is_shown_over_its_own_slide_only(slides, tmp_path):
    for name in "ab":
        (tmp_path / "runs" / "heat" / name).mkdir(parents=True)
        (tmp_path / "runs" / "heat" / name / "x.csv").write_text("x,y,width,height,attention\n")
    bench = Bench(slides, tmp_path / "runs")
    assert list(heat_tables(bench, "a/x.tif")) == ["heat/a"]
    assert list(heat_tables(bench, "b/x.tif")) == ["heat/b"]


def test_a_slide_is_shown_whole_whatever_its_file_is_called(slides):
    hidden = slides / "upload"
    hidden.write_bytes((slides / "a" / "x.tif").read_bytes())
    assert overview(hidden)[:2] == b"\xff\xd8"


def test_a_model_that_cannot_be_explained_says_so(answerer, model, monkeypatch):
    from streamlit.testing.v1 import AppTest

    import tamiz.web

    monkeypatch.setattr(Explanations, "are_possible", property(lambda _self: False))
    hold(opened_of(answerer, model))
    test = AppTest.from_file(Path(tamiz.web.__path__[0]) / "main_page.py", default_timeout=30).run()
    test.file_uploader[0].set_value([("a.png", png(), "")]).run()
    test.button(key="tamiz-recognise").click().run()
    assert "No map here" in words_of(test)
    assert not test.toggle
