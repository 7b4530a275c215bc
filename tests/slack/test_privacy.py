"""What people should not have written to the app is kept nowhere, while it waits or afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import TALKATIVE, conclusion, leaks, settle
from tests.peers.slack_records import rate_limited
from tests.slack.conftest import said, workspace

WARNING = "Ne m’envoyez jamais de mot de passe"
SECRETS = ("Soleil2024!", "Lune2025", "06 98 76 54 32", "jean.dupont@exemple.fr")


@pytest.mark.parametrize("socket", [False, True])
def test_nothing_is_kept(socket: bool, tmp_path: Path, user: str) -> None:
    password, other, phone, address = SECRETS
    with workspace(tmp_path, socket, TALKATIVE) as (slack, servers):
        slack.fail("chat.postMessage", rate_limited(1))
        slack.say(user, f"je passe par le centre de facturation, mon mot de passe est {password} (tél. {phone})")
        (first,) = slack.wait_for(1)
        assert said(first).startswith(WARNING) and "Connectez-vous au centre" in said(first)
        slack.command("/contact-facturation", f"je vois la page Abonnements. mdp {other}, <mailto:{address}|{address}>", user)
        last = slack.wait_for(3)[-1]
        assert said(last).startswith("Vous êtes l’administrateur de facturation"), "told once"
        assert leaks(servers, *SECRETS) == []
        settle(servers)
        assert conclusion(servers, f"slack:im:{user}") == "billing_admin"
        assert leaks(servers, *SECRETS) == []
        assert slack.problems == []
