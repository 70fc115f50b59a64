// How a request shows who sends it: authentication, and headers of one's own.

import { button, field, select } from "./ui.js";
import { h, icon, replace } from "./dom.js";

const parts = {
  bearer: [["token", "Token"]], header: [["name", "Header"], ["value", "Value"]],
  basic: [["username", "User"], ["password", "Password"]],
  oauth2: [["tokenURL", "Token address"], ["clientId", "Client id"], ["clientSecret", "Client secret"], ["scope", "Scope"]],
  mtls: [["certificate", "Certificate (PEM)"], ["key", "Key (PEM)"]],
};

const kinds = [
  ["", "None"], ["bearer", "Bearer token"], ["header", "A header of my own"], ["basic", "User and password"],
  ["oauth2", "OAuth 2 client credentials"], ["mtls", "Client certificate"],
];

/** `{ element, value() }`: the member `authentication`, null for none. */
export function authenticationFields(stored) {
  const kind = select(kinds, stored?.type ?? "");
  const place = h("div", { class: "grid two" });
  let controls = {};
  const draw = () => {
    controls = {};
    replace(place, (parts[kind.value] ?? []).map(([name, label]) => {
      const control = kind.value === "mtls" ? h("textarea", { rows: 4, spellcheck: "false" })
        : h("input", { type: "text", spellcheck: "false", autocomplete: "off" });
      control.value = stored?.type === kind.value ? stored[name] ?? "" : "";
      controls[name] = control;
      return field(label, control, { path: `authentication.${name}` });
    }));
  };
  kind.addEventListener("change", draw);
  draw();
  const element = field("Authentication", kind, { path: "authentication", hint: "Sent with each request; secrets are never shown again" });
  element.append(place);
  const value = () => {
    if (!kind.value) return null;
    const given = Object.entries(controls).filter(([, control]) => control.value).map(([name, control]) => [name, control.value]);
    return { type: kind.value, ...Object.fromEntries(given) };
  };
  return { element, value };
}

/** `{ element, value() }`: the member `headers`. */
export function headerFields(stored) {
  const rows = h("div", { class: "header-rows" });
  const add = (name, value) => {
    const row = h("div", { class: "header-row" },
      h("input", { value: name, "aria-label": "Header", placeholder: "x-shop", spellcheck: "false" }),
      h("input", { value, "aria-label": "Value", spellcheck: "false" }),
      h("button", { type: "button", class: "button icon-only", "aria-label": "Remove the header", onclick: () => row.remove() }, icon("close")));
    rows.append(row);
    return row;
  };
  for (const [name, value] of Object.entries(stored ?? {})) add(name, value);
  const element = h("div", { class: "field", "data-field": "headers" }, h("span", { class: "label" }, "Headers"), rows,
    button("Add a header", () => add("", "").querySelector("input").focus(), { kind: "small", glyph: "plus" }),
    h("p", { class: "fault" }));
  const value = () => Object.fromEntries([...rows.children]
    .map((row) => [...row.querySelectorAll("input")].map((input) => input.value.trim())).filter(([name]) => name));
  return { element, value };
}
