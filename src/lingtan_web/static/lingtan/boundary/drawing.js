// Drawing the map as SVG: graticule, scale, north, neighbours, the boundary, its corners, marks of faults.
import { METRES_PER_DEGREE } from "./geometry.js";

const SPACE = "http://www.w3.org/2000/svg";
const STEPS = [1, 2, 5];
const MOST_HANDLES = 400;

export function make(name, attributes = {}, text = "") {
  const one = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
  if (text) one.textContent = text;
  return one;
}

// The largest of 1, 2, 5 × 10ⁿ that is not above `value`.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (STEPS.findLast((step) => step * power <= value * 1.0000001) ?? 1);
}

const path = (view, rings, closed = true) => rings
  .map((ring) => ring.map((point, i) => `${i ? "L" : "M"}${view.toScreen(point).map((v) => v.toFixed(1)).join(" ")}`).join("") + (closed ? "Z" : ""))
  .join("");

export function drawGround(view) {
  const group = make("g", { "aria-hidden": "true" });
  const step = nice((view.metres * 130) / METRES_PER_DEGREE);
  const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const [west, north] = view.toEarth([0, 0]);
  const [east, south] = view.toEarth(view.size);
  for (let lon = Math.ceil(west / step) * step; lon < east; lon += step) {
    const x = view.toScreen([lon, south])[0];
    group.append(make("path", { class: "grid", d: `M${x} 0V${view.size[1]}` }));
    group.append(make("text", { class: "grid-label", x: x + 3, y: view.size[1] - 5 }, `${lon.toFixed(digits)}°`));
  }
  for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) {
    const y = view.toScreen([west, lat])[1];
    group.append(make("path", { class: "grid", d: `M0 ${y}H${view.size[0]}` }));
    group.append(make("text", { class: "grid-label", x: 4, y: y - 4 }, `${lat.toFixed(digits)}°`));
  }
  return group;
}

export function drawScale(view) {
  const group = make("g", { "aria-hidden": "true" });
  const metres = nice(view.metres * 140);
  const width = metres / view.metres;
  const [x, y] = [view.size[0] - width - 14, view.size[1] - 26];
  group.append(make("path", { class: "scale", d: `M${x} ${y - 5}V${y}H${x + width}V${y - 5}` }));
  const said = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  group.append(make("text", { class: "scale-label", x: x + 4, y: y - 4 }, said));
  group.append(make("path", { class: "north", d: "M22 12l7 20-7-5-7 5z" }));
  group.append(make("text", { class: "north", x: 17, y: 45 }, "N"));
  return group;
}

export function drawNeighbours(view, neighbours) {
  const group = make("g");
  for (const { name, polygons } of neighbours) {
    const shape = make("path", { class: "neighbour", d: path(view, polygons.flat()) });
    shape.append(make("title", {}, name));
    group.append(shape);
    const points = polygons.flatMap((rings) => rings[0]).map((point) => view.toScreen(point));
    const middle = [0, 1].map((axis) => placeName(points.map((point) => point[axis]), view.size[axis]));
    const isSeen = points.some((point) => point.every((v, axis) => v > 0 && v < view.size[axis]));
    if (isSeen) group.append(make("text", { class: "neighbour-name", x: middle[0], y: middle[1], "aria-hidden": "true" }, name));
  }
  return group;
}

// The middle of what is to be seen of a shape along one axis, so that its name is seen too.
function placeName(values, size) {
  const [low, high] = [Math.max(Math.min(...values), 0), Math.min(Math.max(...values), size)];
  return Math.min(Math.max((low + high) / 2, 34), size - 34);
}

export function drawOwn(view, polygons, chosen) {
  const group = make("g", { "aria-hidden": "true" });
  if (polygons.length) group.append(make("path", { class: "own", d: path(view, polygons.flat()) }));
  const ring = chosen && polygons[chosen.polygon]?.[chosen.ring];
  if (ring) group.append(make("path", { class: "chosen", d: path(view, [ring]) }));
  return group;
}

export function drawDraft(view, draft, pointer) {
  const points = pointer ? [...draft, pointer] : draft;
  const group = make("g", { "aria-hidden": "true" });
  group.append(make("path", { class: "draft", d: points.length ? path(view, [points], false) : "" }));
  for (const point of draft) {
    const [x, y] = view.toScreen(point);
    group.append(make("circle", { class: "picked", cx: x, cy: y, r: 5 }));
  }
  return group;
}

function handle(kind, [x, y], radius, data) {
  const one = make("g", { class: kind, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
  one.append(make("circle", { class: "touch", r: 13 }), make("circle", { class: "dot", r: radius }));
  Object.assign(one.dataset, data);
  return one;
}

// Corners that can be dragged and moved by keys; only the selected one is reached by Tab.
export function drawCorners(view, polygons, chosen, words) {
  const group = make("g");
  const seen = polygons.flatMap((rings, polygon) => rings.flatMap((ring, number) => ring.map((point, corner) => ({ polygon, ring: number, corner, point, next: ring[(corner + 1) % ring.length] }))));
  const near = seen.filter(({ point }) => view.toScreen(point).every((v, axis) => v > -20 && v < view.size[axis] + 20));
  if (near.length > MOST_HANDLES) return group;
  for (const { polygon, ring, corner, point, next } of near) {
    const [a, b] = [view.toScreen(point), view.toScreen(next)];
    if (Math.hypot(a[0] - b[0], a[1] - b[1]) > 46) group.append(handle("middle", [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], 4.5, { polygon, ring, corner }));
  }
  const tab = near.some((one) => isChosen(one, chosen)) ? chosen : near[0];
  for (const one of near) {
    const dot = handle("corner", view.toScreen(one.point), 6.5, { polygon: one.polygon, ring: one.ring, corner: one.corner });
    dot.setAttribute("role", "button");
    dot.setAttribute("tabindex", isChosen(one, tab) ? "0" : "-1");
    dot.setAttribute("aria-label", words(one));
    dot.classList.toggle("selected", isChosen(one, chosen));
    group.append(dot);
  }
  return group;
}

export const isChosen = (one, chosen) => Boolean(chosen) && one.polygon === chosen.polygon && one.ring === chosen.ring && one.corner === chosen.corner;

export function drawMarks(view, faults) {
  const group = make("g");
  faults.forEach((one, i) => {
    if (!one.corner) return;
    const [x, y] = view.toScreen(one.corner);
    const mark = make("circle", { class: `mark ${one.severity}`, cx: x, cy: y - 18, r: 10 });
    mark.append(make("title", {}, one.what));
    group.append(mark, make("text", { class: "mark-number", x, y: y - 14, "aria-hidden": "true" }, String(i + 1)));
  });
  return group;
}
