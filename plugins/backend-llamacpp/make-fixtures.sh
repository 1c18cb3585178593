#!/bin/sh
# Writes the GGUF files of the parity tests with the converter of the pinned llama.cpp; see src/test/python/make_gguf.py.
# Needs npm, git and a Python with src/test/python/requirements.txt, which PYTHON may name.
set -eu
cd "$(dirname "$0")"
. ./versions.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch_package node-llama-cpp "$SOURCE_HASH" "$work"
git clone -q "$work/package/llama/gitRelease.bundle" "$work/source" 2>/dev/null
PYTHONPATH="$work/source:$work/source/gguf-py" "${PYTHON:-python3}" src/test/python/make_gguf.py \
  ../testkit/families ../../formats/src/test/resources/gguf src/test/resources/parity
