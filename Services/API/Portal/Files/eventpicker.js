// Choosing what a webhook is told about: a resource, then its events.

import { h, icon, replace } from "./dom.js";
import { byResource, words } from "./catalogue.js";
import { field, select } from "./ui.js";

/** The control; `chosen` is a set of names that it adds to and takes from, and `onchange` hears of it. */
export function eventPicker(types, chosen, onchange) {
  const groups = byResource(types);
  const resource = select([["", "Choose a resource"], ["*", "All resources"], ...groups.map(([name]) => [name, words(name)])], "");
  const offer = h("div", { class: "checks", role: "group", "aria-label": "Events to choose" });
  const picked = h("ul", { class: "picked", "aria-label": "Chosen events" });
  const draw = () => {
    const own = resource.value === "*" ? [{ name: "*", event: "Everything that happens" }]
      : [...(resource.value ? [{ name: `${resource.value}-*`, event: "all events" }] : []),
        ...(groups.find(([name]) => name === resource.value)?.[1] ?? [])];
    replace(offer, own.map((type) => h("label", { class: "check", title: type.description || null },
      h("input", {
        type: "checkbox", checked: chosen.has(type.name),
        onchange: (event) => {
          if (event.target.checked) chosen.add(type.name);
          else chosen.delete(type.name);
          drawPicked();
          onchange();
        },
      }), h("span", null, words(type.event), h("small", null, type.name)))));
  };
  const drawPicked = () => replace(picked, [...chosen].map((name) => h("li", { class: "chip" }, name,
    h("button", {
      type: "button", "aria-label": `Remove ${name}`,
      onclick: () => {
        chosen.delete(name);
        draw();
        drawPicked();
        onchange();
      },
    }, icon("close")))));
  resource.addEventListener("change", draw);
  if (chosen.size === 1) {
    const type = types.find((each) => chosen.has(each.name));
    if (type) resource.value = type.resource;
  }
  draw();
  drawPicked();
  const holder = field("Resource", resource, { path: "events", hint: "Then the events of it. Several resources may be chosen one after the other." });
  holder.querySelector(".fault").before(offer, picked);
  return holder;
}

/** The types that chosen names stand for, patterns too. */
export function typesOf(chosen, types) {
  return types.filter((type) => [...chosen].some((name) => (name === "*" && !type.operational) || name === type.name
    || (name.endsWith("*") && type.name.startsWith(name.slice(0, -1)))));
}
