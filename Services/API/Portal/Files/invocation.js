// One request in full, in a dialog at the side: what was sent, what came back, and when.

import { get, post } from "./api.js";
import { h } from "./dom.js";
import { errorClass, milliseconds, pretty, when } from "./format.js";
import { attempt, badge, button, code, dialog, time, toast } from "./ui.js";

const triggers = { event: "Event", retry: "Manual retry", replay: "Replay", test: "Test" };

export async function open(id, ctx) {
  const invocation = await attempt(() => get(`/company/invocations/${id}`));
  if (!invocation) return;
  await dialog("Invocation", (close, box) => {
    box.classList.add("drawer");
    return content(invocation, ctx, close);
  });
}

function content(invocation, ctx, close) {
  const { request, response, error } = invocation;
  const canRetry = ctx.can("deliveries:write") && invocation.eventId;
  return h("div", { class: "stack" },
    h("p", { class: "row" }, badge(invocation.outcome), response ? h("strong", null, `HTTP ${response.status}`) : null,
      h("span", { class: "quiet" }, milliseconds(invocation.durationMs)),
      canRetry ? button("Retry", async () => {
        const done = await attempt(() => post(`/company/invocations/${invocation.id}/retry`));
        if (done) {
          toast("It is sent again.");
          close();
        }
      }, { kind: "small", glyph: "refresh" }) : null),
    error ? h("div", { class: "notice" }, h("strong", null, errorClass(error.class)), error.detail ? h("p", null, error.detail) : null) : null,
    facts([
      ["Event", invocation.eventId && ctx.can("events:read")
        ? [invocation.event, " ", h("a", { href: `/portal/events/${invocation.eventId}`, onclick: () => close() }, invocation.eventId)]
        : invocation.event],
      ["Trigger", triggers[invocation.trigger] ?? invocation.trigger],
      ["Attempt", `${invocation.attempt}${invocation.final ? ", the last" : ""}`],
      ["Started", when(invocation.start)],
      ["Next attempt", invocation.nextAttemptAt ? [time(invocation.nextAttemptAt), ` (${when(invocation.nextAttemptAt)})`] : "None"],
      ["Address", invocation.remoteAddress ?? "–"],
      ["Id", h("code", null, invocation.id)],
    ]),
    invocation.timings ? waterfall(invocation.timings) : null,
    request ? message("Request", `${request.method} ${request.url}`, request.headers, request.payload, request.isTruncated) : null,
    response ? message("Response", `HTTP ${response.status}`, response.headers, response.body, response.isTruncated) : null);
}

export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}

export function message(title, line, headers, body, isTruncated) {
  return h("section", null, h("h3", null, title), line ? h("p", { class: "mono wrap" }, line) : null,
    h("details", null, h("summary", null, `Headers (${headers.length ?? Object.keys(headers).length})`),
      headerTable(Array.isArray(headers) ? headers : Object.entries(headers), `${title}, headers`)),
    body ? code(pretty(body) ?? body, `${title}, body`) : h("p", { class: "quiet" }, "No body"),
    isTruncated ? h("p", { class: "quiet" }, "Only its beginning is kept.") : null);
}

function headerTable(pairs, label) {
  return h("table", { class: "headers" }, h("caption", { class: "offscreen" }, label),
    h("tbody", null, pairs.map(([name, value]) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, value)))));
}

/** How long each part took, one after the other: the first three are durations, the first byte a moment. */
function waterfall(timings) {
  const total = Math.max(timings.totalMs ?? 0, 0.001);
  const parts = [];
  let from = 0;
  const add = (name, duration) => {
    if (duration === null || duration === undefined) return;
    const until = Math.min(from + Math.max(duration, 0), total);
    parts.push({ name, from, until });
    from = until;
  };
  add("Name", timings.dnsMs);
  add("Connect", timings.connectMs);
  add("TLS", timings.tlsMs);
  if (typeof timings.firstByteMs === "number") add("Wait", timings.firstByteMs - from);
  add(typeof timings.firstByteMs === "number" ? "Read" : "Wait", total - from);
  return h("section", null, h("h3", null, "Timings"), h("table", { class: "waterfall" },
    h("caption", { class: "offscreen" }, "Timings of the request"),
    h("tbody", null, parts.map((part) => {
      const bar = h("i", { class: "bar" });
      bar.style.marginLeft = `${(part.from / total) * 100}%`;
      bar.style.width = `${Math.max(((part.until - part.from) / total) * 100, 0.5)}%`;
      return h("tr", null, h("th", { scope: "row" }, part.name), h("td", { class: "track" }, bar),
        h("td", { class: "number" }, milliseconds(part.until - part.from)));
    }), h("tr", null, h("th", { scope: "row" }, "Total"), h("td"), h("td", { class: "number" }, milliseconds(total))))));
}
