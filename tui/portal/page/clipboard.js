// Copy and paste between the program and the person's own clipboard.

const element = (id) => document.getElementById(id);

// A browser may want to see a click of the person first; then the text is shown, with a button.
export async function copy(text, back) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    show(text, back);
  }
}

function show(text, back) {
  const panel = element("copy");
  const area = element("copy-text");
  area.value = text;
  element("copy-now").onclick = () => {
    area.select();
    // The one way that is left where the page may not write to the clipboard by itself.
    document.execCommand("copy");
  };
  panel.onclose = () => {
    area.value = "";
    back();
  };
  if (!panel.open) panel.showModal();
  area.select();
}

// A paste that was asked for with a tap; the browser asks the person whether this page may.
export async function paste(terminal) {
  try {
    terminal.paste(await navigator.clipboard.readText());
  } catch {
    // Refused by the person, or by a browser that pastes into fields only.
  }
  terminal.focus();
}
