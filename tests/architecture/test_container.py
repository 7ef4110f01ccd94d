"""The container is not built here; what it would run is checked against the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
import yaml  # type: ignore[import-untyped]

from tamiz.cli.main import COMMANDS, command_named

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_every_service_is_started_by_options_that_exist(name):
    word, *rest = COMPOSE["services"][name]["command"]
    command = command_named(word)
    context = click.Context(command, info_name=word)
    values, left, _ = command.make_parser(context).parse_args(list(rest))
    assert left == []
    assert values["host"] == "0.0.0.0"  # noqa: S104  (of a container; nothing is bound here)


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_ports_are_those_that_the_command_listens_at_and_open_to_this_machine_alone(name):
    service = COMPOSE["services"][name]
    port = service["command"][service["command"].index("--port") + 1]
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert port in next(line for line in DOCKERFILE.splitlines() if line.startswith("EXPOSE"))


def test_services_may_write_nothing_but_what_passes_through():
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert all(one.endswith(":ro") for one in service["volumes"])


def test_the_image_copies_what_is_there_and_starts_a_command_that_is():
    copied = re.findall(r"^COPY (.+)$", DOCKERFILE, flags=re.MULTILINE)
    sources = [name for line in copied for name in line.split()[:-1]]
    assert all((ROOT / name).exists() for name in sources)
    start = json.loads(re.findall(r"^CMD (.+)$", DOCKERFILE, flags=re.MULTILINE)[0])
    assert start[0] in COMMANDS
    assert "USER 10001" in DOCKERFILE


def test_the_image_asks_for_the_hashes_of_all_it_installs():
    installs = [line for line in DOCKERFILE.splitlines() if "pip install" in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
