// How all webhooks are, what needs attention first.

import { all, get, totals } from "./api.js";
import { h, icon } from "./dom.js";
import { count, errorClass, milliseconds, percent, seconds, slow } from "./format.js";
import { button, empty, statusBadge, time } from "./ui.js";
import { chart } from "./charts.js";
import { often } from "./attention.js";

export async function render(ctx) {
  const [webhooks, metrics] = await Promise.all([
    ctx.can("webhooks:read") ? all("/company/webhooks", {}, 300) : [],
    ctx.can("metrics:read") ? get("/company/metrics", { signal: ctx.signal }) : null,
  ]);
  often(10, ctx.signal, ctx.refresh);
  const name = ctx.session.tenant.name || ctx.session.tenant.identifier;
  return [
    h("header", { class: "page-head" }, h("div", null, h("h1", { tabindex: "-1" }, "Overview"), h("p", { class: "quiet" }, `${name}, the last 24 hours`))),
    metrics ? tiles(webhooks, metrics) : null,
    ctx.can("webhooks:read") ? await attention(webhooks, ctx) : null,
    metrics ? charts(metrics) : null,
    ctx.can("webhooks:read") && webhooks.length ? grid(webhooks) : null,
  ];
}

function tiles(webhooks, { total }) {
  const tile = (title, value, note, kind = "") => h("div", { class: `card stat ${kind}` }, h("p", { class: "quiet" }, title), h("p", { class: "stat-value" }, value), h("p", { class: "quiet small" }, note));
  const active = webhooks.filter((webhook) => webhook.status === "active").length;
  const worst = Object.entries(total.errors).sort(([, one], [, other]) => other - one)[0];
  return h("div", { class: "stats" },
    tile("Success rate", percent(total.successRate), `${count(total.succeeded + total.failed)} requests`, total.successRate !== null && total.successRate < 0.95 ? "bad" : ""),
    tile("p95 response", milliseconds(total.responseTimeMs.p95), `half within ${milliseconds(total.responseTimeMs.p50)}`, total.responseTimeMs.p95 > slow ? "warn" : ""),
    tile("Failures", count(total.failed), worst ? `mostly: ${errorClass(worst[0]).toLowerCase()}` : "none"),
    tile("Queue depth", count(total.queueDepth), total.oldestPendingSeconds === null ? "nothing waits" : `the oldest for ${seconds(total.oldestPendingSeconds)}`),
    webhooks.length ? tile("Active", `${active} of ${webhooks.length}`, active === webhooks.length ? "all are sending" : `${count(webhooks.length - active)} not sending`) : null);
}

/** What needs somebody, worst first: switched off by Martlet, failing, slow, paused with events waiting. */
async function attention(webhooks, ctx) {
  if (!webhooks.length) {
    return empty("Nothing is sent yet", "A webhook calls a URL of yours when something happens, such as a new order.",
      ctx.can("webhooks:write") ? button("Make the first one", () => ctx.navigate("/portal/webhooks/new"), { kind: "primary" }) : null);
  }
  const found = [];
  for (const webhook of webhooks) {
    const failed = webhook.lastInvocation?.outcome === "failed";
    if (webhook.status === "disabled") found.push([0, webhook, `Switched off: ${webhook.disabledReason ?? "it failed for too long"}`]);
    else if (webhook.status === "active" && failed) {
      found.push([1, webhook, `The last request failed: ${webhook.lastInvocation.error ? errorClass(webhook.lastInvocation.error) : webhook.lastInvocation.status}`]);
    } else if (webhook.status === "inactive" && webhook.whenDisabled === "queue") found.push([3, webhook, "Paused; its events wait"]);
  }
  if (ctx.can("metrics:read")) {
    const known = new Set(found.map(([, webhook]) => webhook.id));
    const others = webhooks.filter((webhook) => webhook.status === "active" && webhook.lastInvocation && !known.has(webhook.id));
    const figures = await totals(others.map((webhook) => webhook.id), { signal: ctx.signal });
    others.forEach((webhook) => {
      const total = figures.get(webhook.id);
      if (!total) return;
      if (total.successRate !== null && total.successRate < 0.95) found.push([2, webhook, `Only ${percent(total.successRate)} of its requests succeed`]);
      else if (total.responseTimeMs.p95 > slow) found.push([2, webhook, `Slow: p95 is ${milliseconds(total.responseTimeMs.p95)}`]);
    });
  }
  found.sort(([one], [other]) => one - other);
  return h("section", { "aria-label": "Attention" }, h("div", { class: "section-head" }, h("h2", null, "Needs attention")),
    found.length ? h("ul", { class: "card attention" }, found.slice(0, 10).map(([rank, webhook, text]) => h("li", null,
      h("span", { class: `glyph ${rank < 2 ? "bad" : rank === 2 ? "warn" : "idle"}` }, icon(rank < 3 ? "warning" : "webhook")),
      h("div", { class: "grow" }, h("a", { class: "strong", href: `/portal/webhooks/${webhook.id}` }, webhook.name), h("p", { class: "quiet" }, text)),
      webhook.lastInvocation ? h("span", { class: "quiet" }, time(webhook.lastInvocation.start)) : null)))
      : h("p", { class: "card pad row" }, h("span", { class: "glyph good" }, icon("check")), "Everything works."));
}

function charts({ buckets }) {
  const starts = buckets.map((bucket) => bucket.start);
  return h("div", { class: "charts" },
    chart("Requests", {
      shape: "bars", starts, format: (value) => (Number.isInteger(value) ? count(value) : ""),
      series: [["Succeeded", "good", "succeeded"], ["Failed", "bad", "failed"]].map(([name, kind, key]) => ({ name, kind, values: buckets.map((bucket) => bucket[key]) })),
    }),
    chart("Response time", {
      shape: "lines", starts, format: milliseconds,
      series: ["p50", "p95", "p99"].map((name) => ({ name, kind: name, values: buckets.map((bucket) => bucket.responseTimeMs[name]) })),
    }));
}

function grid(webhooks) {
  return h("section", { "aria-label": "Health" }, h("div", { class: "section-head" }, h("h2", null, "All at a glance")),
    h("ul", { class: "health" }, webhooks.map((webhook) => {
      const failed = webhook.status === "active" && webhook.lastInvocation?.outcome === "failed";
      return h("li", null, h("a", { href: `/portal/webhooks/${webhook.id}`, class: `cell ${failed ? "failing" : ""}` },
        h("span", { class: "clip" }, webhook.name), statusBadge(webhook), failed ? h("span", { class: "badge warn" }, "Failing") : null));
    })));
}
