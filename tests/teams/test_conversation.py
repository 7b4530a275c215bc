"""What people in Teams see and do."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest

from scripts.platforms import problems
from scripts.run import Servers
from tests.conftest import Conversation, conclusion, halted, plain, settle
from tests.peers.microsoft import Activity, Microsoft, User
from tests.peers.teams_activities import Kind
from tests.teams.conftest import QUESTION, everything, said, sender

GREETING = ["Qui est le contact de facturation ?", "Que fait un contact de facturation ?"]


def root_of(posted: Activity) -> str:
    """The message that a thread began with."""
    return posted.conversation.partition(";messageid=")[2]


def heard(servers: Servers, conversation: str) -> list[str]:
    """What a user said, as the record has it."""
    events = Conversation(servers.url, conversation).tracker()["events"]
    return [event["text"] for event in events if event["event"] == "user"]


# Welcome


def test_the_bot_welcomes_once_with_suggestions(microsoft: Microsoft, user: User) -> None:
    (welcome,) = microsoft.install("personal", user)
    assert said(welcome).startswith("Bonjour !") and welcome.titles() == GREETING
    (answer,) = microsoft.press(user, welcome, GREETING[0])
    assert "Où voulez-vous vérifier" in said(answer)
    assert everything(microsoft, microsoft.message(user, "")) == [welcome, answer]


@pytest.mark.parametrize("kind", ["groupChat", "channel"])
def test_the_bot_welcomes_groups_once_without_buttons(kind: Kind, microsoft: Microsoft, user: User) -> None:
    (welcome,) = microsoft.install(kind, user)
    assert said(welcome).startswith("Bonjour !") and welcome.titles() == []
    assert everything(microsoft, microsoft.installed(kind, user)[0]) == [welcome]


def test_a_person_who_joins_is_not_welcomed(microsoft: Microsoft, user: User) -> None:
    joined, _ = microsoft.installed("groupChat", user)
    joined["membersAdded"] = [{"id": microsoft.user("Hugo Petit").id}]
    assert microsoft.deliver(joined).status == 200
    assert everything(microsoft, joined) == []


# Buttons


def test_that_an_answer_is_being_written_is_shown(microsoft: Microsoft, servers: Servers, user: User) -> None:
    microsoft.say(user, "bonjour")
    with halted(servers, "actions"):
        microsoft.deliver(activity := microsoft.message(user, QUESTION))
        microsoft.wait_until(lambda: microsoft.activities[-1].type == "typing" and len(microsoft.activities) == 3)
        assert microsoft.activities[-1].conversation == activity["conversation"]["id"]
    microsoft.wait_for(2)


def test_a_choice_takes_the_place_of_its_buttons(microsoft: Microsoft, servers: Servers, user: User) -> None:
    (question,) = microsoft.say(user, "centre de facturation")
    before = question.texts()
    microsoft.press(user, question, "La page Abonnements")
    settle(servers)
    assert question.choices() == []
    assert "✓ La page Abonnements" in said(question)
    assert question.texts()[: len(before)] == before, "the rest of the card stays"
    assert [link["url"] for link in question.links()][-1] == "https://billing.logmeininc.com"
    assert microsoft.shown[-1] == "La page Abonnements", "the user sees the words of the button"


def test_both_questions_of_a_card_can_be_answered(microsoft: Microsoft, servers: Servers, user: User) -> None:
    """« Autre chose » offers the other portal, and asks for a thumb."""
    (question,) = microsoft.say(user, "centre de facturation")
    (offered,) = microsoft.press(user, question, "Autre chose")
    (thanks,) = microsoft.press(user, offered, "Non")
    assert "Merci de votre franchise" in said(thanks)
    assert Conversation(servers.url, sender(microsoft, user)).intent == "feedback_negative"
    settle(servers)
    assert [choice["title"] for choice in offered.choices()] == ["Essayer le Centre d’administration"]
    (steps,) = microsoft.press(user, offered, "Essayer le Centre d’administration")
    assert "Ajouter des licences" in said(steps)
    settle(servers)
    assert offered.choices() == []
    assert "✓ Non" in said(offered) and "✓ Essayer le Centre d’administration" in said(offered)


def test_suggestions_are_for_chats_of_two(microsoft: Microsoft, user: User) -> None:
    titles = ["Centre de facturation", "Je suis administrateur de compte"]
    (private,) = microsoft.say(user, QUESTION)
    assert [action["title"] for action in private.suggested()] == titles and private.cards() == []
    for kind in ("groupChat", "channel"):
        (public,) = microsoft.say(user, QUESTION, kind)
        assert public.suggested() == [] and [choice["title"] for choice in public.choices()] == titles


def test_a_suggestion_is_said_in_its_words(microsoft: Microsoft, servers: Servers, user: User) -> None:
    (question,) = microsoft.say(user, QUESTION)
    (steps,) = microsoft.press(user, question, "Je suis administrateur de compte")
    assert "Ajouter des licences" in said(steps)
    assert heard(servers, sender(microsoft, user))[-1] == "Je suis administrateur de compte"


# Who speaks where


@pytest.mark.parametrize("kind", ["groupChat", "channel"])
def test_the_mention_of_the_bot_is_no_part_of_the_message(kind: Kind, microsoft: Microsoft, servers: Servers, user: User) -> None:
    (posted,) = microsoft.say(user, QUESTION, kind)
    assert heard(servers, sender(microsoft, user, posted)) == [QUESTION]


@pytest.mark.parametrize("text", ["", "&nbsp;", "\n"])
def test_a_mention_alone_is_greeted(text: str, microsoft: Microsoft, user: User) -> None:
    (posted,) = microsoft.say(user, text, "channel")
    assert said(posted).startswith("Bonjour !")


def test_what_a_mentioned_colleague_sees_is_not_what_the_user_sees(microsoft: Microsoft, servers: Servers, user: User) -> None:
    activity = microsoft.mention(user, "<at>Marie Durand</at> est sur la page Abonnements du centre de facturation")
    marie = microsoft.user("Marie Durand")
    mentioned = {"id": marie.id, "name": marie.name}
    activity["entities"].append({"type": "mention", "mentioned": mentioned, "text": "<at>Marie Durand</at>"})
    (posted,) = microsoft.exchange(activity)
    conversation = sender(microsoft, user, posted)
    assert heard(servers, conversation) == ["mon collègue est sur la page Abonnements du centre de facturation"]
    assert "Cela ne dit rien de vous" in said(posted)
    assert conclusion(servers, conversation) is None


def test_private_chats_group_chats_and_threads_are_conversations_of_their_own(
    microsoft: Microsoft, servers: Servers, user: User
) -> None:
    (private,) = microsoft.say(user, "je suis au centre d'administration, on me demande de sélectionner un produit")
    (group,) = microsoft.say(user, "centre de facturation, la page Abonnements", "groupChat")
    (first,) = microsoft.say(user, "je n'arrive pas à me connecter au portail Corporate", "channel")
    (second,) = microsoft.say(user, QUESTION, "channel")
    assert "Où voulez-vous vérifier" in said(second), "nothing is known here"
    conclusions = [conclusion(servers, sender(microsoft, user, posted)) for posted in (private, group, first, second)]
    assert conclusions == ["corporate_maybe", "billing_admin", "not_billing_admin", None]


def test_two_people_in_one_thread_have_a_conversation_each(microsoft: Microsoft, servers: Servers, user: User) -> None:
    other = microsoft.user(f"Hugo, not {user.name}")
    (question,) = microsoft.say(user, "centre de facturation", "channel")
    root = root_of(question)
    (theirs,) = microsoft.say(other, "je n'arrive pas à me connecter au portail Corporate", "channel", root)
    assert theirs.conversation == question.conversation
    before = question.body
    (told,) = microsoft.press(other, question, "La page Abonnements")
    assert "Ces boutons répondent à une autre personne" in said(told)
    assert question.body == before, "the buttons stay for whom they are"
    microsoft.press(user, question, "Le message « mauvais endroit »")
    assert conclusion(servers, sender(microsoft, user, question)) == "standard_or_corporate"
    assert conclusion(servers, sender(microsoft, other, question)) == "not_billing_admin"


# What people type


#: Never understood, so that the bot quotes it.
ODD = "/zut {<b>gras</b> **gras** [lien](x) <!-- &amp;}"


def quoted(microsoft: Microsoft, user: User, kind: Kind) -> Activity:
    """What quotes ``ODD``; Teams sends it as HTML has it."""
    typed = html.escape(ODD, quote=False)
    (first,) = microsoft.say(user, typed, kind)
    (second,) = microsoft.say(user, typed, kind, root_of(first) or None)
    assert "Je ne comprends toujours pas" in said(second)
    return second


def test_what_people_type_is_shown_as_it_is_in_a_text(microsoft: Microsoft, user: User) -> None:
    posted = quoted(microsoft, user, "personal")
    assert posted.body["textFormat"] == "xml"
    assert f"« {html.escape(ODD, quote=False)} »" in plain(posted.text)


def test_what_people_type_is_shown_as_it_is_on_a_card(microsoft: Microsoft, user: User) -> None:
    posted = quoted(microsoft, user, "channel")
    assert f"« {ODD} »" in said(posted)
    (card,) = posted.cards()
    assert {block["type"] for block in card["body"]} == {"RichTextBlock", "ActionSet"}, "a TextBlock would read Markdown"


def test_a_typed_command_of_rasa_is_text(microsoft: Microsoft, servers: Servers, user: User) -> None:
    microsoft.say(user, "/saw_subscriptions_page")
    assert conclusion(servers, sender(microsoft, user)) is None
    assert heard(servers, sender(microsoft, user)) == ["/saw_subscriptions_page"]


@pytest.mark.parametrize("text", ["", None])
def test_an_image_without_words_is_answered(text: str | None, microsoft: Microsoft, user: User) -> None:
    activity = microsoft.message(user, "")
    activity["attachments"] = [{"contentType": "image/*", "contentUrl": f"{microsoft.service_url}v3/attachments/1"}]
    activity["text"] = text
    (posted,) = microsoft.exchange({name: value for name, value in activity.items() if value is not None})
    assert "Votre message est vide" in said(posted)


def test_a_message_that_is_too_long_is_answered(microsoft: Microsoft, user: User) -> None:
    (posted,) = microsoft.say(user, "a" * 2001)
    assert "Votre message est trop long" in said(posted)


def test_messages_of_one_person_are_answered_in_order(microsoft: Microsoft, servers: Servers, user: User) -> None:
    with halted(servers, "actions"):
        for message in ("bonjour", "centre de facturation", "la page Abonnements"):
            microsoft.deliver(microsoft.message(user, message))
    first, second, third = [said(posted) for posted in microsoft.wait_for(3)]
    assert first.startswith("Bonjour") and "Connectez-vous au centre" in second
    assert third.startswith("Vous êtes l’administrateur de facturation")


# What is posted


def test_in_public_the_bot_says_how_to_go_on(microsoft: Microsoft, user: User) -> None:
    for message in (QUESTION, "centre de facturation", "merci"):
        (private,) = microsoft.say(user, message)
        (public,) = microsoft.say(user, message, "channel")
        assert "mentionnez-moi" in said(public) and "mentionnez-moi" not in said(private)


def test_what_is_posted_fits_what_microsoft_publishes(microsoft: Microsoft, user: User) -> None:
    """The types of its libraries, and its renderer; tests/peers/ holds the limits of Teams against every message."""
    kinds: list[Kind] = ["personal", "groupChat", "channel"]
    for kind in kinds:
        microsoft.install(kind, user)
        root = None
        for message in (
            QUESTION,
            "je suis administrateur de compte",
            "on me demande de sélectionner un produit",
            "mon collègue est sur la page Abonnements du centre de facturation",
            html.escape(ODD, quote=False),
            html.escape(ODD, quote=False),
            "quel temps fait-il ?",
            "Comment changer mon mot de passe ?",
            "es-tu un robot ?",
        ):
            (posted,) = microsoft.say(user, message, kind, root)
            root = root or (root_of(posted) or None)
        (steps,) = microsoft.say(user, "centre de facturation", kind, root)
        (offered,) = microsoft.press(user, steps, "Autre chose")
        microsoft.press(user, offered, "Non")
        microsoft.press(user, offered, "Essayer le Centre d’administration")
    bodies = [body for activity in microsoft.activities for body in [activity.body, *activity.history]]
    accounts = ("recipient", "conversation")  # the types want all that Teams knows of these; its service wants their ids
    content = [{name: value for name, value in body.items() if name not in accounts} for body in bodies]
    assert len(content) > 3 * 15
    assert problems("teams-activities", content) == []


# What is no message


def others(microsoft: Microsoft, user: User) -> list[dict[str, Any]]:
    """What Teams tells that nobody has said."""
    base = {name: value for name, value in microsoft.message(user, "").items() if name not in ("text", "textFormat")}
    renamed = {**base["channelData"], "eventType": "teamRenamed"}
    return [
        {**base, "type": "messageReaction", "reactionsAdded": [{"type": "like"}], "replyToId": "1"},
        {**base, "type": "messageReaction", "reactionsRemoved": [{"type": "like"}], "replyToId": "1"},
        {**base, "type": "typing"},
        {**base, "type": "messageUpdate", "text": QUESTION},
        {**base, "type": "messageDelete"},
        {**base, "type": "conversationUpdate", "channelData": renamed},
        {**base, "type": "conversationUpdate", "membersRemoved": [microsoft.bot]},
        {**base, "type": "installationUpdate", "action": "remove"},
        {**base, "type": "endOfConversation"},
        {**base, "type": "event", "name": "application/vnd.microsoft.readReceipt", "value": {"lastReadMessageId": "1"}},
        {**base, "type": "something Microsoft may think of"},
    ]


def test_what_nobody_has_said_is_taken_and_not_answered(microsoft: Microsoft, servers: Servers, user: User) -> None:
    for activity in others(microsoft, user):
        assert microsoft.deliver(activity).status == 200, activity["type"]
    assert everything(microsoft, microsoft.message(user, "")) == []
    assert heard(servers, sender(microsoft, user)) == ["merci"]


def test_what_asks_for_more_than_the_bot_has_is_told_so(microsoft: Microsoft, user: User) -> None:
    invoke = {**microsoft.message(user, ""), "type": "invoke", "name": "composeExtension/query", "value": {}}
    assert microsoft.deliver(invoke).status == 501
    assert everything(microsoft, invoke) == []


@pytest.mark.parametrize("value", ["x", [1], 3, {"payload": None}, {"payload": ["button:restart"]}, {}, '{"payload": 1}'])
def test_a_click_that_is_none_of_ours_is_answered_like_an_empty_message(value: Any, microsoft: Microsoft, user: User) -> None:
    activity = {**microsoft.message(user, ""), "value": value}
    activity.pop("text")
    (posted,) = microsoft.exchange(activity)
    assert "Votre message est vide" in said(posted), json.dumps(value)


# What others wrote

FORWARD = '<p>{own}</p><blockquote itemscope itemtype="http://schema.skype.com/Forward"><p>{other}</p></blockquote>'
OTHERS = "je suis sur la page Abonnements du centre de facturation"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (f"regarde\r\n\r\n{OTHERS}", FORWARD.format(own="regarde", other=OTHERS)),
        (f"regarde\r\n\r\n{OTHERS}", f"<blockquote>x<blockquote>{OTHERS}</blockquote>{OTHERS}</blockquote><p>regarde</p>"),
        (OTHERS, FORWARD.format(own="", other=OTHERS)),
    ],
    ids=["forwarded", "quoted", "nothing of one's own"],
)
def test_what_is_quoted_or_forwarded_is_not_what_the_user_sees(
    text: str, content: str, microsoft: Microsoft, servers: Servers, user: User
) -> None:
    attachment = {"contentType": "text/html", "content": content}
    microsoft.exchange({**microsoft.message(user, text), "attachments": [attachment]})
    assert conclusion(servers, sender(microsoft, user)) is None


def test_the_mark_of_a_quoted_message_is_left_out(microsoft: Microsoft, user: User) -> None:
    microsoft.say(user, QUESTION)
    (posted,) = microsoft.exchange({**microsoft.message(user, ""), "text": '<quoted messageId="1772050244572"/> le premier'})
    assert "Connectez-vous au centre de facturation" in said(posted)


@pytest.mark.parametrize("text", ['<at id="0">Marie Durand</at>', "<at>Marie Durand</at>", "<at>Marie &amp; Durand</at>"])
def test_a_mention_that_nothing_explains_is_a_colleague(text: str, microsoft: Microsoft, servers: Servers, user: User) -> None:
    seen = f"{text} est sur la page Abonnements du centre de facturation"
    microsoft.exchange({**microsoft.message(user, ""), "text": seen})
    assert conclusion(servers, sender(microsoft, user)) is None
    assert Conversation(servers.url, sender(microsoft, user)).intent == "colleague_observation"


@pytest.mark.parametrize("tag", ["<at>", "<quoted ", "<blockquote>", '<span schema.skype.com/Mention">'])
def test_tags_that_never_end_hold_nobody_up(tag: str, microsoft: Microsoft, user: User) -> None:
    endless = tag * (90_000 // len(tag))
    attachment = {"contentType": "text/html", "content": f"<blockquote>{endless}"}
    delivery = microsoft.deliver({**microsoft.message(user, ""), "text": endless, "attachments": [attachment]})
    assert delivery.status == 200 and delivery.seconds < 2
    (posted,) = microsoft.wait_for(1)
    assert "trop long" in said(posted)
