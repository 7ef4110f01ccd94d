from __future__ import annotations

import numpy as np
import pytest

from tamiz.core.catalogue.list import TEXTS
from tamiz.core.errors import MissingDependency, TamizError, WrongUse
from tamiz.core.language import (
    current_language,
    has_text,
    language_from_environment,
    say,
    set_language,
    speaking,
    text,
)
from tamiz.core.optional import require
from tamiz.core.registry import Registry
from tamiz.core.registry import _origin as origin_of
from tamiz.core.seeds import derive_seed, position_of
from tamiz.data.report import Table
from tamiz.stages.list import _REGISTRIES as REGISTRIES
from tamiz.stages.list import description_key, list_names, registry_of


@pytest.fixture
def spanish():
    set_language("es")
    yield
    set_language("en")


def test_a_text_takes_the_language_of_whoever_reads_it(spanish):
    told = text("cli.and_more", n=12345)
    assert str(told) == "... y 12\u202f345 más"
    set_language("en")
    assert str(told) == "... and 12,345 more"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"TAMIZ_LANG": "es"}, "es"),
        ({"LC_ALL": "es_MX.UTF-8"}, "es"),
        ({"LC_ALL": "C", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_environment(monkeypatch, variables, language):
    for name in ("TAMIZ_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language_from_environment() == language


def test_an_unknown_language_is_refused_and_the_old_one_stays():
    with pytest.raises(ValueError, match="en, es"):
        set_language("de")
    assert current_language() == "en"


def test_an_error_is_one_line_that_says_where_what_and_how_to_mend_it():
    error = TamizError("the image cannot be read\n(truncated).", where="a.jpg", fix="Replace it")
    assert str(error) == "a.jpg: the image cannot be read (truncated). Replace it"


def test_an_unknown_name_offers_the_nearest_and_lists_all():
    registry: Registry[object] = Registry("models", "tamiz.testing")
    registry.add("softmax")(object())
    registry.add("small")(object)
    with pytest.raises(WrongUse) as error:
        registry.get("smal")
    assert "there is no model called 'smal'; did you mean 'small'?" in str(error.value)
    assert "softmax" in str(error.value)


@pytest.mark.parametrize(
    ("plural", "told"),
    [
        ("models", "no existe ningún modelo con el nombre 'x'"),
        ("inputs", "no existe ninguna entrada con el nombre 'x'"),
        ("splits", "no existe ninguna regla de división con el nombre 'x'"),
    ],
)
def test_an_unknown_name_is_told_in_spanish_words(spanish, plural, told):
    with pytest.raises(WrongUse, match=told):
        Registry[object](plural, "tamiz.testing").get("x")


@pytest.mark.parametrize("kind", list(REGISTRIES))
def test_every_registry_and_every_member_of_our_own_has_words_in_the_catalogue(kind):
    assert has_text(f"errors.kind_{kind}")
    registry = registry_of(kind)
    own = [n for n in registry.names() if origin_of(registry.get(n)).startswith("tamiz.")]
    assert own
    assert [name for name in own if not has_text(description_key(kind, name))] == []
    listed = {key.partition("_")[2] for key in TEXTS if key.startswith(f"{kind}_")}
    assert listed <= {name.replace("-", "_") for name in own}, "a description outlives its member"


def test_an_outside_plug_in_is_listed_with_its_docstrings_first_line(monkeypatch):
    def doubled(path):
        """Two images in one.

        More words.
        """

    registry: Registry[object] = Registry("formats", "tamiz.testing")
    registry.add("doubled")(doubled)
    monkeypatch.setattr("tamiz.stages.list.registry_of", lambda kind: registry)
    table = list_names(("formats",)).summary[0]
    assert isinstance(table, Table)
    assert ("doubled", "Two images in one.") in table.rows


def test_a_name_registered_twice_is_an_error():
    registry: Registry[type] = Registry("models", "tamiz.testing")
    registry.add("small")(int)
    with pytest.raises(ValueError, match="is taken by builtins"):
        registry.add("small")(str)


def test_a_missing_package_names_the_command_that_installs_it():
    with pytest.raises(MissingDependency, match=r"pip install 'tamiz\[slides\]'"):
        require("no_such_package_anywhere", extra="slides", why="reading a.svs")


def test_seeds_depend_on_every_part_and_on_nothing_else():
    assert derive_seed("a", 1) == derive_seed("a", 1)
    assert (
        len({derive_seed("a", 1), derive_seed("a", 2), derive_seed("a1"), derive_seed("b", 1)}) == 4
    )


def test_positions_are_spread_evenly_over_zero_to_one():
    places = [position_of(f"patient {i}", 0) for i in range(2000)]
    assert all(0 <= place < 1 for place in places)
    assert abs(sum(place < 0.15 for place in places) / 2000 - 0.15) < 0.03


def test_every_text_can_be_said_without_the_program_failing(spanish):
    assert say("cli.no_source").startswith("no se")


@pytest.mark.parametrize(
    ("n", "language", "told"),
    [
        (1, "en", "1 of 12 images cannot be read and is left out"),
        (2, "en", "2 of 12 images cannot be read and are left out"),
        (0, "en", "0 of 12 images cannot be read and are left out"),
        (np.int64(1), "es", "1 de 12 imágenes no se puede leer y queda fuera"),
        (2, "es", "2 de 12 imágenes no se pueden leer y quedan fuera"),
    ],
)
def test_words_that_depend_on_a_count_follow_it(n, language, told):
    with speaking(language):
        assert say("check.unreadable", n=n, total=12) == told


def test_each_count_of_a_sentence_chooses_its_own_words():
    said = say("metrics.headline_caption", confidence=0.95, n=2, n_groups=1)
    assert "2 test images" in said
    assert "1 group" in said
    assert "1 groups" not in said
