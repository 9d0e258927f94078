// The boundary of a park on a map that needs no internet. The coordinate table below it is what is saved.
import { Background } from "./boundary/background.js";
import * as draw from "./boundary/drawing.js";
import { Editor } from "./boundary/editor.js";
import { boundsOf, computeArea, formatText, opened, parseText, toGeojson } from "./boundary/geometry.js";
import { Pointing } from "./boundary/pointing.js";
import { View } from "./boundary/view.js";

const CHINA = { west: 73.5, south: 18, east: 135, north: 53.5 };
const WAIT = 350; // milliseconds after the last change until the server is asked
const English = document.documentElement.lang.startsWith("en");
const say = (zh, en) => (English ? en : zh);
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

class BoundaryMap {
  constructor(root, data) {
    this.root = root;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.svg = this.find("map").querySelector("svg");
    this.text = root.querySelector("#text");
    this.view = new View();
    this.neighbours = data.neighbours.map(({ name, polygons }) => ({ name, polygons: polygons.map((rings) => rings.map(opened)) }));
    this.faults = data.faults;
    const polygons = data.polygons.map((rings) => rings.map(opened));
    this.polygons = polygons;
    this.editor = root.hasAttribute("data-editable") ? new Editor(polygons, (finished) => this.changed(finished)) : null;
    this.background = new Background(this.find("map").querySelector("canvas"));
    this.picking = 0;
    this.show();
    this.fit(data.centre);
    new Pointing(this.svg, this);
    new ResizeObserver(() => this.draw()).observe(this.find("map"));
    this.wire();
    this.markFaults();
  }

  show() {
    this.find("map").hidden = false;
    for (const part of this.root.querySelectorAll("[data-tools], [data-background], [data-needs-script]")) part.hidden = false;
    this.measure();
  }

  measure() { this.view.size = [this.svg.clientWidth || 600, this.svg.clientHeight || 400]; }

  shown() { return this.editor ? this.editor.polygons : this.polygons; }

  fit(centre) {
    const bounds = boundsOf(this.shown().filter((rings) => rings.length));
    if (bounds) this.view.fit(bounds);
    else if (centre) Object.assign(this.view, { middle: centre, metres: 5 });
    else this.view.fit(boundsOf(this.neighbours.flatMap((one) => one.polygons)) ?? CHINA);
    this.draw();
  }

  look(change) {
    change(this.view);
    this.draw();
  }

  draw() {
    this.measure();
    const focused = this.svg.contains(document.activeElement);
    const { view, editor, svg } = this;
    svg.setAttribute("viewBox", `0 0 ${view.size.join(" ")}`);
    const parts = [draw.drawGround(view), draw.drawNeighbours(view, this.neighbours), draw.drawOwn(view, this.shown(), editor?.chosen)];
    if (editor?.draft) parts.push(draw.drawDraft(view, editor.draft, this.pointer));
    else if (editor) parts.push(draw.drawCorners(view, editor.polygons, editor.chosen, (one) => this.name(one)));
    svg.replaceChildren(...parts, draw.drawMarks(view, this.faults), draw.drawScale(view));
    svg.classList.toggle("drawing", Boolean(editor?.draft));
    svg.classList.toggle("picking", Boolean(this.picking));
    this.background.draw(view);
    if (focused && !this.focusing) this.focusChosen();
  }

  name({ polygon, ring, corner, point }) {
    const kind = ring ? say(`孔 ${ring}`, `hole ${ring}`) : "";
    return `${say("面", "area")} ${polygon + 1} ${kind} ${say("点", "corner")} ${corner + 1}: ${point.map((v) => v.toFixed(6)).join(", ")}`;
  }

  focusChosen() {
    this.focusing = true;
    this.svg.querySelector(".corner.selected")?.focus({ preventScroll: true });
    this.focusing = false;
  }

  // A corner that keys moved to may lie beyond the edge of the map.
  showChosen() {
    const { chosen, polygons } = this.editor;
    const point = chosen && polygons[chosen.polygon]?.[chosen.ring]?.[chosen.corner];
    if (!point) return;
    const [x, y] = this.view.toScreen(point);
    if (x < 0 || y < 0 || x > this.view.size[0] || y > this.view.size[1]) this.look((view) => { view.middle = point; });
  }

  changed(finished) {
    this.draw();
    this.tell();
    for (const kind of ["draw", "hole"]) this.button(kind).setAttribute("aria-pressed", String(Boolean(this.editor.draft) && this.editor.draftKind === kind));
    this.area();
    if (finished) {
      this.text.value = formatText(this.editor.polygons);
      this.ask();
    }
  }

  tell() {
    const { chosen, draft, polygons } = this.editor;
    const point = chosen && polygons[chosen.polygon]?.[chosen.ring]?.[chosen.corner];
    const said = draft ? say(`正在绘制：${draft.length} 个点，按 Enter 或点第一个点结束`, `Drawing: ${draft.length} corners; end with Enter or on the first one`) : point ? this.name({ ...chosen, point }) : "";
    this.find("state").textContent = said;
  }

  area(known) {
    const polygons = this.shown();
    const area = known ?? (polygons.length ? Math.round(computeArea(polygons)) : null);
    this.find("area").textContent = area === null ? "—" : `${grouped.format(area)} m²`;
    const more = area === null ? "" : `${(area / 10000).toFixed(2)} ${say("公顷", "ha")} · ${(area / 1e6).toFixed(3)} ${say("平方公里", "km²")}`;
    this.find("area-more").textContent = more;
  }

  ask() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.check(), WAIT);
  }

  async check() {
    const asked = this.text.value;
    const body = new URLSearchParams({ text: asked, csrfmiddlewaretoken: this.find("form").elements.csrfmiddlewaretoken.value });
    const answer = await fetch(this.root.dataset.check, { method: "POST", body, headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    if (!answer?.ok || asked !== this.text.value) return;
    const { area_m2: area, faults } = await answer.json();
    this.faults = faults;
    if (area !== null) this.area(area);
    this.listFaults();
    this.draw();
  }

  listFaults() {
    const list = document.createElement("ul");
    list.className = "faults";
    for (const { severity, what, why, mend } of this.faults) {
      const line = document.createElement("li");
      line.className = severity === "error" ? "" : severity;
      const [first, second, third] = [0, 1, 2].map(() => document.createElement("p"));
      first.append(Object.assign(document.createElement("strong"), { textContent: what }));
      second.textContent = why;
      third.textContent = say("怎么办：", "What to do: ") + mend;
      line.append(first, second, third);
      list.append(line);
    }
    this.find("faults").replaceChildren(...(this.faults.length ? [list] : []));
    this.markFaults();
  }

  // Faults with a corner carry the number that stands on the map.
  markFaults() {
    this.find("faults").querySelectorAll("li").forEach((line, i) => {
      if (this.faults[i]?.corner) line.dataset.mark = String(i + 1);
    });
  }

  button(name) { return this.root.querySelector(`[data-do="${name}"]`); }

  finish() {
    if (!this.editor.finish()) this.find("state").textContent = say("至少要三个点；挖孔前先要有一个面", "It takes three corners; a hole needs an area to be cut into");
  }

  toggle(kind) {
    if (this.editor.draft && this.editor.draftKind === kind) { this.editor.cancel(); return; }
    this.editor.begin(kind);
    this.svg.focus();
  }

  wire() {
    const acts = {
      in: () => this.look((view) => view.zoom(1.6)),
      out: () => this.look((view) => view.zoom(1 / 1.6)),
      fit: () => this.fit(),
      draw: () => this.toggle("draw"),
      hole: () => this.toggle("hole"),
      remove: () => this.editor.removeRing(),
      undo: () => this.editor.travel(-1),
      redo: () => this.editor.travel(1),
      export: () => this.save(),
      "pick-1": () => this.startPicking(1),
      "pick-2": () => this.startPicking(2),
      "no-picture": () => this.removePicture(),
    };
    this.root.addEventListener("click", (event) => acts[event.target.closest("[data-do]")?.dataset.do]?.());
    this.area();
    if (!this.editor) return;
    this.text.addEventListener("input", () => this.readText());
    this.root.querySelector("#import").addEventListener("change", (event) => this.load(event.target));
    this.root.querySelector("#picture").addEventListener("change", (event) => this.loadPicture(event.target.files[0]));
    this.root.querySelector("#strength").addEventListener("input", (event) => { this.background.strength = event.target.value / 100; this.draw(); });
    for (const n of [1, 2]) this.root.querySelector(`#point-${n}`).addEventListener("input", (event) => { this.background.place(n - 1, event.target.value); this.draw(); });
  }

  // What is written in the table is drawn as soon as it can be read; what cannot be read the server explains.
  readText() {
    const polygons = parseText(this.text.value);
    if (polygons) {
      this.editor.polygons = polygons.filter((rings) => rings.length);
      this.editor.chosen = null;
      this.editor.history.keep(this.editor.polygons);
      if (this.editor.polygons.length) this.fit();
      else this.draw();
      this.area();
    }
    this.ask();
  }

  async load(input) {
    const [file] = input.files;
    if (!file) return;
    this.text.value = await file.text();
    input.value = "";
    this.readText();
  }

  save() {
    const link = document.createElement("a");
    const data = new Blob([JSON.stringify(toGeojson(this.editor.polygons, this.root.dataset.name), null, 1)], { type: "application/geo+json" });
    link.href = URL.createObjectURL(data);
    link.download = `${this.root.dataset.name}.geojson`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async loadPicture(file) {
    if (!file) return;
    await this.background.load(file, this.view).catch(() => { this.find("state").textContent = say("这张图打不开", "The picture cannot be opened"); });
    this.find("points").hidden = !this.background.image;
    this.draw();
  }

  removePicture() {
    this.background.remove();
    this.find("points").hidden = true;
    this.root.querySelector("#picture").value = "";
    this.stopPicking();
  }

  startPicking(number) {
    this.picking = this.picking === number ? 0 : number;
    this.pressPicking();
  }

  stopPicking() {
    this.picking = 0;
    this.pressPicking();
  }

  pressPicking() {
    for (const n of [1, 2]) this.button(`pick-${n}`).setAttribute("aria-pressed", String(this.picking === n));
    this.draw();
  }

  pick(at) {
    this.background.pick(this.picking - 1, at, this.view);
    this.stopPicking();
  }

  pointAt(at) {
    this.pointer = this.view.toEarth(at);
    if (this.editor?.draft) this.draw();
  }
}

for (const root of document.querySelectorAll("[data-boundary]")) new BoundaryMap(root, JSON.parse(document.getElementById("boundary-data").textContent));
