// The tenant's event types, read once a visit, by their resources.

import { all } from "./api.js";

let known = null;

// Another session may be another tenant's.
addEventListener("portal:session", () => { known = null; });

/** `[{ name, resource, event, … }]`, by name. */
export function eventTypes() {
  known ??= all("/company/event-types", {}, 2000).catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

/** `[[resource, [type, …]], …]` in the order of names. */
export function byResource(types) {
  const groups = new Map();
  for (const type of types) {
    if (!groups.has(type.resource)) groups.set(type.resource, []);
    groups.get(type.resource).push(type);
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}

/** What a webhook's events are about: `[{ resource, event }]`. */
export function described(events, types) {
  return events.map((name) => {
    if (name === "*") return { resource: "all", event: "all" };
    const type = types.find((each) => each.name === name || each.aliases?.includes(name));
    if (type) return { resource: type.resource, event: type.event };
    if (name.endsWith("*")) return { resource: name.replace(/[-_.]?\*$/, ""), event: "all" };
    return { resource: name, event: "" };
  });
}

export const words = (text) => text.replaceAll(/[-_]/g, " ");
