"""Where answers to Teams may go: a token of ours goes with them."""

from __future__ import annotations

import pytest

from channels.teams.delivery import Services

#: As in credentials.yml, and one on this machine, as in tests.
HOSTS = "smba.trafficmanager.net, *.botframework.com, 127.0.0.1:*"


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net/fr/22e55b34-0000-4000-8000-000000000000/",
        "https://SMBA.trafficmanager.net",
        "https://europe.botframework.com/",
        "https://a.b.botframework.com/",
        "https://127.0.0.1:8443/emea/",
    ],
)
def test_microsofts_addresses(address: str) -> None:
    assert Services(HOSTS).allow(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/emea/",
        "ftp://smba.trafficmanager.net/",
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evil-smba.trafficmanager.net/",
        "https://evil.trafficmanager.net/",
        "https://botframework.com.evil.example/",
        "https://evilbotframework.com/",
        "https://evil.example/smba.trafficmanager.net",
        "https://evil.example/.botframework.com",
        "https://evil.example#.botframework.com",
        "https://evil.example?.botframework.com",
        "https://evil.example\\.botframework.com/",
        "https://evil.example%2f.botframework.com/",
        "https://evil.example%00.botframework.com/",
        "https://evil.example .botframework.com/",
        "https://evil.example／.botframework.com/",
        "https://evil.example:443.botframework.com/",
        "https://[::1].botframework.com/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://smba.trafficmanager.net:x@evil.example/",
        "https://x@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net/emea/?next=https://evil.example",
        "https://smba.trafficmanager.net/emea/#",
        "https://127.0.0.1:1@evil.example/",
        "https://127.0.0.1:1@evil.example:443/",
        "https://127.0.0.1:1.evil.example/",
        "https://127.0.0.1:1\\@evil.example/",
        "https://127.0.0.1:/",
        "https://127.0.0.1/",
        "https://localhost:8443/",
        "https://",
        "https://[",
    ],
)
def test_what_only_looks_like_them(address: str) -> None:
    assert not Services(HOSTS).allow(address)


def test_nothing_is_allowed_by_an_empty_list() -> None:
    assert not Services("").allow("https://smba.trafficmanager.net/")
    assert not Services(" , ").allow("https://")
