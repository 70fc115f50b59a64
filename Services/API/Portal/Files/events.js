// What happened: events, what was in them, and which webhooks got them.

import { all, call, get, withQuery } from "./api.js";
import { h, icon, replace } from "./dom.js";
import { when } from "./format.js";
import { attempt, badge, button, code, dialog, empty, field, pager, select, time } from "./ui.js";
import { byResource, eventTypes, words } from "./catalogue.js";
import { calm, often, redraw } from "./attention.js";
import { facts, open } from "./invocation.js";
import { testResult } from "./actions.js";

export const render = (ctx) => (ctx.params.id ? one(ctx) : list(ctx));

async function list(ctx) {
  const asked = { event: ctx.query.get("event"), resourceId: ctx.query.get("resourceId"), cursor: ctx.query.get("cursor") };
  const [page, types] = await Promise.all([
    get(withQuery("/company/events", { ...asked, limit: 30 }), { signal: ctx.signal }),
    ctx.can("webhooks:read") ? eventTypes() : [],
  ]);
  const set = (changes) => ctx.setQuery({ ...changes, cursor: null, page: null }, { instead: true });
  const resource = h("input", { type: "search", "aria-label": "Resource id", placeholder: "Resource id", value: asked.resourceId ?? "", spellcheck: "false" });
  const form = h("form", { class: "toolbar", role: "search" }, h("div", { class: "search" }, icon("search"), resource),
    select([["", "Any type"], ...types.map((type) => [type.name, type.name])], asked.event ?? "",
      { "aria-label": "Type", onchange: (event) => set({ event: event.target.value }) }), button("Search", null, { type: "submit" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    set({ resourceId: resource.value.trim() });
  });
  if (!asked.cursor) often(5, ctx.signal, ctx.refresh);
  return [
    h("header", { class: "page-head" }, h("div", null, h("h1", { tabindex: "-1" }, "Events"), h("p", { class: "quiet" }, "What your shop has told, newest first.")),
      ctx.can("webhooks:write") && ctx.can("webhooks:read") ? button("Send a sample", () => sample(types), { glyph: "play" }) : null),
    form,
    page.data.length ? h("div", { class: "card table-holder" }, h("table", { class: "rows stacked" },
      h("caption", { class: "offscreen" }, "Events, newest first"),
      h("thead", null, h("tr", null, ["Type", "Resource id", "Id", "Accepted"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", null, page.data.map((event) => h("tr", null,
        h("th", { scope: "row", "data-label": "Type" }, h("a", { class: "strong", href: `/portal/events/${event.id}` }, event.type)),
        h("td", { "data-label": "Resource id", class: "mono clip" }, event.resourceId ?? "–"), h("td", { "data-label": "Id", class: "mono quiet" }, event.id),
        h("td", { "data-label": "Accepted" }, time(moment(event)))))))) : empty(asked.event || asked.resourceId ? "Nothing matches" : "No events yet", asked.event || asked.resourceId
      ? "No event is of this type and resource." : "Events show up here as soon as your systems post them."),
    pager(page, ctx),
  ];
}

const moment = (event) => event.acceptedAt ?? event.createdAt ?? event.occurredAt;

async function one(ctx) {
  const event = await get(`/company/events/${ctx.params.id}`, { signal: ctx.signal });
  ctx.setTitle(event.type);
  const place = h("div", null, h("p", { class: "quiet" }, "Looking …"));
  const load = async () => {
    const [page, names] = await Promise.all([get(`/company/events/${event.id}/deliveries`, { signal: ctx.signal }), webhookNames(ctx)]);
    await calm();
    redraw(place, page.data.length ? h("div", { class: "card table-holder" }, h("table", { class: "rows stacked" }, h("caption", { class: "offscreen" }, "Deliveries of the event"),
      h("thead", null, h("tr", null, ["Webhook", "State", "Attempts"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", null, page.data.map((delivery) => h("tr", null,
        h("th", { scope: "row", "data-label": "Webhook" }, ctx.can("webhooks:read") ? h("a", { href: `/portal/webhooks/${delivery.webhookId}` }, names.get(delivery.webhookId) ?? delivery.webhookId) : delivery.webhookId),
        h("td", { "data-label": "State" }, badge(delivery.state)),
        h("td", { "data-label": "Attempts" }, h("span", { class: "row" }, delivery.invocations.map((invocation) => ctx.can("deliveries:read")
          ? button(`${invocation.attempt}: ${invocation.response?.status ?? invocation.error?.class ?? invocation.outcome}`, () => open(invocation.id, ctx), { kind: "small" })
          : `${invocation.attempt}: ${invocation.outcome}`)))))))) : h("p", { class: "quiet" }, "No webhook was to get it."));
  };
  const again = () => load().catch((error) => { if (error.name !== "AbortError") replace(place, h("p", { class: "notice" }, error.message)); });
  again();
  often(3, ctx.signal, again);
  return [
    h("header", { class: "page-head" }, h("div", null, h("a", { class: "back", href: "/portal/events" }, icon("back"), "Back"), h("h1", { tabindex: "-1" }, event.type))),
    h("div", { class: "card pad" }, facts([["Id", h("code", null, event.id)], ["Resource id", event.resourceId ? h("a", { href: withQuery("/portal/events", { resourceId: event.resourceId }) }, event.resourceId) : "–"],
      ["Occurred", event.occurredAt ? when(event.occurredAt) : "–"], ["Accepted", moment(event) ? when(moment(event)) : "–"]])),
    h("section", { "aria-label": "Deliveries" }, h("div", { class: "section-head" }, h("h2", null, "Who got it")), place),
    h("section", { "aria-label": "Payload" }, h("div", { class: "section-head" }, h("h2", null, "Payload")), code(JSON.stringify(event.data, null, 2), "Data of the event"),
      event.related ? [h("h3", null, "Related"), code(JSON.stringify(event.related, null, 2), "Related data")] : null),
  ];
}

let names = null;

// Another session may be another tenant's.
addEventListener("portal:session", () => { names = null; });

function webhookNames(ctx) {
  if (!ctx.can("webhooks:read")) return new Map();
  names ??= all("/company/webhooks").then((rows) => new Map(rows.map((webhook) => [webhook.id, webhook.name])), (error) => {
    names = null;
    throw error;
  });
  return names;
}

/** A sample of the catalogue, to one webhook, as a test: the API itself takes no events. */
async function sample(types) {
  const webhooks = await attempt(() => all("/company/webhooks"));
  if (!webhooks) return;
  await dialog("Send a sample event", (close) => {
    const type = h("select", null, byResource(types).map(([resource, own]) => h("optgroup", { label: words(resource) }, own.map((each) => h("option", { value: each.name }, each.name)))));
    const target = select(webhooks.map((webhook) => [webhook.id, webhook.name]), webhooks[0]?.id);
    const result = h("div", { "aria-live": "polite" });
    const preview = h("div");
    const show = async () => {
      const found = await attempt(() => get(`/company/event-types/${encodeURIComponent(type.value)}`));
      if (found) replace(preview, code(JSON.stringify(found.example, null, 2), "Data of the sample"));
    };
    type.addEventListener("change", show);
    show();
    const form = h("form", null, h("p", { class: "quiet" }, "A signed test goes to the webhook at once. It counts as no event."),
      h("div", { class: "grid two" }, field("Type", type), field("Webhook", target)), preview, result,
      h("footer", null, button("Cancel", () => close()), button("Send", null, { kind: "primary", type: "submit", disabled: !webhooks.length })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const sent = await attempt(() => call("POST", `/company/webhooks/${target.value}/test`, { event: type.value }));
      if (sent) replace(result, testResult(sent));
    });
    return form;
  }, { wide: true });
}
