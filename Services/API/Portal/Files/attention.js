// Whether a person is at something: a page that draws itself anew must not take it out of their hands.

import { replace } from "./dom.js";

let isPressed = false;
let waiting = [];

function release() {
  isPressed = false;
  for (const go of waiting.splice(0)) go();
}

// A list of choices, a menu of the browser's own and a scroll bar are pressed and never let go of, as far as a page sees.
addEventListener("pointerdown", (event) => {
  isPressed = event.button === 0 && !event.target.closest?.("select");
}, true);
for (const name of ["pointerup", "pointercancel", "contextmenu", "change"]) {
  addEventListener(name, () => setTimeout(release), true);  // the click that follows has its turn first
}
addEventListener("pointermove", (event) => { if (isPressed && event.buttons === 0) release(); }, true);
addEventListener("blur", release);

/**
 * Waits while a button is pressed: an element that goes between press and release is never clicked. Not for long,
 * though, whatever the browser tells.
 */
export function calm() {
  return isPressed ? new Promise((go) => { waiting.push(go); setTimeout(go, 2000); }) : Promise.resolve();
}

/** Whether somebody reads something that was opened, or fills something in. */
export function isBusy() {
  return Boolean(document.querySelector("dialog[open], :popover-open, main details[open]")
    ?? document.activeElement?.closest("main input, main select, main textarea"));
}

const kinds = "a, button, input, select, textarea, summary, [tabindex]";
const label = (element) => element.getAttribute("aria-label") ?? element.textContent;

/** Draws `root` anew; what had the focus has it again, where it is still there. */
export function keepingFocus(root, draw) {
  const old = document.activeElement;
  const isInside = old !== root && root.contains(old) && old.matches(kinds);
  const like = (element) => element.tagName === old.tagName && label(element) === label(old);
  const place = isInside ? [...root.querySelectorAll(kinds)].filter(like).indexOf(old) : -1;
  const selection = isInside && old.matches("input[type=search], input[type=text], textarea") ? [old.selectionStart, old.selectionEnd] : null;
  draw();
  if (place < 0) return;
  const found = [...root.querySelectorAll(kinds)].filter(like)[place];
  found?.focus({ preventScroll: true });
  if (!found || !selection) return;
  found.value = old.value;  // what was typed while the answer was on its way
  found.setSelectionRange(...selection);
}

/** Puts something else into an element, in the same way. */
export function redraw(element, ...children) {
  keepingFocus(element, () => replace(element, ...children));
}

/** Calls on and on while the page is seen, until it is left. */
export function often(seconds, signal, action) {
  const timer = setInterval(() => { if (document.visibilityState === "visible") action(); }, seconds * 1000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
