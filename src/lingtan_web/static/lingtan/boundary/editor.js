// Changing the polygons: corners moved, added, removed; areas drawn, holes cut. No drawing here, no page.
import { round } from "./geometry.js";
import { History } from "./history.js";

export class Editor {
  constructor(polygons, changed) {
    this.polygons = polygons;
    this.chosen = null; // { polygon, ring, corner }
    this.draft = null; // points of a ring that is being drawn
    this.draftKind = "";
    this.history = new History(polygons);
    this.changed = changed;
  }

  #ring(one = this.chosen) { return one ? this.polygons[one.polygon]?.[one.ring] : undefined; }

  // `finished`: a change to go back to; a corner that is still dragged is none.
  #tell(finished = true) {
    if (finished) this.history.keep(this.polygons);
    this.changed(finished);
  }

  replace(polygons) {
    this.polygons = polygons;
    this.chosen = null;
    this.#tell();
  }

  travel(step) {
    const state = this.history.go(step);
    if (!state) return;
    this.polygons = state;
    this.chosen = null;
    this.changed(true);
  }

  choose(one) {
    this.chosen = one;
    this.changed(false);
  }

  chooseBeside(step) {
    const all = this.polygons.flatMap((rings, polygon) => rings.flatMap((ring, number) => ring.map((_, corner) => ({ polygon, ring: number, corner }))));
    if (!all.length) return;
    const at = all.findIndex((one) => this.chosen && one.polygon === this.chosen.polygon && one.ring === this.chosen.ring && one.corner === this.chosen.corner);
    this.choose(all[(at + step + all.length) % all.length]);
  }

  move(point, finished) {
    const ring = this.#ring();
    if (!ring) return;
    ring[this.chosen.corner] = point.map(round);
    this.#tell(finished);
  }

  shift([lon, lat]) {
    const point = this.#ring()?.[this.chosen.corner];
    if (point) this.move([point[0] + lon, point[1] + lat], true);
  }

  addBehind(one, finished = true) {
    const ring = this.#ring(one);
    if (!ring) return;
    const [a, b] = [ring[one.corner], ring[(one.corner + 1) % ring.length]];
    ring.splice(one.corner + 1, 0, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2].map(round));
    this.chosen = { ...one, corner: one.corner + 1 };
    this.#tell(finished);
  }

  // A ring of three corners goes as a whole.
  removeCorner() {
    const ring = this.#ring();
    if (!ring) return;
    if (ring.length <= 3) { this.removeRing(); return; }
    ring.splice(this.chosen.corner, 1);
    this.chosen = { ...this.chosen, corner: Math.max(0, this.chosen.corner - 1) };
    this.#tell();
  }

  removeRing() {
    if (!this.#ring()) return;
    const { polygon, ring } = this.chosen;
    if (ring === 0) this.polygons.splice(polygon, 1);
    else this.polygons[polygon].splice(ring, 1);
    this.chosen = null;
    this.#tell();
  }

  begin(kind) {
    this.draft = [];
    this.draftKind = kind;
    this.changed(false);
  }

  give(point) {
    this.draft?.push(point.map(round));
    this.changed(false);
  }

  cancel() {
    this.draft = null;
    this.changed(false);
  }

  // Whether a ring came of it: it takes three corners, and a hole an area to be cut into.
  finish() {
    const ring = this.draft;
    this.draft = null;
    const polygon = this.chosen?.polygon ?? this.polygons.length - 1;
    const fits = ring && ring.length >= 3 && (this.draftKind !== "hole" || this.polygons[polygon]);
    if (fits && this.draftKind === "hole") this.polygons[polygon].push(ring);
    else if (fits) this.polygons.push([ring]);
    if (fits) this.chosen = this.draftKind === "hole" ? { polygon, ring: this.polygons[polygon].length - 1, corner: 0 } : { polygon: this.polygons.length - 1, ring: 0, corner: 0 };
    if (fits) this.#tell();
    else this.changed(false);
    return Boolean(fits);
  }
}
