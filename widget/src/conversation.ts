/** What was said, what still waits to be sent, and whether the server can be reached. Knows nothing of the page. */

import { Connection, type Listener } from "./connection";
import { Session } from "./session";
import { texts } from "./texts";
import { turnOf, type Answer, type Message } from "./types";

/** Milliseconds before a server that did not give a session is asked again. */
const RETRY = 5000;

/** How a message of the user stands. */
export type Delivery = "sent" | "waiting" | "failed";

export type Reach = "connecting" | "online" | "offline";

export interface Changes {
  /** Something was said, sent, or replaced. `news`: what the bot has just said, to be announced. */
  onChange(news: Message[]): void;
  /** A message was not sent, or not answered; the reason is in French. */
  onFailure(reason: string): void;
  onReach(reach: Reach, before: Reach): void;
}

interface Outgoing {
  message: Message;
  /** Why it was not sent, or not answered. */
  error?: string;
}

export class Conversation implements Listener {
  /** What the server has on record, in order. */
  private said: Message[] = [];
  private outbox: Outgoing[] = [];
  private sending = false;
  private reachNow: Reach = "connecting";
  /** Counts the conversations: what comes of an earlier one is not for this one. */
  private generation = 0;
  /** Counts the requests for the session: only what comes of the last one counts. */
  private attempt = 0;
  /** Ends the wait of the last request for the session: other tabs wait for it, and a later one of ours must not. */
  private giveWay: () => void = () => undefined;
  /** Counts the turns: a record that was read before the last of them is out of date. */
  private turns = 0;
  private retryTimer = 0;
  private readonly session: Session;
  private readonly connection: Connection;

  constructor(
    server: string,
    private readonly changes: Changes,
  ) {
    this.session = new Session(server, (isErased) => (isErased ? this.beginAnew() : void this.takeUp()));
    this.connection = new Connection(server, this);
  }

  open(): void {
    this.connection.open();
  }

  close(): void {
    clearTimeout(this.retryTimer);
    this.attempt++;
    this.session.close();
    this.connection.close();
  }

  get reach(): Reach {
    return this.reachNow;
  }

  /** All messages, those that wait last. */
  get messages(): Message[] {
    const known = new Set(this.said.map((message) => message.id));
    return [...this.said, ...this.outbox.map(({ message }) => message).filter(({ id }) => !known.has(id))];
  }

  /** Whether an answer is on its way. */
  get isAnswering(): boolean {
    return this.sending && this.reachNow === "online";
  }

  delivery(message: Message): Delivery {
    const outgoing = this.outgoing(message.id);
    if (!outgoing) return "sent";
    return outgoing.error ? "failed" : "waiting";
  }

  /** Why a message was not sent or not answered, in French. */
  error(message: Message): string {
    return this.outgoing(message.id)?.error ?? "";
  }

  /** Say something; with a payload, by clicking a button. Gives the message's id. */
  say(text: string, payload?: string): string {
    const message: Message = { id: newId(), speaker: "user", text, at: Date.now() };
    if (payload) message.clicked = payload;
    this.outbox.push({ message });
    this.changes.onChange([]);
    void this.flush();
    return message.id;
  }

  /** Send again what was not answered, under the same id: the server answers it once. */
  retry(message: Message): void {
    const outgoing = this.outgoing(message.id);
    if (!outgoing) return;
    delete outgoing.error;
    this.changes.onChange([]);
    void this.flush();
  }

  /** Send a comment on the answer that a click was about. Gives the reason, in French, if it could not be kept. */
  async comment(comment: string, click: string): Promise<string | undefined> {
    try {
      const data = { session_id: this.session.token, comment, message_id: click };
      const answer = await this.connection.ask("feedback", data);
      return answer.status === 200 ? undefined : answer.text;
    } catch {
      return texts.unreachable;
    }
  }

  /** Forget the conversation on this device, and begin another. */
  forget(): void {
    this.session.token = null;
    this.beginAnew();
  }

  onReachable(): void {
    void this.takeUp();
  }

  onUnreachable(): void {
    this.reached("offline");
  }

  onTurn(messages: Message[]): void {
    const known = new Set(this.said.map(({ id }) => id));
    const news = messages.filter(({ id, speaker }) => speaker === "bot" && !known.has(id));
    if (!news.length) return;
    const turns = new Set(messages.map(turnOf));
    this.turns++;
    this.said = [...this.said.filter((message) => !turns.has(turnOf(message))), ...messages];
    this.outbox = this.outbox.filter(({ message }) => !turns.has(message.id));
    this.changes.onChange(news);
  }

  private beginAnew(): void {
    this.generation++;
    this.said = [];
    this.outbox = [];
    this.sending = false;
    this.changes.onChange([]);
    void this.takeUp();
  }

  /** Ask for the session and all that was said in it; then send what waits. */
  private async takeUp(): Promise<void> {
    const attempt = ++this.attempt;
    clearTimeout(this.retryTimer);
    let turns: number;
    let answer: Answer | null;
    do {
      turns = this.turns;
      answer = await this.askForSession(attempt);
    } while (attempt === this.attempt && answer?.status === 200 && turns !== this.turns);
    if (attempt !== this.attempt) return;
    if (answer?.status !== 200 || !answer.messages) {
      this.reached("offline");
      this.retryTimer = setTimeout(() => void this.takeUp(), RETRY);
      return;
    }
    this.replace(answer.messages);
    this.reached("online");
    await this.flush();
  }

  /** Ask for the session, and keep its token; null if there is no answer, or a later request has been made meanwhile. */
  private async askForSession(attempt: number): Promise<Answer | null> {
    this.giveWay();
    const later = new Promise<null>((resolve) => (this.giveWay = () => resolve(null)));
    const ask = async (): Promise<Answer | null> => {
      if (attempt !== this.attempt) return null;
      const answer = await this.connection.ask("session_request", { session_id: this.session.token }).catch(() => null);
      if (attempt === this.attempt && answer?.session_id) this.session.token = answer.session_id;
      return answer;
    };
    return this.session.alone(() => Promise.race([ask(), later]));
  }

  /** Show what is on record. */
  private replace(messages: Message[]): void {
    const before = new Set(this.said.map((message) => message.id));
    const answered = new Set(messages.filter(({ speaker }) => speaker === "bot").map(turnOf));
    // Only what answers a message that we still wait for is news: the rest is history.
    const news = messages.filter((message) => message.speaker === "bot" && !before.has(message.id) && this.outgoing(turnOf(message)));
    this.outbox = this.outbox.filter(({ message }) => !answered.has(message.id));
    for (const message of messages) {
      if (message.speaker === "bot" || answered.has(message.id) || this.outgoing(message.id)) continue;
      this.outbox.push({ message, error: texts.unanswered });
    }
    this.said = messages;
    this.changes.onChange(news);
  }

  /** Send what waits, one after the other: a message is understood in the light of the one before. */
  private async flush(): Promise<void> {
    if (this.sending || this.reachNow !== "online") return;
    const { generation } = this;
    this.sending = true;
    try {
      for (let next = this.next(); next && generation === this.generation; next = this.next()) await this.deliver(next);
    } catch {
      if (generation === this.generation) this.recover();
    }
    if (generation !== this.generation) return;
    this.sending = false;
    this.changes.onChange([]);
  }

  private async deliver(outgoing: Outgoing): Promise<void> {
    const { id, text, clicked } = outgoing.message;
    const { generation } = this;
    const send = (): Promise<Answer> =>
      this.connection.ask("user_uttered", { session_id: this.session.token, message: clicked ?? text, message_id: id });
    this.changes.onChange([]);
    let answer = await send();
    if (answer.status === 401 && generation === this.generation) {
      await this.renew();
      answer = await send();
    }
    if (generation !== this.generation) return;
    if (answer.status === 200) {
      this.outbox = this.outbox.filter((other) => other !== outgoing);
      this.onTurn(answer.messages ?? []);
    } else {
      outgoing.error = answer.text ?? texts.unreachable;
      if (!this.said.includes(outgoing.message)) this.said.push(outgoing.message); // it keeps its place
      this.changes.onFailure(outgoing.error);
    }
  }

  /** The token is too old: a new session begins, and the page shows what the bot remembers, which is nothing. */
  private async renew(): Promise<void> {
    const answer = await this.askForSession(++this.attempt);
    if (answer?.status !== 200) throw new Error("no session");
    this.replace(answer.messages ?? []);
  }

  /** A message got no answer. If the connection is gone, it is sent when it is back; if it is not, the record tells. */
  private recover(): void {
    if (this.reachNow !== "online") return; // whoever set that tries again
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.takeUp(), RETRY);
  }

  private next(): Outgoing | undefined {
    return this.reachNow === "online" ? this.outbox.find(({ error }) => error === undefined) : undefined;
  }

  private outgoing(id: string): Outgoing | undefined {
    return this.outbox.find(({ message }) => message.id === id);
  }

  private reached(reach: Reach): void {
    const before = this.reachNow;
    this.reachNow = reach;
    if (before !== reach) this.changes.onReach(reach, before);
  }
}

/** An id that no other message has; `crypto.randomUUID` is missing on pages without https. */
function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
