// Starts textual.js, which is written to have a page to itself and keeps its terminal to itself, under our conditions.

const FONT = "'Roboto Mono'";
// Every screen of a person fits 40; the picture of an authenticator app beside its scroll bar wants two more.
const LEAST_COLUMNS = 42;
const LARGEST_FONT = 16;
const SMALLEST_FONT = 9;
// The width of a sign of our font, in parts of its size.
const WIDTH = 0.602;

// The number of the sequence with which a program copies, OSC 52.
const CLIPBOARD = 52;

const BACKGROUNDS = { light: "#f5f7fa", contrast: "#000000", ansi: "#000000" };

// The size at which a phone in portrait has the columns that every screen of a person needs.
function fontSize(element) {
  const fits = Math.floor(element.clientWidth / LEAST_COLUMNS / WIDTH);
  return Math.max(SMALLEST_FONT, Math.min(LARGEST_FONT, fits));
}

// xterm.js writes style elements; the page's content security policy knows none, but takes sheets made by a script. So
// it gets an element that means nothing, and what is written into that becomes a sheet.
function adoptStyles() {
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    if (name !== "style") return create(name, options);
    const sheet = new CSSStyleSheet();
    document.adoptedStyleSheets.push(sheet);
    const adopt = (text) => sheet.replaceSync(text);
    const element = create("template");
    Object.defineProperty(element, "textContent", { set: adopt });
    element.appendChild = (node) => (adopt(node.data), node);
    return element;
  };
}

// textual.js names its address once, on the object that holds everything; that is when we learn of the object.
function whenMade(found) {
  Object.defineProperty(Object.prototype, "websocket_url", {
    configurable: true,
    set(url) {
      delete Object.prototype.websocket_url;
      this.websocket_url = url;
      found(this);
    },
  });
}

// It starts a renderer on the graphics card, and at once another one in its place. And what looks like an address in
// somebody's data must not become one that a click opens.
function without(made, ...addons) {
  const none = { activate() {}, dispose() {} };
  for (const name of addons) Object.defineProperty(made, name, { get: () => none, set() {} });
}

// textual.js begins by itself as soon as the page has loaded; resolves to its beginning, for us to choose the moment.
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      const begin = window.onload;
      window.onload = null;
      resolve(begin);
    };
    script.onerror = () => reject(new Error(`${address} cannot be loaded`));
    document.head.append(script);
  });
}

export class Terminal {
  // Called with what the program copies.
  onCopy = () => {};
  #element;
  #made = null;

  constructor(element) {
    this.#element = element;
  }

  // Resolves when the terminal stands; the line is opened by then.
  async start(line) {
    adoptStyles();
    whenMade((made) => {
      this.#made = made;
      without(made, "webglAddon", "weblinksAddon");
    });
    window.WebSocket = function (address) {
      return line.asSocket(address);
    };
    // xterm.js measures and draws with what is there, so the fonts come first.
    const fonts = ["", "bold "].map((weight) => document.fonts.load(`${weight}16px ${FONT}`, "A█●"));
    const [begin] = await Promise.all([load(this.#element.dataset.script), Promise.allSettled(fonts)]);
    this.#element.dataset.fontSize = fontSize(this.#element);
    begin(new Event("load"));
    this.#xterm.options.linkHandler = { activate() {} };
    this.#xterm.parser.registerOscHandler(CLIPBOARD, (told) => this.#copies(told));
    new ResizeObserver(() => this.fit()).observe(this.#element);
  }

  get #xterm() { return this.#made.terminal; }

  // textual.js would also let the program read the clipboard.
  #copies(told) {
    const text = told.slice(told.indexOf(";") + 1);
    if (text !== "?") this.onCopy(new TextDecoder().decode(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))));
    return true;
  }

  // Fill the place there is with as many signs as fit.
  fit() {
    const size = fontSize(this.#element);
    if (Number(this.#xterm.options.fontSize) !== size) this.#xterm.options.fontSize = size;
    this.#made.fit();
  }

  // The strip that no sign fills has the colour of the screen.
  paint(theme) {
    const background = BACKGROUNDS[theme] ?? "#0e1319";
    document.documentElement.style.setProperty("--back", background);
    document.querySelector("meta[name=theme-color]").content = background;
    this.#xterm.options.theme = { background };
  }

  focus() { this.#xterm.focus(); }
  blur() { this.#xterm.blur(); }
  paste(text) { this.#xterm.paste(text); }
  get selected() { return this.#xterm.hasSelection(); }
  get input() { return this.#xterm.textarea; }
  get screen() { return this.#xterm.element.querySelector(".xterm-screen"); }
  get rowHeight() { return this.screen.clientHeight / this.#xterm.rows; }

  // Every row as text for a screen reader, and what changes spoken.
  readAloud() {
    this.#xterm.options.screenReaderMode = true;
    this.focus();
  }
}
