"""The page on plug-ins, done as it says: its files copied, its commands run."""

from __future__ import annotations

import json
import tomllib

import pytest
from tests.docs.pages import DOCS, run, run_commands, write_files

PAGE = DOCS / "howto" / "add-a-plug-in.md"


def without_breaks(words: str) -> str:
    """Return words in one line: where a line breaks depends on the paths in it."""
    return " ".join(words.split())


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Return the folder that a reader of the page has, and what each of its commands printed."""
    folder = tmp_path_factory.mktemp("my-plugins")
    page = PAGE.read_text(encoding="utf-8")
    write_files(page, folder)
    (folder / "my_plugins" / "__init__.py").touch()
    # what `pip install -e .` would write into the environment of the tests
    known = folder / "my_plugins-0.1.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Metadata-Version: 2.1\nName: my-plugins\nVersion: 0.1\n")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = [
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in members.items())
        for group, members in project["entry-points"].items()
    ]
    (known / "entry_points.txt").write_text("\n".join(points))
    return folder, run_commands(page, folder)


pytestmark = [pytest.mark.long, pytest.mark.xdist_group("plug-ins")]


def test_the_page_has_a_whole_file_of_each_kind(followed):
    folder, _ = followed
    groups = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"]
    for group, members in groups.items():
        kind = group.removeprefix("tamiz.")
        listed = json.loads(run(folder, "tamiz", "list", kind, "--json").stdout)
        assert set(members) <= set(listed["values"][kind]), kind
    assert {"formats", "steps", "checks", "metrics", "models"} == {
        group.removeprefix("tamiz.") for group in groups
    }


def test_every_line_of_output_that_the_page_shows_of_the_check_was_printed(followed):
    _, printed = followed
    page = PAGE.read_text(encoding="utf-8")
    shown = page.split("--only flat", 1)[1].split("```text\n", 1)[1].split("```", 1)[0]
    (told,) = (what for line, what in printed.items() if line.startswith("tamiz clean"))
    for line in shown.strip().splitlines():
        assert without_breaks(line) in without_breaks(told)


def test_the_metric_of_the_page_is_that_of_scikit_learn(followed):
    import polars as pl
    from sklearn.metrics import jaccard_score

    folder, _ = followed
    table = pl.read_parquet(folder / "runs" / "stripes" / "predictions" / "test.parquet")
    figures = json.loads((folder / "runs" / "stripes" / "metrics.json").read_text())
    told = figures["test"]["jaccard"]
    chosen = ["lying" if p > 0.5 else "standing" for p in table["p_lying"]]
    wanted = jaccard_score(table["target"], chosen, average="macro")
    assert told["value"] == pytest.approx(wanted)
    assert told["low"] < told["value"] < told["high"]


def test_a_truncated_file_of_the_new_format_gets_its_fate_and_the_others_go_on(followed):
    folder, _ = followed
    lying = folder / "stripes" / "lying"
    whole = (lying / "004.pgm").read_bytes()
    new = folder / "new"
    new.mkdir()
    (new / "whole.pgm").write_bytes(whole)
    (new / "cut.pgm").write_bytes(whole[:-1])
    done = run(folder, "tamiz", "predict", "runs/stripes/model", "new", "--csv", "new.csv")
    assert done.returncode in {0, 1, 3}
    rows = dict(line.split(",", 1) for line in (folder / "new.csv").read_text().splitlines())
    assert "truncated" in rows["cut.pgm"]
    assert rows["whole.pgm"].startswith(("lying", "standing"))


def test_without_the_package_the_missing_step_is_named_and_what_to_do(followed, tmp_path):
    folder, _ = followed
    model, images = folder / "runs" / "stripes" / "model", folder / "stripes" / "lying"
    done = run(tmp_path, "tamiz", "predict", str(model), str(images), "--csv", "answers.csv")
    assert done.returncode == 3
    assert "no step called 'gamma'" in done.stderr
    assert "install the package that it comes from" in done.stderr
