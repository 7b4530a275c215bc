"""What people of a workspace see and do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scripts.run import Servers
from tests.conftest import Conversation, conclusion, plain
from tests.peers.slack import Slack
from tests.peers.slack_records import Posted, rate_limited
from tests.slack.conftest import said

Answer = Callable[[], Posted]

CHANNEL = "C0GENERAL"
QUESTION = "Qui est le contact de facturation de mon compte ?"


def test_a_choice_takes_the_place_of_its_buttons(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, QUESTION)
    question = answer()
    slack.press(user, question, "Centre de facturation")
    answer()
    slack.wait_until(lambda: question.choices() == [])
    assert "✓ Centre de facturation" in said(question)
    assert said(question).startswith("Seuls les contacts de facturation"), "the rest of the message stays"


def test_long_choices_are_a_list_since_slack_cuts_long_buttons(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, "je suis administrateur de compte")
    (actions,) = [block for block in answer().blocks if block["type"] == "actions" and "url" not in str(block)]
    (element,) = actions["elements"]
    assert element["type"] == "radio_buttons"
    assert "Un message m’invite à contacter mon administrateur de facturation" in str(element).replace("\u00a0", " ")


def test_thumbs_are_slacks_own_and_are_recorded(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.say(user, "au centre de facturation je suis arrivé sur la page Abonnements")
    posted = answer()
    slack.press(user, posted, posted.thumb(positive=True))
    assert "Merci de votre retour" in said(answer())
    slack.wait_until(lambda: posted.feedback() is None)
    assert "✓ Oui" in said(posted)
    assert Conversation(servers.url, f"slack:im:{user}").intent == "feedback_positive"


def test_both_questions_of_a_message_can_be_answered(slack: Slack, user: str, answer: Answer) -> None:
    """« Autre chose » offers the other portal, and asks for a thumb."""
    slack.say(user, "centre de facturation")
    slack.press(user, question := answer(), question.choice("Autre chose"))
    offered = answer()
    slack.press(user, offered, offered.thumb(positive=False))
    assert "Merci de votre franchise" in said(answer())
    slack.press(user, offered, "Essayer le Centre d’administration")
    assert "Ajouter des licences" in said(answer())
    slack.wait_until(lambda: offered.choices() == [])
    assert "✓ Non" in said(offered) and "✓ Essayer le Centre d’administration" in said(offered)


def test_two_quick_clicks_on_one_question_are_the_first(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.say(user, "centre de facturation")
    question = answer()
    clicks = [slack.click(user, question, question.choice(title)) for title in ("La page Abonnements", "Autre chose")]
    for click in clicks:
        slack.deliver_interaction(click)
    answer()
    slack.settle()
    assert "✓ La page Abonnements" in said(question) and "Autre chose" not in said(question)
    assert conclusion(servers, f"slack:im:{user}") == "billing_admin"


def test_two_quick_clicks_on_two_questions_both_stand(slack: Slack, user: str, answer: Answer) -> None:
    """The second is sent before Slack shows that the first was made."""
    slack.say(user, "centre de facturation")
    slack.press(user, question := answer(), question.choice("Autre chose"))
    offered = answer()
    thumb = slack.click(user, offered, offered.thumb(positive=False))
    other = slack.click(user, offered, offered.choice("Essayer le Centre d’administration"))
    for click in (thumb, other):
        slack.deliver_interaction(click)
        answer()
    slack.settle()
    assert offered.choices() == []
    assert "✓ Non" in said(offered) and "✓ Essayer le Centre d’administration" in said(offered)


def test_a_message_that_has_replies_is_still_that_of_the_conversation(
    slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    """Slack then says that it is in its own thread."""
    slack.say(user, "centre de facturation")
    click = slack.click(user, question := answer(), question.choice("La page Abonnements"))
    slack.deliver_interaction({**click, "message": {**click["message"], "thread_ts": question.ts}})
    assert answer().thread_ts is None
    assert conclusion(servers, f"slack:im:{user}") == "billing_admin"


def test_links_open_the_portals_and_answer_nothing(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, "centre de facturation")
    posted = answer()
    assert [link["url"] for link in posted.links()] == ["https://billing.logmeininc.com"]
    slack.press(user, posted, posted.links()[0])
    assert len(slack.settle()) == 1


def test_a_mention_is_answered_in_its_thread_and_says_how_to_go_on(slack: Slack, user: str, answer: Answer) -> None:
    event = slack.say(user, QUESTION, CHANNEL)
    posted = answer()
    assert (posted.channel, posted.thread_ts) == (CHANNEL, event["ts"])
    assert "mentionnez-moi" in said(posted)
    slack.press(user, posted, "Centre de facturation")
    assert answer().thread_ts == event["ts"]


def test_a_private_conversation_is_not_that_of_a_channel(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.say(user, "je suis au centre d'administration, on me demande de sélectionner un produit")
    answer()
    event = slack.say(user, QUESTION, CHANNEL)
    assert "Où voulez-vous vérifier" in said(answer()), "nothing is known here"
    assert conclusion(servers, f"slack:im:{user}") == "corporate_maybe"
    assert conclusion(servers, f"slack:{CHANNEL}:{user}:{event['ts']}") is None


def test_each_thread_is_a_conversation(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    first = slack.say(user, "centre de facturation, la page Abonnements", CHANNEL)
    answer()
    second = slack.say(user, QUESTION, CHANNEL)
    answer()
    assert conclusion(servers, f"slack:{CHANNEL}:{user}:{first['ts']}") == "billing_admin"
    assert conclusion(servers, f"slack:{CHANNEL}:{user}:{second['ts']}") is None


def test_two_people_in_one_thread_have_a_conversation_each(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    other = f"{user}2"
    event = slack.say(user, "centre de facturation", CHANNEL)
    question = answer()
    slack.say(other, "je n'arrive pas à me connecter au portail Corporate", CHANNEL, event["ts"])
    answer()
    slack.press(other, question, question.choice("La page Abonnements"))
    told = answer()
    assert told.user == other and told.thread_ts == event["ts"], "only the other sees it"
    assert "Ces boutons répondent à une autre personne" in said(told)
    assert question.choices(), "the buttons stay for whom they are"
    slack.press(user, question, question.choice("Le message « mauvais endroit »"))
    answer()
    assert conclusion(servers, f"slack:{CHANNEL}:{user}:{event['ts']}") == "standard_or_corporate"
    assert conclusion(servers, f"slack:{CHANNEL}:{other}:{event['ts']}") == "not_billing_admin"


def test_the_command_is_answered_in_private(slack: Slack, user: str) -> None:
    delivery = slack.command("/contact-facturation", "", user, CHANNEL)
    assert "en message privé" in plain(delivery.body)
    posted = slack.wait_for(2)[-1]
    assert posted.channel == slack.dm(user) and "Où voulez-vous vérifier" in said(posted)
    assert "mentionnez-moi" not in said(posted)


def test_the_command_is_answered_in_private_wherever_it_is_typed(slack: Slack, user: str) -> None:
    """Among two colleagues, where the bot is not."""
    assert "en message privé" in plain(slack.command("/contact-facturation", "", user, "D0COLLEAGUES").body)
    assert slack.wait_for(2)[-1].channel == slack.dm(user)


def test_the_command_takes_words_and_goes_on_in_private(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.command("/contact-facturation", "je passe par le centre de facturation", user)
    assert "en message privé" in said(answer())
    posted = answer()
    slack.say(user, "la page Abonnements")
    answer()
    assert posted.channel == slack.dm(user)
    assert conclusion(servers, f"slack:im:{user}") == "billing_admin"


def test_a_mention_without_a_word_is_greeted(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, "", CHANNEL)
    assert said(answer()).startswith("Bonjour !")


@pytest.mark.parametrize(
    "more", [{"subtype": "me_message"}, {"subtype": "thread_broadcast"}, {"edited": {"user": "U1", "ts": "1.2"}}]
)
def test_whatever_form_a_message_has_it_is_answered(more: dict[str, Any], slack: Slack, user: str, answer: Answer) -> None:
    event = slack.direct_message(user, "bonjour") if "subtype" in more else slack.mention(user, CHANNEL, "bonjour")
    slack.deliver_event({**event, **more})
    assert said(answer()).startswith("Bonjour")


def test_a_message_without_words_is_answered(slack: Slack, user: str, answer: Answer) -> None:
    slack.deliver_event(slack.direct_message(user, "", subtype="file_share", files=[{"id": "F1", "mimetype": "image/png"}]))
    assert "Votre message est vide" in said(answer())


@pytest.mark.parametrize("who", ["<@U0MARIE>", "<!subteam^S0COMPTA>", "<!subteam^S0COMPTA|@compta>", "<!here>"])
def test_what_a_mentioned_colleague_sees_is_not_what_the_user_sees(
    who: str, slack: Slack, servers: Servers, user: str, answer: Answer
) -> None:
    event = slack.direct_message(user, "")
    slack.deliver_event({**event, "text": f"{who} est sur la page Abonnements du centre de facturation"})
    answer()
    assert Conversation(servers.url, f"slack:im:{user}").intent == "colleague_observation"
    assert conclusion(servers, f"slack:im:{user}") is None


def test_what_a_quoted_colleague_saw_is_not_what_the_user_sees(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    event = slack.direct_message(user, "")
    slack.deliver_event({**event, "text": "&gt; je vois la page Abonnements du centre de facturation\nbonjour"})
    assert said(answer()).startswith("Bonjour")
    assert conclusion(servers, f"slack:im:{user}") is None


def test_what_people_type_is_shown_as_it_is(slack: Slack, user: str, answer: Answer) -> None:
    """No mention of everybody, no link, no form: the bot quotes what it did not understand."""
    slack.say(user, "je vois <!channel>")
    posted = answer()
    for text in (posted.blocks[0]["text"]["text"], posted.text):
        assert "Je n’ai pas compris « je vois &lt;!channel&gt; »" in plain(text)


def test_a_typed_command_of_rasa_is_text(slack: Slack, servers: Servers, user: str, answer: Answer) -> None:
    slack.say(user, "/saw_subscriptions_page")
    answer()
    assert conclusion(servers, f"slack:im:{user}") is None


def test_messages_of_bots_edits_and_own_ones_are_left_alone(slack: Slack, user: str, answer: Answer) -> None:
    slack.say(user, "bonjour")
    posted = answer()
    slack.deliver_event(slack.own_message(posted))
    slack.deliver_event(slack.direct_message(user, QUESTION, subtype="message_changed"))
    slack.deliver_event(slack.direct_message(user, QUESTION, subtype="bot_message", bot_id="B0OTHER"))
    slack.deliver_event(slack.channel_message(user, CHANNEL, "on mange où ?"))
    slack.deliver_event(slack.home_opened(user))
    assert len(slack.settle()) == 1


def test_messages_of_one_person_are_answered_in_order(slack: Slack, user: str) -> None:
    slack.fail("chat.postMessage", rate_limited(2))
    for message in ("bonjour", "centre de facturation", "la page Abonnements"):
        slack.say(user, message)
    texts = [said(posted) for posted in slack.wait_for(3)]
    assert texts[0].startswith("Bonjour") and "Connectez-vous au centre" in texts[1]
    assert texts[2].startswith("Vous êtes l’administrateur de facturation")
