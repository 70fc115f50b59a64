// Elements without markup: every text that a tenant or a receiver wrote becomes a text node, never HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element. `props`: attributes; functions under `onclick` and the like; `true` and `false` for bare ones. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "checked" || name === "selected") element[name] = Boolean(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Adds what is there; strings and numbers as text. */
export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Puts something else into an element. */
export function replace(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const paths = {
  overview: "M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z",
  webhook: "M10 3a3.500 3.500 0 0 0-1.700 6.500L5.500 14M10 3a3.500 3.500 0 0 1 3 5M5 11a3.500 3.500 0 1 0 3.400 4.500H14M10.300 6.500l2.700 4.700a3.500 3.500 0 1 1-1.200 5.600",
  events: "M3 10h3l2.500-6 3.500 12 2.500-6H17",
  inspector: "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3zM13.500 13.500L17 17",
  plus: "M10 4v12M4 10h12",
  dots: "M10 4.500v.01M10 10v.01M10 15.500v.01",
  close: "M5 5l10 10M15 5L5 15",
  copy: "M7 7h9v9H7zM4 13V4h9",
  check: "M4 10.500l4 4 8-9",
  warning: "M10 3l8 14H2zM10 8v4M10 14.500v.01",
  back: "M12 4l-6 6 6 6",
  next: "M8 4l6 6-6 6",
  table: "M3 4h14v12H3zM3 8h14M3 12h14",
  cards: "M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z",
  out: "M8 4H4v12h4M12 6l4 4-4 4M16 10H8",
  search: "M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM13 13l4 4",
  refresh: "M16 8a6.500 6.500 0 1 0 .5 4M16 3v5h-5",
  play: "M6 4l10 6-10 6z",
};

/** A line drawing of 20 × 20, which says nothing to a screen reader. */
export function icon(name) {
  return s("svg", { viewBox: "0 0 20 20", class: name === "dots" ? "icon dots" : "icon", "aria-hidden": "true", focusable: "false" },
    s("path", { d: paths[name] }));
}
