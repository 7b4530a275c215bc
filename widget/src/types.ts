/** What both sides say to each other: the names are those of channels/widget/ on the server. */

/** Characters that a message or a comment may have: channels/guard.py. */
export const MAX_CHARACTERS = 2000;

export interface QuickReply {
  title: string;
  payload: string;
}

/** One message. `id` is ours for what the user says, and `<that>/<n>` for what the bot answers to it. */
export interface Message {
  id: string;
  speaker: "user" | "bot";
  text: string;
  /** Milliseconds since 1970; 0 for the greeting. */
  at: number;
  quick_replies?: QuickReply[];
  /** Payload of the button that the user clicked, in place of writing. */
  clicked?: string;
}

/** What the server answers to a request. Where `status` is not 200, `text` says why, in French. */
export interface Answer {
  status: number;
  text?: string;
  session_id?: string;
  messages?: Message[];
}

export type Event = "session_request" | "user_uttered" | "feedback";

/** The id of the user's message that a message belongs to. */
export function turnOf(message: Message): string {
  return message.id.split("/")[0] ?? message.id;
}
