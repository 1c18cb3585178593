#!/bin/sh
# Writes Layouts.java from the headers of the build of llama.cpp that versions.sh pins. Needs npm, git and a C compiler.
set -eu
cd "$(dirname "$0")"
. ./versions.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch_package node-llama-cpp "$SOURCE_HASH" "$work"
git clone -q "$work/package/llama/gitRelease.bundle" "$work/source" 2>/dev/null
cc -I "$work/source/include" -I "$work/source/ggml/include" -o "$work/layout" src/main/layout/layout.c
"$work/layout" "$LLAMA_CPP_VERSION" > src/main/java/dev/sonde/backend/llamacpp/Layouts.java
