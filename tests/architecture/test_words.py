"""Every text exists in both languages with the same fields; every word has its partners."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
from pathlib import Path

import pytest

import tamiz
import tamiz.core.catalogue
from tamiz.cli.main import COMMANDS, module_of
from tamiz.core.language import has_text
from tamiz.core.recipe import recipe_fields

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tamiz"
AREAS = sorted(module.name for module in pkgutil.iter_modules(tamiz.core.catalogue.__path__))
KEY = re.compile(r"^[a-z_]+\.[a-z0-9_]+$")
SPEAKING = {"say", "text", "Text", "of"}


def fields_in(template: str) -> set[str]:
    return {name or "" for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_say_the_same_with_the_same_fields(area):
    texts = importlib.import_module(f"tamiz.core.catalogue.{area}").TEXTS
    for name, (english, spanish) in texts.items():
        assert english.strip(), name
        assert spanish.strip(), name
        assert fields_in(english) == fields_in(spanish), name


# "{n:,} images" reads "1 images" at one; "{n:,} {n:image|images}" does not.
COUNT = re.compile(r"(?:\{n(?:_\w+)?\}|\{\w+:,\}) ([^\W\d_]+)(?: ([^\W\d_]+))?")
NO_PLURALS = {
    "is", "has", "ms", "sums", "multiplicaciones", "más", "es", "las", "los", "menos", "con", "sin",
    "otras", "ellas", "ellos",
}  # fmt: skip
AFTER_A_FORM = re.compile(
    r"(?<!under )\{\w+:[^{}|]+\|[^{}]+\}(?: no| ya| también| se)* "
    r"(are|were|have|lie|stand|son|están|tienen|quedan|pueden|pudieron|llevan|faltan)\b"
)


@pytest.mark.parametrize("area", [area for area in AREAS if area != "words"])
def test_a_noun_or_verb_after_a_count_has_a_form_for_one(area):
    texts = importlib.import_module(f"tamiz.core.catalogue.{area}").TEXTS
    bare = []
    for name, both in texts.items():
        for words in both:
            after = [word for found in COUNT.findall(words) for word in found]
            bare += [(name, one) for one in after if one[-1:] == "s" and one not in NO_PLURALS]
            bare += [(name, verb) for verb in AFTER_A_FORM.findall(words)]
    assert bare == []


def keys_spoken_in(path: Path) -> set[str]:
    """Return the catalogue keys that a module names as literals in say(), text(), Text(), of()."""
    keys = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        key = first.value if isinstance(first, ast.Constant) else None
        if name in SPEAKING and isinstance(key, str) and KEY.match(key):
            keys.add(key)
            if name == "of":
                keys.add(f"{key}_fix")
    return keys


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_every_text_that_the_code_speaks_is_in_the_catalogue(path):
    assert [key for key in sorted(keys_spoken_in(path)) if not has_text(key)] == []


def test_every_recipe_field_has_its_help():
    assert [one.path for one in recipe_fields() if not has_text(one.help.key)] == []


# Words that start a face of its own instead of asking a stage.
FACES = {"serve": "web", "api": "service", "node": "node"}


@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_has_its_partners(word):
    assert (SOURCE / "cli" / f"{module_of(word)}.py").is_file()
    assert (SOURCE / FACES.get(word, "stages") / f"{module_of(word)}.py").is_file()
    assert has_text(f"cli.help_{module_of(word)}")
    assert (ROOT / "docs" / "reference" / f"{word}.md").is_file()


def test_every_public_name_can_be_imported_and_is_documented():
    for name in tamiz.__all__:
        assert (getattr(tamiz, name).__doc__ or "").strip(), name
