// Calls of the API. The session's cookie says who calls; X-tenant-ID says for whom, and no other site can send it.

/** An answer that is an error, by RFC 9457. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The service answered ${status}.`);
    this.status = status;
    this.code = body.code ?? "";
    this.errors = body.errors ?? [];
    this.requestId = body.requestId ?? "";
  }
}

let tenant = null;

export function actFor(identifier) {
  tenant = identifier;
}

async function problem(response) {
  let body = {};
  try {
    body = await response.json();
  } catch { /* a proxy's page, or nothing */ }
  if (response.status === 401 && tenant) dispatchEvent(new CustomEvent("portal:signedout"));
  return new Problem(response.status, body);
}

async function send(method, path, body, { headers = {}, signal } = {}) {
  const all = { ...headers };
  if (tenant && !all["X-tenant-ID"]) all["X-tenant-ID"] = tenant;
  if (body !== undefined) all["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method, headers: all, signal, credentials: "same-origin", cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: "The service cannot be reached. Check the connection and try again." });
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** The JSON of an answer; null where it has none. */
export async function call(method, path, body, options) {
  const response = await send(method, path, body, options);
  return response.status === 204 ? null : response.json();
}

export const get = (path, options) => call("GET", path, undefined, options);

/** A POST that is done once, however often the connection breaks. */
export function post(path, body = {}) {
  return call("POST", path, body, { headers: { "Idempotency-Key": once() } });
}

function once() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A path with those parameters that are set. */
export function withQuery(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, value);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** All rows of a list, up to so many. */
export async function all(path, parameters = {}, most = 500) {
  const rows = [];
  let cursor = null;
  do {
    const page = await get(withQuery(path, { ...parameters, limit: 100, cursor }));
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor && rows.length < most);
  return rows;
}

/** The totals of webhooks by their ids, a hundred at a time. */
export async function totals(ids, options) {
  const found = new Map();
  for (let at = 0; at < ids.length; at += 100) {
    const page = await get(withQuery("/company/webhooks/metrics", { ids: ids.slice(at, at + 100).join(",") }), options);
    for (const row of page.data) found.set(row.webhookId, row);
  }
  return found;
}

/**
 * Server-sent events, by fetch: an EventSource could not send X-tenant-ID. Comes again after each end, and rests while
 * nobody sees the page: a browser has few connections. `onState` hears true when it is connected.
 */
export async function stream(path, onEvent, onState, signal) {
  let pause = 1000;
  while (!signal.aborted) {
    const ending = new AbortController();
    const leave = () => ending.abort();
    const hide = () => { if (document.hidden) leave(); };
    signal.addEventListener("abort", leave);
    document.addEventListener("visibilitychange", hide);
    try {
      const response = await send("GET", path, undefined, { signal: ending.signal, headers: { Accept: "text/event-stream" } });
      onState(true);
      pause = 1000;
      await read(response.body.getReader(), onEvent);
    } catch (error) {
      if (signal.aborted || [401, 403, 404].includes(error.status)) break;
      pause = Math.min(pause * 2, 30000);
    } finally {
      signal.removeEventListener("abort", leave);
      document.removeEventListener("visibilitychange", hide);
    }
    onState(false);
    if (document.hidden) await new Promise((seen) => document.addEventListener("visibilitychange", seen, { once: true }));
    else if (!signal.aborted) await new Promise((done) => setTimeout(done, pause));
  }
  onState(false);
}

async function read(reader, onEvent) {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const data = block.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
      if (data.length) onEvent(JSON.parse(data.join("\n")));
    }
  }
}
