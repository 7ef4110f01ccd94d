"""One line that says what, where and how to mend it; an exit code; never a traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from tests.end_to_end.conftest import draw_classes, tamiz

from tamiz.cli.main import COMMANDS
from tamiz.testing.pictures import png


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("trian",), 2, "did you mean 'train'?"),
        (("run",), 2, "no input was named"),
        (("run", "nowhere", "--out", "x"), 2, "nowhere: there is no such file or folder"),
        (("run", "."), 2, "Add --out runs/NAME"),
        (("run", ".", "--out", "x", "--epochs", "many"), 2, "is not a valid integer"),
        (("run", ".", "--out", "x", "--epochs", "0"), 2, "train.epochs = 0: must be at least 1"),
        (("run", ".", "--out", "x", "--set", "epochs=3"), 2, "--set train.epochs=20"),
        (
            ("run", ".", "--out", "x", "--recipe", "none.toml"),
            2,
            "none.toml: there is no such file",
        ),
        (("run", ".", "--out", "x", "--recipe", "."), 2, "this is a folder, not a recipe"),
        (("report", "."), 2, "or name the folder of a run, such as runs/first"),
        (("list", "metrcs"), 2, "did you mean 'metrics'?"),
        (("run", ".", "--out", "x", "--nonsense"), 2, "No such option"),
        (("predict", "nowhere", "."), 2, "there is no trained model here"),
        (("train", "--resume", "nowhere"), 2, "nowhere: there is no run here"),
        (("train", "photos", "--resume", "r"), 2, "SOURCE does not go with it. Leave out SOURCE"),
        (("train", "--resume", "r", "--out", "x"), 2, "--out does not go with it"),
        (("run", ".", "--out", "x", "--learning-rate", "inf"), 2, "a finite number is needed"),
        (("run", "a" * 300, "--out", "x"), 2, "cannot look in here (File name too long)"),
        (("predict",), 2, "Missing argument 'MODEL'"),
        (("run", "--quiet=3"), 2, "Option '--quiet' takes no value. See: tamiz run --help"),
        (("run", "--out"), 2, "Option '--out' needs a value"),
        (("run", "a", "b"), 2, "These arguments are too many: b"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_is_one_line_that_says_how_to_mend_it(tmp_path, arguments, code, told):
    done = tamiz(*arguments, check=False, cwd=tmp_path)
    assert done.returncode == code
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("trian",), "no existe ninguna orden con el nombre 'trian'"),
        (("run", "--nonsense"), "No existe la opción '--nonsense'"),
        (("run", "--out"), "La opción '--out' necesita un valor"),
        (("run", "--quiet=3"), "La opción '--quiet' no lleva valor"),
        (("run", "a", "b"), "Sobran estos argumentos: b"),
        (("predict",), "Falta el argumento 'MODELO'"),
        (
            ("run", "--epochs", "many"),
            "Valor incorrecto para '--epochs': 'many' no es un número entero",
        ),
        (("run", "--kind", "x"), "'x' no es uno de auto"),
        (("run", "--learning-rate", "x"), "'x' no es un número"),
        (("run", "--set", "data.max_megapixels=inf", "a", "--out", "b"), "un número finito"),
        (("run", "a", "--resume", "b"), "Quite FUENTE o quite --resume"),
        (("predict", "m", "x", "--guard", "foo"), "'foo' no es uno de warn, abstain, off"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_use_is_told_in_spanish(capsys, monkeypatch, arguments, told):
    error, code = told_by(monkeypatch, capsys, *arguments)
    assert code == 2
    assert told in error.err


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_is_spanish_throughout(capsys, monkeypatch, command):
    shown, code = told_by(monkeypatch, capsys, *command, "--help")
    assert code == 0
    assert shown.out.startswith(f"Uso: {' '.join(('tamiz', *command))}")
    assert "Mostrar este mensaje y salir." in shown.out
    english = r"Usage|Options|OPTIONS|Commands|COMMAND|Show this|TEXT\b|PATH|INTEGER|FLOAT|SOURCE"
    assert not re.search(english, shown.out)


def told_by(monkeypatch, capsys, *arguments):
    """Return what a command line of a process of its own that speaks Spanish writes, its code."""
    monkeypatch.setenv("TAMIZ_LANG", "es")
    monkeypatch.setenv("GOMP_SPINCOUNT", "2000")  # main() sets it where it is not set
    for name in [name for name in sys.modules if name.startswith("tamiz.cli.")]:
        monkeypatch.delitem(sys.modules, name)  # help texts are made when a command is imported
    from tamiz.cli.main import main

    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return capsys.readouterr(), left.value.code


def test_a_path_that_may_not_be_read_is_told_in_spanish(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    told, code = told_by(monkeypatch, capsys, "index", str(tmp_path), "--out", "x")
    assert code == 2
    assert "sin permiso para leerlo" in told.err


def test_one_fault_of_a_recipe_is_told_on_one_line(capsys, monkeypatch):
    told, _ = told_by(monkeypatch, capsys, "run", ".", "--out", "x", "--decide", "foo")
    assert told.err.count("«foo»") == 1
    assert told.err.count("\n") == 1


def test_errors_are_json_for_scripts(tmp_path):
    done = tamiz("run", "nowhere", "--out", "x", "--json", check=False, cwd=tmp_path)
    error = json.loads(done.stdout)["error"]
    assert error["exit_code"] == 2
    assert error["where"] == "nowhere"
    assert error["fix"]


def draw_one_class(folder):
    draw_classes(folder, 6)
    shutil.rmtree(folder / "dark")
    shutil.rmtree(folder / "bright")


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda d: None, "empty"),
        (lambda d: (d / "notes.txt").write_text("hello"), "1 .txt"),
        (lambda d: draw_classes(d, 1), "at least 3"),
        (lambda d: (d / "a.png").write_bytes(png()), "none of 1 image has a label"),
        (draw_one_class, "all 6 images carry the label 'striped'"),
        (lambda d: shutil.rmtree(draw_classes(d, 6) / "dark"), None),
    ],
    ids=[
        "empty folder",
        "no images",
        "one image per class",
        "no label",
        "one class",
        "two classes are enough",
    ],
)
def test_data_that_allow_no_honest_result_are_refused_with_the_arithmetic(tmp_path, write, told):
    source = tmp_path / "photos"
    source.mkdir()
    write(source)
    done = tamiz("split", source, "--out", tmp_path / "run", check=False)
    assert "Traceback" not in done.stderr
    if told is None:
        assert done.returncode == 0
    else:
        assert done.returncode == 3
        assert told in done.stderr


def test_a_folder_that_is_no_run_is_not_written_into(tmp_path):
    source = draw_classes(tmp_path / "photos", 4)
    done = tamiz("index", source, "--out", source, check=False)
    assert done.returncode == 2
    assert "holds no run (found bright)" in done.stderr
    assert sorted(path.name for path in source.iterdir()) == ["bright", "dark", "striped"]


def test_two_processes_in_one_run_folder_do_not_mix(tmp_path):
    source = draw_classes(tmp_path / "photos", 30)
    arguments = ["run", str(source), "--out", str(tmp_path / "run"), "--epochs", "300"]
    with subprocess.Popen(
        [sys.executable, "-m", "tamiz", *arguments],
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    ) as first:  # fmt: skip
        deadline = time.monotonic() + 60
        while not (tmp_path / "run" / "run.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        done = tamiz(*arguments, check=False)
        first.send_signal(signal.SIGINT)
        assert first.wait(timeout=60) == 130
    assert done.returncode == 2
    assert f"another tamiz is working in this run (process {first.pid}" in done.stderr
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "stopped"


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="needs root to mount"
)
@pytest.mark.parametrize(
    ("options", "code", "told"),
    [("size=3m", 4, "the disk is full"), ("ro", 2, "cannot write here")],
    ids=["full disk", "read-only"],
)
def test_a_full_or_read_only_disk_is_called_that(tmp_path, options, code, told):
    source = draw_classes(tmp_path / "photos", 20)
    disk = tmp_path / "disk"
    disk.mkdir()
    command = (
        f"mount -t tmpfs -o {options} tmpfs '{disk}' && "
        f"'{sys.executable}' -m tamiz run '{source}' --out '{disk}/run' --epochs 3 --model small"
    )
    unshare = ["unshare", "-m", "sh", "-c", command]
    done = subprocess.run(unshare, capture_output=True, text=True, check=False)
    if "Operation not permitted" in done.stderr:
        pytest.skip("mounting is not permitted here")
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_and_list_tell_what_is_here(tmp_path):
    facts = json.loads(tamiz("doctor", "--json").stdout)["values"]
    assert facts["is_ready"]
    assert facts["packages"]["torch"]
    names = json.loads(tamiz("list", "--json").stdout)["values"]
    assert {"softmax", "mlp", "cnn", "small"} <= set(names["models"])
    assert "train.epochs" in names["fields"]
    assert all(names[kind] for kind in names)
