#!/bin/sh
# Makes the micro-world again from nothing: data sets, base checkpoint, last phase, measured abilities.
# Needs Python 3.11 or newer; takes about an hour on two cores. Give an existing interpreter with PYTHON.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${PYTHON:-}" ]; then
  venv=${XDG_CACHE_HOME:-$HOME/.cache}/sonde/microworld-venv
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
  PYTHON=$venv/bin/python
fi
"$PYTHON" "$here/world.py"
"$PYTHON" "$here/train.py" "$@"
"$PYTHON" "$here/abilities.py"
