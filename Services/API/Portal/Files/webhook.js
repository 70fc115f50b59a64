// One webhook: how it goes, what it was sent, and what may be done to it.

import { all, call, get, stream, withQuery } from "./api.js";
import { append, h, icon, replace } from "./dom.js";
import { count, errorClass, milliseconds, percent, seconds, when } from "./format.js";
import { attempt, badge, button, menu, segments, select, statusBadge, time, toast } from "./ui.js";
import { entries, pause, resume, showSecret, test } from "./actions.js";
import { calm, keepingFocus, often, redraw } from "./attention.js";
import { chart } from "./charts.js";
import { facts, open } from "./invocation.js";

const ranges = {
  "1h": ["1 hour", 3600, "minute"], "24h": ["24 hours", 86400, "hour"], "7d": ["7 days", 604800, "hour"], "30d": ["30 days", 2592000, "day"],
};

export async function render(ctx) {
  const webhook = await get(`/company/webhooks/${ctx.params.id}`, { signal: ctx.signal });
  ctx.setTitle(webhook.name);
  const parts = [head(webhook, ctx)];
  if (ctx.can("metrics:read")) parts.push(figures(webhook, ctx));
  if (ctx.can("deliveries:read")) parts.push(history(webhook, ctx), queue(webhook, ctx));
  parts.push(settings(webhook, ctx));
  const wanted = ctx.query.get("invocation");
  if (wanted && ctx.can("deliveries:read")) setTimeout(() => show(wanted, ctx));
  return parts;
}

function head(webhook, ctx) {
  const writes = ctx.can("webhooks:write");
  const changed = (isGone) => (isGone === true ? ctx.navigate("/portal/webhooks") : ctx.reload());
  const items = entries(webhook, ctx, changed);
  return h("header", { class: "page-head" },
    h("div", { class: "grow" }, h("a", { class: "back", href: "/portal/webhooks" }, icon("back"), "Back"),
      h("div", { class: "row" }, h("h1", { tabindex: "-1" }, webhook.name), statusBadge(webhook)),
      h("p", { class: "mono wrap quiet" }, `${webhook.method} ${webhook.url}`),
      webhook.disabledReason ? h("p", { class: "notice" }, `Martlet switched it off: ${webhook.disabledReason}. Resume it when the receiver works again.`) : null),
    h("div", { class: "row" },
      writes ? button("Test", () => test(webhook).then(changed), { glyph: "play" }) : null,
      writes ? (webhook.status === "active" ? button("Pause", async () => (await pause(webhook)) && ctx.reload())
        : button("Resume", async () => (await resume(webhook)) && ctx.reload(), { kind: "primary" })) : null,
      writes ? button("Edit", () => ctx.navigate(`/portal/webhooks/${webhook.id}/edit`)) : null,
      items.some(Boolean) ? menu("More actions", items.filter((item) => item && !["Edit", "Test", "Pause", "Resume"].includes(item[0]))) : null));
}

// MARK: Figures

function figures(webhook, ctx) {
  const place = h("div", { class: "figures" });
  let range = ctx.query.get("range") ?? "24h";
  if (!ranges[range]) range = "24h";
  const load = async () => {
    const asked = range;
    const [, span, interval] = ranges[asked];
    const from = new Date(Date.now() - span * 1000).toISOString();
    try {
      const metrics = await get(withQuery(`/company/webhooks/${webhook.id}/metrics`, { from, interval }), { signal: ctx.signal });
      await calm();
      if (asked !== range) return;
      const open = [...place.querySelectorAll("details")].map((each) => [each.open, each.querySelector(".scroll").scrollTop]);
      keepingFocus(place, () => {
        replace(place, ...drawing(metrics));
        place.querySelectorAll("details").forEach((each, at) => {
          [each.open, each.querySelector(".scroll").scrollTop] = open[at] ?? [false, 0];
        });
      });
    } catch (error) {
      if (error.name !== "AbortError") append(replace(place), [h("p", { class: "quiet" }, error.message)]);
    }
  };
  often(5, ctx.signal, load);
  load();
  return h("section", { "aria-label": "Figures" },
    h("div", { class: "section-head" }, h("h2", null, "How it goes"),
      segments("Time", Object.entries(ranges).map(([key, [text]]) => [key, text]), range, (chosen) => {
        range = chosen;
        ctx.setQuery({ range: chosen === "24h" ? null : chosen }, { instead: true, silent: true });
        load();
      })), place);
}

function drawing({ total, buckets }) {
  const starts = buckets.map((bucket) => bucket.start);
  const of = (read) => buckets.map(read);
  const kinds = Object.keys(total.errors).sort((one, other) => total.errors[other] - total.errors[one]);
  const time = total.responseTimeMs;
  const tile = (name, value, note, kind) => h("div", { class: `card stat ${kind ?? ""}` }, h("p", { class: "quiet" }, name), h("p", { class: "stat-value" }, value), h("p", { class: "quiet small" }, note));
  return [
    h("div", { class: "stats" },
      tile("Success rate", percent(total.successRate), `${count(total.succeeded)} of ${count(total.succeeded + total.failed)} requests`),
      tile("Response time", milliseconds(time.p50), `p95 ${milliseconds(time.p95)} · p99 ${milliseconds(time.p99)}`, time.p95 > 2000 ? "warn" : ""),
      tile("Failures", count(total.failed), kinds.length ? `mostly: ${errorClass(kinds[0]).toLowerCase()}` : "none"),
      tile("Queue depth", count(total.queueDepth), total.oldestPendingSeconds === null ? "nothing waits" : `the oldest for ${seconds(total.oldestPendingSeconds)}`)),
    h("div", { class: "charts" },
      chart("Requests", {
        shape: "bars", starts, format: whole,
        series: [{ name: "Succeeded", kind: "good", values: of((each) => each.succeeded) }, { name: "Failed", kind: "bad", values: of((each) => each.failed) }],
      }),
      chart("Response time", {
        shape: "lines", starts, format: milliseconds,
        series: ["p50", "p95", "p99"].map((name) => ({ name, kind: name, values: of((each) => each.responseTimeMs[name]) })),
      }),
      chart("Errors by class", {
        shape: "bars", starts, format: whole,
        series: (kinds.length ? kinds.slice(0, 5) : ["none"]).map((name, at) => ({ name: name === "none" ? "None" : errorClass(name), kind: `e${at}`, values: of((each) => each.errors[name] ?? 0) })),
      }),
      chart("Queue depth", {
        shape: "bars", starts, format: whole,
        // What waits now is known; the last look was up to ten seconds ago.
        series: [{ name: "Most that waited", kind: "waiting", values: buckets.map((each, at) => (at === buckets.length - 1 ? Math.max(each.queueDepth, total.queueDepth) : each.queueDepth)) }],
      })),
  ];
}

const whole = (value) => (Number.isInteger(value) ? count(value) : "");

// MARK: History

function history(webhook, ctx) {
  const asked = { outcome: ctx.query.get("outcome"), event: ctx.query.get("event"), created_at_min: ctx.query.get("since"), cursor: ctx.query.get("cursor") };
  const isLive = !asked.cursor;
  const body = h("tbody");
  const state = h("span", { class: "live", role: "status" }, h("i", { class: "dot" }), "Live");
  const more = h("div");
  const rows = new Map();
  const fits = (row) => (!asked.outcome || row.outcome === asked.outcome) && (!asked.event || row.event === asked.event)
    && (!asked.created_at_min || row.start >= asked.created_at_min);
  const draw = async () => {
    await calm();
    const sorted = [...rows.values()].sort((one, other) => (one.id < other.id ? 1 : -1)).slice(0, 100);
    redraw(body, sorted.length ? sorted.map((row) => line(row, ctx)) : h("tr", null, h("td", { colspan: 6, class: "quiet center" }, "No invocations yet. Send a test, or wait for the next event.")));
  };
  const load = async () => {
    const page = await attempt(() => get(withQuery(`/company/webhooks/${webhook.id}/invocations`, { ...asked, limit: 30 }), { signal: ctx.signal }));
    if (!page) {
      if (!ctx.signal.aborted) setTimeout(load, 5000);
      return;
    }
    for (const row of page.data) rows.set(row.id, row);
    draw();
    replace(more, page.nextCursor ? button("Older", () => ctx.setQuery({ cursor: page.nextCursor })) : null,
      asked.cursor ? button("Back to the newest", () => ctx.setQuery({ cursor: null })) : null);
  };
  load();
  if (isLive) {
    stream(`/company/webhooks/${webhook.id}/invocations/stream`, (row) => {
      if (!fits(row)) return;
      rows.set(row.id, row);
      draw();
    }, (isOn) => {
      state.classList.toggle("on", isOn);
      if (isOn) load();  // what came before it listened
    }, ctx.signal);
  }
  return h("section", { "aria-label": "Invocations" },
    h("div", { class: "section-head" }, h("h2", null, "Invocations"), isLive ? state : null, filters(webhook, asked, ctx)),
    h("div", { class: "card table-holder" }, h("table", { class: "rows stacked" },
      h("caption", { class: "offscreen" }, "Requests that were made, newest first"),
      h("thead", null, h("tr", null, ["Outcome", "Event", "Status", "Attempt", "Took", "When"].map((name) => h("th", { scope: "col" }, name)))),
      body)), h("div", { class: "row" }, more));
}

function filters(webhook, asked, ctx) {
  const set = (changes) => ctx.setQuery({ ...changes, cursor: null }, { instead: true });
  const names = [...new Set([...webhook.events.filter((name) => !name.includes("*")), asked.event].filter(Boolean))];
  const hours = { "": "Any time", 1: "Last hour", 24: "Last day", 168: "Last week" };
  return h("div", { class: "row filters" },
    select([["", "Any outcome"], ["succeeded", "Succeeded"], ["failed", "Failed"], ["debounced", "Debounced"], ["discarded", "Discarded"]],
      asked.outcome ?? "", { "aria-label": "Outcome", onchange: (event) => set({ outcome: event.target.value }) }),
    names.length ? select([["", "Any event"], ...names.map((name) => [name, name])], asked.event ?? "",
      { "aria-label": "Event", onchange: (event) => set({ event: event.target.value }) }) : null,
    select(Object.entries(hours).sort(([one], [other]) => one - other), ctx.query.get("hours") ?? "", {
      "aria-label": "Time", onchange: ({ target }) => set({
        hours: target.value, since: target.value ? new Date(Date.now() - target.value * 3600000).toISOString() : null,
      }),
    }));
}

function line(row, ctx) {
  const status = row.response?.status ?? (row.error ? errorClass(row.error.class) : "–");
  return h("tr", { class: "open" },
    h("th", { scope: "row", "data-label": "Outcome" }, badge(row.outcome), row.trigger !== "event" ? h("span", { class: "chip" }, row.trigger) : null),
    h("td", { "data-label": "Event" }, h("button", { type: "button", class: "text-button", "aria-label": `${row.event}, ${row.outcome}: details`, onclick: () => show(row.id, ctx) }, row.event)),
    h("td", { "data-label": "Status" }, status), h("td", { "data-label": "Attempt" }, row.attempt, Date.parse(row.nextAttemptAt) > Date.now() ? [" · next ", time(row.nextAttemptAt)] : null),
    h("td", { "data-label": "Took", class: "number" }, milliseconds(row.durationMs)), h("td", { "data-label": "When" }, time(row.start)));
}

async function show(id, ctx) {
  ctx.setQuery({ invocation: id }, { instead: true, silent: true });
  await open(id, ctx);
  if (!ctx.signal.aborted) ctx.setQuery({ invocation: null }, { instead: true, silent: true });
}

// MARK: What waits, and what it is

function queue(webhook, ctx) {
  const place = h("div");
  const load = async () => {
    const page = await attempt(() => get(withQuery("/company/deliveries", { webhookId: webhook.id, limit: 20 }), { signal: ctx.signal }));
    if (!page) return;
    await calm();
    redraw(place, page.data.length ? h("div", { class: "card table-holder" }, h("table", { class: "rows stacked" },
      h("caption", { class: "offscreen" }, "Pending deliveries"),
      h("thead", null, h("tr", null, ["State", "Event", "Attempt", "Due", ""].map((name) => h("th", { scope: "col" }, name || h("span", { class: "offscreen" }, "Actions"))))),
      h("tbody", null, page.data.map((row) => h("tr", null, h("th", { scope: "row", "data-label": "State" }, badge(row.state)), h("td", { "data-label": "Event" }, row.event),
        h("td", { "data-label": "Attempt" }, row.attempt), h("td", { "data-label": "Due" }, time(row.dueAt)),
        h("td", { class: "actions" }, ctx.can("deliveries:write") ? button("Cancel", async () => {
          await attempt(() => call("DELETE", `/company/deliveries/${row.id}`));
          toast("The delivery is cancelled.");
          load();
        }, { kind: "small", "aria-label": `Cancel the delivery of ${row.event}` }) : null)))))) : h("p", { class: "quiet" }, "Nothing waits."));
  };
  load();
  often(5, ctx.signal, load);
  return h("section", { "aria-label": "Pending" }, h("div", { class: "section-head" }, h("h2", null, "Pending deliveries")), place);
}

function settings(webhook, ctx) {
  const changes = h("div");
  const loadChanges = async () => {
    const rows = await attempt(() => all(`/company/webhooks/${webhook.id}/changes`, {}, 50));
    if (rows) replace(changes, rows.length ? h("ul", { class: "changes" }, rows.map((row) => h("li", null, h("p", { class: "quiet" }, time(row.at), ` by ${row.by ?? "someone"}`),
      h("ul", null, row.changes.map((change) => h("li", null, h("strong", null, change.member), `: ${brief(change.from)} → ${brief(change.to)}`)))))) : h("p", { class: "quiet" }, "Never changed."));
  };
  const secret = ctx.can("webhooks:write") ? button("Show", async () => {
    const found = await attempt(() => get(`/company/webhooks/${webhook.id}/secret`));
    if (found) showSecret(webhook, found.secret);
  }, { kind: "small", "aria-label": "Show the signing secret" }) : null;
  return h("section", { "aria-label": "Configuration" }, h("div", { class: "section-head" }, h("h2", null, "Configuration")),
    h("div", { class: "card pad" }, facts([
      ["Events", webhook.events.join(", ")], ["Dialect", webhook.dialect], ["While inactive", webhook.whenDisabled === "queue" ? "events are kept" : "events are discarded"],
      ["Authentication", webhook.authentication?.type ?? "none"], ["Timeout", `${milliseconds(webhook.timeoutMs)}, to connect ${milliseconds(webhook.connectTimeoutMs)}`],
      ["Retries", webhook.retry ? `${webhook.retry.maxAttempts} attempts` : "–"], ["Order", webhook.ordering], ["Secret", [h("code", null, webhook.secretHint ?? "–"), " ", secret]],
      ["Created", when(webhook.createdAt)], ["Id", h("code", null, webhook.id)],
    ]), h("details", { ontoggle: (event) => event.target.open && loadChanges() }, h("summary", null, "Changes"), changes)));
}

const brief = (value) => (value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value)).slice(0, 120);

