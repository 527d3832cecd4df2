"""What the public takes home as files: search results, a round's research package, whole years.

Only what is public at that moment enters, no personal data, and a file that reached its end is
whole: what fails on the way breaks off.
"""
