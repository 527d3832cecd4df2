"""The research archive: every public matter with its drafts and decision, found and counted.

`archive.search_archive` answers a question from Elasticsearch, or from the database's own copy
when there is no engine or it does not answer; `indexing` keeps both copies up to date. This is the
only package that speaks to Elasticsearch.
"""
