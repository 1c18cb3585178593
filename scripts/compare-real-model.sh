#!/bin/sh
# Compares Sonde's residual streams of a published GGUF model with those of Hugging Face's transformers.
#
#   scripts/compare-real-model.sh MODEL.gguf PYTHON
#
# PYTHON has the packages of scripts/compare-requirements.txt. MODEL.gguf is one that scripts/fetch-real-models.sh
# fetches, or another. Converts it with sonde convert, captures every block's output at every token from the file
# and from the converted folder, and has transformers read the same folder. Prints a table; fails where the two
# captures differ, where tokens differ, or where a block's relative errors per row are over median 1e-5, worst 5e-5.
set -eu

if [ $# -ne 2 ]; then
  echo "usage: $0 MODEL.gguf PYTHON" >&2
  exit 2
fi
here=$(dirname "$(readlink -f "$0")")
"$here/../sonde" --version # builds what is stale, once
sonde=$here/../dist/target/sonde/bin/sonde
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A store of its own: activations that an earlier Sonde stored are not to be compared. Natives may be shared.
export DJL_CACHE_DIR="${DJL_CACHE_DIR:-${SONDE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sonde}/djl}"
export SONDE_CACHE="$work/cache"
capture() {
  "$sonde" capture --model "$1" --backend pytorch --data "$here/compare-prompts.jsonl" --text text \
    --read 'blocks.*.hook_resid_post' --tokens all --out "$2"
}

"$sonde" convert "$1" --out "$work/model"
capture "$1" "$work/file.safetensors"
capture "$work/model" "$work/folder.safetensors"
"$2" "$here/compare_real_model.py" "$work" "$here/compare-prompts.jsonl"
