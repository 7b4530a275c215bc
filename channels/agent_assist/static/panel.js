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

const access = new Access({
  onKey: () => live.again(),
  onFocusLost: () => view.catchFocus(),
  say: (text) => view.announcer.say(text),
});
const api = new Api(() => access.token);
const feedback = new Feedback(api);
const seen = new Seen();

/** @type {import("./types.js").HostListener} */
const listener = {
  onTranscript: (transcript) => live.update(transcript),
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
  onSwitched: () => view.cards.refresh(),
});

const view = new View(
  isAlone,
  { form: access.element, help: shortcuts.button, dialog: shortcuts.dialog },
  {
    canInsert: () => host.canInsert,
    hasShortcuts: () => shortcuts.areOn,
    insert: (card) => taken.insert(card),
    copy: (card) => void taken.copy(card),
    tell: (id, event, reason) => feedback.tell(id, event, reason ? { reason } : {}),
    say: (text) => view.announcer.say(text),
  },
  {
    onNew: (card) => seen.watch(card.element, () => taken.displayed(card)),
    onGone: (card) => seen.forget(card.element),
    onAgain: () => live.again(),
  },
);

const live = new Live(api, {
  onTranscript: (transcript, isWaiting) => view.turnTo(transcript, isWaiting),
  onAsking: () => view.asking(),
  onAnswer(answer, transcript) {
    access.settle();
    view.show(answer, transcript);
  },
  onFailed(problem, isFinal) {
    const { status } = problem;
    if (status === 401 || status === 403) {
      if (!access.ask(problem.token, status === 403)) return live.again();
      view.lock();
    } else if (status === 429) view.problem(texts.tooMany);
    else if (status >= 500) view.problem(isFinal ? texts.down : texts.unavailable, { isOutage: true, isFinal });
    else if (problem.isPassing) view.problem(texts.offline, { isOutage: true });
    else view.problem(texts.refused(problem.reason || texts.unreadable));
  },
});

document.body.classList.add(isAlone ? "alone" : "framed");
document.body.append(...(host instanceof DemoDesk ? host.elements : []), view.element);
host.start();
