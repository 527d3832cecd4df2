"""The three steps of giving an opinion: what is said, who says it, and the sending.

The forms judge what `written` holds; they store nothing and know no step but their own.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_comments.forms import CommentSecurityForm

from consultations.forms.captcha import SingleUseCaptchaField
from consultations.lifecycle import LONGEST_OPINION, AuthorKind, Region, Stance
from consultations.written import ABOUT_FIELDS, POINT_FIELDS, Words, Written
from portal.core.blocks import Article

if TYPE_CHECKING:
    from consultations.models import ConsultationPage

EXPIRED = _("This page was open for a long time. Your text is kept; please send it again.")
TOO_QUICK = _(
    "This form was sent faster than anyone can fill it in. Your text is kept; please look at it "
    "once more and send it again."
)


class PointForm(forms.Form):
    """One point: what it speaks to, for or against, and the words."""

    article = forms.ChoiceField(
        label=_("What do you speak to?"),
        required=False,
        error_messages={"invalid_choice": _("This article is not part of the draft.")},
    )
    stance = forms.ChoiceField(
        label=_("Are you for it?"),
        choices=Stance.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers, or none.")},
    )
    text = forms.CharField(
        label=_("Your opinion"),
        help_text=_(
            "Say what should change and why. Leave out identity card numbers, health records and "
            "other personal information."
        ),
        max_length=LONGEST_OPINION,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": _("Write your opinion."),
            "max_length": _(
                "Your opinion may have up to %(limit_value)s characters; it has %(show_value)s now."
            ),
        },
    )

    def __init__(
        self, page: "ConsultationPage", number: int, words: Words, *, is_judged: bool
    ) -> None:
        """Offer the articles of the page's draft; the words are judged, or only shown."""
        prefix = f"p{number}"
        start: dict[str, Any] = (
            {"data": {f"{prefix}-{name}": word for name, word in words.items()}}
            if is_judged
            else {"initial": words}
        )
        super().__init__(prefix=prefix, **start)
        self.number = number
        # A browser would cut off what is pasted beyond it; the server says so and keeps the text.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        cast("forms.ChoiceField", self.fields["article"]).choices = [
            ("", page.whole_name),
            *((article.id, article.label) for article in page.articles),
        ]
        self.speaks_to: Article | None = next(
            (one for one in page.articles if one.id == words["article"]), None
        )

    def clean_text(self) -> str:
        """Ask for more than white space, and keep the text as it was written."""
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text


class PointForms:
    """The first step: a form for each point, and what holds for all of them together."""

    def __init__(self, page: "ConsultationPage", written: Written, *, is_judged: bool) -> None:
        """Show the points, judged or as they are."""
        self.forms = [
            PointForm(page, number, words, is_judged=is_judged)
            for number, words in enumerate(written.points)
        ]
        self._length = sum(len(words["text"]) for words in written.points)
        # The points that count: all that say anything, else the first.
        self.filled = [
            form
            for form, words in zip(self.forms, written.points, strict=True)
            if words["text"].strip() or words["stance"]
        ] or self.forms[:1]

    def __iter__(self) -> Iterator[PointForm]:
        """Yield the form of each point."""
        return iter(self.forms)

    def __len__(self) -> int:
        """Return how many points there are."""
        return len(self.forms)

    def is_valid(self) -> bool:
        """Judge every point that says anything, and their sum."""
        for form in self.forms:
            if form not in self.filled:
                form.errors.clear()
        judged = [form.is_valid() for form in self.filled]
        if all(judged):
            self._judge_together()
        return not any(form.errors for form in self.filled)

    def _judge_together(self) -> None:
        """Refuse a second point on the same article, and more than a letter's length in all."""
        articles: set[str] = set()
        for form in self.filled:
            article = form.cleaned_data["article"]
            if article in articles:
                form.add_error(
                    "article",
                    _("You speak to this above already; write there, or choose something else."),
                )
            articles.add(article)
        if self._length > LONGEST_OPINION:
            message = gettext(
                "All your points together may have up to %(most)s characters; they have "
                "%(now)s now."
            ) % {"most": LONGEST_OPINION, "now": self._length}
            self.filled[-1].add_error("text", message)

    @property
    def error_count(self) -> int:
        """How many things are wrong."""
        return sum(len(form.errors) for form in self.forms if form.is_bound)


class AboutForm(forms.Form):
    """The second step: who speaks, how to reach them, how the opinion may be shown.

    No identity card number is asked; each field says why it is (PIPL art. 6, 17).
    """

    MASKED, NAMED, PRIVATE = "masked", "named", "private"
    BODIES = frozenset({AuthorKind.ENTERPRISE, AuthorKind.ORGANISATION})

    kind = forms.ChoiceField(
        label=_("For whom do you speak?"),
        help_text=_("So that the drafting unit sees whose concern it is."),
        choices=AuthorKind.choices,
        initial=AuthorKind.INDIVIDUAL,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose for whom you speak."),
            "invalid_choice": _("Choose for whom you speak."),
        },
    )
    name = forms.CharField(
        label=_("Your name, or that of the body you speak for"),
        help_text=_(
            "To register your opinion (Personal Information Protection Law, art. 13). A person may "
            "leave it empty; only the surname is shown, unless you choose the full name below."
        ),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "max_length": _("The name may have up to %(limit_value)s characters."),
        },
    )
    region = forms.ChoiceField(
        label=_("Where do you stand to this place?"),
        help_text=_("So that we see who is affected; we ask no address."),
        choices=Region.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers, or none.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_(
            "For the link that confirms your opinion and the news of what became of it. It is "
            "stored encrypted and never shown."
        ),
        required=False,
        error_messages={"invalid": _("Enter a complete e-mail address, like name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    no_email = forms.BooleanField(
        label=_("I have no e-mail address"),
        help_text=_(
            "Your opinion counts all the same, marked as not confirmed. Keep the receipt number: "
            "it is the only way to ask later."
        ),
        required=False,
    )
    publicity = forms.ChoiceField(
        label=_("How may your opinion be shown?"),
        choices=[
            (MASKED, _("Shown without my name")),
            (NAMED, _("Shown with my name")),
            (PRIVATE, _("Not shown, only counted and answered")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how your opinion may be shown."),
            "invalid_choice": _("Choose how your opinion may be shown."),
        },
    )

    def __init__(self, written: Written, *, is_judged: bool) -> None:
        """Show what was typed, judged or as it is."""
        if is_judged:
            super().__init__(data=dict(written.about))
        else:
            super().__init__(initial=dict(written.about) or None)

    def clean_name(self) -> str:
        """Make one line of it; a name has no line breaks."""
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        """Ask for an address or the tick that there is none, and for the name where one is due."""
        cleaned = super().clean() or self.cleaned_data
        if "email" in cleaned and not cleaned["email"] and not cleaned.get("no_email"):
            self.add_error("email", _("Enter an e-mail address, or tick below that you have none."))
        if cleaned.get("email") and cleaned.get("no_email"):
            self.add_error(
                "no_email", _("An address is entered above. Take it out, or untick this.")
            )
        if "name" in cleaned and not cleaned["name"]:
            if cleaned.get("publicity") == self.NAMED:
                self.add_error("name", _("Enter the name that is to be shown."))
            elif cleaned.get("kind") in self.BODIES:
                self.add_error("name", _("Enter the name of the body you speak for."))
        return cleaned


class SendForm(CommentSecurityForm):
    """The third step: proof that a person sends it, and consent to show a name.

    The signed time stamp, the hash and the honeypot are the comment framework's.
    """

    data: Any

    # The button that asks for another picture sends the form under this name.
    ANOTHER_PICTURE = "another_picture"

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    written = forms.CharField(widget=forms.HiddenInput, strip=False)
    honeypot = forms.CharField(label=_("Leave this field empty"), required=False)
    name_consent = forms.BooleanField(
        label=_("I agree that my full name is shown beside my opinion"),
        help_text=_(
            "Asked separately, as the Personal Information Protection Law (art. 25) wants it. You "
            "can take it back at any time."
        ),
        error_messages={
            "required": _(
                "Tick that you agree, or go back and choose to be shown without your name."
            )
        },
    )
    captcha = SingleUseCaptchaField(label=_("Characters in the picture"))
    by_mail = forms.BooleanField(
        label=_("I can neither see nor hear the digits: use my e-mail instead"),
        help_text=_(
            "Leave the digits out. Your opinion is held until you open the link in our mail."
        ),
        required=False,
    )

    def __init__(
        self,
        page: "ConsultationPage",
        written: Written,
        *,
        data: Any = None,
        may_use_mail: bool,
        asks_for_name: bool,
    ) -> None:
        """Ask for what is due.

        Args:
            page: what the opinion is on.
            written: what is to be sent.
            data: what was sent, if it is to be judged.
            may_use_mail: whether there is an address by which the author can prove to be a person.
            asks_for_name: whether the full name is to be shown.

        """
        shown = {"submission_key": written.submission_key, "written": written.to_json()}
        super().__init__(page, data=data, initial=shown)
        if not may_use_mail:
            del self.fields["by_mail"]
        if not asks_for_name:
            del self.fields["name_consent"]
        if self.uses_mail:
            self.fields["captcha"].required = False

    @property
    def uses_mail(self) -> bool:
        """Whether the author goes the way without digits."""
        return self.is_bound and "by_mail" in self.fields and bool(self["by_mail"].data)

    def ask_for_digits(self) -> None:
        """Ask for the digits although the author wishes to do without."""
        captcha = self.fields["captcha"]
        captcha.required = True
        captcha.error_messages["required"] = _(
            "Very many opinions came this way just now. Please enter the digits, or call us; we "
            "write down what you say."
        )

    def ask_more(self) -> None:
        """Ask for more digits than usual."""
        self.fields["captcha"].ask_more()

    def clean_honeypot(self) -> str:
        """Refuse what only a program fills in."""
        if self.cleaned_data["honeypot"]:
            raise ValidationError(_("Leave this field empty."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Ask for the time that a person needs."""
        cleaned = super().clean() or self.cleaned_data
        if "security_hash" in cleaned and "timestamp" in cleaned:
            taken = timezone.now().timestamp() - cleaned["timestamp"]
            if taken < settings.OPINION_LEAST_SECONDS:
                self.add_error(None, TOO_QUICK)
        return cleaned

    def renew(self) -> None:
        """Make the form ready to be sent again: fresh security data, and why if it had expired."""
        if self.security_errors():
            self.add_error(None, EXPIRED)
        self.data = self.data.copy()
        self.data.update(self.generate_security_data())


def points_sent(sent: Any) -> list[Words]:
    """Return the points that a first step sends, as they were typed."""
    points: list[Words] = []
    while f"p{len(points)}-text" in sent:
        prefix = f"p{len(points)}"
        words = {name: sent.get(f"{prefix}-{name}", "") for name in POINT_FIELDS}
        points.append(words | {"text": words["text"].replace("\r\n", "\n")})
    return points


def about_sent(sent: Any) -> Words:
    """Return what a second step sends, as it was typed."""
    return {name: sent.get(name, "") for name in ABOUT_FIELDS}
