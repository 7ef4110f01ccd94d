"""The pages' logic, run by Streamlit's own harness without a browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.faces.web_world import cautious, elsewhere, opened_of, png, zipped

import tamiz.web
from tamiz.cli.main import main
from tamiz.core.errors import WrongUse
from tamiz.serving.answering import Answerer
from tamiz.web.opened import Opened, Page, hold
from tamiz.web.serve import Address, bound

testing = pytest.importorskip("streamlit.testing.v1", reason="streamlit is not installed")
SCRIPT = Path(tamiz.web.__path__[0]) / "main_page.py"


def app():
    return testing.AppTest.from_file(SCRIPT, default_timeout=30)


def words(page) -> str:
    return "\n".join(one.value for one in page.get("html") if "<style>" not in one.value)


def ask(page, *files: tuple[str, bytes]):
    page.run()
    page.file_uploader[0].set_value([(name, content, "") for name, content in files]).run()
    return page.button(key="tamiz-recognise").click().run()


@pytest.fixture
def page(answerer, model):
    hold(opened_of(answerer, model))
    return app()


def test_an_empty_page_says_what_the_model_knows_and_what_to_do(page):
    page.run()
    assert not page.exception
    shown = words(page)
    assert "This model tells 2 classes apart" in shown
    assert "No image yet" in shown
    assert "In its test" in shown
    assert "Not a medical device" in shown


def test_an_image_is_shown_first_and_answered_on_the_button(page):
    page.run()
    page.file_uploader[0].set_value([("a.png", png(), "image/png")]).run()
    assert "tz-picture" in words(page)
    assert "tz-answer" not in words(page)
    page.button(key="tamiz-recognise").click().run()
    assert not page.exception
    assert '<p class="tz-class">left' in words(page)


def test_another_choice_of_files_takes_old_answers_away(page):
    ask(page, ("a.png", png()))
    page.file_uploader[0].set_value([("b.png", png("upper"), "")]).run()
    assert "tz-answer" not in words(page)


def test_an_archive_becomes_a_table_with_filters_and_problems_apart(page):
    ask(page, ("z.zip", zipped(6)))
    assert not page.exception
    assert len(page.dataframe[0].value) == 6
    shown = words(page)
    assert "<strong>z.zip!/in/bad.png</strong>" in shown
    assert "<strong>z.zip!/in/notes.txt</strong>" in shown
    page.text_input(key="tamiz-filter-name").input("003").run()
    assert len(page.dataframe[0].value) == 1
    assert "z.zip!/in/003.png" in words(page)
    page.text_input(key="tamiz-filter-name").input("nowhere").run()
    assert "No image passes these filters" in words(page)


def test_one_can_walk_from_image_to_image(page):
    ask(page, ("z.zip", zipped(3)))
    names = [f"Answer about z.zip!/in/00{number}.png" for number in range(3)]
    assert names[0] in words(page)
    page.button(key="tamiz-step1").click().run()
    assert names[1] in words(page)
    page.button(key="tamiz-step-1").click().run()
    page.button(key="tamiz-step-1").click().run()
    assert names[2] in words(page)


def test_what_is_no_image_is_told_with_the_reason_and_the_page_lives_on(page):
    ask(page, ("a.pdf", b"%PDF-1.4 x"))
    assert not page.exception
    assert "None of these files could be read as an image" in words(page)
    assert "<strong>a.pdf</strong>" in words(page)
    ask(page, ("a.png", png()))
    assert "tz-answer" in words(page)


def test_an_image_from_another_world_is_warned_of(page):
    ask(page, ("odd.jpg", elsewhere()))
    assert "Unlike the images that this model learnt from" in words(page)


def test_a_map_is_laid_over_the_picture(page):
    ask(page, ("a.png", png()))
    page.toggle(key="tamiz-map").set_value(True).run()
    assert 'class="tz-layer"' in words(page)
    assert "opacity:0.60" in words(page)
    page.slider(key="tamiz-opacity").set_value(25).run()
    assert "opacity:0.25" in words(page)
    assert "occlusion" in page.selectbox(key="tamiz-method").options
    page.selectbox(key="tamiz-target").select("upper").run()
    assert "what speaks for &#x27;upper&#x27;" in words(page)


def test_a_model_that_is_not_sure_keeps_silent_on_the_page(model, tmp_path):
    folder = cautious(model, tmp_path / "cautious")
    with Answerer.load(folder) as answerer:
        hold(opened_of(answerer, folder))
        shown = words(ask(app(), ("a.png", png())))
    assert "not sure enough" in shown
    assert '<p class="tz-class tz-none">No answer' in shown


def test_a_dicom_image_gets_windows_that_change_the_picture_alone(page):
    data = pytest.importorskip("pydicom.data", reason="pydicom is not installed")
    content = Path(data.get_testdata_file("CT_small.dcm", download=False)).read_bytes()
    ask(page, ("scan", content))
    before = page.get("html")
    answer = [one.value for one in before if "tz-answer" in one.value]
    picture = [one.value for one in before if "tz-picture" in one.value]
    page.selectbox(key="tamiz-window").select("bone").run()
    after = page.get("html")
    assert [one.value for one in after if "tz-answer" in one.value] == answer
    assert [one.value for one in after if "tz-picture" in one.value] != picture
    page.selectbox(key="tamiz-window").select("own").run()
    assert [one.label for one in page.number_input] == ["Centre", "Width"]
    assert not page.exception


def test_the_language_is_chosen_on_the_page_or_given_at_the_start(answerer, model):
    hold(opened_of(answerer, model, language="es"))
    page = app().run()
    assert "¿Qué hay en esta imagen?" in words(page)
    page.session_state["tamiz-language"] = "en"
    page.run()
    assert "What is on this image?" in words(page)


def test_a_page_that_breaks_says_so_without_the_errors_words(caplog):
    def broken():
        raise ValueError("secret name")

    hold(Opened((Page("broken", "web.page_model", ":material/search:", broken),)))
    page = app().run()
    assert not page.exception
    assert "Something broke in this page (ValueError)" in words(page)
    assert "secret" not in words(page) + caplog.text
    assert "broken:" in caplog.text


def said_by(capsys, *arguments: str) -> tuple[str, int]:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return capsys.readouterr().err, int(str(left.value.code))


def test_a_damaged_model_is_refused_at_the_start(model, tmp_path, capsys):
    folder = tmp_path / "model"
    folder.mkdir()
    for one in model.iterdir():
        (folder / one.name).write_bytes(one.read_bytes())
    weights = folder / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    said, code = said_by(capsys, "serve", str(folder), "--port", "0", "--no-browser")
    assert code == 3
    assert said.count("\n") == 1
    assert "weights.safetensors" in said


def test_a_busy_port_is_refused_at_the_start_with_another_to_try(model, capsys):
    with bound(Address(port=0)) as taken:
        port = taken.getsockname()[1]
        said, code = said_by(capsys, "serve", str(model), "--port", str(port))
    assert code == 2
    assert "this port is in use already" in said
    assert f"--port {port + 1}" in said


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--host", "256.1.1.1"), "cannot listen there"),
        (("--port", "99999"), "a port is a number from 1 to 65535"),
        (("--max-upload", "0"), "0 is no size"),
        (("--token", "short"), "a token has at least 16"),
        (("--token", "semicolons;are;no;good"), "a token has at least 16"),
        (("--decode-memory", "12"), "12 MiB are too few"),
        (("--show-training", "nowhere"), "--show-training"),
    ],
)
def test_wrong_options_are_told_on_one_line(model, capsys, options, told):
    said, code = said_by(capsys, "serve", str(model), "--no-browser", *options)
    assert code == 2
    assert told in said
    assert said.count("\n") == 1


def test_only_the_loopback_needs_no_token():
    assert Address().is_loopback
    assert Address("localhost").is_loopback
    assert not Address("0.0.0.0").is_loopback  # noqa: S104
    everywhere = Address("0.0.0.0", names=("app.example",))  # noqa: S104
    assert {socket.gethostname().lower(), "localhost", "app.example"} <= everywhere.hosts()
    assert everywhere.shown() == socket.gethostname()
    with pytest.raises(WrongUse, match="cannot listen"):
        bound(Address("no.such.host.invalid", 0))


@pytest.mark.slow
def test_the_command_starts_answers_and_ends_cleanly(model, tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "default"}
    command = [sys.executable, "-m", "tamiz", "serve", str(model), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.partition("127.0.0.1:")[2].partition("/")[0])
        request = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(request.encode())
            assert client.recv(20).startswith(b"HTTP/1.1 200")
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
