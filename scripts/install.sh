#!/bin/sh
# Checks an archive of Sonde and unpacks it.
#
# Usage: sh install.sh [--to FOLDER] [--bin FOLDER] [ARCHIVE]
#
# The archive and SHA256SUMS lie beside this script, as they were downloaded. Without ARCHIVE it takes the one for this machine, with the
# bundled Java if it is there. It is unpacked under --to (default ~/.local/share), and `sonde` is linked into --bin (default
# ~/.local/bin). Signatures are checked where SHA256SUMS has one beside it: SHA256SUMS.asc with gpg (the key must be in your keyring),
# SHA256SUMS.minisig with minisign (SONDE_KEY: the public key file), SHA256SUMS.sig with openssl (SONDE_KEY: the public key in PEM).
set -eu
fail() { echo "install: $*" >&2; exit 1; }

to=${HOME:-}/.local/share
bin=${HOME:-}/.local/bin
archive=
while [ $# -gt 0 ]; do
  case $1 in
    --to | --bin) [ $# -ge 2 ] || fail "$1 needs a folder"; if [ "$1" = --to ]; then to=$2; else bin=$2; fi; shift 2 ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit ;;
    -*) fail "there is no option $1" ;;
    *) archive=$1; shift ;;
  esac
done
here=$(cd "$(dirname "$0")" && pwd -P)

if [ -z "$archive" ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x86_64 ;;
    Linux-aarch64) platform=linux-aarch64 ;;
    Darwin-arm64) platform=macos-aarch64 ;;
    *) fail "there is no archive for $(uname -s) on $(uname -m)" ;;
  esac
  for file in "$here"/sonde-*-$platform.tar.gz "$here"/sonde-*-$platform-java.tar.gz; do
    [ ! -f "$file" ] || archive=$file
  done
  [ -n "$archive" ] || fail "no sonde-*-$platform.tar.gz beside this script"
fi
[ -f "$archive" ] || fail "there is no $archive"
folder=$(cd "$(dirname "$archive")" && pwd -P)
file=$(basename "$archive")
sums=$folder/SHA256SUMS
[ -f "$sums" ] || fail "SHA256SUMS is not beside $file: fetch it from where the archive came from"

# Who made the list of sums?
if [ -f "$sums.asc" ]; then
  gpg --batch --verify "$sums.asc" "$sums" || fail "SHA256SUMS is not what was signed, or the key is unknown to gpg"
elif [ -f "$sums.minisig" ]; then
  minisign -V -p "${SONDE_KEY:?names the public key file}" -m "$sums" || fail "SHA256SUMS is not what was signed"
elif [ -f "$sums.sig" ]; then
  openssl dgst -sha256 -verify "${SONDE_KEY:?names the public key file}" -signature "$sums.sig" "$sums" || fail "SHA256SUMS is not what was signed"
else
  echo "install: SHA256SUMS is not signed; it finds damage, not forgery" >&2
fi

# Is the archive the one in the list?
wanted=$(awk -v file="$file" '$2 == file { print $1 }' "$sums")
[ -n "$wanted" ] || fail "$file is not in SHA256SUMS"
if command -v sha256sum >/dev/null; then found=$(sha256sum "$archive"); else found=$(shasum -a 256 "$archive"); fi
[ "${found%% *}" = "$wanted" ] || fail "$file is damaged: its SHA-256 is ${found%% *}, not $wanted"

name=${file%.tar.gz}
mkdir -p "$to" "$bin"
[ ! -e "$to/$name" ] || fail "$to/$name is there already; remove it to install it again"
# Unpacked under another name first: what has the name is whole.
part=$(mktemp -d "$to/.sonde-XXXXXX")
trap 'rm -rf "$part"' EXIT
tar -xzf "$archive" -C "$part"
mv "$part/$name" "$to/$name"
ln -sf "$to/$name/bin/sonde" "$bin/sonde"
echo "installed $to/$name"
case ":$PATH:" in
  *":$bin:"*) echo "run: sonde demo" ;;
  *) echo "run: $bin/sonde demo" ;;
esac
