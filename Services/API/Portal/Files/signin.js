// Signing in with a token. It goes to the server once, for a cookie that no script can read, and is kept nowhere.

import { call } from "./api.js";
import { h, replace } from "./dom.js";
import { button, field, showFaults } from "./ui.js";

export function form(enter, note) {
  const tenant = h("input", { autocomplete: "organization", spellcheck: "false", autocapitalize: "none", required: true });
  const token = h("input", { type: "password", autocomplete: "off", spellcheck: "false", required: true });
  const message = h("p", { class: "notice", role: "alert", hidden: !note }, note);
  const submit = button("Sign in", null, { kind: "primary", type: "submit" });
  const body = h("form", { novalidate: true },
    field("Tenant", tenant, { path: "tenant", hint: "The identifier that X-tenant-ID carries, e.g. acme" }),
    field("Access token", token, { path: "token", hint: "A bearer token or an API key" }), submit);
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    const missing = [["tenant", tenant], ["token", token]].filter(([, input]) => !input.value.trim())
      .map(([name]) => ({ field: name, detail: name === "tenant" ? "Name the tenant." : "Paste the token." }));
    showFaults(body, missing);
    if (missing.length) return;
    submit.disabled = true;
    try {
      const opened = await call("POST", "/portal/session", undefined, {
        headers: { Authorization: `Bearer ${token.value.trim()}`, "X-tenant-ID": tenant.value.trim() },
      });
      token.value = "";
      await enter(opened.session);
    } catch (error) {
      message.hidden = false;
      replace(message, error.message);
      submit.disabled = false;
    }
  });
  return h("main", { class: "signin", id: "main" },
    h("div", { class: "signin-card" },
      h("img", { src: "/portal/assets/icon.svg", alt: "", width: 44, height: 44 }),
      h("h1", null, "Sign in to Martlet"),
      h("p", { class: "quiet" }, "Manage your webhooks and see what was sent."), message, body,
      h("p", { class: "quiet small" }, "Came by a link? Links work once; ask your provider for a new one.")));
}
