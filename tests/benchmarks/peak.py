"""The most memory that this process had."""

from pathlib import Path


def peak_mebibytes() -> float:
    """Return it in MiB.

    Not from getrusage(2): what that tells a program includes the memory of the one it was started
    by, which hides everything less.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    # proc(5): the high water mark of what is resident, in kB.
    (mark,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(mark) / 1024
