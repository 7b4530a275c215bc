/** The way to the server: Socket.IO, or plain HTTP where sockets are blocked. Carries requests; keeps nothing. */

import { io, type Socket } from "socket.io-client";
import type { Answer, Event, Message } from "./types";

/** Milliseconds: a turn takes the server 20 s at most. */
const TIMEOUT = 25_000;
const ADDRESSES: Record<Event, string> = { session_request: "session", user_uttered: "messages", feedback: "feedback" };

export interface Listener {
  /** The server can perhaps be reached: ask for the session. */
  onReachable(): void;
  onUnreachable(): void;
  /** Something was said in another tab, and answered. */
  onTurn(messages: Message[]): void;
}

export class Connection {
  private readonly socket: Socket;
  private overHttp = false;
  private readonly closed = new AbortController();

  constructor(
    private readonly server: string,
    private readonly listener: Listener,
  ) {
    const { origin, pathname } = new URL(server);
    this.socket = io(origin, {
      path: `${pathname.replace(/\/$/, "")}/socket.io`,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      timeout: 6000,
      autoConnect: false,
      reconnectionDelay: 400,
      reconnectionDelayMax: 5000,
    });
    this.socket.on("connect", () => {
      this.overHttp = false;
      listener.onReachable();
    });
    this.socket.on("disconnect", (reason) => {
      listener.onUnreachable();
      if (reason === "io server disconnect") setTimeout(() => this.open(), 1000); // Socket.IO leaves this one to us
    });
    this.socket.on("connect_error", () => this.tryHttp());
    this.socket.on("turn", (messages: Message[]) => listener.onTurn(messages));
    const { signal } = this.closed;
    addEventListener("online", () => this.onOnline(), { signal });
    addEventListener("offline", () => this.onOffline(), { signal });
    document.addEventListener("visibilitychange", () => this.onVisible(), { signal });
  }

  open(): void {
    if (!this.closed.signal.aborted) this.socket.connect();
  }

  close(): void {
    this.closed.abort();
    this.socket.disconnect();
  }

  /** Ask the server. Rejects if it cannot be reached or does not answer. */
  async ask(event: Event, data: object): Promise<Answer> {
    if (this.socket.connected) return this.socket.timeout(TIMEOUT).emitWithAck(event, data) as Promise<Answer>;
    if (!this.overHttp) throw new Error("not connected");
    try {
      return await this.post(event, data);
    } catch (error) {
      if (!this.socket.connected) {
        this.overHttp = false;
        this.listener.onUnreachable();
      }
      throw error;
    }
  }

  private async post(event: Event, data: object): Promise<Answer> {
    const response = await fetch(`${this.server}/webhooks/widget/${ADDRESSES[event]}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data),
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return { ...((await response.json()) as object), status: response.status };
  }

  /** No socket: the server is down, or something between us lets only plain requests pass. Asking tells which. */
  private tryHttp(): void {
    if (this.overHttp || !navigator.onLine) return;
    this.overHttp = true;
    this.listener.onReachable();
  }

  private onOnline(): void {
    if (this.socket.connected) this.listener.onReachable();
    else this.socket.disconnect().connect();
  }

  private onOffline(): void {
    this.overHttp = false;
    this.listener.onUnreachable();
  }

  /** Over plain HTTP, nobody tells this tab what was said in another. */
  private onVisible(): void {
    if (this.overHttp && document.visibilityState === "visible") this.listener.onReachable();
  }
}
