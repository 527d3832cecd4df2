"""Making the demo city out of an empty portal, in one transaction."""

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sites.models import Site as ContribSite
from django.db import transaction
from wagtail.models import Page, Site

from consultations import services
from consultations.lifecycle import AdjustmentKind, official_date
from consultations.models import (
    CatalogueIndexPage,
    CataloguePage,
    ConsultationIndexPage,
    DecisionCategory,
    DecisionItemPage,
)
from decisions.models import ArchivePage, DecisionIndexPage, DecisionPage, SynonymGroup
from home.demo.cleanups import clean_up
from home.demo.dates import DemoCalendar, at_time
from home.demo.dossier import Dossier
from home.demo.hands import Stagehands
from home.demo.material import Adjustment, Matter, city, cleanups, matters, pages, synonyms
from home.demo.past import dated
from home.demo.release import release
from home.models import HomePage, StandardPage
from portal.accounts.models import Unit, User
from portal.accounts.roles import sync_roles
from portal.core.models import OutboxMessage, SiteIdentity, WorkCalendar
from portal.core.pages import BasePage

HTTP_PORTS = {"http": 80, "https": 443}
# The site is a little older than its first catalogue.
SITE_AGE = -1500

_INDEX_PAGES: tuple[tuple[str, type[BasePage]], ...] = (
    ("catalogue", CatalogueIndexPage),
    ("consultations", ConsultationIndexPage),
    ("decisions", DecisionIndexPage),
    ("archive", ArchivePage),
)


def is_seeded() -> bool:
    """Tell whether the portal holds matters already, the demo's or real ones."""
    return DecisionItemPage.objects.exists()


@transaction.atomic
def seed(*, at: datetime) -> None:
    """Fill an empty portal with the demo city, as it stands at an instant.

    Opinions are confirmed without mail: the promises to send it, and to index page by page, are
    taken back before they are carried out.
    """
    calendar = DemoCalendar(official_date(at), WorkCalendar())
    promised_before = set(OutboxMessage.objects.values_list("pk", flat=True))
    first, *others = city()["units"]
    government = Unit.objects.create(**first)
    units = [Unit.objects.create(parent=government, **unit) for unit in others]
    units.append(government)
    for category in city()["categories"]:
        DecisionCategory.objects.create(**category)
    users = _accounts({unit.code: unit for unit in units})
    hands = Stagehands(
        calendar=calendar,
        now=at,
        editor=users["editor"],
        clerk=users["clerk"],
        publisher=users["publisher"],
        legal=users["legal"],
        unit_head=users["head"],
        office_head=users["office"],
        secrecy=users["secrecy"],
    )
    with dated(at_time(calendar.day(SITE_AGE))):
        home = _site_pages(users["publisher"])
        _identify(home)
    for group in synonyms():
        SynonymGroup.objects.create(terms="\n".join(group))
    _Matters(hands, units).play()
    _give_addresses()
    OutboxMessage.objects.exclude(pk__in=promised_before).delete()


def _accounts(units: dict[str, Unit]) -> dict[str, User]:
    """Create one account a role, and an administrator; all have the demo's one password."""
    sync_roles()
    password = make_password(city()["password"])
    users = {}
    for account in city()["accounts"]:
        is_admin = not account["role"]
        user = User.objects.create(
            username=account["username"],
            password=password,
            last_name=account["name"],
            unit=units[account["unit"]],
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        if not is_admin:
            user.groups.add(Group.objects.get(name=account["role"]))
        users[user.username] = user
    return users


def _give_addresses() -> None:
    """Let the accounts have mail from now on; nobody is told of reviews long past."""
    for account in city()["accounts"]:
        address = f"{account['username']}@{city()['mail_domain']}"
        User.objects.filter(username=account["username"]).update(email=address)


def _site_pages(publisher: User) -> HomePage:
    """Put the front page in the place of Wagtail's welcome page, with the pages below it."""
    root = Page.get_first_root_node()
    home = HomePage(slug="portal", live=False, **pages()["home"])
    root.add_child(instance=home)
    home.publish_as(publisher)
    for name, model in _INDEX_PAGES:
        _add(home, model(slug=name, live=False, **pages()[name]), publisher)
    for page in pages()["standard"]:
        _add(home, StandardPage(live=False, **page), publisher)
    return home


def _add(parent: Page, page: BasePage, publisher: User) -> None:
    parent.add_child(instance=page)
    page.publish_as(publisher)


def _identify(home: HomePage) -> None:
    """Tell Wagtail, the sites framework and the readers whose site this is and where."""
    address = urlsplit(settings.PUBLIC_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or HTTP_PORTS.get(address.scheme, 80)
    site.root_page = home
    site.save()
    Page.objects.filter(depth=home.depth).exact_type(Page).delete()
    ContribSite.objects.update_or_create(
        pk=settings.SITE_ID, defaults={"domain": address.netloc, "name": city()["name"]}
    )
    identity = SiteIdentity.for_site(site)
    for name, value in city()["identity"].items():
        setattr(identity, name, value)
    identity.is_demo = True
    identity.save()


class _Matters:
    """Publishes the catalogues and leads every matter through its procedure."""

    def __init__(self, hands: Stagehands, units: list[Unit]) -> None:
        self._hands = hands
        self._units = {unit.code: unit for unit in units}
        self._categories = {one.number: one for one in DecisionCategory.objects.all()}
        self._catalogues: dict[str, int] = {}

    def play(self) -> None:
        """Write everything, catalogue by catalogue and matter by matter."""
        items: dict[str, DecisionItemPage] = {}
        for catalogue in city()["catalogues"]:
            items |= self._publish_catalogue(catalogue)
        numbers = _consultation_numbers(self._hands.calendar)
        decided: dict[str, DecisionPage] = {}
        for matter in matters():
            addition = _addition(matter)
            if addition is not None:
                items[matter.name] = self._add_to_catalogue(matter, addition)
            dossier = Dossier(matter, items[matter.name], self._hands)
            decision = dossier.play(numbers, decided.get(matter.supersedes))
            if decision is not None:
                decided[matter.name] = decision
        for cleanup in cleanups():
            clean_up(cleanup, decided, self._hands)

    def _publish_catalogue(self, told: dict[str, Any]) -> dict[str, DecisionItemPage]:
        """Publish one catalogue with the matters it began with; return those by name."""
        calendar = self._hands.calendar
        consent_on, published_on = (
            calendar.years_before(told[act], told["years_back"]) for act in ("consent", "published")
        )
        organ, year = city()["organ"], published_on.year
        page = CataloguePage(
            title=f"{organ}{year}年度重大行政决策事项目录",
            slug=str(year),
            live=False,
            summary=f"{year}年度要作的重大行政决策，和年中每次调整的理由。",
            year=year,
            decision_organ=organ,
            party_consent_on=consent_on,
            introduction=f"经同级党委同意，现公布{organ}{year}年度重大行政决策事项目录。（示例）",
        )
        mine = [one for one in matters() if one.catalogue == told["key"]]
        begun_with = [one for one in mine if _addition(one) is None]
        with dated(at_time(published_on)) as at:
            CatalogueIndexPage.objects.get().add_child(instance=page)
            items = {
                one.name: self._entry(one, page)
                for one in sorted(begun_with, key=lambda one: one.number)
            }
            release(page, self._hands)
            services.publish_catalogue(page=page, by=self._hands.publisher, at=at)
        self._catalogues[told["key"]] = page.pk
        return {name: DecisionItemPage.objects.get(pk=item.pk) for name, item in items.items()}

    def _add_to_catalogue(self, matter: Matter, adjustment: Adjustment) -> DecisionItemPage:
        """Add a matter to the catalogue after it was published, with the reason for it."""
        catalogue = CataloguePage.objects.get(pk=self._catalogues[matter.catalogue])
        with dated(at_time(self._hands.calendar.office_day(adjustment.on))):
            item = self._entry(matter, catalogue)
            Dossier(matter, item, self._hands).adjust(adjustment)
        return DecisionItemPage.objects.get(pk=item.pk)

    def _entry(self, matter: Matter, catalogue: CataloguePage) -> DecisionItemPage:
        """Return a new entry of a catalogue, not yet public."""
        item = DecisionItemPage(
            title=matter.title,
            slug=f"{matter.number:02}",
            live=False,
            summary=matter.summary,
            number=matter.number,
            category=self._categories[matter.category],
            topic=matter.topic,
            lead_unit=self._units[matter.lead],
            planned_by=self._hands.calendar.day(matter.planned),
            legal_basis=matter.legal_basis,
            hearing_required=matter.hearing,
            **_procedures(matter),
        )
        item.co_units = [self._units[code] for code in matter.co]
        catalogue.add_child(instance=item)
        return item


def _addition(matter: Matter) -> Adjustment | None:
    """Return the adjustment that added a matter to a catalogue already published, if one did."""
    change = matter.adjustment
    return change if change is not None and change.kind == AdjustmentKind.ADD else None


def _procedures(matter: Matter) -> dict[str, bool]:
    """Return the procedures an entry names, as the fields that hold them."""
    known = ("participation", "expert", "risk", "fair_competition", "legality", "collective")
    return {f"needs_{name}": name in matter.procedures for name in known}


def _consultation_numbers(calendar: DemoCalendar) -> dict[tuple[str, int], str]:
    """Number all rounds of a year in the order in which they open."""
    openings = sorted(
        (calendar.opening_day(one.opens), matter.name, number)
        for matter in matters()
        for number, one in enumerate(matter.rounds, start=1)
    )
    opened: Counter[int] = Counter()
    numbers = {}
    for opens_on, name, number in openings:
        opened[opens_on.year] += 1
        numbers[name, number] = city()["consultation_no"].format(
            year=opens_on.year, number=opened[opens_on.year]
        )
    return numbers
