// What a request holds: dialect, fields, query and filter, and beside them what comes of them.

import { append, h, replace } from "./dom.js";
import { code, field, segments, select } from "./ui.js";
import { call } from "./api.js";
import { pretty, when } from "./format.js";

const split = (text) => text.split(/[\s,]+/).filter(Boolean);
const pause = 350;

/**
 * `{ elements, value(), changed() }`. `names()` gives the event types that the webhook is told about; whoever changes
 * them calls `changed`.
 */
export function payloadFields(webhook, ctx, names) {
  const dialect = select([["standard", "Standard Webhooks"], ["crystallize", "Crystallize"], ["shopery", "Shopery"]], webhook.dialect);
  const data = select([["latest", "The newest at the time of each request"], ["snapshot", "As it was when the event happened"]], webhook.data);
  const fields = h("input", { value: (webhook.fields ?? []).join(", "), spellcheck: "false", placeholder: "id, total.gross, cart.sku" });
  const query = h("textarea", { rows: 6, class: "mono", spellcheck: "false", placeholder: "query ($id: ID!) { order { get(id: $id) { id total { gross } } } }" });
  query.value = webhook.payloadQuery ?? "";
  const preserve = h("input", { type: "checkbox", checked: webhook.preserveDefaultPayload });
  const filter = h("textarea", { rows: 4, class: "mono", spellcheck: "false", placeholder: '{"data": {"total": {"gross": [{"numeric": [">", 100]}]}}}' });
  filter.value = webhook.filter ? JSON.stringify(webhook.filter, null, 2) : "";
  const shape = () => ({
    dialect: dialect.value, data: data.value, fields: fields.value.trim() ? split(fields.value) : null,
    payloadQuery: query.value.trim() ? query.value : null, preserveDefaultPayload: preserve.checked,
  });
  const place = field("Payload query", query, { path: "payloadQuery", hint: "GraphQL; its result is the body. Not together with fields." });
  const preview = new Preview(ctx, names, query, () => ({ ...shape(), format: webhook.format }));
  for (const control of [dialect, data, preserve]) control.addEventListener("change", () => preview.changed());
  for (const control of [fields, query]) control.addEventListener("input", () => preview.open());
  const elements = [
    field("Dialect", dialect, { path: "dialect", hint: "How a request is shaped and signed" }),
    h("details", { open: Boolean(webhook.payloadQuery || webhook.fields || webhook.filter) }, h("summary", null, "Shape and filter"),
      field("Data", data, { path: "data" }),
      field("Fields", fields, { path: "fields", hint: "Dotted paths of data to send, with commas between; empty: all" }), place,
      h("label", { class: "check", "data-field": "preserveDefaultPayload" }, preserve, h("span", null, "Send the default payload too")),
      field("Filter", filter, { path: "filter", hint: "An event pattern as EventBridge has it; what does not match is not sent" })),
    preview.element,
  ];
  /** Throws what is no JSON. */
  const value = () => {
    const isSame = fields.value.trim() === (webhook.fields ?? []).join(", ");
    return {
      ...shape(), filter: filter.value.trim() ? JSON.parse(filter.value) : null,
      debounceSeconds: isSame ? webhook.debounceSeconds ?? null : null,
    };
  };
  return { elements, value, changed: () => preview.changed() };
}

/** What a request would hold now, asked again a moment after each change while it is open. */
class Preview {
  constructor(ctx, names, query, shape) {
    Object.assign(this, { ctx, names, query, shape });
    this.source = "sample";
    this.turn = 0;
    this.type = select(["order-created"], "order-created", { "aria-label": "Event of the preview", onchange: () => this.load() });
    this.note = h("p", { class: "quiet small", role: "status" });
    this.faults = h("ul", { class: "finds", "aria-label": "What is wrong" });
    this.body = h("div", { class: "sample" });
    const sources = ctx.can("events:read") ? segments("Shown event", [["sample", "Sample"], ["newest", "Newest event"]], "sample", (source) => {
      this.source = source;
      this.load();
    }) : null;
    this.element = h("details", { class: "preview", ontoggle: () => this.element.open && this.load() }, h("summary", null, "Preview of the payload"),
      h("div", { class: "row" }, this.type, sources), this.faults, this.body, this.note);
    ctx.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  open() {
    if (this.element.open) this.changed();
    else this.element.open = true;
  }

  changed() {
    clearTimeout(this.timer);
    if (this.element.open) this.timer = setTimeout(() => this.load(), pause);
  }

  /** The types to choose from are those that the webhook is told about. */
  offer() {
    const names = this.names();
    const wanted = names.includes(this.type.value) ? this.type.value : names[0];
    replace(this.type, names.map((name) => h("option", { value: name, selected: name === wanted }, name)));
  }

  async load() {
    clearTimeout(this.timer);
    this.offer();
    this.turn += 1;
    const turn = this.turn;
    this.element.setAttribute("aria-busy", "true");
    try {
      const found = await call("POST", "/company/webhooks/preview",
        { event: this.type.value, source: this.source, ...this.shape() }, { signal: this.ctx.signal });
      // An answer that was overtaken says what is no longer asked.
      if (turn === this.turn) this.show(found);
    } catch (error) {
      if (turn !== this.turn || error.name === "AbortError") return;
      replace(this.faults, h("li", null, error.errors?.[0]?.detail ?? error.message));
    } finally {
      if (turn === this.turn) this.element.removeAttribute("aria-busy");
    }
  }

  show({ event, occurredAt, payload, errors }) {
    append(replace(this.faults), errors.map((fault) => h("li", null, this.finding(fault))));
    this.query.toggleAttribute("aria-invalid", false);
    if (errors.some((fault) => fault.field === "payloadQuery")) this.query.setAttribute("aria-invalid", "true");
    this.body.classList.toggle("stale", payload === null);
    if (payload !== null) replace(this.body, code(pretty(payload) ?? payload, "Preview of the payload"));
    const what = this.source === "sample" ? `A sample of ${event}` : `The newest ${event}${occurredAt ? `, of ${when(occurredAt)}` : ""}`;
    replace(this.note, errors.length ? "The payload could not be made." : `${what}, ${new TextEncoder().encode(payload).length} bytes.`);
  }

  /** The place of a finding leads to it. */
  finding({ field: name, detail }) {
    const [, line, column, text] = /^Line (\d+), column (\d+): (.*)$/s.exec(detail) ?? [];
    if (name !== "payloadQuery" || !line) return detail;
    return [h("button", {
      type: "button", class: "text-button",
      onclick: () => {
        const lines = this.query.value.split("\n");
        const at = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + Number(column) - 1;
        this.query.focus();
        this.query.setSelectionRange(at, Math.min(at + 1, this.query.value.length));
      },
    }, `Line ${line}, column ${column}`), `: ${text}`];
  }
}
