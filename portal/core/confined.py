"""Readers of files that strangers made: each in a process of its own, with little of everything.

Only modules that turn bytes into bytes may be read with, named by their file; what they may use
is said in `confinement`.
"""

import subprocess
import sys
from pathlib import Path

_ENTRY = Path(__file__).with_name("confinement.py")


def confined(reader: Path, content: bytes, *, seconds: float) -> bytes:
    """Return what a reader answers about a content; nothing if it was stopped.

    Args:
        reader: a Python file with `answer(content: bytes) -> bytes`.
        content: what is read; it goes in as bytes.
        seconds: how long it may take by the clock.

    """
    try:
        # Our own interpreter and files. Isolated, so neither the environment nor the current
        # folder can put other code in its way.
        process = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_ENTRY), str(reader)],
            input=content,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return b""
    return process.stdout if process.returncode == 0 else b""
