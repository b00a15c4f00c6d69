// What the page itself has to say: a bar while the line is down, and a panel when the session is over.

const element = (id) => document.getElementById(id);

const HEADS = {
  busy: "Too many people are here at the moment",
  stopping: "The desk is being restarted",
  unreached: "The desk cannot be reached",
  "": "The line has dropped",
};

export class Notice {
  #tick = 0;
  #lost = null;
  #away = false;
  #seen = false;

  // The line is down: say why, and how long until the next try.
  lost({ until, why, words }) {
    this.#lost = { until, head: words || HEADS[why || (this.#seen ? "" : "unreached")] };
    clearInterval(this.#tick);
    this.#tick = setInterval(() => this.#show(), 250);
    this.#show();
  }

  // Keys were typed that nobody gets.
  away() {
    if (this.#lost === null) return;
    this.#away = true;
    this.#show();
  }

  opened() {
    clearInterval(this.#tick);
    this.#lost = null;
    this.#away = false;
    this.#seen = true;
    element("bar").hidden = true;
  }

  // The session is over. `begin` is called when the person wants to begin again.
  end(words, begin) {
    this.opened();
    const panel = element("end");
    element("end-words").textContent = words || "The session is over.";
    panel.onclose = begin;
    if (!panel.open) panel.showModal();
    element("end-again").focus();
  }

  // Another link was opened meanwhile: the panel is in the way.
  clear() {
    element("end").onclose = null;
    element("end").close();
    this.opened();
  }

  #show() {
    const seconds = Math.ceil((this.#lost.until - Date.now()) / 1000);
    const next = seconds > 0 ? `Trying again in ${seconds}\u00a0s.` : "Reconnecting …";
    const head = this.#lost.head.replace(/\.$/, "");
    const away = this.#away ? " What you type now is not kept." : "";
    const text = `${head}. ${next}${away}`;
    const bar = element("bar");
    // Told anew only when it reads differently, for those who hear it.
    if (bar.textContent !== text) bar.textContent = text;
    bar.hidden = false;
  }
}
