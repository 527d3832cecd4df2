"""Keeping the words of attached files, as long as there is a document with such a file.

Called by the outbox, for reading one may take long, and once a day to forget.
"""

from wagtail.documents.models import Document

from portal.core.file_texts.reading import has_words, read_words
from portal.core.models import FileText


def is_wanting(document: Document) -> bool:
    """Tell whether the words of a document are still to be taken out."""
    return has_words(document.file_extension) and not (
        document.file_hash and FileText.objects.filter(pk=document.file_hash).exists()
    )


def keep_words(document: Document) -> None:
    """Take the words out of a document and keep them, where that is still to be done."""
    if not is_wanting(document):
        return
    try:
        file_hash = document.get_file_hash()
        if not is_wanting(document):
            return
        with document.open_file() as file:
            content = file.read()
    except OSError:
        # What is not there has no words; it is asked for again with the next publication.
        return
    words = read_words(content, ending=document.file_extension)
    FileText.objects.get_or_create(
        pk=file_hash, defaults={"pages": list(words.pages), "state": words.state}
    )


def forget_words() -> int:
    """Delete the words of files that no document has any more; return of how many files.

    A file that was deleted or replaced may have held what nobody should keep.
    """
    held = Document.objects.values("file_hash")
    # By their keys alone: the words are long.
    forgotten, _by_model = FileText.objects.exclude(pk__in=held).only("pk").delete()
    return forgotten
