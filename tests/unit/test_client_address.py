"""A client's address is what our own proxies say, and only its network's digest is ever kept."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from portal.core import client_address
from portal.core.client_address import daily_digest, network_digest, network_of, parsed

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
PROXIES = ["172.30.211.0/24", "10.1.1.7", "fd00:1::/64"]


def request_from(peer, forwarded=None):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        # Nobody stands before us: what the client writes about itself is ignored.
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("203.0.113.9", "127.0.0.1, 10.1.1.7", "203.0.113.9"),
        # Behind one proxy: the entry at the right end is the proxy's, the rest the client's.
        ("172.30.211.5", "203.0.113.9", "203.0.113.9"),
        ("172.30.211.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("172.30.211.5", "10.1.1.7, 203.0.113.9", "203.0.113.9"),
        ("172.30.211.5", "nonsense, 203.0.113.9", "203.0.113.9"),
        # Behind two of ours.
        ("172.30.211.5", "198.51.100.1, 203.0.113.9, 10.1.1.7", "203.0.113.9"),
        ("fd00:1::2", "2001:db8:1:2::3", "2001:db8:1:2::3"),
        # The proxy speaks for itself, or writes what we cannot read.
        ("172.30.211.5", None, "172.30.211.5"),
        ("172.30.211.5", "", "172.30.211.5"),
        ("172.30.211.5", "unknown", "172.30.211.5"),
        ("172.30.211.5", "203.0.113.9, unknown", "172.30.211.5"),
        # Ports, brackets, and an IPv4 address in IPv6 clothes.
        ("172.30.211.5", "203.0.113.9:52011", "203.0.113.9"),
        ("172.30.211.5", "[2001:db8::1]:52011", "2001:db8::1"),
        ("::ffff:172.30.211.5", "::ffff:203.0.113.9", "203.0.113.9"),
        # A socket of the system has no address.
        ("", "203.0.113.9", None),
    ],
)
def test_the_address_is_the_one_that_a_trusted_proxy_saw(settings, peer, forwarded, expected):
    settings.TRUSTED_PROXIES = PROXIES
    found = client_address.client_address(request_from(peer, forwarded))
    assert (None if found is None else str(found)) == expected


def test_without_settings_nobody_is_trusted(settings):
    assert settings.TRUSTED_PROXIES == []
    assert str(client_address.client_address(request_from("127.0.0.1", "8.8.8.8"))) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
    ],
)
def test_neighbours_are_counted_together(address, network):
    assert str(network_of(parsed(address))) == network


def test_a_digest_tells_nothing_and_lasts_a_day(settings):
    def digest(peer, at=NOON):
        return network_digest(request_from(peer), at=at)

    assert digest("203.0.113.9") == digest("203.0.113.200")
    assert digest("203.0.113.9") != digest("203.0.114.9")
    assert re.fullmatch("[0-9a-f]{32}", digest("203.0.113.9"))
    # The official day ends at 16:00 UTC.
    assert digest("203.0.113.9") == digest("203.0.113.9", NOON + timedelta(hours=11))
    assert digest("203.0.113.9") != digest("203.0.113.9", NOON + timedelta(hours=12))
    before = digest("203.0.113.9")
    settings.SECRET_KEY = "another key"
    assert digest("203.0.113.9") != before
    assert daily_digest("a", "x", at=NOON) != daily_digest("b", "x", at=NOON)
    assert digest("") == ""
