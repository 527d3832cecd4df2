"""The captcha's addresses and widget: a picture, the same digits spoken, and another question.

The package's own patterns are replaced by these, which carry limits, keep shared caches from
handing one reader's question to another, and speak the reader's language.
"""

from http import HTTPStatus
from io import BytesIO
from typing import Any

from captcha import views as captcha_views
from captcha.fields import CaptchaTextInput
from captcha.models import CaptchaStore
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.spoken_digits import can_speak, spoken
from portal.core.throttle import Act, limited

LONG_CHALLENGE = "portal.core.challenges.more_digits"
LONG = "long"


class CaptchaInput(CaptchaTextInput):
    """Asks for digits that can be seen or heard; longer ones when `is_long` is set."""

    is_long = False

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Make a question of the wanted length."""
        self.generator = LONG_CHALLENGE if self.is_long else None
        return str(super().render(*args, **kwargs))

    def refresh_url(self) -> str:
        """Return where a script gets another question of the same length."""
        return f"{reverse('captcha-refresh')}{f'?{LONG}=1' if self.is_long else ''}"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add `image`, `image_2x`, `audio` (None when nobody speaks) and `refresh`."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | addresses_of(self._key) | {"refresh": self.refresh_url()}


def addresses_of(key: str) -> dict[str, str | None]:
    """Return where the picture and the sound of a question are."""
    return {
        "image": reverse("captcha-image", args=[key]),
        "image_2x": reverse("captcha-image-2x", args=[key]),
        "audio": reverse("captcha-audio", args=[key]) if can_speak() else None,
    }


@never_cache
@require_safe
@limited(Act.CAPTCHA_NEW, with_page=False)
def refresh(request: HttpRequest) -> JsonResponse:
    """Give a script another question: its key and addresses."""
    if request.headers.get("X-Requested-With") != "XMLHttpRequest":
        raise Http404
    key = CaptchaStore.generate_key(LONG_CHALLENGE if LONG in request.GET else None)
    return JsonResponse({"key": key} | addresses_of(key))


@never_cache
@require_safe
@limited(Act.CAPTCHA_SOUND, with_page=False)
def audio(request: HttpRequest, key: str) -> HttpResponseBase:
    """Speak the digits of a live question; listening does not use it up."""
    live = CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).first()
    if live is None:
        return HttpResponse(status=HTTPStatus.GONE)
    sound = spoken(live.challenge, language=get_language() or "")
    if sound is None:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    # Safari asks for parts of a sound before it plays it.
    return captcha_views.RangedFileResponse(request, BytesIO(sound), content_type="audio/wav")


image = never_cache(
    require_safe(limited(Act.CAPTCHA_PICTURE, with_page=False)(captcha_views.captcha_image))
)

urlpatterns = [
    re_path(r"^image/(?P<key>\w+)/$", image, {"scale": 1}, name="captcha-image"),
    re_path(r"^image/(?P<key>\w+)@2/$", image, {"scale": 2}, name="captcha-image-2x"),
    re_path(r"^audio/(?P<key>\w+)\.wav$", audio, name="captcha-audio"),
    path("refresh/", refresh, name="captcha-refresh"),
]
