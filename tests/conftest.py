"""What every test may use: the real data, and settings that suit shared machines."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "tamiz",
    deadline=None,  # shared machines are slow now and then; time is for benchmarks
    max_examples=40,
    derandomize=True,  # the same examples on every machine: a failure can be repeated
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("tamiz")


def pytest_configure(config):
    """Let Pillow's remarks on odd metadata pass: users see none of them, and nothing changes.

    Signals are taken as in a terminal also where the tests were started in the background or by
    `nohup`, which have them ignored, by all that the tests start as well.
    """
    config.addinivalue_line("filterwarnings", "ignore::UserWarning:PIL")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Speak English whatever the machine's locale, unless a test chooses otherwise."""
    from tamiz.core.language import set_language

    for name in ("TAMIZ_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True, scope="module")
def begins_in_english():
    """Speak English in fixtures of a whole file, too: they are made before any test of it."""
    from tamiz.core.language import set_language

    set_language("en")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep what runs share in a folder of the session, never in the user's own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TAMIZ_CACHE", str(tmp_path_factory.getbasetemp() / "tamiz-cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def looks(tmp_path_factory):
    """Keep looks at real data in a folder of the session, never beside the data."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TAMIZ_LOOKS", str(tmp_path_factory.getbasetemp() / "tamiz-looks"))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of the real data sets, or skip: on most machines it is not there."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("TAMIZ_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip("the real data sets are not here (set TAMIZ_SHARED_DATA to their folder)")
    return folder


@pytest.fixture(scope="module")
def browser():
    """Return a real browser; skip where there is none."""
    driving = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with driving.sync_playwright() as driver:
        made = driver.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield made
        made.close()


@pytest.fixture(scope="module")
def ray_alone() -> Iterator[None]:
    """Wait until no other process of these tests has Ray: each kills nodes of its own alone."""
    with (Path(tempfile.gettempdir()) / "tamiz-tests-ray.lock").open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
