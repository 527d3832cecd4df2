"""What is left on the disk of files that came with opinions."""


def on_disk(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())
