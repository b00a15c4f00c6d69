// The line to the desk. textual.js believes it to be one WebSocket that never breaks; here it is opened anew when it does.

const DELAYS = [1, 2, 4, 8, 15];
const OPEN_WITHIN = 10_000;
const QUIET = 20_000;
const PONG_WITHIN = 6_000;
const STEADY = 10_000;
const PIECE = 5_000;
// What the server takes for a lost line, after which it keeps the program; 1000 says that the person is done.
const LOST = 4000;
const DONE = 1000;

const WebSocketOfTheBrowser = window.WebSocket;

// Messages arrive as events: `message` as from a WebSocket, for textual.js; `word` with [word, value] for the page;
// `lost` with how long until the next try and why; `away` for what was typed meanwhile; `opened` when the line is back.
export class Line extends EventTarget {
  binaryType = "arraybuffer";
  size = { width: 80, height: 24 };
  #visit;
  #socket = null;
  #attempt = 0;
  #why = "";
  #timer = 0;
  #watch = 0;
  #pong = 0;
  #steady = 0;
  #ready = false;
  #leaves = false;

  constructor(visit) {
    super();
    this.#visit = visit;
    addEventListener("online", () => this.#look(3_000));
    addEventListener("offline", () => this.#look(3_000));
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("pagehide", () => (this.#leaves = true));
    addEventListener("pageshow", (event) => {
      this.#leaves = false;
      if (event.persisted) this.#look(3_000);
    });
  }

  // What `new WebSocket` gives textual.js, which names the size of the window in the address.
  asSocket(address) {
    const { searchParams } = new URL(address, document.baseURI);
    this.size = { width: Number(searchParams.get("width")), height: Number(searchParams.get("height")) };
    this.open();
    return this;
  }

  // Called by textual.js with what a WebSocket is sent.
  send(text) {
    const [word, value] = JSON.parse(text);
    if (word === "resize") this.size = value;
    // A line is watched by what comes in, not by textual.js's one question at the start.
    if (word === "stdin") this.type(value);
    else if (word !== "ping") this.say(word, value);
  }

  // A large paste goes in pieces that the server takes.
  type(text) {
    const signs = Array.from(text);
    for (let at = 0; at < signs.length; at += PIECE) {
      if (!this.say("stdin", signs.slice(at, at + PIECE).join(""))) return;
    }
  }

  say(word, value) {
    if (this.#ready) this.#socket.send(JSON.stringify(value === undefined ? [word] : [word, value]));
    else if (word === "stdin" || word === "fill") this.#tell("away");
    return this.#ready;
  }

  open() {
    this.#forget();
    const address = new URL("ws", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocketOfTheBrowser(address);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#hello();
    socket.onmessage = (event) => this.#take(event);
    socket.onclose = () => this.#lose();
    this.#timer = setTimeout(() => this.#lose(), OPEN_WITHIN);
  }

  // Leave the program that runs, and begin with what the visit holds now.
  again() {
    this.end();
    this.#attempt = 0;
    this.#why = "";
    this.open();
  }

  // The session is over: nothing is tried again.
  end() {
    this.#forget(DONE);
  }

  #hello() {
    const { link, back, ticket, remembered } = this.#visit;
    const touch = matchMedia("(pointer: coarse)").matches;
    const hello = { ...this.size, link, back, ticket, theme: String(remembered.theme ?? ""), remembered, touch };
    this.#socket.send(JSON.stringify(["hello", hello]));
    // A server that takes the line but says nothing is no better than one that is away.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lose(), OPEN_WITHIN);
  }

  #take(event) {
    this.#listen();
    if (typeof event.data !== "string") return this.#tell("message", event.data);
    const [word, value] = JSON.parse(event.data);
    if (word === "ready") this.#begin(value);
    else if (word === "end") this.#finish(value);
    else if (word === "open_url") this.#tell("message", event.data);
    else if (word !== "pong") this.#tell("word", [word, value]);
  }

  #begin({ back }) {
    clearTimeout(this.#timer);
    const same = Boolean(back) && back === this.#visit.back;
    this.#visit.back = back;
    this.#ready = true;
    this.#why = "";
    this.#steady = setTimeout(() => (this.#attempt = 0), STEADY);
    this.#tell("opened", same);
    this.say("resize", this.size);
    if (document.hidden) this.say("hidden", true);
  }

  // A device cuts the line of a page that it does not show; the program waits longer for one that has said so. A page that
  // is closed goes out of sight, too.
  #seen() {
    if (!this.#leaves) this.say("hidden", document.hidden);
    if (!document.hidden) this.#look(3_000);
  }

  #finish({ why, words }) {
    if (why === "busy" || why === "stopping") {
      this.#why = why;
      return this.#lose(words);
    }
    this.#visit.back = "";
    this.end();
    this.#tell("end", { why, words });
  }

  #lose(words = "") {
    this.#forget(LOST);
    const least = this.#why === "busy" ? 3 : 0;
    const seconds = DELAYS[Math.min(Math.max(this.#attempt, least), DELAYS.length - 1)];
    this.#attempt += 1;
    // Pages that were cut off together do not come back all at once.
    const until = Date.now() + seconds * 1000 * (0.85 + 0.3 * Math.random());
    this.#timer = setTimeout(() => this.open(), until - Date.now());
    this.#tell("lost", { until, why: this.#why, words });
  }

  #look(within) {
    if (this.#ready) this.#ask(within);
    else if (this.#socket === null && this.#timer) this.open();
  }

  #listen() {
    clearTimeout(this.#watch);
    clearTimeout(this.#pong);
    this.#watch = setTimeout(() => this.#ask(PONG_WITHIN), QUIET);
  }

  #ask(within) {
    if (!this.say("ping", String(Date.now()))) return;
    clearTimeout(this.#pong);
    this.#pong = setTimeout(() => this.#lose(), within);
  }

  #forget(code = LOST) {
    for (const timer of [this.#timer, this.#watch, this.#pong, this.#steady]) clearTimeout(timer);
    this.#timer = 0;
    this.#ready = false;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  #tell(word, detail) {
    this.dispatchEvent(word === "message" ? new MessageEvent(word, { data: detail }) : new CustomEvent(word, { detail }));
  }
}
