// The data_visualization block as inline SVG.
import { h, svg } from "./dom.js";

const WIDTH = 520, HEIGHT = 230, LEFT = 52, RIGHT = 12, TOP = 12, BOTTOM = 34;
const COLOURS = ["#0f766e", "#e0a030", "#4267b2", "#c2556b", "#7b5ea7", "#6b8e23"];

export function chart(block) {
  const { chart: given, title } = block;
  const drawn = given.type === "pie" ? pie(given.segments) : plot(given);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", title);
  const labels = given.type === "pie" ? given.segments.map((part) => part.label) : given.series.map((series) => series.name);
  return h("figure", { class: "chart" }, h("figcaption", {}, title), drawn, labels.length > 1 || given.type === "pie" ? legend(labels) : null);
}

function legend(labels) {
  return h("div", { class: "legend" }, labels.map((label, n) => h("span", {}, swatch(n), label)));
}

function swatch(n) {
  return svg("svg", { viewBox: "0 0 10 10", class: "swatch" }, svg("rect", { width: 10, height: 10, rx: 2, fill: COLOURS[n % COLOURS.length] }));
}

function scale(values) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((times) => times * power >= rough) * power;
  const bottom = Math.floor(low / step + 1e-9) * step, top = Math.ceil(high / step - 1e-9) * step || step;
  const ticks = [];
  for (let at = bottom; at <= top + step / 2; at += step) ticks.push(Number(at.toPrecision(12)));
  const y = (value) => TOP + ((top - value) / (top - bottom)) * (HEIGHT - TOP - BOTTOM);
  return { ticks, y };
}

function short(value) {
  const size = Math.abs(value);
  if (size >= 1e8) return `${Number((value / 1e8).toPrecision(3))}亿`;
  if (size >= 1e4) return `${Number((value / 1e4).toPrecision(3))}万`;
  return String(Number(value.toPrecision(4)));
}

function plot({ type, series, axis_config: axis }) {
  const { ticks, y } = scale(series.flatMap((one) => one.data.map((point) => point.value)));
  const slot = (WIDTH - LEFT - RIGHT) / axis.categories.length;
  const x = (n) => LEFT + slot * (n + 0.5);
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  for (const tick of ticks) {
    drawn.append(
      svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), class: tick === 0 ? "axis" : "grid" }),
      svg("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, short(tick)),
    );
  }
  const every = Math.ceil(axis.categories.length / 10);
  axis.categories.forEach((label, n) => {
    if (n % every === 0) drawn.append(svg("text", { x: x(n), y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, label));
  });
  if (axis.x_label) drawn.append(svg("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 3, "text-anchor": "middle", class: "axis-label" }, axis.x_label));
  if (axis.y_label) drawn.append(svg("text", { x: -HEIGHT / 2 + 10, y: 11, transform: "rotate(-90)", "text-anchor": "middle", class: "axis-label" }, axis.y_label));
  const draw = type === "bar" ? bars : curve;
  series.forEach((one, n) => draw({ drawn, one, n, count: series.length, x, y, slot, area: type === "area" }));
  return drawn;
}

function bars({ drawn, one, n, count, x, y, slot }) {
  const width = Math.min((slot * 0.7) / count, 34);
  one.data.forEach((point, at) => {
    const left = x(at) - (width * count) / 2 + width * n;
    const top = Math.min(y(point.value), y(0)), tall = Math.abs(y(point.value) - y(0));
    drawn.append(svg("rect", { x: left + 1, y: top, width: width - 2, height: tall, rx: 2, fill: COLOURS[n] }, svg("title", {}, `${one.name} · ${point.label}: ${point.value}`)));
  });
}

function curve({ drawn, one, n, x, y, area }) {
  const points = one.data.map((point, at) => `${x(at)},${y(point.value)}`);
  if (area) {
    const last = one.data.length - 1;
    drawn.append(svg("path", { d: `M${x(0)},${y(0)}L${points.join("L")}L${x(last)},${y(0)}Z`, fill: COLOURS[n], "fill-opacity": 0.22 }));
  }
  drawn.append(svg("polyline", { points: points.join(" "), fill: "none", stroke: COLOURS[n], "stroke-width": 2.2, "stroke-linejoin": "round" }));
  one.data.forEach((point, at) => {
    drawn.append(svg("circle", { cx: x(at), cy: y(point.value), r: 3, fill: COLOURS[n] }, svg("title", {}, `${one.name} · ${point.label}: ${point.value}`)));
  });
}

function pie(segments) {
  const total = segments.reduce((sum, part) => sum + part.value, 0);
  const drawn = svg("svg", { viewBox: "0 0 520 190" });
  let from = -Math.PI / 2;
  segments.forEach((part, n) => {
    const to = from + (part.value / total) * Math.PI * 2;
    const at = (angle) => `${260 + 84 * Math.cos(angle)},${95 + 84 * Math.sin(angle)}`;
    const share = `${part.label}: ${((100 * part.value) / total).toFixed(1)}%`;
    const shape = segments.length === 1 ? svg("circle", { cx: 260, cy: 95, r: 84, fill: COLOURS[0] }) : svg("path", { d: `M260,95L${at(from)}A84,84 0 ${to - from > Math.PI ? 1 : 0} 1 ${at(to)}Z`, fill: COLOURS[n], stroke: "#fff", "stroke-width": 1.5 });
    shape.append(svg("title", {}, share));
    drawn.append(shape);
    from = to;
  });
  drawn.append(svg("circle", { cx: 260, cy: 95, r: 44, class: "hole" }));
  return drawn;
}
