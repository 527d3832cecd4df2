"""What every address of the open interface shares: asking, paging, answering, refusing.

Only what holds for all of them may enter; what is told of a matter or a decision stands with it.
"""
