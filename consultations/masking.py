"""How a name is shown without its owner's consent; pure (rule OPI-4, PIPL art. 25)."""

from django.utils.translation import gettext as _

COMPOUND_SURNAMES = (
    *("欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "夏侯", "诸葛", "尉迟"),
    *("公羊", "赫连", "皇甫", "宇文", "长孙", "慕容", "司徒", "司空", "令狐"),
)


def masked_name(name: str) -> str:
    """Return the surname with two stars, or a word for people who gave no name."""
    name = name.strip()
    if not name:
        return _("Anonymous")
    surname = next((one for one in COMPOUND_SURNAMES if name.startswith(one)), name[0])
    return f"{surname}**"
