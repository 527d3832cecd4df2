"""The words in files that pages attach: taken out once, in a process of their own, and kept.

Only `keeping` writes; readers here turn the bytes of a stranger's file into plain text.
"""
