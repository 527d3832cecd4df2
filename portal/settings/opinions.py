"""How opinions are taken in: the comments packages, the captcha, how much at a time."""

# Opinions: only the model base, the form's security and the moderator of the comments packages.
COMMENTS_APP = "django_comments_xtd"
COMMENTS_XTD_MODEL = "consultations.models.Opinion"
COMMENTS_XTD_CONFIRM_EMAIL = False
COMMENTS_XTD_MAX_THREAD_LEVEL = 0
# Seconds; a careful letter may take a day to write.
COMMENTS_TIMEOUT = 24 * 3600
# Seconds; no person fills in the form faster.
OPINION_LEAST_SECONDS = 2

# Captcha: digits that a phone shows readably, for the time it takes to write an opinion (minutes).
CAPTCHA_CHALLENGE_FUNCT = "portal.core.challenges.digits"
CAPTCHA_LENGTH = 4
# How many digits are asked when very much arrives.
CAPTCHA_LONG_LENGTH = 6
# The voice of espeak-ng that speaks the digits in each language of the site.
CAPTCHA_VOICES = {"zh-hans": "cmn", "en": "en"}
CAPTCHA_TIMEOUT = 30
CAPTCHA_FONT_SIZE = 44
CAPTCHA_LETTER_ROTATION = (-15, 15)

# How often within so many seconds something is done `easily`, and at `most`; see portal/core/
# throttle.py. A network is a whole office or a street behind one address, hence the large numbers.
# A consultation is refused by the minute, so that a flood shuts nobody out for longer.
THROTTLES = {
    "opinion.network": {"easily": 20, "most": 200, "seconds": 3600},
    "opinion.email": {"easily": 10, "most": 100, "seconds": 24 * 3600},
    "opinion.consultation": {"easily": 120, "most": 1200, "seconds": 60},
    "opinion.draft": {"most": 600, "seconds": 3600},
    "opinion.without_digits": {"most": 30, "seconds": 3600},
    "mailbox.without_digits": {"most": 3, "seconds": 24 * 3600},
    "opinion.file": {"most": 120, "seconds": 3600},
    "receipt.network": {"most": 120, "seconds": 600},
    "token.network": {"most": 120, "seconds": 600},
    "subscription.network": {"most": 120, "seconds": 3600},
    "subscription.email": {"most": 10, "seconds": 24 * 3600},
    "paper.network": {"most": 60, "seconds": 600},
    "data.network": {"most": 30, "seconds": 600},
    "archive.network": {"most": 600, "seconds": 600},
    "captcha.new": {"most": 120, "seconds": 600},
    "captcha.picture": {"most": 600, "seconds": 600},
    "captcha.sound": {"most": 60, "seconds": 600},
    "open_data.network": {"most": 1200, "seconds": 600},
}

# Files that go along: what is too large is cut off while it arrives.
FILE_UPLOAD_HANDLERS = [
    "portal.core.upload_handlers.CuttingUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
