#!/bin/sh
# Fetches the pinned build of llama.cpp with npm's own client, checks its hash and unpacks libraries and licence into native/.
# Usage: fetch-llamacpp.sh [linux-x64|linux-x64-vulkan|linux-x64-cuda|linux-arm64]; without an argument that of this machine.
set -eu
cd "$(dirname "$0")"
. ./versions.sh
platform=${1:-}
if [ -z "$platform" ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    *) echo "there is no pinned build of llama.cpp for $(uname -s) on $(uname -m); name a folder of your own by 'library'" >&2; exit 2 ;;
  esac
fi
case "$platform" in
  linux-x64) hash=5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg== ;;
  linux-x64-vulkan) hash=bBxqU+JOcBu1nb5Qj2zcMci+JByT1E8EajHvYodyNfVIPkEhXh+/HMwR1/BT7xP08YK0hks+kM8fglER0P8JEg== ;;
  linux-x64-cuda) hash=8rQCjyNNLZJUFit+YpjwlC4hwkKgOMIkB2wuycKBf8NU2O3ySKbiWZQ8aw9ku2nUTXjSnUIrE6KB88itduTBuA== ;;
  linux-arm64) hash=W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ== ;;
  *) echo "no build is pinned for '$platform'" >&2; exit 2 ;;
esac
target=native/$platform
if [ -f "$target/VERSION" ] && [ "$(cat "$target/VERSION")" = "$LLAMA_CPP_VERSION" ]; then
  echo "llama.cpp $LLAMA_CPP_VERSION is in $(pwd)/$target"
  exit 0
fi
if ! command -v npm >/dev/null; then
  echo "npm is needed to fetch llama.cpp (not to run it)" >&2
  exit 3
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch_package "@node-llama-cpp/$platform" "$hash" "$work"
rm -rf "$target"
mkdir -p "$target"
find "$work/package/bins" -name '*.so' ! -name 'libllama-common*' -exec cp {} "$target" \;
cp "$work/package/LICENSE" "$target/LICENSE-node-llama-cpp"
cp LICENSE-llama.cpp "$target/LICENSE-llama.cpp"
echo "$LLAMA_CPP_VERSION" > "$target/VERSION"
echo "llama.cpp $LLAMA_CPP_VERSION is in $(pwd)/$target"
