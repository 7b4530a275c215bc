// Slack's messages, drawn by slack-blocks-to-jsx.
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";
import { BOT, USER, frame } from "./frame.js";
import "./slack.css";

const TIME = new Date(2025, 0, 6, 9, 41); // any, and the same in every picture

/** What Slack makes of what people type. */
const typed = (text) => [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] }];
/** What it makes of a message without blocks. */
const formatted = (text) => [{ type: "section", text: { type: "mrkdwn", text } }];

/** One entry: {user: text}, or a message of the bot with its blocks, or with a text alone. */
function Entry({ entry }) {
  const who = "user" in entry ? USER : BOT;
  const blocks = "user" in entry ? typed(entry.user) : (entry.blocks ?? formatted(entry.text));
  const className = who === BOT ? "bot" : "user";
  return <Message blocks={blocks} name={who.name} logo={who.picture} time={TIME} theme="light" className={className} />;
}

window.show = (entries) => {
  const root = createRoot(frame("Slack"));
  flushSync(() => root.render(entries.map((entry, place) => <Entry key={place} entry={entry} />)));
};
