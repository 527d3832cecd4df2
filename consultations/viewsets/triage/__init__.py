"""The queue of opinions: read one after the other, decided on in place, alone or many at once."""
