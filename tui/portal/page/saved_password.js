// A form of the browser's own kind, which its password manager knows how to fill; the program gets what stands in it.

const ENTER = "\r";

const element = (id) => document.getElementById(id);

export class SavedPassword {
  #line;
  #visit;
  #filled = null;
  // What was sent last, without the password: a wrong one is not a reason to type the rest again.
  #sent = {};

  // `back` is called when the panel has closed.
  constructor(line, visit, back) {
    this.#line = line;
    this.#visit = visit;
    element("saved-open").addEventListener("click", () => this.#open());
    element("sign-in-back").addEventListener("click", () => element("sign-in").close());
    element("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    element("sign-in").addEventListener("close", () => {
      element("sign-in-form").reset();
      back();
    });
  }

  // The program shows a form that this one fits, or another screen.
  fits(name) {
    const here = name === "sign-in";
    element("saved").hidden = !here;
    if (!here) element("sign-in").close();
  }

  // Signed in: now the browser may offer to keep it.
  signedIn() {
    const filled = this.#filled;
    this.forget();
    if (!filled || !window.PasswordCredential) return;
    const { user_name: id, password } = filled;
    navigator.credentials.store(new PasswordCredential({ id, password })).catch(() => {});
  }

  forget() {
    this.#filled = null;
    this.#sent = {};
  }

  #open() {
    const { elements } = element("sign-in-form");
    const { company_code = "", user_name = "" } = { ...this.#visit.remembered, ...this.#sent };
    elements.company_code.value = company_code;
    elements.user_name.value = user_name;
    element("sign-in").showModal();
    const first = ["company_code", "user_name", "password"].find((name) => !elements[name].value);
    elements[first].focus();
  }

  #send() {
    const filled = Object.fromEntries(new FormData(element("sign-in-form")));
    if (this.#line.say("fill", filled)) {
      this.#filled = filled;
      const { company_code, user_name } = filled;
      this.#sent = { company_code, user_name };
      // The program only puts it into its fields, with its own button in the focus; the person has pressed ours.
      this.#line.type(ENTER);
    }
    element("sign-in").close();
  }
}
