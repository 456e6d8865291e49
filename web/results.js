// The table of a study, the way the command line prints it, and the same data to take along.
import { html } from "./dom.js";

const HEADLINES = ["accuracy", "loss", "weight-norm"];

function number(value, metric) {
  return value.toFixed(metric === "weight-norm" ? 2 : 4);
}

function cell(row) {
  if (row.mean === null) {
    return "nan";
  }
  const mean = number(row.mean, row.metric);
  return row.sd === null ? mean : `${mean} ± ${number(row.sd, row.metric)}`;
}

export function schemeName(row) {
  return row.variant ? `${row.scheme} ${row.variant.replaceAll(",", ", ")}` : row.scheme;
}

function armTable(arm, rows) {
  const columns = [];
  const lines = new Map();
  for (const row of rows) {
    const column = row.split ? `${row.split} ${row.metric}` : row.metric;
    if (!columns.includes(column)) {
      columns.push(column);
    }
    const key = JSON.stringify([schemeName(row), row.groupSize, row.stage, row.n + row.excluded]);
    if (!lines.has(key)) {
      lines.set(key, { row, cells: new Map() });
    }
    lines.get(key).cells.set(column, cell(row));
  }
  const head = ["Scheme", "Group", "Stage", "n", ...columns];
  return html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Results of arm ${arm}` },
    html("table", {},
      html("caption", {}, `Arm ${arm}: mean ± standard deviation over n networks`),
      html("thead", {}, html("tr", {}, head.map((title, i) => html("th", { scope: "col", class: i ? "number" : null }, title)))),
      html("tbody", {}, [...lines.values()].map(({ row, cells }) => html("tr", {},
        html("th", { scope: "row" }, schemeName(row)),
        html("td", { class: "number" }, row.groupSize),
        html("td", { class: "number" }, row.stage ?? "–"),
        html("td", { class: "number" }, row.n + row.excluded),
        columns.map((column) => html("td", { class: "number" }, cells.get(column) ?? "")))))));
}

/** One table for each arm. */
export function tables(rows) {
  const shown = rows.filter((row) => row.at === null && HEADLINES.includes(row.metric));
  if (shown.length === 0) {
    return [html("p", { class: "quiet" }, "Nothing was measured yet.")];
  }
  const arms = [...new Set(shown.map((row) => row.arm))];
  const excluded = shown.reduce((sum, row) => sum + row.excluded, 0);
  return [
    ...arms.map((arm) => armTable(arm, shown.filter((row) => row.arm === arm))),
    html("p", { class: "quiet" }, "Accuracy is a fraction, loss is in nats, the weight norm has no unit. Group: how many trained networks one is made of."),
    excluded > 0 ? html("p", {}, `${excluded} values that are not numbers are left out of the means.`) : null,
  ];
}

function quoted(value) {
  const text = value === null ? "" : String(value);
  // A spreadsheet takes a cell that begins so for a formula.
  const safe = /^[=+@\t\r]/.test(text) || /^-\D/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Objects with equal keys as comma-separated values. */
export function csv(rows) {
  if (rows.length === 0) {
    return "";
  }
  const columns = Object.keys(rows[0]);
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((line) => line.map(quoted).join(","))
    .join("\r\n") + "\r\n";
}
