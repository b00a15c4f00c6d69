// What a visit brings along: the link of a mail, the ways back into a session, and what this browser remembers.
// The tab keeps the secrets, so that a reload works and no other tab gets them; the browser keeps what is none.

const LINK = /^#[a-z][a-z_-]*=[^&\s]+$/;
const LARGEST_LINK = 300;
const place = (name) => `trakdesk:${location.pathname}:${name}`;

export class Visit {
  #here = new Map();

  constructor() {
    this.#takeLink();
  }

  get link() { return this.#tab("link"); }
  get back() { return this.#tab("back"); }
  get ticket() { return this.#tab("ticket"); }

  set link(text) { this.#keep("link", text); }
  set back(text) { this.#keep("back", text); }
  set ticket(text) { this.#keep("ticket", text); }

  get remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(place("remembered")));
      return kept && typeof kept === "object" && !Array.isArray(kept) ? kept : {};
    } catch {
      return {};
    }
  }

  set remembered(texts) {
    try {
      localStorage.setItem(place("remembered"), JSON.stringify(texts));
    } catch {
      // A browser that keeps nothing has nothing to remember; the form is empty next time.
    }
  }

  // Calls when another link is opened in this tab; it begins anew, whatever was there before.
  onLink(begin) {
    addEventListener("hashchange", () => {
      if (this.#takeLink()) begin();
    });
  }

  // A tab that was duplicated has a copy of the secrets of the first one, which goes on holding its lock: let go of them.
  async beAlone() {
    if (!navigator.locks || !(this.back || this.ticket)) return this.#hold();
    const free = await this.#hold();
    if (!free) {
      for (const name of ["link", "back", "ticket", "tab"]) this.#keep(name, "");
      await this.#hold();
    }
    return free;
  }

  #hold() {
    if (!navigator.locks) return Promise.resolve(true);
    if (!this.#tab("tab")) this.#keep("tab", `${Date.now()}-${Math.random()}`);
    return new Promise((held) => {
      // A page that is being reloaded lets go a moment later than the new one asks.
      navigator.locks
        .request(place(this.#tab("tab")), { signal: AbortSignal.timeout(500) }, () => {
          held(true);
          return new Promise(() => {});
        })
        .catch(() => held(false));
    });
  }

  // The address bar, the history and whoever looks over a shoulder keep nothing of it.
  #takeLink() {
    const found = LINK.test(location.hash) ? location.hash.slice(1, LARGEST_LINK + 1) : "";
    if (location.hash || location.search) history.replaceState(null, "", location.pathname);
    if (found) {
      this.link = found;
      this.back = this.ticket = "";
    }
    return found !== "";
  }

  #tab(name) {
    try {
      return sessionStorage.getItem(place(name)) ?? this.#here.get(name) ?? "";
    } catch {
      return this.#here.get(name) ?? "";
    }
  }

  #keep(name, text) {
    this.#here.set(name, text);
    try {
      if (text) sessionStorage.setItem(place(name), text);
      else sessionStorage.removeItem(place(name));
    } catch {
      // Without storage the page itself keeps it, until it is left.
    }
  }
}
