// What several pages show: badges, menus, dialogs, notes.

import { append, h, icon, replace } from "./dom.js";
import { ago, when } from "./format.js";

/** Says something at the edge of the screen, and to screen readers. */
export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}` }, icon(kind === "bad" ? "warning" : "check"), h("span", null, text));
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), kind === "bad" ? 8000 : 4000);
}

/** Runs an action; what goes wrong is said. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (error.name !== "AbortError") toast(error.errors?.[0]?.detail ?? error.message, "bad");
    return undefined;
  }
}

const states = { active: ["good", "Active"], inactive: ["idle", "Inactive"], disabled: ["bad", "Disabled"] };

export function statusBadge(webhook) {
  const [kind, word] = states[webhook.status] ?? ["idle", webhook.status];
  return h("span", { class: `badge ${kind}`, title: webhook.disabledReason ?? null }, h("i", { class: "dot" }), word);
}

const outcomes = {
  succeeded: ["good", "Succeeded"], failed: ["bad", "Failed"], debounced: ["idle", "Debounced"],
  discarded: ["idle", "Discarded"], due: ["info", "Due"], scheduled: ["info", "Scheduled"], held: ["idle", "Held"],
  cancelled: ["idle", "Cancelled"], running: ["info", "Running"], finished: ["good", "Finished"],
  valid: ["good", "Signature valid"], invalid: ["bad", "Signature invalid"], missing: ["idle", "Not signed"],
  unknown: ["idle", "Signature not checked"],
};

export function badge(name, text) {
  const [kind, word] = outcomes[name] ?? ["idle", name];
  return h("span", { class: `badge ${kind}` }, h("i", { class: "dot" }), text ?? word);
}

/** A moment, as its distance from now; the whole of it as a hint. */
export function time(text) {
  return text ? h("time", { datetime: text, title: when(text) }, ago(text)) : "–";
}

export function button(label, onclick, { kind = "", glyph, type = "button", ...more } = {}) {
  return h("button", { type, class: `button ${kind}`, onclick, ...more }, glyph ? icon(glyph) : null, label);
}

export function link(label, href, props) {
  return h("a", { href, ...props }, label);
}

export function empty(title, text, action) {
  return h("div", { class: "empty" }, h("h2", null, title), h("p", null, text), action);
}

export function failure(error, again) {
  return h("div", { class: "empty", role: "alert" }, h("h2", null, "This did not work"), h("p", null, error.message),
    error.requestId ? h("p", { class: "quiet" }, `Request ${error.requestId}`) : null,
    again ? button("Try again", again, { glyph: "refresh" }) : null);
}

export function copyButton(text, label = "Copy") {
  const face = h("span", null, label);
  const made = h("button", { type: "button", class: "button small" }, icon("copy"), face);
  made.addEventListener("click", async () => {
    await copy(text);
    face.textContent = "Copied";
    setTimeout(() => { face.textContent = label; }, 2000);
  });
  return made;
}

async function copy(text) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch { /* not allowed: the old way */ }
  }
  const area = h("textarea", { value: text, class: "offscreen", "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

/** Text as it is, in a box that scrolls, with a button that copies it. */
export function code(text, label, { copyable = true } = {}) {
  return h("div", { class: "code" },
    h("pre", { tabindex: "0", role: "region", "aria-label": label }, h("code", null, text)),
    copyable ? copyButton(text) : null);
}

/** The ⋮ menu. `items`: `[label, action, kind?]`; what is null is left out. */
export function menu(label, items) {
  const list = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label });
  const opener = h("button", {
    type: "button", class: "button icon-only", "aria-haspopup": "menu", "aria-label": label, "aria-expanded": "false",
  }, icon("dots"));
  for (const [text, action, kind] of items.filter(Boolean)) {
    list.append(h("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: kind ?? null,
      onclick: () => {
        list.hidePopover();
        action();
      },
    }, text));
  }
  opener.addEventListener("click", () => {
    list.showPopover();
    const place = opener.getBoundingClientRect();
    const above = place.bottom + list.offsetHeight + 8 > innerHeight;
    list.style.top = `${above ? place.top - list.offsetHeight - 4 : place.bottom + 4}px`;
    list.style.left = `${Math.max(8, Math.min(place.right - list.offsetWidth, innerWidth - list.offsetWidth - 8))}px`;
    list.firstElementChild?.focus();
  });
  list.addEventListener("toggle", (event) => opener.setAttribute("aria-expanded", String(event.newState === "open")));
  list.addEventListener("keydown", (event) => step(event, list, opener));
  return h("span", { class: "menu-holder" }, opener, list);
}

function step(event, list, opener) {
  const items = [...list.children];
  const at = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: items[(at + 1) % items.length], ArrowUp: items[(at - 1 + items.length) % items.length],
    Home: items[0], End: items.at(-1),
  }[event.key];
  if (next) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    list.hidePopover();
    opener.focus();
  }
}

/** A dialog; `build(close)` gives its content. Closed by Escape too; what it gives to `close` is the result. */
export function dialog(title, build, { wide = false } = {}) {
  return new Promise((done) => {
    const id = `d${Math.random().toString(36).slice(2)}`;
    const box = h("dialog", { "aria-labelledby": id, class: wide ? "wide" : null });
    let result;
    const close = (value) => {
      result = value;
      box.close();
    };
    append(box, [
      h("header", null, h("h2", { id }, title),
        h("button", { type: "button", class: "button icon-only", "aria-label": "Close", onclick: () => close() },
          icon("close"))),
      build(close, box),
    ]);
    box.addEventListener("close", () => {
      box.remove();
      done(result);
    });
    box.addEventListener("click", (event) => {
      if (event.target === box) close();
    });
    document.body.append(box);
    box.showModal();
  });
}

/** Asks before something is done that cannot be undone. True: do it. */
export function confirm(title, text, verb, kind = "danger", refusal = "Cancel") {
  return dialog(title, (close) => h("form", { method: "dialog", onsubmit: () => close(true) },
    h("p", null, text),
    h("footer", null, button(refusal, () => close(false)), button(verb, null, { kind, type: "submit" }))));
}

let made = 0;

/** A labelled control, with a hint and room for what is wrong with it. `path`: the member's name in the API. */
export function field(label, control, { path, hint, wide } = {}) {
  made += 1;
  const id = control.id || `f${made}`;
  control.id = id;
  const fault = h("p", { class: "fault", id: `${id}-fault` });
  const note = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  control.setAttribute("aria-describedby", `${id}-fault${note ? ` ${id}-hint` : ""}`);
  return h("div", { class: `field ${wide ? "wide" : ""}`, "data-field": path ?? null },
    h("label", { for: id }, label), control, note, fault);
}

/** Shows faults at their fields; those of no field are given back. */
export function showFaults(form, errors) {
  for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  for (const old of form.querySelectorAll(".fault")) old.textContent = "";
  const homeless = [];
  let first = null;
  for (const error of errors) {
    const place = home(form, error.field);
    const control = place?.querySelector("input, select, textarea, button");
    const note = place?.querySelector(".fault");
    if (!note) {
      homeless.push(error);
      continue;
    }
    note.textContent = note.textContent ? `${note.textContent} ${error.detail}` : error.detail;
    control?.setAttribute("aria-invalid", "true");
    for (let outer = place.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    first ??= control;
  }
  first?.focus();
  return homeless;
}

/** `retry.schedule[2]` belongs to `retry.schedule`, else to `retry`. */
function home(form, path) {
  for (let name = path ?? ""; name; name = name.replace(/(\.[^.[]*|\[[^\]]*\]|^[^.[]+)$/, "")) {
    const place = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (place) return place;
  }
  return null;
}

export function select(options, value, props) {
  return h("select", props ?? {}, options.map((option) => {
    const [key, text] = Array.isArray(option) ? option : [option, option];
    return h("option", { value: key, selected: key === value }, text);
  }));
}

/** Buttons of which one is chosen. */
export function segments(label, options, value, onchange) {
  const group = h("div", { class: "segments", role: "group", "aria-label": label });
  for (const [key, text, glyph] of options) {
    group.append(h("button", {
      type: "button", "aria-pressed": String(key === value), title: glyph ? text : null,
      "aria-label": glyph ? text : null,
      onclick: () => {
        for (const each of group.children) each.setAttribute("aria-pressed", "false");
        group.children[options.findIndex(([name]) => name === key)].setAttribute("aria-pressed", "true");
        onchange(key);
      },
    }, glyph ? icon(glyph) : text));
  }
  return group;
}

/** Previous and next page, by cursors that stand in the address bar's history. */
export function pager(page, ctx) {
  const number = Number(ctx.query.get("page") ?? "1");
  if (number <= 1 && !page.nextCursor) return null;
  return h("nav", { class: "pager", "aria-label": "Pages" },
    button("Previous", () => history.back(), { disabled: number <= 1, glyph: "back" }),
    h("span", { class: "quiet" }, `Page ${number}`),
    button("Next", () => ctx.setQuery({ cursor: page.nextCursor, page: number + 1 }),
      { disabled: !page.nextCursor, glyph: "next" }));
}

export function loading(label = "Loading") {
  return h("div", { class: "loading", role: "status" }, h("span", { class: "offscreen" }, label),
    h("i"), h("i"), h("i"));
}

export { replace };
