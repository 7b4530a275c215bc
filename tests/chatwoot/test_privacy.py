"""What people should not have written in the desk is kept nowhere of ours, nor what was suggested about it."""

from __future__ import annotations

from pathlib import Path

from tests.chatwoot.conftest import desk, said
from tests.conftest import TALKATIVE, leaks, settle
from tests.peers.chatwoot import rate_limited

SECRETS = ("Soleil2024!", "Lune2025", "06 98 76 54 32", "jean.dupont@exemple.fr")


def test_nothing_is_kept(tmp_path: Path) -> None:
    password, other, phone, address = SECRETS
    with desk(tmp_path, TALKATIVE) as (chatwoot, servers):
        customer = chatwoot.contact("Jean")
        chatwoot.fail("messages", rate_limited(1))
        (first,) = chatwoot.say(customer, f"centre de facturation, mon mot de passe est {password} (tél. {phone})")
        assert said(first).startswith("Ne m’envoyez jamais de mot de passe")
        chatwoot.takes_over(first.conversation)
        chatwoot.reply(first.conversation, f"Je vous écris à {address}. Que voyez-vous ?")
        chatwoot.fail("messages", rate_limited(1))
        chatwoot.write(customer, f"je vois la page Abonnements. mdp {other}, {address}")
        chatwoot.wait_until(lambda: chatwoot.notes(first.conversation))
        assert "C’est l’administrateur de facturation" in (chatwoot.notes(first.conversation)[0].content or "")
        settle(servers)
        assert leaks(servers, *SECRETS) == []
