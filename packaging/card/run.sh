#!/usr/bin/env bash
# Everything that a graphics card is wanted for, in one command: see README.md beside this.
#
#     packaging/card/run.sh [--rehearse] [--parts facts,tests,train,bench] [--out FOLDER] [--seconds 585]
#
# A rehearsal on two cores that others shared took, in seconds (of processor time): facts 10 (2), tests 384 (52),
# train 192 (34), bench 98 (15).
set -eu
cd "$(dirname "$0")/../.."
python="${PYTHON:-python3}"
mkdir -p "${KEPT:-.cache/card}"
kept="$(cd "${KEPT:-.cache/card}" && pwd)"
started="$(date +%s)"

# What that machine lacks travels as wheels (prepare.py); they are installed once, beside its own packages.
if ls "$kept"/wheels/*.whl >/dev/null 2>&1 && [ ! -e "$kept/site/.complete" ]; then
    "$python" -m pip install --quiet --no-index --no-deps --no-compile --no-cache-dir --upgrade \
        --disable-pip-version-check --target "$kept/site" "$kept"/wheels/*.whl
    touch "$kept/site/.complete"
fi
export PYTHONPATH="$PWD:$kept/site${PYTHONPATH:+:$PYTHONPATH}"
export PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"  # threads that spin while they wait starve the others
exec "$python" packaging/card/run.py --kept "$kept" --started "$started" "$@"
