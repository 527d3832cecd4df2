"""Digits as sound, spoken by espeak-ng when that program is there."""

import logging
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

logger = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
# Words a minute, and the pause after each in hundredths of a second: slow enough to type along.
SPEED = 110
PAUSE = 50
# Seconds; four digits take some hundredths of one.
TIMEOUT = 5


def can_speak() -> bool:
    """Return whether the program is there."""
    return shutil.which(PROGRAM) is not None


def spoken(digits: str, *, language: str) -> bytes | None:
    """Return the digits as a WAV file, one by one in the voice of a language, or None.

    The same digits always sound the same, so that a browser may fetch the file in parts.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    voice = settings.CAPTCHA_VOICES.get(language, settings.CAPTCHA_VOICES[settings.LANGUAGE_CODE])
    with TemporaryDirectory() as folder:
        file = Path(folder) / "digits.wav"
        command = [program, "-v", voice, "-s", str(SPEED), "-g", str(PAUSE), "-w", str(file)]
        try:
            # Nothing of a visitor is in the command, and nothing secret in the environment.
            subprocess.run(  # noqa: S603
                [*command, ", ".join(digits)],
                env={},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=True,
            )
            return file.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            logger.warning("%s failed: %s", PROGRAM, type(error).__name__)
            return None
