"""The columns of a table of past decisions: by which names they are known, what they hold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class PastColumn:
    """One column.

    Attributes:
        key: by which a row gives its cell; also an English heading that is understood.
        heading: as the template prints it, the same in every language.
        also: further headings that are understood.
        help: what to write, for the template and the handbook.
        example: a cell.
        is_required: whether every row has to fill it.
        most: characters that a cell may have.

    """

    key: str
    heading: str
    help: "_StrPromise"
    example: str = ""
    also: tuple[str, ...] = ()
    is_required: bool = False
    most: int = 120

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that is understood."""
        return (self.heading, self.key, self.key.replace("_", " "), *self.also)


_DAY = _("A day like 2019-03-01 or 2019年3月1日.")

COLUMNS = (
    PastColumn(
        key="title",
        heading="标题",
        also=("文件名称", "名称"),
        help=_("The full title, as printed."),
        example="澜川市停车管理办法",
        is_required=True,
        most=255,
    ),
    PastColumn(
        key="index_no",
        heading="索引号",
        also=("信息索引号",),
        help=_("By it the row is known again; no two rows share one."),
        example="LC0101-2019-0012",
        is_required=True,
        most=40,
    ),
    PastColumn(
        key="document_no",
        heading="发文字号",
        also=("文号",),
        help=_("In any spelling; empty where there was none."),
        example="澜政规〔2019〕3号",
        most=40,
    ),
    PastColumn(
        key="issuer",
        heading="发文机关",
        also=("发布机构",),
        help=_("The organ that issued it, as printed."),
        example="澜川市人民政府",
        is_required=True,
        most=60,
    ),
    PastColumn(
        key="unit",
        heading="承办单位",
        also=("起草单位", "主办单位"),
        help=_("A unit of this portal: its name, short name or code."),
        example="住建局",
        is_required=True,
    ),
    PastColumn(
        key="topic",
        heading="主题",
        also=("主题分类",),
        help=_("One of the topics of this portal."),
        example="城乡建设、环境保护",
        is_required=True,
    ),
    PastColumn(
        key="signed_on",
        heading="成文日期",
        also=("决策日期", "decided_on"),
        help=_DAY,
        example="2019-03-01",
        is_required=True,
    ),
    PastColumn(
        key="published_on",
        heading="发布日期",
        also=("公布日期",),
        help=_DAY,
        example="2019-03-08",
        is_required=True,
    ),
    PastColumn(
        key="effective_on",
        heading="施行日期",
        also=("生效日期",),
        help=_DAY,
        example="2019-05-01",
        is_required=True,
    ),
    PastColumn(
        key="expires_on",
        heading="有效期至",
        help=_("The last day in force, where it is limited."),
        example="2024-04-30",
    ),
    PastColumn(
        key="validity",
        heading="有效性",
        also=("效力状态", "时效性"),
        help=_("有效, 失效 or 废止, as it stands today; it must fit the days."),
        example="失效",
    ),
    PastColumn(
        key="repealed_on",
        heading="废止日期",
        help=_("The first day on which it no longer held; with 废止."),
    ),
    PastColumn(
        key="repeal_basis",
        heading="废止依据",
        help=_("Title or number of what repealed it; with 废止."),
    ),
    PastColumn(
        key="file",
        heading="文件",
        also=("正文文件", "文件名"),
        help=_("The name of its file: .docx, .pdf or .md, at most 10 MB."),
        example="2019/停车管理办法.docx",
        is_required=True,
    ),
    PastColumn(
        key="source",
        heading="来源",
        help=_("Where the text was taken from; empty means: its file."),
        example="市政府公报2019年第3期",
    ),
)
BY_KEY = {one.key: one for one in COLUMNS}


def bare(heading: str) -> str:
    """Return a heading without blanks and the marks that a template puts to it."""
    return "".join(one for one in heading if not one.isspace() and one not in "*＊_").casefold()


KEY_BY_NAME = {bare(name): one.key for one in COLUMNS for name in one.names}
