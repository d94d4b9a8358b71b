#!/bin/sh
# Makes .venv from requirements.lock on a fresh Debian 12 or Ubuntu machine that has Python 3.11 (or newer) and make.
# Asks the system for two things it may lack, Python's venv module and libGL (OpenCV links against it): as root it
# installs them, otherwise it says the one command to run. Called by `make env`; does nothing when all is there.
set -eu
cd "$(dirname "$0")"

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "scanledger needs Python 3.11 to 3.13: install it (apt-get install python3), or name it: make env PYTHON=..." >&2
    exit 2
}

missing_packages() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null || "$1" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])'
    "$1" -c 'import ctypes; ctypes.CDLL("libGL.so.1")' 2>/dev/null || echo libgl1
    "$1" -c 'import ctypes; ctypes.CDLL("libgthread-2.0.so.0")' 2>/dev/null || echo libglib2.0-0
}

install_packages() {
    [ -n "$1" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1
    else
        echo "This machine lacks: $1. Run: sudo apt-get install $1" >&2
        exit 2
    fi
}

python=$(find_python)
install_packages "$(missing_packages "$python" | tr '\n' ' ' | sed 's/ $//')"
[ -x .venv/bin/python ] || "$python" -m venv .venv
export PIP_DISABLE_PIP_VERSION_CHECK=1
# --no-deps: the lock is complete, and two packages in it ask for rival cv2 wheels (see CONTRIBUTING.md).
.venv/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
.venv/bin/python -m compileall -q ocr layout expectations flows
touch .venv/.complete
