"""Tables that leave as XLSX or CSV and come in as XLSX; pure, no database.

Writing: hand `write_xlsx` or `write_csv` the headings and an iterable of rows, and the outcome to
`download`. Rows are taken one at a time, so give a generator that reads its rows in portions. Cells
are text, numbers, days or None; text stays text, whatever it begins with::

    rows = ((one.number, one.title, one.due_on) for one in issues.iterator())
    return download(write_xlsx(["序号", "标题", "办结时限"], rows), name="清单.xlsx")

Where the export is logged with its digest, make it whole first: `spooled = Spooled(write_csv(…))`,
then `spooled.sha256`, then `download(spooled, name=…)`.

Reading: say which columns are wanted and let `read_xlsx` judge the file of a stranger. It refuses
as a whole, with one sentence, what is no such table (`SheetRefused`); what is wrong with single
cells is in `Table.problems`, each with its row as Excel numbers it::

    table = read_xlsx(upload, [Column("key", "编号", is_required=True), Column("text", "意见")])
    for row in table.rows:
        row.number, row["key"], row["text"]

Who has other rules for headings takes the cells as they stand, with `read_rows`.
"""

from portal.core.sheets.reading import (
    Column,
    Problem,
    RawCell,
    RawRow,
    Row,
    SheetRefused,
    Table,
    read_rows,
    read_xlsx,
)
from portal.core.sheets.sending import Spooled, download, public_download
from portal.core.sheets.writing import Cell, Sheet, safe_for_csv, write_csv, write_xlsx

__all__ = [
    "Cell",
    "Column",
    "Problem",
    "RawCell",
    "RawRow",
    "Row",
    "Sheet",
    "SheetRefused",
    "Spooled",
    "Table",
    "download",
    "public_download",
    "read_rows",
    "read_xlsx",
    "safe_for_csv",
    "write_csv",
    "write_xlsx",
]
