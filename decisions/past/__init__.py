"""Tables of past decisions 历史决策 and the files they name, read row by row; no database.

Whatever an archivist may bring may enter: CSV of any Chinese Windows, XLSX, a folder or a ZIP.
What leaves is one `PastDecision` a row, or sentences that say which cell is wrong and what to do.
"""
