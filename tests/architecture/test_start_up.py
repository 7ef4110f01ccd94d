"""What a user waits for before anything happens."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "numpy", "polars", "torch", "torchvision", "PIL", "sklearn", "scipy", "matplotlib", "tifffile",
    "imagecodecs", "pandas", "rich", "jinja2", "safetensors",
}  # fmt: skip


def modules_loaded_by(*arguments: str) -> set[str]:
    """Return all modules in memory after running the command line."""
    code = (
        "import sys, tamiz.cli.main as m\n"
        "try: m.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("no-such-command",), ("run", "--help"), ("train", "--nonsense")],
    ids=" ".join,
)
def test_asking_for_help_loads_no_heavy_package(arguments):
    loaded = modules_loaded_by(*arguments)
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()


def test_help_loads_few_modules():
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(len(sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert len(modules_loaded_by("--help")) - int(bare.stdout) < 190


def test_importing_tamiz_loads_no_heavy_package():
    code = "import sys, tamiz; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in done.stdout.split()} & HEAVY == set()


def test_listing_models_needs_no_torch():
    assert "torch" not in modules_loaded_by("list", "models")
