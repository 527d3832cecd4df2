"""From where a request came, as coarsely as the limits need it.

Only a keyed digest of the network leaves this module: an address is never stored or logged, and
tomorrow's digest of the same network is another one.
"""

from datetime import datetime
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Bits that name a household or an office rather than one machine, which may change its last ones.
IPV4_PREFIX = 24
IPV6_PREFIX = 48
DIGEST_LENGTH = 32


def network_digest(request: HttpRequest, *, at: datetime) -> str:
    """Return today's keyed digest of the client's network, empty when it cannot be told."""
    address = client_address(request)
    return "" if address is None else daily_digest("network", str(network_of(address)), at=at)


def daily_digest(purpose: str, value: str, *, at: datetime) -> str:
    """Return a digest of `value` that needs the secret key and is another one every day."""
    salt = f"portal.core.client_address.{purpose}.{timezone.localdate(at).isoformat()}"
    return salted_hmac(salt, value, algorithm="sha256").hexdigest()[:DIGEST_LENGTH]


def network_of(address: Address) -> Network:
    """Return the network that an address is counted under."""
    if isinstance(address, IPv4Address):
        return IPv4Network((int(address), IPV4_PREFIX), strict=False)
    return IPv6Network((int(address), IPV6_PREFIX), strict=False)


def client_address(request: HttpRequest) -> Address | None:
    """Return the address of the client; what a client claims about itself is never believed.

    A proxy adds the address it was asked from at the right end of X-Forwarded-For. Walking from
    the peer leftwards, an entry is believed as long as the one who wrote it is a proxy of ours.
    """
    address = parsed(request.META.get("REMOTE_ADDR", ""))
    written = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address is not None and written and is_trusted_proxy(address):
        earlier = parsed(written.pop())
        if earlier is None:
            break
        address = earlier
    return address


def is_trusted_proxy(address: Address) -> bool:
    """Return whether the settings name the address as a proxy of ours."""
    return any(address in network for network in trusted_proxies(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def trusted_proxies(names: tuple[str, ...]) -> tuple[Network, ...]:
    """Return the networks with these names.

    Raises:
        ValueError: a name is no network.

    """
    return tuple(ip_network(name.strip(), strict=False) for name in names)


def parsed(text: str) -> Address | None:
    """Return the address in a text, which may carry a port, or None."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
