// Lists studies and shows one: what is asked for stands behind the # of the address.
import { chart } from "./chart.js";
import { html } from "./dom.js";
import { csv, tables } from "./results.js";

const REFRESH_MILLIS = 2000;
const IDLE_MILLIS = 10000;
const MOST_POINTS = 5000;
const RUNNING = ["QUEUED", "RUNNING", "PAUSED"];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const content = document.getElementById("content");
const notice = document.getElementById("notice");

let turn = 0;
let shown = "";
let seen = null;
let pages = 1;
let timer = 0;

class Told extends Error {}

async function get(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? `the server answered ${response.status}`;
  throw response.status < 500 ? new Told(message) : new Error(message);
}

async function all(address, most) {
  const items = [];
  let after = null;
  do {
    const part = await get(after === null ? address : `${address}&after=${encodeURIComponent(after)}`);
    items.push(...part.items);
    after = part.next;
  } while (after !== null && items.length < most);
  return { items, more: after !== null };
}

function wanted() {
  const hash = new URLSearchParams(location.hash.slice(1)).get("study");
  return hash ?? new URLSearchParams(location.search).get("study");
}

function say(text) {
  if (notice.textContent !== text) {
    notice.textContent = text;
  }
  notice.hidden = text === "";
}

function time(instant) {
  return instant === null ? "–" : html("time", { datetime: instant }, new Date(instant).toLocaleString());
}

function state(name) {
  return html("span", { class: `state ${name.toLowerCase()}` }, name.toLowerCase());
}

function counts(study) {
  const of = (name) => study.tasksByState[name] ?? 0;
  return { done: of("SUCCEEDED"), failed: of("FAILED"), blocked: of("BLOCKED"), running: of("LEASED") };
}

function bar(study) {
  const { done } = counts(study);
  return html("progress", { max: Math.max(1, study.tasks), value: done, "aria-label": `${done} of ${study.tasks} tasks done` }, `${done} of ${study.tasks}`);
}

function studyRow(study) {
  const { done, failed } = counts(study);
  return html("tr", {},
    html("th", { scope: "row" }, html("a", { id: `to-${study.id}`, href: `#study=${study.id}` }, study.name)),
    html("td", {}, state(study.state)),
    html("td", {}, bar(study)),
    html("td", { class: "number" }, `${done} / ${study.tasks}`),
    html("td", { class: "number" }, failed),
    html("td", {}, time(study.createdAt)));
}

function list({ items, more }) {
  document.title = "Basinlab";
  if (items.length === 0) {
    return [html("h1", {}, "Studies"), html("p", {}, "No studies yet: ", html("code", {}, "./basinlab run quickstart"))];
  }
  const head = ["Study", "State", "Progress", "Done", "Failed", "Created"];
  return [
    html("h1", {}, "Studies"),
    html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Studies" }, html("table", {},
      html("thead", {}, html("tr", {}, head.map((title) => html("th", { scope: "col", class: ["Done", "Failed"].includes(title) ? "number" : null }, title)))),
      html("tbody", {}, items.map(studyRow)))),
    more ? html("button", { id: "more", type: "button", onclick: () => { pages += 1; refresh(); } }, "Show more") : null,
  ];
}

function save(name, text) {
  const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

function copy(text, button) {
  navigator.clipboard.writeText(text).then(
    () => { button.textContent = "Copied"; },
    () => { button.textContent = "Select the text above to copy it"; });
}

function facts(study) {
  const { done, failed, blocked, running } = counts(study);
  const pairs = [
    ["State", state(study.state)],
    ["Tasks", [`${done} of ${study.tasks} done`, running ? `, ${running} running` : "", failed ? `, ${failed} failed` : "", blocked ? `, ${blocked} blocked` : "", study.reused ? `, ${study.reused} reused` : ""]],
    ["Created", time(study.createdAt)],
    ["Finished", time(study.finishedAt)],
    ["Seed", study.seed],
    ["Paper", study.paper ?? "–"],
    ["Id", html("code", {}, study.id)],
  ];
  return html("dl", { class: "facts" }, pairs.map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value))));
}

function failures(failed) {
  return failed.items.length === 0 ? [] : [
    html("h2", {}, "Failed tasks"),
    html("ul", {}, failed.items.map((task) => html("li", {}, `${task.kind} ${task.arm}/${task.scheme} ${task.groupId}: ${task.reason ?? "no reason was kept"}`))),
  ];
}

function detail({ study, table, metrics, failed }) {
  document.title = `${study.name} – Basinlab`;
  const points = metrics.items.filter((point) => point.value !== null && point.at === null);
  const arms = [...new Set(points.map((point) => point.arm))];
  return [
    html("p", {}, html("a", { id: "back", href: "#" }, "← All studies")),
    html("h1", {}, study.name),
    bar(study),
    facts(study),
    ...failures(failed),
    html("h2", {}, "Results"),
    ...tables(table.rows),
    html("h2", {}, "Accuracy by stage"),
    ...(points.length === 0 ? [html("p", { class: "quiet" }, "No accuracy was measured yet.")] : arms.map((arm) => chart(arm, points.filter((point) => point.arm === arm)))),
    metrics.more ? html("p", {}, `The chart shows the first ${metrics.items.length} networks of the plan; SQL has them all.`) : null,
    html("h2", {}, "Take the data along"),
    html("p", { class: "buttons" },
      html("button", { id: "csv-table", type: "button", onclick: () => save(`${study.name}-table.csv`, csv(table.rows)) }, "Table as CSV"),
      html("button", { id: "csv-points", type: "button", onclick: () => save(`${study.name}-accuracy.csv`, csv(metrics.items)) }, "Points of the chart as CSV")),
    html("p", {}, "The table by SQL (", html("code", {}, "./basinlab sql"), " or psql):"),
    html("pre", { tabindex: 0 }, table.sql),
    html("p", {}, html("button", { id: "copy-sql", type: "button", onclick: (event) => copy(table.sql, event.currentTarget) }, "Copy the SQL")),
  ];
}

/** Puts what changed on the page and leaves the keyboard where it was. */
function show(key, data, view) {
  const text = key + JSON.stringify(data);
  if (text === shown) {
    return;
  }
  const moved = !shown.startsWith(key);
  const focused = document.activeElement?.id;
  content.replaceChildren(...view(data).filter((child) => child !== null));
  if (moved && shown !== "") {
    content.focus();
    window.scrollTo(0, 0);
  } else if (focused) {
    document.getElementById(focused)?.focus();
  }
  shown = text;
}

async function showList() {
  const data = await all("api/studies?limit=100", pages * 100);
  return () => {
    show("list", data, list);
    return data.items.some((study) => RUNNING.includes(study.state));
  };
}

async function showStudy(id) {
  if (!UUID.test(id)) {
    throw new Told("the address must name a study by its id");
  }
  const base = `api/studies/${id}`;
  const [study, table, metrics, failed] = await Promise.all([
    get(base),
    get(`${base}/table`),
    all(`${base}/metrics?metric=accuracy&split=test&limit=1000`, MOST_POINTS),
    get(`${base}/tasks?state=FAILED&limit=5`),
  ]);
  return () => {
    show(id, { study, table, metrics, failed }, detail);
    return RUNNING.includes(study.state);
  };
}

function fail(error) {
  if (error instanceof Told) {
    say("");
    show("told", error.message, (message) => [html("h1", {}, "Nothing to show"), html("p", {}, message), html("p", {}, html("a", { href: "#" }, "All studies"))]);
    return;
  }
  const old = seen === null ? "" : ` Below is what it said at ${seen.toLocaleTimeString()}.`;
  say(`The server does not answer (${error.message}); asking again every 2 s.${old}`);
}

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  let wait = REFRESH_MILLIS;
  try {
    const id = wanted();
    const apply = await (id ? showStudy(id) : showList());
    if (mine !== turn) {
      return;
    }
    wait = apply() ? REFRESH_MILLIS : IDLE_MILLIS;
    seen = new Date();
    say("");
  } catch (error) {
    if (mine !== turn) {
      return;
    }
    fail(error);
  }
  timer = setTimeout(() => (document.hidden ? null : refresh()), wait);
}

addEventListener("hashchange", refresh);
document.addEventListener("visibilitychange", () => (document.hidden ? null : refresh()));
refresh();
