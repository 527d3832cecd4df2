"""The release review 保密审查: nothing of the procedure is published before it has passed.

Its steps are Wagtail workflow tasks; what it stands for is read from Wagtail's own records. What
enters here knows pages and workflows, never an app's pages.
"""
