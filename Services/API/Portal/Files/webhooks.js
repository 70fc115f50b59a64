// Settings → Webhooks: all of a tenant's webhooks.

import { get, totals, withQuery } from "./api.js";
import { append, h, icon, replace } from "./dom.js";
import { milliseconds, percent, slow } from "./format.js";
import { button, empty, link, menu, pager, segments, select, statusBadge, time } from "./ui.js";
import { byResource, described, eventTypes, words } from "./catalogue.js";
import { entries } from "./actions.js";
import { often } from "./attention.js";

export async function render(ctx) {
  const asked = Object.fromEntries(["search", "status", "resource", "event", "cursor"].map((name) => [name, ctx.query.get(name)]));
  const [page, types] = await Promise.all([
    get(withQuery("/company/webhooks", { ...asked, limit: 30 }), { signal: ctx.signal }), eventTypes(),
  ]);
  const view = ctx.query.get("view") ?? "table";
  const isFiltered = ["search", "status", "resource", "event"].some((name) => asked[name]);
  const rates = new Map();
  const list = page.data.length ? (view === "cards" ? cards : table)(page.data, types, ctx, rates) : nothing(isFiltered, ctx);
  fillRates(rates, ctx);
  often(15, ctx.signal, ctx.refresh);
  return [
    h("header", { class: "page-head" },
      h("div", null, h("h1", { tabindex: "-1" }, "Webhooks"),
        h("p", { class: "quiet" }, "Where events are sent, and how it goes.")),
      ctx.can("webhooks:write")
        ? button("Create webhook", () => ctx.navigate("/portal/webhooks/new"), { kind: "primary", glyph: "plus" }) : null),
    toolbar(asked, view, types, ctx), list, pager(page, ctx),
  ];
}

function toolbar(asked, view, types, ctx) {
  const fresh = (changes) => ctx.setQuery({ ...changes, cursor: null, page: null }, { instead: true });
  const search = h("input", {
    type: "search", placeholder: "Search", "aria-label": "Search by resource, event, URL or name", value: asked.search ?? "",
    maxlength: 200,
  });
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => fresh({ search: search.value.trim() || null }), 250);
  });
  const resources = byResource(types).map(([name]) => [name, words(name)]);
  const events = types.filter((type) => !asked.resource || type.resource === asked.resource)
    .map((type) => [type.name, type.name]);
  return h("div", { class: "toolbar", role: "search" },
    h("div", { class: "search" }, icon("search"), search),
    segments("Status", [["", "All"], ["active", "Active"], ["inactive", "Inactive"], ["disabled", "Disabled"]],
      asked.status ?? "", (status) => fresh({ status })),
    select([["", "Any resource"], ...resources], asked.resource ?? "",
      { "aria-label": "Resource", onchange: (event) => fresh({ resource: event.target.value, event: null }) }),
    select([["", "Any event"], ...events], asked.event ?? "",
      { "aria-label": "Event", onchange: (event) => fresh({ event: event.target.value }) }),
    segments("View", [["table", "Table", "table"], ["cards", "Cards", "cards"]], view,
      (name) => fresh({ view: name === "table" ? null : name })));
}

function nothing(isFiltered, ctx) {
  if (isFiltered) {
    return empty("Nothing matches", "No webhook fits this search and these filters.",
      button("Show all", () => ctx.setQuery({ search: null, status: null, resource: null, event: null, cursor: null, page: null })));
  }
  return empty("No webhooks yet", "A webhook sends events, such as a new order, to a URL of yours as they happen.",
    ctx.can("webhooks:write") ? button("Make the first one", () => ctx.navigate("/portal/webhooks/new"), { kind: "primary" }) : null);
}

function table(rows, types, ctx, rates) {
  const names = ["Name", "Resource", "Event", "URL", "Status", "Success rate", "Last invocation"];
  return h("div", { class: "card table-holder" }, h("table", { class: "rows stacked" },
    h("caption", { class: "offscreen" }, "All webhooks"),
    h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name)),
      h("th", { scope: "col" }, h("span", { class: "offscreen" }, "Actions")))),
    h("tbody", null, rows.map((webhook) => {
      const parts = described(webhook.events, types);
      const rate = h("td", { "data-label": "Success rate", class: "number" }, "–");
      rates.set(webhook.id, rate);
      return h("tr", null,
        h("th", { scope: "row", "data-label": "Name" },
          link(webhook.name, `/portal/webhooks/${webhook.id}`, { class: "strong" })),
        h("td", { "data-label": "Resource" }, chips(parts.map((part) => words(part.resource)))),
        h("td", { "data-label": "Event" }, chips(parts.map((part) => words(part.event)))),
        h("td", { "data-label": "URL", class: "url" }, h("span", { class: "mono clip", title: webhook.url }, webhook.url)),
        h("td", { "data-label": "Status" }, statusBadge(webhook),
          webhook.disabledReason ? h("small", { class: "reason" }, webhook.disabledReason) : null),
        rate, h("td", { "data-label": "Last invocation" }, last(webhook)),
        h("td", { class: "actions" }, actions(webhook, ctx)));
    }))));
}

function cards(rows, types, ctx, rates) {
  return h("ul", { class: "tiles" }, rows.map((webhook) => {
    const rate = h("span", { class: "number" }, "–");
    rates.set(webhook.id, rate);
    return h("li", { class: "card tile" },
      h("div", { class: "row apart" }, link(webhook.name, `/portal/webhooks/${webhook.id}`, { class: "strong" }),
        actions(webhook, ctx)),
      h("p", { class: "mono clip", title: webhook.url }, webhook.url),
      chips(described(webhook.events, types).map((part) => `${words(part.resource)} ${words(part.event)}`)),
      h("div", { class: "row apart" }, statusBadge(webhook), rate, last(webhook)),
      webhook.disabledReason ? h("small", { class: "reason" }, webhook.disabledReason) : null);
  }));
}

function chips(words) {
  const all = [...new Set(words.filter(Boolean))];
  return h("span", { class: "chips" }, all.slice(0, 3).map((word) => h("span", { class: "chip" }, word)),
    all.length > 3 ? h("span", { class: "chip", title: all.slice(3).join(", ") }, `+${all.length - 3}`) : null);
}

function last(webhook) {
  const invocation = webhook.lastInvocation;
  if (!invocation) return h("span", { class: "quiet" }, "Never");
  const good = invocation.outcome === "succeeded";
  return h("span", { class: "row tight" },
    h("i", { class: `dot ${good ? "good" : invocation.outcome === "failed" ? "bad" : "idle"}` }), time(invocation.start),
    h("small", { class: "quiet" }, invocation.status ?? invocation.outcome));
}

function actions(webhook, ctx) {
  const items = entries(webhook, ctx, () => ctx.reload());
  return items.some(Boolean) ? menu(`Actions for ${webhook.name}`, items) : null;
}

const known = new Map();

/** The figures of all rows by one request; what was known is shown until then. */
async function fillRates(places, ctx) {
  if (!ctx.can("metrics:read") || !places.size) return;
  for (const [id, place] of places) if (known.has(id)) showRate(place, known.get(id));
  try {
    for (const [id, total] of await totals([...places.keys()], { signal: ctx.signal })) {
      known.set(id, total);
      showRate(places.get(id), total);
    }
  } catch { /* left away; the next look tries again */ }
}

function showRate(place, { successRate, responseTimeMs }) {
  replace(place, successRate === null ? h("span", { class: "quiet" }, "–") : percent(successRate));
  if (responseTimeMs.p95 <= slow) return;
  append(place, h("span", { class: "badge warn", title: "95 % are faster than this" }, `Slow: p95 ${milliseconds(responseTimeMs.p95)}`));
}
