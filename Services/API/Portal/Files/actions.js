// What may be done to a webhook, from wherever it is shown.

import { call, get, post } from "./api.js";
import { h, replace } from "./dom.js";
import { count, errorClass, milliseconds, pretty } from "./format.js";
import {
  attempt, badge, button, code, confirm, copyButton, dialog, field, select, showFaults, toast,
} from "./ui.js";
import { snippets } from "./snippets.js";

/** The ⋮ menu's entries, by what the session may do. */
export function entries(webhook, ctx, changed) {
  const writes = ctx.can("webhooks:write");
  return [
    writes && ["Edit", () => ctx.navigate(`/portal/webhooks/${webhook.id}/edit`)],
    writes && ["Test", () => test(webhook).then(changed)],
    writes && (webhook.status === "active" ? ["Pause", () => pause(webhook).then((done) => done && changed())]
      : ["Resume", () => resume(webhook).then((done) => done && changed())]),
    writes && ["Rotate secret", () => rotate(webhook).then((done) => done && changed())],
    ctx.can("deliveries:write") && ["Replay", () => replay(webhook).then(changed)],
    writes && ["Delete", () => remove(webhook).then((done) => done && changed(true)), "danger"],
  ];
}

/** What came of a test send. */
export function testResult({ ok, invocation }) {
  const status = invocation.response?.status;
  const body = invocation.response?.body;
  return h("div", { class: "test-result" },
    h("p", { class: "row" }, badge(ok ? "succeeded" : "failed", ok ? "Connected" : "Failed"),
      h("strong", null, status ? `HTTP ${status}` : errorClass(invocation.error?.class ?? "other")),
      h("span", { class: "quiet" }, milliseconds(invocation.durationMs))),
    invocation.error?.detail ? h("p", { class: "quiet" }, invocation.error.detail) : null,
    !ok && status >= 200 && status < 300 ? h("p", { class: "quiet" },
      "A test asks for exactly 200. Deliveries take any 2xx.") : null,
    body ? code(body.slice(0, 4000), "Body of the answer") : null,
    invocation.request?.payload ? h("details", null, h("summary", null, "What was sent"),
      code(pretty(invocation.request.payload) ?? invocation.request.payload, "Body of the request")) : null);
}

export function test(webhook, event) {
  return dialog(`Test ${webhook.name}`, (close) => {
    const place = h("div", { "aria-live": "polite" }, h("p", { class: "quiet" }, "Sending a signed sample event …"));
    const run = async () => {
      try {
        replace(place, testResult(await call("POST", `/company/webhooks/${webhook.id}/test`, event ? { event } : {})));
      } catch (error) {
        replace(place, h("p", { class: "notice" }, error.message));
      }
    };
    run();
    return h("div", null, place, h("footer", null, button("Send again", run), button("Done", () => close(), { kind: "primary" })));
  });
}

export function pause(webhook) {
  return dialog(`Pause ${webhook.name}?`, (close) => {
    const option = (value, title, text) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "when", value, checked: webhook.whenDisabled === value }),
      h("span", null, h("strong", null, title), h("small", null, text)));
    const form = h("form", null,
      h("fieldset", null, h("legend", null, "What becomes of events meanwhile"),
        option("queue", "Keep them", "They wait, and are sent in order when the webhook is resumed."),
        option("discard", "Discard them", "Nothing that happens meanwhile is sent, now or later.")),
      h("footer", null, button("Cancel", () => close()), button("Pause", null, { kind: "primary", type: "submit" })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const whenDisabled = new FormData(form).get("when");
      const done = await attempt(() => call("PATCH", `/company/webhooks/${webhook.id}`, { isEnabled: false, whenDisabled }));
      if (done) {
        toast(`${webhook.name} is paused.`);
        close(true);
      }
    });
    return form;
  });
}

export async function resume(webhook) {
  const done = await attempt(() => call("PATCH", `/company/webhooks/${webhook.id}`, { isEnabled: true }));
  if (done) toast(`${webhook.name} is active.`);
  return Boolean(done);
}

export async function remove(webhook) {
  const sure = await confirm(`Delete ${webhook.name}?`,
    "It stops sending at once. Pending deliveries are cancelled and its history is gone. This cannot be undone.", "Delete");
  if (!sure) return false;
  const done = await attempt(async () => {
    await call("DELETE", `/company/webhooks/${webhook.id}`);
    return true;
  });
  if (done) toast(`${webhook.name} is deleted.`);
  return done;
}

export function rotate(webhook) {
  return dialog("Rotate the secret", (close) => {
    const overlap = select([["86400", "24 hours"], ["3600", "1 hour"], ["604800", "7 days"], ["0", "Not at all"]], "86400");
    const form = h("form", null,
      h("p", null, "A new secret is made. Requests are signed with both while they overlap, so that the receiver can change over."),
      field("The old secret stays valid for", overlap),
      h("footer", null, button("Cancel", () => close()), button("Rotate", null, { kind: "primary", type: "submit" })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const made = await attempt(() => post(`/company/webhooks/${webhook.id}/secret/rotate`, { overlapSeconds: Number(overlap.value) }));
      if (!made) return;
      close(true);
      showSecret(webhook, made.secret, "The new secret");
    });
    return form;
  });
}

/** The secret in clear, with how to verify by it. */
export function showSecret(webhook, secret, title = "Signing secret") {
  return dialog(title, (close) => h("div", null,
    h("p", null, "Keep it where the receiver can read it. It proves that a request comes from here and was not changed."),
    h("div", { class: "secret" }, h("code", { "data-secret": true }, secret), copyButton(secret, "Copy secret")),
    snippets(webhook), h("footer", null, button("Done", () => close(), { kind: "primary" }))), { wide: true });
}

const local = (date) => new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

export function replay(webhook) {
  return dialog(`Replay events to ${webhook.name}`, (close, box) => {
    const since = h("input", { type: "datetime-local", value: local(new Date(Date.now() - 3600000)), required: true });
    const until = h("input", { type: "datetime-local" });
    const only = select([["failed", "Failed deliveries"], ["all", "All events"]], "failed");
    const form = h("form", { novalidate: true },
      h("p", null, "Events of this time are sent again, beside what happens now."),
      h("div", { class: "grid two" }, field("Since", since, { path: "since" }),
        field("Until", until, { path: "until", hint: "Empty: until now" })),
      field("What", only, { path: "only" }),
      h("footer", null, button("Cancel", () => close()), button("Start replay", null, { kind: "primary", type: "submit" })));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!since.value) return showFaults(form, [{ field: "since", detail: "Say from when." }]);
      try {
        const body = { since: new Date(since.value).toISOString(), only: only.value };
        if (until.value) body.until = new Date(until.value).toISOString();
        const { id } = await post(`/company/webhooks/${webhook.id}/replay`, body);
        replace(form, progress(id, box, close));
      } catch (error) {
        for (const rest of showFaults(form, error.errors ?? [])) toast(rest.detail, "bad");
        if (!error.errors?.length) toast(error.message, "bad");
      }
      return undefined;
    });
    return form;
  });
}

/** How far a replay has come, until it has ended or the dialog is closed. */
function progress(id, box, close) {
  const bar = h("progress", { "aria-label": "Progress of the replay" });
  const text = h("p", { "aria-live": "polite" }, "Looking for events …");
  const look = async () => {
    if (!box.open) return;
    const state = await attempt(() => get(`/company/replays/${id}`));
    if (state?.state === "running" || !state) {
      setTimeout(look, 1000);
    } else {
      bar.max = 1;
      bar.value = 1;
    }
    if (!state) return;
    const verb = { running: "so far", finished: "in all", failed: "before it failed" }[state.state];
    replace(text, badge(state.state), ` ${count(state.matched)} matched, ${count(state.queued)} queued ${verb}.`);
  };
  look();
  return [bar, text, h("footer", null, button("Done", () => close(), { kind: "primary" }))];
}
