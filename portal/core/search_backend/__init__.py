"""Wagtail's database search for Chinese: words are found inside text that has no spaces.

One module per database, because each imports its own tables; `settings.WAGTAILSEARCH_BACKENDS`
names the one that fits. Run `update_index` after switching.
"""
