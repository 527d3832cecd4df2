"""The sentences about what an editor has to compare with the original."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_QUOTE = 30


def only_named(number: str) -> str:
    """A number at the beginning of a line that does not begin an article."""
    return _(
        "A line begins with %(number)s in the middle of a sentence. It was taken for text, not "
        "for an article."
    ) % {"number": number}


def twice(number: str) -> str:
    """Two articles have one number."""
    return _("%(number)s is there more than once.") % {"number": number}


def late_first(number: str) -> str:
    """The first article is not number one."""
    return _("The first article is %(number)s.") % {"number": number}


def leap(earlier: str, number: str) -> str:
    """A number does not follow the one before."""
    return _("After %(earlier)s comes %(number)s. Check whether an article is missing.") % {
        "earlier": earlier,
        "number": number,
    }


def empty(number: str) -> str:
    """An article is nothing but its number."""
    return _("%(number)s has no text.") % {"number": number}


def idle_heading(words: str) -> str:
    """No article stands below a heading."""
    return _("Nothing stands below the heading “%(words)s”.") % {"words": words}


def outside(text: str) -> str:
    """A text stands between a heading and its first article."""
    return _("This stands below a heading but in no article: “%(words)s”") % {
        "words": text[:LONGEST_QUOTE]
    }


def annex_with_articles(annex: str) -> str:
    """An annex counts articles of its own."""
    return _("%(annex)s has articles of its own. They were left in its text.") % {"annex": annex}


def no_article() -> str:
    """Nothing begins with 第…条."""
    return _(
        "No article was found. Articles begin with 第…条 in the text; numbers that Word gives by "
        "itself are not in the text of a file. Type them, then try again."
    )


def numbered_by_word(count: int) -> str:
    """Paragraphs are items of a list."""
    return ngettext(
        "%(count)s paragraph is numbered by Word itself. Such numbers are not in the text of a "
        "file; compare it with the original.",
        "%(count)s paragraphs are numbered by Word itself. Such numbers are not in the text of a "
        "file; compare them with the original.",
        count,
    ) % {"count": count}


def pictures(count: int) -> str:
    """Pictures are not taken."""
    return ngettext(
        "%(count)s picture was left out.", "%(count)s pictures were left out.", count
    ) % {"count": count}


def unread(count: int) -> str:
    """The document shows more than could be read."""
    return ngettext(
        "%(count)s character of the document could not be read, for example in a formula or a "
        "text box. Compare it with the original.",
        "%(count)s characters of the document could not be read, for example in a formula or a "
        "text box. Compare it with the original.",
        count,
    ) % {"count": count}


def deletions() -> str:
    """The document tracks its changes."""
    return _(
        "The document tracks changes. What is marked as inserted was taken, what is marked as "
        "deleted was not."
    )


def comments() -> str:
    """The document holds remarks in its margin."""
    return _("The comments in the margin were left out.")
