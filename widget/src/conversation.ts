/** What was said, what still waits to be sent, and whether the server can be reached. Knows nothing of the page. */

import { Connection, type Listener } from "./connection";
import { Session } from "./session";
import { turnOf, type Answer, type Message } from "./types";

/** Milliseconds before a server that refused a session is asked again. */
const RETRY = 5000;

/** How a message of the user stands. */
export type Delivery = "sent" | "waiting" | "failed";

export type Reach = "connecting" | "online" | "offline";

export interface Changes {
  /** Something was said, sent, or replaced. `news`: what the bot has just said, to be announced. */
  onChange(news: Message[]): void;
  onReach(reach: Reach, before: Reach): void;
}

interface Outgoing {
  message: Message;
  error?: string;
}

export class Conversation implements Listener {
  /** What the server has on record, in order. */
  private said: Message[] = [];
  private outbox: Outgoing[] = [];
  private sending = false;
  private reachNow: Reach = "connecting";
  private readonly session: Session;
  private readonly connection: Connection;

  constructor(
    server: string,
    private readonly changes: Changes,
  ) {
    this.session = new Session(server, () => void this.takeUp());
    this.connection = new Connection(server, this);
  }

  open(): void {
    this.connection.open();
  }

  close(): void {
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

  /** Why a message was not sent, in French. */
  error(message: Message): string | undefined {
    return this.outgoing(message.id)?.error;
  }

  /** Say something; with a payload, by clicking a button. */
  say(text: string, payload?: string): void {
    const message: Message = { id: newId(), speaker: "user", text, at: Date.now() };
    if (payload) message.clicked = payload;
    this.outbox.push({ message });
    this.changes.onChange([]);
    void this.flush();
  }

  /** Send again what was not sent, under the same id: the server answers it once. */
  retry(message: Message): void {
    const outgoing = this.outgoing(message.id);
    if (!outgoing) return;
    delete outgoing.error;
    this.changes.onChange([]);
    void this.flush();
  }

  /** Send a comment on an answer. Rejects if it could not be kept. */
  async comment(comment: string): Promise<void> {
    const answer = await this.connection.ask("feedback", { session_id: this.session.token, comment });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  /** Forget the conversation on this device, and begin another. */
  async forget(): Promise<void> {
    this.session.token = null;
    this.outbox = [];
    await this.takeUp();
  }

  onReachable(): void {
    void this.takeUp();
  }

  onUnreachable(): void {
    this.reached("offline");
  }

  onMessage(message: Message): void {
    if (this.said.some(({ id }) => id === message.id)) return;
    const outgoing = this.outgoing(message.id.split("/")[0] ?? "");
    if (outgoing && !this.said.includes(outgoing.message)) this.said.push(outgoing.message);
    this.said.push(message);
    this.changes.onChange(message.speaker === "bot" ? [message] : []);
  }

  /** Ask for the session and all that was said in it; then send what waits. */
  private async takeUp(): Promise<void> {
    try {
      const answer = await this.connection.ask("session_request", { session_id: this.session.token });
      if (answer.status !== 200 || !answer.messages) {
        this.reached("offline");
        setTimeout(() => void this.takeUp(), RETRY); // the server answers, but cannot serve yet
        return;
      }
      this.session.token = answer.session_id ?? null;
      this.replace(answer.messages);
      this.reached("online");
      await this.flush();
    } catch {
      this.reached("offline");
    }
  }

  private replace(messages: Message[]): void {
    const before = new Set(this.said.map((message) => message.id));
    const answered = new Set(messages.filter(({ speaker }) => speaker === "bot").map(turnOf));
    // Only what answers a message that we still wait for is news: the rest is history.
    const news = messages.filter((message) => message.speaker === "bot" && !before.has(message.id) && this.outgoing(turnOf(message)));
    this.outbox = this.outbox.filter(({ message }) => !answered.has(message.id));
    this.said = messages;
    this.changes.onChange(news);
  }

  /** Send what waits, one after the other: a message is understood in the light of the one before. */
  private async flush(): Promise<void> {
    if (this.sending || this.reachNow !== "online") return;
    this.sending = true;
    try {
      for (let next = this.next(); next; next = this.next()) await this.deliver(next);
    } catch {
      // Not reachable: what waits is sent when the server is back.
    } finally {
      this.sending = false;
      this.changes.onChange([]);
    }
  }

  private async deliver(outgoing: Outgoing): Promise<void> {
    const { id, text, clicked } = outgoing.message;
    const send = (): Promise<Answer> =>
      this.connection.ask("user_uttered", { session_id: this.session.token, message: clicked ?? text, message_id: id });
    this.changes.onChange([]);
    let answer = await send();
    if (answer.status === 401) {
      await this.renew();
      answer = await send();
    }
    if (answer.status === 200) {
      for (const message of answer.messages ?? []) this.onMessage(message);
      this.outbox = this.outbox.filter((other) => other !== outgoing);
    } else {
      outgoing.error = answer.text ?? "";
    }
  }

  /** The token is too old: a new session begins, and the page shows what the bot remembers, which is nothing. */
  private async renew(): Promise<void> {
    const answer = await this.connection.ask("session_request", {});
    if (answer.status !== 200) throw new Error(answer.text);
    this.session.token = answer.session_id ?? null;
    this.replace(answer.messages ?? []);
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
