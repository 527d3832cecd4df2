"""Telling later steps of the procedure, in the transaction of a change, what the public sees anew.

The archive belongs to a later app, which listens through the Wagtail hooks `round_words_changed`,
`round_count_changed` and `hearing_changed`, as it listens to a matter's story. Every verb that
changes what the public sees or counts of a round, or sees of a hearing, calls one of these.
"""

from wagtail import hooks


def words_changed(*round_ids: int) -> None:
    """Tell that the public lists of rounds show something else from now on."""
    for listen in hooks.get_hooks("round_words_changed"):
        listen(round_ids=round_ids)


def count_changed(*round_ids: int) -> None:
    """Tell that another number of opinions on rounds counts."""
    for listen in hooks.get_hooks("round_count_changed"):
        listen(round_ids=round_ids)


def hearing_changed(item_id: int) -> None:
    """Tell that a matter's page shows something else of a hearing from now on."""
    for listen in hooks.get_hooks("hearing_changed"):
        listen(item_id=item_id)
