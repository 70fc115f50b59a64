// Making a webhook, and changing one.

import { call, get, post } from "./api.js";
import { append, h, icon, replace } from "./dom.js";
import { authenticationFields, headerFields } from "./requestfields.js";
import { button, field, select, showFaults, toast } from "./ui.js";
import { eventPicker, typesOf } from "./eventpicker.js";
import { eventTypes } from "./catalogue.js";
import { payloadFields } from "./payloadfields.js";
import { showSecret, testResult } from "./actions.js";

const methods = ["POST", "PUT", "PATCH", "GET", "DELETE"];

export async function render(ctx) {
  const id = ctx.params.id;
  const [types, webhook] = await Promise.all([eventTypes(), id ? get(`/company/webhooks/${id}`) : fresh(ctx)]);
  if (id) ctx.setTitle(`Edit ${webhook.name}`);
  const form = new WebhookForm(ctx, types, webhook, Boolean(id));
  return form.page();
}

function fresh(ctx) {
  return {
    name: "", url: ctx.query.get("url") ?? "", events: [], method: "POST", headers: {}, whenDisabled: "queue",
    dialect: ctx.session.dialect, data: "latest", format: "envelope", ordering: "none", retry: null, timeoutMs: 5000,
    connectTimeoutMs: 1000, maxConcurrency: 32, signatures: ["v1"],
  };
}

class WebhookForm {
  constructor(ctx, types, webhook, isSaved) {
    Object.assign(this, { ctx, types, webhook, isSaved });
    this.chosen = new Set(webhook.events);
  }

  page() {
    const { ctx, webhook, isSaved } = this;
    const back = isSaved ? `/portal/webhooks/${webhook.id}` : "/portal/webhooks";
    this.message = h("div", { class: "notice", role: "alert", hidden: true });
    this.submit = button(isSaved ? "Save changes" : "Create webhook", null, { kind: "primary", type: "submit" });
    this.method = select(methods, webhook.method);
    this.authentication = authenticationFields(webhook.authentication);
    this.headers = headerFields(webhook.headers);
    this.payload = payloadFields(webhook, ctx, () => {
      const names = typesOf(this.chosen, this.types).map((type) => type.name);
      return names.length ? names : ["order-created"];
    });
    this.form = h("form", { class: "webhook-form", novalidate: true }, this.message, this.basics(),
      section("Events", "What this webhook is told about.", eventPicker(this.types, this.chosen, () => this.payload.changed())),
      section("Request", null, field("Method", this.method, { path: "method" }), this.authentication.element, this.headers.element),
      section("Payload", null, this.payload.elements), this.delivery(),
      h("div", { class: "form-actions" }, this.submit, button("Cancel", () => ctx.navigate(back))));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    return [
      h("header", { class: "page-head" }, h("div", null,
        h("a", { class: "back", href: back }, icon("back"), "Back"),
        h("h1", { tabindex: "-1" }, isSaved ? `Edit ${webhook.name}` : "New webhook"))),
      h("div", { class: "form-columns" }, this.form, this.trial()),
    ];
  }

  basics() {
    const { webhook } = this;
    this.name = h("input", { value: webhook.name, maxlength: 200, required: true, autocomplete: "off" });
    this.url = h("input", {
      type: "text", inputmode: "url", value: webhook.url, required: true, spellcheck: "false", autocomplete: "off",
      placeholder: "https://",
    });
    const warning = h("p", { class: "warn-note", role: "status" });
    const judge = () => replace(warning, /^http:/i.test(this.url.value.trim())
      ? [icon("warning"), "Not encrypted: anyone on the way can read what is sent. Use https where you can."] : null);
    this.url.addEventListener("input", judge);
    judge();
    const address = field("URL", this.url, { path: "url", hint: "Where requests go, http or https" });
    address.append(warning);
    this.description = h("textarea", { rows: 2, maxlength: 2000 });
    this.description.value = webhook.description ?? "";
    return section("Basics", null, field("Name", this.name, { path: "name" }), address,
      field("Description", this.description, { path: "description" }));
  }

  delivery() {
    const { webhook } = this;
    const number = (value, min, max) => h("input", { type: "number", value: value ?? "", min, max });
    this.attempts = number(webhook.retry?.maxAttempts, 1, 25);
    this.schedule = h("input", { value: (webhook.retry?.schedule ?? []).join(", "), placeholder: "5, 30, 120, 600" });
    this.timeout = number(webhook.timeoutMs, 100, 30000);
    this.connect = number(webhook.connectTimeoutMs, 50, 10000);
    this.concurrency = number(webhook.maxConcurrency, 1, 1000);
    this.requests = number(webhook.rateLimit?.requests, 1);
    this.per = number(webhook.rateLimit?.perSeconds, 1);
    this.ordering = select([["none", "As fast as possible"], ["resource", "In order for each resource"], ["webhook", "All in order"]], webhook.ordering);
    this.when = select([["queue", "Keep events and send them later"], ["discard", "Discard events"]], webhook.whenDisabled);
    return section("Delivery", null,
      field("While inactive", this.when, { path: "whenDisabled" }),
      h("details", null, h("summary", null, "Retries, limits and order"),
        h("div", { class: "grid two" },
          field("Attempts at most", this.attempts, { path: "retry.maxAttempts", hint: "1 never retries" }),
          field("Seconds between attempts", this.schedule, { path: "retry.schedule", hint: "The last one repeats" }),
          field("Timeout (ms)", this.timeout, { path: "timeoutMs" }),
          field("Connect timeout (ms)", this.connect, { path: "connectTimeoutMs" }),
          field("Requests", this.requests, { path: "rateLimit.requests", hint: "Rate limit; empty: none" }),
          field("Per seconds", this.per, { path: "rateLimit.perSeconds" }),
          field("At the same time", this.concurrency, { path: "maxConcurrency" }),
          field("Order", this.ordering, { path: "ordering" }))));
  }

  trial() {
    if (!this.ctx.can("webhooks:write")) return null;
    this.result = h("div", { "aria-live": "polite" });
    const event = h("p", { class: "quiet" }, "Sends one signed sample event to the URL as it stands in the form. Nothing is saved.");
    this.tester = button("Test", () => this.test(), { glyph: "play" });
    return h("aside", { class: "card trial", "aria-label": "Test" }, h("h2", null, "Test before saving"), event, this.tester, this.result);
  }

  /** The body for the API; throws the faults that only the page can see. */
  body() {
    const faults = [];
    const split = (text) => text.split(/[\s,]+/).filter(Boolean);
    const whole = (control) => (control.value === "" ? null : Number(control.value));
    let payload = {};
    try {
      payload = this.payload.value();
    } catch {
      faults.push({ field: "filter", detail: "This is no JSON." });
    }
    if (!this.name.value.trim()) faults.push({ field: "name", detail: "Give it a name." });
    if (!/^https?:\/\/[^\s/]+/i.test(this.url.value.trim())) {
      faults.push({ field: "url", detail: "A whole URL is needed, such as https://example.com/hook." });
    }
    if (!this.chosen.size) faults.push({ field: "events", detail: "Choose at least one event." });
    if (faults.length) throw Object.assign(new Error("Please check the marked fields."), { errors: faults });
    const retry = { maxAttempts: whole(this.attempts), schedule: this.schedule.value.trim() ? split(this.schedule.value).map(Number) : null };
    const rateLimit = this.requests.value || this.per.value ? { requests: whole(this.requests), perSeconds: whole(this.per) } : null;
    const own = { ...without(this.webhook, readOnly) };
    return {
      ...(this.isSaved ? own : {}), name: this.name.value.trim(), url: this.url.value.trim(), events: [...this.chosen],
      method: this.method.value, headers: this.headers.value(), authentication: this.authentication.value(), ...payload,
      whenDisabled: this.when.value, ordering: this.ordering.value,
      retry: retry.maxAttempts || retry.schedule ? retry : null, timeoutMs: whole(this.timeout),
      connectTimeoutMs: whole(this.connect), maxConcurrency: whole(this.concurrency), rateLimit,
      description: this.description.value.trim() || null,
    };
  }

  async test() {
    this.tester.disabled = true;
    replace(this.result, h("p", { class: "quiet" }, "Sending …"));
    await this.guarded(async () => {
      // What is masked is known to the service alone, so a saved webhook is tested by its id where nothing else changed.
      const body = compact(this.body());
      const usesStored = this.isSaved && JSON.stringify(body.authentication ?? null).includes("••••");
      const answer = usesStored ? await call("POST", `/company/webhooks/${this.webhook.id}/test`, {})
        : await call("POST", "/company/webhooks/test", body);
      replace(this.result, testResult(answer));
    }, () => replace(this.result));
    this.tester.disabled = false;
  }

  async save() {
    this.submit.disabled = true;
    await this.guarded(async () => {
      if (this.isSaved) {
        await call("PUT", `/company/webhooks/${this.webhook.id}`, this.body());
        toast("Changes are saved.");
        this.ctx.navigate(`/portal/webhooks/${this.webhook.id}`);
        return;
      }
      const made = await post("/company/webhooks", compact(this.body()));
      await this.ctx.navigate(`/portal/webhooks/${made.id}`, { instead: true });
      showSecret(made, made.secret, "Webhook created");
    });
    this.submit.disabled = false;
  }

  async guarded(action, onFault) {
    this.message.hidden = true;
    showFaults(this.form, []);
    try {
      await action();
    } catch (error) {
      onFault?.();
      const rest = showFaults(this.form, error.errors ?? []);
      if (error.errors?.length && !rest.length) return;
      this.message.hidden = false;
      append(replace(this.message, error.message), rest.length ? [h("ul", null, rest.map((fault) => h("li", null, `${fault.field}: ${fault.detail}`)))] : []);
      this.message.scrollIntoView({ block: "nearest" });
    }
  }
}

const readOnly = ["id", "status", "disabledReason", "secretHint", "createdAt", "updatedAt", "lastInvocation"];

const without = (object, names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** What is null is the default; a new webhook need not say it. */
const compact = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

function section(title, text, ...children) {
  return h("section", { class: "card form-section" }, h("h2", null, title), text ? h("p", { class: "quiet" }, text) : null, children);
}
