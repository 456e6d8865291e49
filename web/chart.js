// Test accuracy by group size: a point for each network, a bar and a line for the means.
import { html, svg } from "./dom.js";
import { schemeName } from "./results.js";

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 64;
const RIGHT = 16;
const TOP = 16;
const BOTTOM = 52;

const SHAPES = {
  circle: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
  square: "M-3.6,-3.6h7.2v7.2h-7.2z",
  triangle: "M0,-4.8L4.6,3.6H-4.6z",
  diamond: "M0,-5.2L5.2,0L0,5.2L-5.2,0z",
  cross: "M-4,-4L4,4M-4,4L4,-4",
};
// Colours of Okabe and Ito, told apart by every kind of eye; the shape says the same once more.
const MARKS = [
  ["trained", "series-trained", "circle"],
  ["hierarchical", "series-hierarchical", "square"],
  ["merge-many", "series-merge-many", "triangle"],
  ["reference", "series-reference", "diamond"],
  ["naive", "series-naive", "cross"],
];

function mark(scheme) {
  return MARKS.find(([name]) => name === scheme) ?? [scheme, "series-other", "circle"];
}

function series(points) {
  const found = new Map();
  for (const point of points) {
    const name = schemeName(point);
    if (!found.has(name)) {
      const [, colour, shape] = mark(point.scheme);
      found.set(name, { name, scheme: point.scheme, colour, shape, points: [] });
    }
    found.get(name).points.push(point);
  }
  const rank = (one) => MARKS.findIndex(([name]) => name === one.scheme);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Means by group size, small groups first. */
function means(points) {
  const bySize = Map.groupBy
    ? Map.groupBy(points, (point) => point.groupSize)
    : points.reduce((map, point) => map.set(point.groupSize, [...(map.get(point.groupSize) ?? []), point]), new Map());
  return [...bySize]
    .sort(([a], [b]) => a - b)
    .map(([size, group]) => ({ size, n: group.length, mean: group.reduce((sum, point) => sum + point.value, 0) / group.length }));
}

function steps(low, high) {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const first = Math.floor(low / step) * step;
  const ticks = [];
  for (let i = 0; first + i * step < high + step * 0.999; i++) {
    ticks.push(first + i * step);
  }
  return { ticks, places: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function scales(points) {
  const values = points.map((point) => point.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const pad = high - low < 0.01 ? 0.01 : 0;
  const { ticks, places } = steps(Math.max(0, low - pad), Math.min(1, high + pad));
  const sizes = [...new Set(points.map((point) => point.groupSize))].sort((a, b) => a - b);
  const most = Math.log2(sizes[sizes.length - 1]);
  const step = (WIDTH - LEFT - RIGHT) / (most + 1);
  return {
    ticks,
    places,
    sizes,
    step,
    x: (size) => LEFT + (Math.log2(size) + 0.5) * step,
    y: (value) => TOP + ((ticks[ticks.length - 1] - value) / (ticks[ticks.length - 1] - ticks[0])) * (HEIGHT - TOP - BOTTOM),
  };
}

function axes({ ticks, places, sizes, x, y }) {
  return svg("g", { class: "axes" },
    ticks.map((tick) => [
      svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick) }),
      svg("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, tick.toFixed(places)),
    ]).flat(),
    sizes.map((size) => svg("text", { x: x(size), y: HEIGHT - BOTTOM + 20, "text-anchor": "middle" }, size)),
    svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, "group size: trained networks in one (log₂ scale)"),
    svg("text", { x: 14, y: (TOP + HEIGHT - BOTTOM) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})` }, "test accuracy (fraction)"));
}

/** Where a scheme stands beside the others that have networks of this size. */
function beside(one, all, size, gap) {
  const there = all.filter((other) => other.points.some((point) => point.groupSize === size));
  return (there.indexOf(one) - (there.length - 1) / 2) * gap;
}

function draw(one, all, gap, { x, y }) {
  const averages = means(one.points);
  const places = new Map(averages.map(({ size }) => [size, x(size) + beside(one, all, size, gap)]));
  const at = (size) => places.get(size);
  return svg("g", { class: `series ${one.colour}` },
    averages.length > 1 ? svg("polyline", { class: "line", points: averages.map(({ size, mean }) => `${at(size)},${y(mean)}`).join(" ") }) : null,
    one.points.map((point) => svg("path", { class: `point ${one.shape}`, d: SHAPES[one.shape], transform: `translate(${at(point.groupSize)} ${y(point.value)})` },
      svg("title", {}, `${one.name}, group ${point.groupId} of size ${point.groupSize}: ${point.value.toFixed(4)}`))),
    averages.map(({ size, n, mean }) => svg("line", { class: "mean", x1: at(size) - 10, x2: at(size) + 10, y1: y(mean), y2: y(mean) },
      svg("title", {}, `${one.name}, size ${size}: mean ${mean.toFixed(4)}, n = ${n}`))));
}

function legend(all) {
  return html("ul", { class: "legend", "aria-label": "Schemes" }, all.map((one) => html("li", {},
    svg("svg", { class: `series ${one.colour}`, viewBox: "-7 -7 14 14", width: 14, height: 14, "aria-hidden": "true" },
      svg("path", { class: `point ${one.shape}`, d: SHAPES[one.shape] })),
    html("span", {}, `${one.name} (${means(one.points).map(({ size, n }) => `size ${size}: n = ${n}`).join("; ")})`))));
}

/** The chart of one arm; points are metrics with a value. */
export function chart(arm, points) {
  const scale = scales(points);
  const all = series(points);
  const gap = Math.min(26, (scale.step * 0.8) / all.length);
  const summary = all.map((one) => `${one.name}: ${means(one.points).map(({ size, mean }) => `${mean.toFixed(4)} at ${size}`).join(", ")}`).join("; ");
  return html("figure", {},
    html("figcaption", {}, `Arm ${arm}: test accuracy by group size. A mark is one network, a bar the mean of n.`),
    legend(all),
    svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `Mean test accuracy by group size. ${summary}` },
      axes(scale),
      all.map((one) => draw(one, all, gap, scale))));
}
