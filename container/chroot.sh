#!/bin/sh
# Carries out container/Dockerfile in a folder, without Docker: every COPY, RUN, ENV, USER and WORKDIR as it stands there, on a Debian
# made by debootstrap. Then runs the image's entry point with the arguments given, without a network.
#
# Usage (as root): container/chroot.sh RELEASE_FOLDER [ARGUMENTS...]        for example: container/chroot.sh target/release/0.2.0 demo
#   ROOTFS=FOLDER      where the system is made (default: a new temporary folder, removed at the end)
#   MIRROR=URL         Debian's packages
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
context=$(cd "$1" && pwd -P)
shift
command -v debootstrap >/dev/null || { echo "chroot: needs debootstrap (Debian: apt-get install debootstrap)" >&2; exit 2; }
if [ -n "${ROOTFS:-}" ]; then root=$ROOTFS; else root=$(mktemp -d); fi
clean() {
  umount "$root/proc" 2>/dev/null || true
  [ -n "${ROOTFS:-}" ] || rm -rf "$root"
}
trap clean EXIT

environment="PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
user=root
folder=/
entry=
command=
inside() { # USER COMMAND...: a command in the system; empty environment but that of the file
  as=$1
  shift
  case $as in root) home=/root ;; *) home=/home/$as ;; esac
  # shellcheck disable=SC2086
  ${unreachable:-} chroot --userspec="$as" "$root" /usr/bin/env -i $environment HOME="$home" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
}
words() { printf '%s' "$1" | tr -d '[]"' | tr ',' ' '; }

while IFS= read -r line; do
  case $line in
    '' | '#'*) ;;
    'FROM debian:'*-slim)
      suite=${line#FROM debian:}
      [ -f "$root/etc/debian_version" ] || debootstrap --variant=minbase "${suite%-slim}" "$root" ${MIRROR:+"$MIRROR"} >&2
      mount -t proc proc "$root/proc" ;;
    'COPY '*)
      set -f
      # shellcheck disable=SC2086
      set -- "$@" -- ${line#COPY }
      set +f
      arguments=
      while [ "$1" != -- ]; do arguments="$arguments $1"; shift; done
      shift
      for target; do :; done
      mkdir -p "$root$target"
      while [ $# -gt 1 ]; do (cd "$context" && cp -- $1 "$root$target"); shift; done
      # shellcheck disable=SC2086
      set -- $arguments ;;
    'RUN '*) echo "chroot: $line" >&2; inside "$user" /bin/sh -c "${line#RUN }" >&2 ;;
    'ENV '*) environment="$environment ${line#ENV }" ;;
    'USER '*) user=${line#USER } ;;
    'WORKDIR '*) folder=${line#WORKDIR } ;;
    'ENTRYPOINT '*) entry=$(words "${line#ENTRYPOINT }") ;;
    'CMD '*) command=$(words "${line#CMD }") ;;
    *) echo "chroot: cannot carry out: $line" >&2; exit 1 ;;
  esac
done < "$here/Dockerfile"

[ $# -gt 0 ] || set -- $command
unreachable=$(command -v unshare >/dev/null && echo "unshare --net" || true)
# shellcheck disable=SC2086
inside "$user" $entry "$@"
