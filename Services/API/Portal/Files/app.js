// The frame: who is signed in, where in the portal one is, and the page for it.

import { actFor, call, get } from "./api.js";
import { h, icon, replace } from "./dom.js";
import { calm, isBusy, keepingFocus } from "./attention.js";
import { confirm, failure, loading, toast } from "./ui.js";

const routes = [
  [/^\/portal\/?$/, "overview", "Overview"],
  [/^\/portal\/webhooks\/?$/, "webhooks", "Webhooks"],
  [/^\/portal\/webhooks\/new$/, "form", "Create webhook"],
  [/^\/portal\/webhooks\/(?<id>wbh_\w+)$/, "webhook", "Webhook"],
  [/^\/portal\/webhooks\/(?<id>wbh_\w+)\/edit$/, "form", "Edit webhook"],
  [/^\/portal\/events(?:\/(?<id>evt_\w+))?$/, "events", "Events"],
  [/^\/portal\/inspectors(?:\/(?<id>ins_\w+))?$/, "inspectors", "Inspectors"],
];

const pages = {
  overview: () => import("./overview.js"), webhooks: () => import("./webhooks.js"), form: () => import("./form.js"),
  webhook: () => import("./webhook.js"), events: () => import("./events.js"),
  inspectors: () => import("./inspectors.js"),
};

const root = document.getElementById("app");
let session = null;
let main = null;
let links = [];
let leaving = null;
let coming = null;
let hasShown = false;

const can = (permission) => session?.permissions.includes(permission) ?? false;

/** Goes to a page of the portal. */
function navigate(path, { instead = false } = {}) {
  history[instead ? "replaceState" : "pushState"](null, "", path);
  return show();
}

/** Shows the page of the address. `quiet`: what is there stays until then; `gentle`: and longer, if somebody uses it. */
async function show({ quiet = false, gentle = false } = {}) {
  if (!gentle) leaving?.abort();
  if (coming !== leaving) coming?.abort();
  const mine = new AbortController();
  coming = mine;
  const signal = mine.signal;
  const path = location.pathname;
  const found = routes.map(([pattern, name, title]) => ({ match: pattern.exec(path), name, title }))
    .find(({ match }) => match);
  for (const [place, prefix] of links) {
    const isHere = prefix === "/portal" ? /^\/portal\/?$/.test(path) : path.startsWith(prefix);
    if (isHere) place.setAttribute("aria-current", "page");
    else place.removeAttribute("aria-current");
  }
  if (!found) {
    replace(main, h("div", { class: "empty" }, h("h1", null, "There is no such page"),
      h("p", null, h("a", { href: "/portal" }, "To the overview"))));
    return;
  }
  document.title = `${found.title} · Martlet`;
  if (!quiet) replace(main, loading());
  const context = {
    session, can, navigate, signal, params: found.match.groups ?? {}, query: new URLSearchParams(location.search),
    setTitle: (text) => { document.title = `${text} · Martlet`; },
    reload: () => show({ quiet: true }),
    /** As `reload`, of itself: nobody asked for it. */
    refresh: () => show({ quiet: true, gentle: true }),
    /** Changes the address bar's query and shows the page anew; null takes a parameter away. */
    setQuery(changes, { instead = false, silent = false } = {}) {
      const query = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === "") query.delete(name);
        else query.set(name, value);
      }
      const text = query.toString();
      history[instead ? "replaceState" : "pushState"](null, "", text ? `${path}?${text}` : path);
      if (!silent) show({ quiet: true });
    },
  };
  try {
    const page = await pages[found.name]();
    const content = await page.render(context);
    await calm();
    if (signal.aborted) return;
    if (gentle && isBusy()) {
      mine.abort();
      return;
    }
    leaving?.abort();
    leaving = mine;
    keepingFocus(main, () => replace(main, content));
    if (!quiet) {
      scrollTo(0, 0);
      // A screen reader hears where it is; the first page is read from its beginning.
      if (hasShown) main.querySelector("h1")?.focus({ preventScroll: true });
      hasShown = true;
    }
  } catch (error) {
    if (signal.aborted || error.name === "AbortError") return;
    if (gentle) {
      mine.abort();
      return;
    }
    replace(main, failure(error, () => show()));
  }
}

function shell() {
  const entry = (label, href, glyph, permission) => {
    if (permission && !can(permission)) return null;
    const made = h("a", { href }, icon(glyph), h("span", null, label));
    links.push([made, href]);
    return h("li", null, made);
  };
  links = [];
  main = h("main", { id: "main", tabindex: "-1" });
  const name = session.tenant.name || session.tenant.identifier;
  const settings = [
    entry("Webhooks", "/portal/webhooks", "webhook", "webhooks:read"),
    entry("Inspectors", "/portal/inspectors", "inspector", "webhooks:read"),
  ];
  replace(root,
    h("aside", { class: "side" },
      h("a", { class: "brand", href: "/portal", "aria-label": "Martlet home" },
        h("img", { src: "/portal/assets/icon.svg", alt: "", width: 28, height: 28 }), h("span", null, "Martlet")),
      h("nav", { "aria-label": "Main" },
        h("ul", null, entry("Overview", "/portal", "overview"), entry("Events", "/portal/events", "events", "events:read")),
        settings.some(Boolean) ? h("p", { class: "nav-group", id: "nav-settings" }, "Settings") : null,
        h("ul", { "aria-labelledby": "nav-settings" }, settings)),
      h("div", { class: "who" },
        h("span", { class: "avatar", "aria-hidden": "true" }, name.slice(0, 1).toUpperCase()),
        h("span", { class: "who-name" }, h("strong", null, name), h("small", null, session.tenant.identifier)),
        h("button", { type: "button", class: "button icon-only", "aria-label": "Sign out", title: "Sign out", onclick: signOut },
          icon("out")))),
    main);
}

async function signOut() {
  await call("DELETE", "/portal/session").catch(() => {});
  await signIn();
}

async function signIn(note) {
  leaving?.abort();
  coming?.abort();
  session = null;
  actFor(null);
  document.title = "Sign in · Martlet";
  const page = await import("./signin.js");
  replace(root, page.form(enter, note));
  root.querySelector("input")?.focus();
}

function enter(opened) {
  session = opened;
  actFor(session.tenant.identifier);
  dispatchEvent(new CustomEvent("portal:session"));
  shell();
  return show();
}

/** A link's session; where the browser has one of another tenant, the person says which of them it shall be. */
async function openLink(token, current) {
  try {
    if (current) {
      const { tenant } = await call("POST", "/portal/session/link/tenant", { token });
      if (tenant.identifier !== current.tenant.identifier && !await replaces(current.tenant, tenant)) return current;
    }
    return (await call("POST", "/portal/session/link", { token, replaces: Boolean(current) })).session;
  } catch (error) {
    if (current) {
      toast(error.message, "bad");
      return current;
    }
    await signIn(error.message);
    return undefined;
  }
}

const called = ({ name, identifier }) => (name && name !== identifier ? `${name} (${identifier})` : identifier);

function replaces(one, other) {
  return confirm("Switch to another tenant?", h("span", null, "You are signed in to ", h("strong", null, called(one)),
    ". This link opens ", h("strong", null, called(other)), ". If you switch, you are signed out of the first one. "
    + "If you did not ask for this link, stay."), `Switch to ${other.name || other.identifier}`, "primary",
  `Stay in ${one.name || one.identifier}`);
}

/** The token of a one-time link stands in the fragment, which no server sees; it leaves the address bar at once. */
async function start(kept = null) {
  replace(root, loading());
  const given = new URLSearchParams(location.hash.slice(1)).get("link");
  if (given) history.replaceState(null, "", location.pathname + location.search);
  const token = given ?? kept;
  try {
    const current = (await get("/portal/session")).session;
    const opened = token ? await openLink(token, current) : current;
    if (opened) await enter(opened);
    else if (opened === null) await signIn();
  } catch (error) {
    replace(root, failure(error, () => start(token)));  // the link is good for another try
  }
  performance.mark("portal:interactive");
}

addEventListener("click", (event) => {
  const anchor = event.target.closest?.("a[href^='/portal']");
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    && !event.altKey;
  if (!anchor || !plain || !session) return;
  event.preventDefault();
  navigate(anchor.getAttribute("href"));
});
addEventListener("popstate", () => { if (session) show(); });
addEventListener("hashchange", () => { if (new URLSearchParams(location.hash.slice(1)).has("link")) start(); });
addEventListener("portal:signedout", () => { if (session) signIn("The session is over. Please sign in again."); });

start();
