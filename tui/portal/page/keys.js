// Which keys are the browser's, which are the program's, and a row of large ones for those who have none.

const BROWSER = new Set(["F5", "F11", "F12"]);
const PASTE = (event) => (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "v") || (event.shiftKey && event.key === "Insert");
const COPY = (event) => event.ctrlKey && !event.altKey && event.key.toLowerCase() === "c";
const ZOOM = (event) => event.ctrlKey && !event.altKey && ["+", "-", "=", "0"].includes(event.key);

// xterm.js takes every key for the program and keeps it from the browser; these it must not see.
export function shareKeys(terminal) {
  addEventListener(
    "keydown",
    (event) => {
      const browsers = BROWSER.has(event.key) || PASTE(event) || ZOOM(event) || (COPY(event) && terminal.selected);
      if (browsers) event.stopImmediatePropagation();
      else if (document.activeElement === document.body) terminal.focus();
    },
    true,
  );
}

// [what stands on it, what it is called, what it types], in two rows of which the second opens on request.
const ROWS = [
  [
    ["Esc", "Back", "\x1b"],
    ["Tab", "Next field", "\t"],
    ["▲", "Up", "\x1b[A"],
    ["▼", "Down", "\x1b[B"],
    ["⏎", "Enter", "\r"],
    ["⌨", "Keyboard", "keyboard"],
    ["…", "More keys", "more"],
  ],
  [
    ["F1", "Help", "\x1bOP"],
    ["F2", "F2", "\x1bOQ"],
    ["F3", "F3", "\x1bOR"],
    ["◀", "Left", "\x1b[D"],
    ["▶", "Right", "\x1b[C"],
    ["⇤", "Previous field", "\x1b[Z"],
    ["Paste", "Paste", "paste"],
  ],
];

// `act` does what a key that types nothing is for, by its name.
export function showKeys(line, act) {
  const bar = document.getElementById("keys");
  const rows = ROWS.map((keys) => {
    const row = document.createElement("div");
    row.append(...keys.map((key) => button(key, line, act, () => toggle(rows[1]))));
    return row;
  });
  rows[1].hidden = true;
  bar.append(...rows);
  bar.hidden = false;
}

function toggle(row) {
  row.hidden = !row.hidden;
}

function button([face, name, does], line, act, more) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = face;
  made.ariaLabel = name;
  made.tabIndex = -1;
  // The keyboard of the device stays as it is: the focus is not taken from the terminal.
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("mousedown", (event) => event.preventDefault());
  made.addEventListener("click", () => {
    if (does === "more") more();
    else if (does === "keyboard" || does === "paste") act[does]();
    else line.type(does);
  });
  return made;
}
