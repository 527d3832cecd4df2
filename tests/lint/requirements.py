"""The requirement files are complete locks: hashes for everything, no address of an index."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "requirements"


def faults(text: str) -> list[str]:
    """Return what is wrong with the text of one lock file."""
    found = ["holds an address"] if "://" in text else []
    entries = text.replace("\\\n", " ").splitlines()
    pinned = [entry for entry in entries if "==" in entry and not entry.lstrip().startswith("#")]
    return found + [
        f"has no hash for {entry.split('==')[0]}"
        for entry in pinned
        if "--hash=sha256:" not in entry
    ]


def main() -> int:
    found = [
        f"{path.name} {fault}"
        for path in sorted(FOLDER.glob("*.txt"))
        for fault in faults(path.read_text(encoding="utf-8"))
    ]
    print("\n".join(found) or "Requirement files: locked and hashed, no address.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
