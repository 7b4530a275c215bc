// Teams' messages, their Adaptive Cards drawn by Microsoft's renderer.
import * as AdaptiveCards from "adaptivecards";
import { micromark } from "micromark";
import { icons } from "../../widget/src/dom.ts";
import { BOT, USER, element, frame } from "./frame.js";
import host from "./teams-host.json";
import "./teams.css";

const CARD = "application/vnd.microsoft.card.adaptive";

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = micromark(text);
  result.didProcess = true;
};

function card(content) {
  const made = new AdaptiveCards.AdaptiveCard();
  made.hostConfig = new AdaptiveCards.HostConfig(host);
  made.parse(content);
  return element("div", "card", made.render());
}

function text(activity) {
  if (activity.textFormat === "plain") return element("div", "bubble plain", activity.text);
  const made = element("div", "bubble");
  if (activity.textFormat === "xml") made.innerHTML = activity.text;
  else made.innerHTML = micromark(activity.text);
  return made;
}

/** What Teams itself draws of a message of the bot: text, cards, thumbs, suggestions. */
function* parts(activity) {
  if (activity.text) yield text(activity);
  for (const { contentType, content } of activity.attachments ?? []) if (contentType === CARD) yield card(content);
  if (activity.channelData?.feedbackLoop || activity.channelData?.feedbackLoopEnabled) {
    yield element("div", "thumbs", icons.up(), icons.down());
  }
  const suggested = (activity.suggestedActions?.actions ?? []).map(({ title }) => element("span", "suggestion", title));
  if (suggested.length) yield element("div", "suggestions", ...suggested);
}

function entry(given) {
  if ("user" in given) return element("div", "message user", element("div", "bubble plain", given.user));
  if (given.type !== "message") return ""; // typing, and the like
  const picture = element("img", "");
  picture.src = BOT.picture;
  return element("div", "message bot", picture, element("div", "said", element("div", "name", BOT.name), ...parts(given)));
}

window.show = (entries) => frame("Teams").append(...entries.map(entry));
