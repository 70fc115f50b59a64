// Numbers, times and words as people read them.

const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const moment = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const short = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });

export function ago(text) {
  const seconds = (Date.parse(text) - Date.now()) / 1000;
  if (Math.abs(seconds) < 5) return "just now";
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[5];
  return relative.format(Math.round(seconds / size), unit);
}

export const when = (text) => moment.format(new Date(text));
export const whenShort = (text) => short.format(new Date(text));

export function percent(share) {
  if (share === null || share === undefined) return "–";
  const value = share * 100;
  return value === 100 || value === 0 ? `${value} %` : `${value.toFixed(value > 99 || value < 1 ? 2 : 1)} %`;
}

export function milliseconds(value) {
  if (value === null || value === undefined) return "–";
  if (value >= 1000) return `${(value / 1000).toFixed(value >= 10000 ? 1 : 2)} s`;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function seconds(value) {
  if (value === null || value === undefined) return "–";
  if (value < 120) return `${Math.round(value)} s`;
  if (value < 7200) return `${Math.round(value / 60)} min`;
  return value < 172800 ? `${Math.round(value / 3600)} h` : `${Math.round(value / 86400)} d`;
}

export const count = (value) => new Intl.NumberFormat("en").format(value);

export function bytes(value) {
  return value < 1024 ? `${value} bytes` : `${(value / 1024).toFixed(1)} KiB`;
}

const classes = {
  timeout: "Timed out", connect_timeout: "No connection in time", dns: "Name not found",
  connection_refused: "Connection refused", connection_reset: "Connection broken", tls: "TLS failed",
  forbidden_address: "Forbidden address", http_3xx: "Redirect (3xx)", http_4xx: "Refused (4xx)",
  http_401_403: "Not authorised (401/403)", http_410: "Gone (410)", http_429: "Too many requests (429)",
  http_5xx: "Receiver failed (5xx)", too_large: "Answer too large", payload_query: "Payload query failed",
  other: "Other",
};

export const errorClass = (name) => classes[name] ?? name.replaceAll("_", " ");

/** The JSON text on several lines; numbers and escapes stay as they came. Null for what is no JSON. */
export function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let out = "";
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === "{" || token === "[") {
      depth += 1;
      out += token + line();
    } else if (token === "}" || token === "]") {
      depth -= 1;
      out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token;
    } else if (token === ",") out += token + line();
    else if (token === ":") out += ": ";
    else out += token;
  }
  return out;
}

/** Milliseconds above which a receiver is called slow: it should answer within a second or two. */
export const slow = 2000;
