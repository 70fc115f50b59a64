// Charts as SVG, each with the same numbers as a table beneath it.

import { h, s } from "./dom.js";
import { whenShort } from "./format.js";

const width = 640;
const height = 180;
const edge = { left: 54, right: 8, top: 12, bottom: 22 };
const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };

/**
 * `series`: `[{ name, kind, values }]`; `kind` names its colour. `starts`: a moment for each value.
 * A null is a gap, which a line leaves open.
 */
export function chart(title, { shape, starts, series, format }) {
  const top = nice(Math.max(1e-9, ...starts.map((_, at) => (shape === "bars"
    ? series.reduce((sum, each) => sum + (each.values[at] ?? 0), 0) : Math.max(...series.map((each) => each.values[at] ?? 0))))));
  const y = (value) => edge.top + inner.height * (1 - value / top);
  const slot = inner.width / Math.max(starts.length, 1);
  const isEmpty = series.every((each) => each.values.every((value) => !value));
  const picture = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": summary(title, series, format) },
    [0, 0.5, 1].map((share) => [
      s("line", { class: "grid", x1: edge.left, x2: width - edge.right, y1: y(top * share), y2: y(top * share) }),
      s("text", { class: "axis", x: edge.left - 6, y: y(top * share) + 4, "text-anchor": "end" }, isEmpty && share ? "" : format(top * share)),
    ]),
    ticks(starts).map((at) => s("text", {
      class: "axis", x: edge.left + slot * (at + 0.5), y: height - 5, "text-anchor": at === 0 ? "start" : at > starts.length * 0.9 ? "end" : "middle",
    }, label(starts, at))),
    shape === "bars" ? bars(series, starts, y, slot) : lines(series, y, slot));
  return h("figure", { class: "card figure" },
    h("figcaption", null, h("h3", null, title), h("span", { class: "legend" }, series.map((each) =>
      h("span", null, h("i", { class: `swatch ${each.kind}` }), each.name)))),
    isEmpty ? h("p", { class: "chart-empty" }, "Nothing in this time") : null, picture, numbers(title, starts, series, format));
}

function bars(series, starts, y, slot) {
  const gap = slot > 6 ? Math.min(4, slot * 0.25) : 0.5;
  return starts.map((start, at) => {
    let below = 0;
    const parts = series.map((each) => {
      const value = each.values[at] ?? 0;
      if (!value) return null;
      const base = y(below);
      below += value;
      return s("rect", {
        class: `fill ${each.kind}`, x: edge.left + slot * at + gap / 2, width: Math.max(slot - gap, 0.5), y: y(below),
        height: Math.max(base - y(below), 1), rx: slot > 8 ? 1.5 : 0,
      });
    });
    return s("g", null, s("title", null, `${whenShort(start)}: ${series.map((each) => `${each.values[at] ?? 0} ${each.name.toLowerCase()}`).join(", ")}`), parts);
  });
}

function lines(series, y, slot) {
  return series.map((each) => {
    let path = "";
    let pen = false;
    const dots = [];
    each.values.forEach((value, at) => {
      if (value === null || value === undefined) {
        pen = false;
        return;
      }
      const x = edge.left + slot * (at + 0.5);
      path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y(value).toFixed(1)}`;
      const isAlone = !pen && (each.values[at + 1] === null || each.values[at + 1] === undefined);
      if (isAlone) dots.push(s("circle", { class: `fill ${each.kind}`, cx: x, cy: y(value), r: 3.5 }));
      pen = true;
    });
    return [s("path", { class: `line ${each.kind}`, d: path || "M0 0" }), dots];
  });
}

function numbers(title, starts, series, format) {
  const rows = starts.map((start, at) => [start, at]).filter(([, at]) => series.some((each) => each.values[at]));
  return h("details", { class: "numbers" }, h("summary", null, "As a table"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, as a table` }, h("table", null,
      h("caption", { class: "offscreen" }, title),
      h("thead", null, h("tr", null, h("th", { scope: "col" }, "From"), series.map((each) => h("th", { scope: "col" }, each.name)))),
      h("tbody", null, rows.length ? rows.map(([start, at]) => h("tr", null, h("th", { scope: "row" }, whenShort(start)),
        series.map((each) => h("td", null, each.values[at] === null ? "–" : format(each.values[at] ?? 0)))))
        : h("tr", null, h("td", { colspan: series.length + 1 }, "Nothing in this time"))))));
}

const summary = (title, series, format) => `${title}. ${series.map((each) => {
  const values = each.values.filter((value) => value !== null && value !== undefined);
  return values.length ? `${each.name}: at most ${format(Math.max(...values))}` : `${each.name}: nothing`;
}).join("; ")}. The table below has each value.`;

/** The next round number that is as large. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

function ticks(starts) {
  const wanted = Math.min(6, starts.length);
  const step = Math.max(1, Math.ceil(starts.length / wanted));
  return starts.map((_, at) => at).filter((at) => at % step === 0);
}

function label(starts, at) {
  const date = new Date(starts[at]);
  const span = Date.parse(starts.at(-1)) - Date.parse(starts[0]);
  return span > 3 * 86400000 ? date.toLocaleDateString("en", { month: "short", day: "numeric" })
    : date.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hour12: false });
}
