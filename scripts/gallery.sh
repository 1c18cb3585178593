#!/bin/sh
# Makes the pictures of docs/gallery.md: runs the four shipped experiments and photographs their reports, in light and in dark.
#
# Usage: scripts/gallery.sh [HOME [FOLDER]]
# HOME is a distribution (default: what ./sonde runs), FOLDER keeps the runs (default: target/gallery); a run that is complete is not
# repeated. Wanted: Chromium, and Python 3 with nothing beside it. Takes some minutes.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
sonde=${1:+$1/bin/sonde}
sonde=${sonde:-$root/sonde}
runs=${2:-$root/target/gallery}
browser=
for name in chromium chromium-browser google-chrome; do
  if command -v $name >/dev/null; then browser=$name; break; fi
done
[ -n "$browser" ] || { echo "gallery: needs Chromium" >&2; exit 2; }

mkdir -p "$runs" "$root/docs/gallery"
for name in demo step-importance position influence; do
  if [ ! -f "$runs/$name/manifest.json" ]; then
    "$sonde" run "$root/experiments/$name.yaml" --out "$runs/$name" --overwrite
  fi
  for scheme in light dark; do
    python3 "$root/scripts/release/photograph.py" "$browser" "$runs/$name/report.html" $scheme "$root/docs/gallery/$name-$scheme.png"
  done
done
