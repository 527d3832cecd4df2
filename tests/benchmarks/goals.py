"""The most that each figure may be, and what it is; docs/testing.md shows this table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """The goal of a figure.

    Attributes:
        most: what the figure may be at most.
        what: the figure in words.

    """

    most: float
    what: str


Goals = dict[str, Goal]

PAGES: Goals = {
    "consultation_statements": Goal(12, "SQL statements of a consultation page with 20 opinions"),
    "list_statements": Goal(12, "SQL statements of its public list"),
    "consultation_cpu_in_bare_views": Goal(30, "CPU time of the page by that of a bare view"),
    "consultation_cached_in_bare_views": Goal(1.5, "the same, viewed again a moment later"),
    "consultation_statements_10000_more": Goal(0, "statements more with 10,000 opinions"),
    "list_statements_10000_more": Goal(0, "statements more with 10,000 opinions, the list"),
    "consultation_html_kilobytes": Goal(100, "kB of HTML with 10,000 opinions"),
    "consultation_cpu_10000_by_20": Goal(1.3, "CPU time with 10,000 opinions by that with 20"),
}
SENDING: Goals = {
    "submit_statements": Goal(16, "SQL statements of one accepted opinion"),
    "submit_transactions": Goal(1, "its transactions"),
    "submit_cpu_in_one_insert_views": Goal(4, "its CPU time by that of a view that inserts a row"),
}
REDLINE: Goals = {
    "redline_cpu_seconds_200_articles": Goal(2, "CPU seconds to compare 200 articles with 200"),
    "redline_cpu_slope": Goal(2, "power of the number of articles it grows with, 25 to 200"),
}
SEARCHING: Goals = {
    "archive_page_cpu_in_bare_matches": Goal(
        5, "CPU time of Elasticsearch for a page of the archive by that for a bare match"
    ),
}
KILLS: Goals = {
    "kills_faults": Goal(0, "faults of a portal that was killed 200 times while people sent"),
    "kills_without_a_receipt": Goal(0, "kills without an opinion that came through"),
}
ARCHIVE_KILLS: Goals = {
    "archive_kills_drift": Goal(
        0, "matters that differ in a copy of the archive after 50 kills of workers and engine"
    ),
    "archive_kills_without_an_edit": Goal(0, "kills without an edit that was committed"),
}
TWO_CLERKS: Goals = {
    "two_clerks_acts_too_few": Goal(
        0, "acts missing to one for each of 1,000 interleavings of two people; a fault ends the run"
    ),
}
LARGE: Goals = {
    "consultation_statements_100000_more": Goal(0, "statements more with 100,000 opinions"),
    "list_statements_100000_more": Goal(0, "statements more with 100,000 opinions, the list"),
    "consultation_cpu_100000_by_20": Goal(1.3, "CPU time with 100,000 opinions by that with 20"),
    "list_cpu_100000_by_20": Goal(1.3, "CPU time with 100,000 opinions by that with 20, the list"),
    "consultation_html_kilobytes_100000": Goal(100, "kB of HTML with 100,000 opinions"),
    "list_html_kilobytes_100000": Goal(100, "kB of HTML with 100,000 opinions, the list"),
}
EXPORTING: Goals = {
    f"export_{form}_mebibytes_100000_over_10000": Goal(
        48, f"MiB that the export of 100,000 opinions needs beyond that of 10,000, {name}"
    )
    for form, name in (("csv", "CSV"), ("xlsx", "XLSX"))
}
_FILTERS = {
    "all": "no filter",
    "state": "display state",
    "article": "article",
    "stance": "stance",
    "channel": "channel, one in ten",
    "rare_channel": "channel, one in a hundred",
    "unit": "unit",
    "round": "consultation",
    "assignee": "own ones, one in twenty",
    "overdue": "waiting too long",
    "every_state": "every state",
    "every_unit": "a scope without bounds",
}
TRIAGE: Goals = {
    f"triage_buffers_page_10000_by_1_{name}": Goal(
        1.2, f"buffers of page 10,000 by those of page 1, among 1,000,000 opinions: {what}"
    )
    for name, what in _FILTERS.items()
} | {
    "triage_buffers": Goal(8000, "most buffers (8 KiB) of one of these pages"),
    "triage_rows_in_a_sequential_scan": Goal(1000, "most rows that one of them reads one by one"),
    "triage_statements": Goal(12, "SQL statements of a step in the queue"),
    "triage_statements_with_menu": Goal(20, "of the whole page, the menu of Wagtail with it"),
}
TOGETHER: Goals = {
    f"together_{verb}_statements_5000": Goal(12, f"SQL statements to {what} 5,000 opinions at once")
    for verb, what in {
        "publish": "show",
        "withhold": "withhold",
        "assign": "assign",
        "group": "group under a new issue",
    }.items()
}
GROWING: Goals = {
    "archive_page_cpu_in_bare_matches_100000": Goal(
        5, "the same as at bench, among 100,000 passages"
    ),
    "archive_page_cpu_slope": Goal(
        0.4, "power of the number of passages it grows with, 10,000 to 100,000"
    ),
}
DEEP: Goals = {
    "archive_page_500_cpu_by_page_1": Goal(
        1.2, "CPU time of page 500 by position by that of page 1, among 100,000 dossiers"
    ),
    "archive_walk_faults": Goal(
        0, "dossiers that a walk through all of them names twice or not while 1,000 change"
    ),
}

TAKING_HOME: Goals = {
    f"archive_export_{form}_mebibytes_100000_over_10000": Goal(
        32, f"MiB that the {form} file of 100,000 matters needs beyond that of about 10,000"
    )
    for form in ("csv", "jsonl", "xlsx")
}
IMPORTING: Goals = {
    "import_mebibytes_2000_over_200": Goal(
        32, "MiB that a table of 2,000 past decisions needs beyond one of 200"
    ),
    "import_statements_of_a_row_2000_more": Goal(0, "SQL statements more of its last row"),
    "import_cpu_of_a_row_2000_by_200": Goal(1.3, "CPU time of a row of it by that of one of 200"),
}

AT_BENCH = (PAGES, SENDING, REDLINE, SEARCHING)
AT_SCALE = (
    KILLS,
    ARCHIVE_KILLS,
    TWO_CLERKS,
    LARGE,
    EXPORTING,
    TRIAGE,
    TOGETHER,
    GROWING,
    DEEP,
    TAKING_HOME,
    IMPORTING,
)
