// The page of the portal: puts its parts together. What page and server say to each other stands in protocol.py.

import { copy, paste } from "./clipboard.js";
import { fitToView, keyboardWhenTyping, swipeToScroll } from "./fingers.js";
import { shareKeys, showKeys } from "./keys.js";
import { Line } from "./line.js";
import { Notice } from "./notice.js";
import { SavedPassword } from "./saved_password.js";
import { Terminal } from "./terminal.js";
import { offerToApp } from "./to_app.js";
import { Visit } from "./visit.js";

const PRODUCT = "Trakdesk";

const visit = new Visit();
const line = new Line(visit);
const notice = new Notice();
const terminal = new Terminal(document.getElementById("terminal"));
const toTerminal = () => terminal.focus();
const saved = new SavedPassword(line, visit, toTerminal);
let keyboard = { typing() {} };
terminal.onCopy = (text) => copy(text, toTerminal);

function titled(where) {
  document.title = where ? `${where} · ${PRODUCT}` : PRODUCT;
}

const WORDS = {
  title: titled,
  form: (name) => saved.fits(name),
  remember(texts) {
    visit.remembered = texts;
    terminal.paint(texts.theme);
  },
  ticket(text) {
    visit.ticket = text;
    if (text) saved.signedIn();
  },
  link_done: () => (visit.link = ""),
  copy: (text) => terminal.onCopy(text),
  to_app: (url) => offerToApp(url, toTerminal),
  typing: (kind) => keyboard.typing(kind),
};

function beginAgain() {
  notice.clear();
  titled("");
  saved.fits("");
  saved.forget();
  line.again();
  toTerminal();
}

line.addEventListener("word", ({ detail: [word, value] }) => WORDS[word]?.(value));
line.addEventListener("message", () => document.documentElement.classList.remove("opening"));
line.addEventListener("lost", ({ detail }) => notice.lost(detail));
line.addEventListener("away", () => notice.away());
line.addEventListener("opened", () => notice.opened());
line.addEventListener("end", ({ detail: { why, words } }) => {
  visit.ticket = "";
  // Whoever leaves from a link's first screen does not want to see it again.
  if (why === "left") visit.link = "";
  saved.fits("");
  saved.forget();
  titled("");
  document.documentElement.classList.remove("opening");
  notice.end(words, beginAgain);
});

function useFingers() {
  keyboard = keyboardWhenTyping(terminal);
  swipeToScroll(terminal);
  showKeys(line, { keyboard: () => keyboard.toggle(), paste: () => paste(terminal) });
}

async function start() {
  fitToView();
  await visit.beAlone();
  await terminal.start(line);
  terminal.paint(visit.remembered.theme);
  shareKeys(terminal);
  if (matchMedia("(pointer: coarse)").matches) useFingers();
  visit.onLink(beginAgain);
  document.getElementById("read-aloud").addEventListener("click", () => terminal.readAloud());
  toTerminal();
}

// Whoever imports this hears of what fails here.
await start();
