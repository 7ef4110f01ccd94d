#!/bin/sh
# Every check of the repository, one after another; each says how to mend what it finds.
# usage: tools/check.sh [fast]      BIN: folder of the environment's programs
set -u
BIN=${BIN:-.venv/bin}
failed=""

check() {  # check NAME REPAIR COMMAND...
    name=$1; repair=$2; shift 2
    printf '%s ... ' "$name"
    if output=$("$@" 2>&1); then
        echo ok
    else
        printf 'FAILED\n%s\n  to mend: %s\n' "$output" "$repair"
        failed="$failed $name"
    fi
}

check format    "$BIN/ruff format ."                           "$BIN/ruff" format --check .
check lint      "$BIN/ruff check --fix ., then read the rest"   "$BIN/ruff" check .
check contracts "move the import to a lower layer: ARCHITECTURE.md" "$BIN/lint-imports" --no-cache
if [ "${1:-}" != fast ]; then
    check types "$BIN/mypy, then give the types it asks for"    "$BIN/mypy"
    check reference "$BIN/python tools/write_reference.py"      "$BIN/python" tools/write_reference.py --check
    check licences "$BIN/python tools/write_licences.py"            "$BIN/python" tools/write_licences.py --check
    check docs  "$BIN/mkdocs build --strict"                    "$BIN/mkdocs" build --strict --quiet --site-dir site
fi
if [ -n "$failed" ]; then
    echo "failed:$failed"
    exit 1
fi
echo "all checks passed"
