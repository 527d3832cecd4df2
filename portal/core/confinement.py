"""The process that reads one file of a stranger: standard input in, the reader's answer out.

It takes the file of a reader as its argument, holds nothing of ours, opens no file to write, and
if it is ended early or would answer too much, it says nothing.
"""

import logging
import resource
import runpy
import sys

MOST_CPU_SECONDS = 10
MOST_MEMORY = 512 * 1024 * 1024
MOST_ANSWER = 16 * 1024 * 1024


def main() -> None:
    """Limit this process, then read."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # What a parser has to say of a file may quote it, and belongs into no log.
    logging.disable()
    answer = runpy.run_path(sys.argv[1])["answer"]
    said = answer(sys.stdin.buffer.read())
    if len(said) <= MOST_ANSWER:
        sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main()
