/** The conversation as plain text, to copy or to keep. */

import { texts } from "./texts";
import type { Message } from "./types";

export function transcript(messages: Message[]): string {
  return messages.map((message) => `${message.speaker === "user" ? texts.you : texts.bot}${when(message)} :\n${message.text}\n`).join("\n");
}

export function download(messages: Message[]): void {
  const address = URL.createObjectURL(new Blob([transcript(messages)], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = texts.fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

function when({ at }: Message): string {
  return at ? ` (${new Date(at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" })})` : "";
}
