// Inspectors: addresses of Martlet's own that show what is sent to them.

import { call, get, post } from "./api.js";
import { h, icon } from "./dom.js";
import { bytes, when } from "./format.js";
import { attempt, badge, button, confirm, copyButton, empty, time, toast } from "./ui.js";
import { calm, often, redraw } from "./attention.js";
import { message } from "./invocation.js";

export const render = (ctx) => (ctx.params.id ? one(ctx) : list(ctx));

async function list(ctx) {
  const { data } = await get("/company/inspectors?limit=100", { signal: ctx.signal });
  const writes = ctx.can("webhooks:write");
  const make = async () => {
    const made = await attempt(() => post("/company/inspectors"));
    if (made) ctx.navigate(`/portal/inspectors/${made.id}`);
  };
  return [
    h("header", { class: "page-head" }, h("div", null, h("h1", { tabindex: "-1" }, "Inspectors"),
      h("p", { class: "quiet" }, "Temporary addresses that show what a webhook really sends. Each lives for 24 hours.")),
    writes ? button("New inspector", make, { kind: "primary", glyph: "plus" }) : null),
    data.length ? h("ul", { class: "tiles" }, data.map((inspector) => h("li", { class: "card tile" },
      h("a", { class: "mono wrap strong", href: `/portal/inspectors/${inspector.id}` }, inspector.url),
      h("p", { class: "quiet" }, "Made ", time(inspector.createdAt), ", ends ", time(inspector.expiresAt)),
      h("div", { class: "row" }, copyButton(inspector.url, "Copy URL"), writes ? button("Delete", async () => {
        if (!await confirm("Delete this inspector?", "What it was sent is gone with it.", "Delete")) return;
        if (await attempt(async () => { await call("DELETE", `/company/inspectors/${inspector.id}`); return true; })) {
          toast("The inspector is deleted.");
          ctx.reload();
        }
      }, { kind: "small" }) : null)))) : empty("No inspectors", "Make one, point a webhook at it, and watch the requests come in.",
      writes ? button("Make one", make, { kind: "primary" }) : null),
  ];
}

async function one(ctx) {
  const { data } = await get("/company/inspectors?limit=100", { signal: ctx.signal });
  const inspector = data.find((each) => each.id === ctx.params.id);
  if (!inspector) return empty("This inspector is over", "Inspectors live for 24 hours.", h("a", { class: "button", href: "/portal/inspectors" }, "Back"));
  const rows = new Map();
  const place = h("div", { class: "stack", "aria-live": "polite" });
  const draw = () => redraw(place, rows.size ? [...rows.values()].sort((one, other) => (one.id < other.id ? 1 : -1)).map((row) => row.element)
    : h("p", { class: "empty" }, "Waiting for the first request …"));
  const load = async () => {
    const page = await get(`/company/inspectors/${inspector.id}/requests?limit=100`, { signal: ctx.signal });
    const fresh = page.data.filter((request) => !rows.has(request.id));
    for (const request of fresh) rows.set(request.id, { id: request.id, element: entry(request) });
    if (!fresh.length && rows.size) return;
    await calm();
    draw();
  };
  await load();
  often(1.5, ctx.signal, () => load().catch(() => {}));
  return [
    h("header", { class: "page-head" }, h("div", { class: "grow" }, h("a", { class: "back", href: "/portal/inspectors" }, icon("back"), "Back"), h("h1", { tabindex: "-1" }, "Inspector"),
      h("p", { class: "quiet" }, "Ends ", time(inspector.expiresAt), " · the newest 100 requests are kept")),
    ctx.can("webhooks:write") ? button("Point a webhook here", () => ctx.navigate(`/portal/webhooks/new?url=${encodeURIComponent(inspector.url)}`)) : null),
    h("div", { class: "secret" }, h("code", null, inspector.url), copyButton(inspector.url, "Copy URL")),
    h("div", { class: "section-head" }, h("h2", null, "Requests"), h("span", { class: "live on" }, h("i", { class: "dot" }), "Live")), place,
  ];
}

function entry(request) {
  return h("details", { class: "card inspected" }, h("summary", null, h("strong", null, request.method), h("span", { class: "mono clip" }, request.path),
    badge(request.signature.verdict), h("span", { class: "quiet" }, bytes(request.bodySize)), time(request.receivedAt)),
  h("div", { class: "pad" }, request.signature.detail ? h("p", { class: "notice" }, request.signature.detail) : null, h("p", { class: "quiet" }, when(request.receivedAt)),
    message("Request", null, request.headers, request.body, request.isTruncated)));
}
