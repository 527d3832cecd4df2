"""Members of staff: one function for each role, and a superuser."""

from django.contrib.auth.models import Group

from portal.accounts.models import Unit, User
from portal.accounts.roles import Role

PASSWORD = "a-password-for-tests"


def a_unit(name: str = "市住房和城乡建设局", short_name: str = "住建局", code: str = "") -> Unit:
    """A unit; the same name gives the same one."""
    unit, _created = Unit.objects.get_or_create(
        name=name,
        defaults={"short_name": short_name, "code": code or f"unit-{Unit.objects.count() + 1}"},
    )
    return unit


def a_member_of_staff(*roles: Role, username: str = "", unit: Unit | None = None) -> User:
    """A user in the groups of `roles`, of the unit that drafts every matter unless given.

    Without roles one who may not enter the admin.
    """
    username = username or "-".join(roles) or "nobody"
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(username, password=PASSWORD, unit=unit or a_unit())
        user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
    return user


def an_editor() -> User:
    """Someone in a drafting unit, who writes pages but may not publish them."""
    return a_member_of_staff(Role.UNIT_EDITOR)


def a_publisher() -> User:
    """Someone in the disclosure office, who publishes."""
    return a_member_of_staff(Role.PORTAL_PUBLISHER)


def a_clerk() -> User:
    """Someone who moderates and answers opinions."""
    return a_member_of_staff(Role.OPINION_MODERATOR)


def a_legal_reviewer() -> User:
    """Someone in the legality review."""
    return a_member_of_staff(Role.LEGAL_REVIEWER)


def a_superuser() -> User:
    """The one who may do everything."""
    user = User.objects.filter(is_superuser=True).first()
    return user or User.objects.create_superuser("chief", password=PASSWORD)
