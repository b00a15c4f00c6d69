// A hand instead of a mouse: the page fits what the keyboard of the device leaves free, and a swipe scrolls.

// The frame is as large as what can be seen; xterm.js and the program follow.
export function fitToView() {
  const view = window.visualViewport;
  if (!view) return;
  const frame = document.getElementById("frame");
  const fit = () => {
    // Somebody who has pinched to read wants to see larger signs, not fewer.
    if (view.scale > 1.01) return;
    frame.style.height = `${view.height}px`;
    frame.style.transform = view.offsetTop ? `translateY(${view.offsetTop}px)` : "";
  };
  view.addEventListener("resize", fit);
  view.addEventListener("scroll", fit);
  fit();
}

// xterm.js knows the wheel but not the finger, while the program listens to the mouse.
export function swipeToScroll(terminal) {
  let last = null;
  let rest = 0;
  const options = { passive: false, capture: true };
  const area = document.getElementById("terminal");
  const begin = (event) => {
    last = event.touches.length === 1 ? event.touches[0].clientY : null;
    rest = 0;
  };
  const move = (event) => {
    if (last === null || event.touches.length !== 1) return;
    const [finger] = event.touches;
    rest += last - finger.clientY;
    last = finger.clientY;
    event.preventDefault();
    event.stopPropagation();
    const step = terminal.rowHeight;
    for (; Math.abs(rest) >= step; rest -= Math.sign(rest) * step) {
      const { clientX, clientY } = finger;
      const wheel = { deltaY: Math.sign(rest), deltaMode: WheelEvent.DOM_DELTA_LINE, clientX, clientY };
      terminal.screen.dispatchEvent(new WheelEvent("wheel", { ...wheel, bubbles: true, cancelable: true }));
    }
  };
  area.addEventListener("touchstart", begin, options);
  area.addEventListener("touchmove", move, options);
}

// The keyboard of the device comes when a field is there to type into, and not with every tap on a button.
export function keyboardWhenTyping(terminal) {
  let wanted = false;
  const apply = (open) => {
    const { input } = terminal;
    input.inputMode = open ? "text" : "none";
    if (document.activeElement !== input) return;
    // A keyboard that is up stays up until the focus moves.
    terminal.blur();
    terminal.focus();
  };
  apply(false);
  return {
    typing(kind) {
      wanted = kind !== "";
      apply(wanted);
    },
    toggle() {
      wanted = terminal.input.inputMode === "none";
      terminal.focus();
      apply(wanted);
    },
  };
}
