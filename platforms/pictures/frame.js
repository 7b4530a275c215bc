// What both pages share: the frame, and the pictures of those who speak.
import "./frame.css";
import logo from "../../teams/icon.svg";

const drawn = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
export const BOT = { name: "Aiguilleur", picture: logo };
export const USER = {
  name: "Vous",
  picture: drawn(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="#8a5a2b"/>
    <g fill="#fff"><circle cx="24" cy="18" r="8"/><path d="M8 44c1-11 8-16 16-16s15 5 16 16z"/></g></svg>`),
};

/** An element with a class and contents. */
export function element(name, className, ...contents) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...contents);
  return made;
}

/** The frame of a chat on a platform; where its messages go. */
export function frame(platform) {
  document.documentElement.lang = "fr";
  document.body.className = platform.toLowerCase();
  const picture = element("img", "");
  picture.src = BOT.picture;
  const main = element("main", "");
  document.body.append(element("header", "", picture, BOT.name, element("span", "", platform)), main);
  return main;
}
