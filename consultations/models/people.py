"""How many people and bodies gave the opinions of a round."""

from hashlib import sha256

from consultations.models.opinion import Opinion

BATCH = 2_000


def people_of(consultation_id: int) -> int:
    """Return how many different authors the opinions of a consultation have, those that count.

    Opinions with the same e-mail address, small and capital letters alike, come from one author;
    each opinion without an address counts as one, since nothing else is asked by which two could
    be told to be the same. Addresses lie encrypted, so no database can compare them: they are read
    in portions, and of each only a digest of eight bytes is held.
    """
    rows = Opinion.norel_objects.filter(consultation_id=consultation_id).that_count().order_by()
    seen: set[bytes] = set()
    unnamed = 0
    for address in rows.values_list("author_email", flat=True).iterator(chunk_size=BATCH):
        known = address.strip().casefold()
        if known:
            seen.add(sha256(known.encode()).digest()[:8])
        else:
            unnamed += 1
    return len(seen) + unnamed
