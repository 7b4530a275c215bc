// @ts-check
/** The agents' panel: alone, beside a demo desk; in a frame, in the desk around it. */

import { Access } from "./access.js";
import { Api } from "./api.js";
import { DemoDesk } from "./demo.js";
import { Feedback } from "./feedback.js";
import { Frame, desks } from "./hosts.js";
import { Live } from "./live.js";
import { Seen } from "./seen.js";
import { Shortcuts } from "./shortcuts.js";
import { Taken } from "./taken.js";
import { texts } from "./texts.js";
import { View } from "./view.js";

const isAlone = window.parent === window;

const access = new Access(() => live.again());
const api = new Api(() => access.token);
const feedback = new Feedback(api);
const seen = new Seen();

/** @type {import("./types.js").HostListener} */
const listener = {
  onTranscript(transcript, agentId) {
    feedback.agentId = agentId;
    view.turnTo(transcript.conversation.id ?? "", !transcript.messages.some(({ author }) => author === "customer"));
    live.update(transcript);
  },
  onSent: (suggestionId, text) => taken.sent(suggestionId, text),
  onHost: () => view.cards.refresh(),
};
const host = isAlone ? new DemoDesk(listener) : new Frame(desks(), listener);
const taken = new Taken(host, feedback, (text) => view.announcer.say(text));

const shortcuts = new Shortcuts({
  take(place) {
    const card = view.cards.open[place - 1];
    if (card) host.canInsert ? taken.insert(card) : void taken.copy(card);
  },
  copy: () => view.cards.current && void taken.copy(view.cards.current),
  edit: () => view.cards.current?.edit(),
  focus: () => view.focus(),
});

const view = new View(
  isAlone,
  { form: access.element, help: shortcuts.button, dialog: shortcuts.dialog },
  {
    canInsert: () => host.canInsert,
    insert: (card) => taken.insert(card),
    copy: (card) => void taken.copy(card),
    tell: (card, event, reason) => feedback.tell(card.suggestion.id, event, reason ? { reason } : {}),
    say: (text) => view.announcer.say(text),
  },
  { onNew: (card) => seen.watch(card.element, () => taken.displayed(card)), onGone: (card) => seen.forget(card.element) },
);

const live = new Live(api, {
  onAsking: () => view.asking(),
  onAnswer(answer, transcript) {
    access.settle();
    view.show(answer, transcript);
  },
  onFailed(problem) {
    const { status } = problem;
    if (status === 401 || status === 403) {
      view.lock();
      access.ask(status === 403);
    } else if (status === 429) view.problem(texts.tooMany);
    else if (status >= 500) view.problem(texts.unavailable);
    else if (problem.isPassing) view.problem(texts.offline);
    else view.problem(texts.refused(problem.reason || texts.unreadable));
  },
});

document.body.classList.add(isAlone ? "alone" : "framed");
document.body.append(...(host instanceof DemoDesk ? host.elements : []), view.element);
host.start();
