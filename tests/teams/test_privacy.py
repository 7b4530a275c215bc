"""What people should not have written to the bot is kept nowhere, while it waits or afterwards."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import TALKATIVE, conclusion, leaks, settle
from tests.teams.conftest import said, sender, tenant

WARNING = "Ne m’envoyez jamais de mot de passe"
SECRETS = ("Soleil2024!", "Lune2025", "06 98 76 54 32", "jean.dupont@exemple.fr")


def test_nothing_is_kept(tmp_path: Path) -> None:
    password, other, phone, address = SECRETS
    with tenant(tmp_path, TALKATIVE) as (microsoft, servers):
        user = microsoft.user("Camille Martin")
        (first,) = microsoft.say(user, f"je passe par le centre de facturation, mon mot de passe est {password} (tél. {phone})")
        assert said(first).startswith(WARNING) and "Connectez-vous au centre" in said(first)
        assert leaks(servers, *SECRETS) == []
        (last,) = microsoft.say(user, f"je vois la page Abonnements. mdp {other}, {address}")
        assert said(last).startswith("Vous êtes l’administrateur de facturation"), "told once"
        settle(servers)
        assert conclusion(servers, sender(microsoft, user)) == "billing_admin"
        assert leaks(servers, *SECRETS) == []
        assert microsoft.problems == []
