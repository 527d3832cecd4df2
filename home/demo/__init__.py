"""The demo city: its texts as data files, and how they become a portal with a past.

`city.toml`, `pages.toml` and `matters/` say what there is; `material` reads them; `dates` places
them in time; `seed` builds the site and `dossier` leads each matter through its procedure.
"""
