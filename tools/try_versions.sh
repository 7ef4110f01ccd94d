#!/bin/sh
# Try tamiz on other versions of what it needs: a fresh environment, a test or more of every
# dependency, `tamiz demo`. The environment lies outside the tree and is gone at the end.
# usage: tools/try_versions.sh WHICH PYTHON      (needs uv; PYTHON: 3.11, or a program's path)
#   lowest       the oldest versions that pyproject.toml allows, of what it names itself
#   newest       the newest of everything
#   NAME-X.Y     the newest of everything, but NAME X.Y: torch-2.11
# TRY_PLACE=FOLDER: keep the environment and what ran there in FOLDER, and use it again.
set -eu
cd "$(dirname "$0")/.."

if [ $# -ne 2 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
which=$1 python=$2

# Every extra that users have; of `dev` only what these tests import.
extras="dicom slides openvino service node web cluster remote export mlflow tensorboard"
tools="hypothesis moto psutil pyjpegls pylibjpeg-openjpeg pytest pytest-timeout python-gdcm"

# A test file or more for each package of pyproject.toml; three minutes on one free core.
tests="
tests/architecture/test_release.py      tests/cli/test_help_words.py
tests/data/test_manifest_and_ledger.py  tests/rendering/test_html.py
tests/formats/test_slide_reading.py     tests/formats/test_slide_real.py
tests/formats/test_dicom_pixels.py      tests/acquisition/test_pacs_fake.py
tests/acquisition/test_pacs_web.py      tests/acquisition/test_remote_s3.py
tests/models/test_bundle.py             tests/stages/test_exporters.py
tests/stages/test_listing_networks.py   tests/engine/test_layer_table.py
tests/engine/test_classical.py          tests/engine/test_features.py
tests/engine/test_graph.py              tests/faces/test_service_calls.py
tests/faces/test_node_answers.py        tests/faces/test_web_pages.py
tests/stages/test_search.py::test_a_space_of_two_points_is_searched_once_and_no_more
"

resolution=highest
constraint=""
strict=""
case $which in
    # Old packages warn about what newer ones below them bring; that tells nothing about tamiz.
    lowest) resolution=lowest-direct
            strict="-W default::DeprecationWarning -W default::FutureWarning" ;;
    newest) ;;
    *-[0-9]*) constraint="${which%-*}==${which##*-}.*" ;;
    *) echo "$which: one of lowest, newest, NAME-X.Y (torch-2.11)" >&2; exit 2 ;;
esac

command -v uv >/dev/null || { echo "uv is not here: https://docs.astral.sh/uv" >&2; exit 2; }
if [ -n "${TRY_PLACE:-}" ]; then
    mkdir -p "$TRY_PLACE"
    place=$(cd "$TRY_PLACE" && pwd)
else
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
    trap 'exit 130' INT TERM
fi
env=$place/env

echo "$which on Python $python, in $place"
[ -x "$env/bin/python" ] || uv venv --quiet --python "$python" "$env"
echo "$constraint" >"$place/constraint.txt"
"$env/bin/python" - "$extras" "$tools" >"$place/wanted.txt" <<'END'
import re, sys, tomllib
from pathlib import Path

extras, tools = (words.split() for words in sys.argv[1:])
project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
known = project["optional-dependencies"]
wanted = [*project["dependencies"], *(one for name in extras for one in known[name])]
wanted += [one for one in known["dev"] if re.split(r"[\[<>=]", one)[0] in tools]
print("\n".join(one for one in wanted if not one.startswith("tamiz")))
END
uv pip compile --quiet --resolution "$resolution" --constraint "$place/constraint.txt" \
    --python "$env/bin/python" --no-header --no-annotate --output-file "$place/pins.txt" \
    "$place/wanted.txt" >/dev/null
uv pip install --quiet --python "$env/bin/python" --requirement "$place/pins.txt"
# A wheel, as users have it: what it lacks shows here.
uv build --quiet --wheel --python "$env/bin/python" --out-dir "$place/dist" .
uv pip install --quiet --python "$env/bin/python" --no-deps --reinstall "$place"/dist/*.whl
uv pip check --quiet --python "$env/bin/python"
while read -r one; do
    grep -i "^$(echo "$one" | sed 's/[][<>=].*//')==" "$place/pins.txt"
done <"$place/wanted.txt" | tr '\n' ' '
echo

# Nothing is written into the tree. -W: see above. $strict and $tests are lists of words.
export OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR="$place" TAMIZ_CACHE="$place/cache" \
    TAMIZ_LOOKS="$place/looks" HYPOTHESIS_STORAGE_DIRECTORY="$place/hypothesis"
# shellcheck disable=SC2086
"$env/bin/python" -m pytest --quiet -p no:cacheprovider $strict $tests
cd "$place"
rm -rf runs
"$env/bin/tamiz" doctor
"$env/bin/tamiz" demo --quiet
# Ray's sockets stand no long path.
env -u TMPDIR "$env/bin/tamiz" check runs/demo/digits --out runs/ray --engine ray --quiet
echo "$which on Python $python: all passed"
