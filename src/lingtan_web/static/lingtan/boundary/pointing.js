// Mouse, finger and keys on the map, turned into acts of the editor and the view.
const NEAR = 14; // pixels: on the first corner again closes a ring

const cornerOf = (target) => {
  const one = target.closest?.("[data-corner]");
  return one && { polygon: Number(one.dataset.polygon), ring: Number(one.dataset.ring), corner: Number(one.dataset.corner) };
};

export class Pointing {
  constructor(svg, map) {
    this.svg = svg;
    this.map = map;
    this.down = new Map(); // pointers that are pressed
    this.dragged = null;
    svg.addEventListener("pointerdown", (event) => this.#press(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, (event) => this.#release(event));
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    svg.addEventListener("keydown", (event) => this.#key(event));
    svg.addEventListener("focusin", (event) => this.#focus(event));
    window.addEventListener("keydown", (event) => this.#draftKey(event));
  }

  #at(event) {
    const box = this.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #press(event) {
    const { editor } = this.map;
    this.svg.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.down.set(event.pointerId, at);
    this.travelled = 0;
    const one = editor && !editor.draft && !this.map.picking ? cornerOf(event.target) : null;
    if (!one || this.down.size > 1) { this.dragged = null; return; }
    this.added = Boolean(event.target.closest(".middle"));
    if (this.added) editor.addBehind(one, false);
    else editor.choose(one);
    this.dragged = editor.chosen;
    this.map.focusChosen();
  }

  #move(event) {
    const at = this.#at(event);
    const before = this.down.get(event.pointerId);
    if (!before) { this.map.pointAt(at); return; }
    this.travelled += Math.hypot(at[0] - before[0], at[1] - before[1]);
    const others = [...this.down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.down.set(event.pointerId, at);
    if (others.length) this.#pinch(before, at, others[0]);
    else if (this.dragged) this.map.editor.move(this.map.view.toEarth(at), false);
    else this.map.look((view) => view.pan(at[0] - before[0], at[1] - before[1]));
  }

  #pinch(before, at, other) {
    const [old, now] = [before, at].map((point) => Math.hypot(point[0] - other[0], point[1] - other[1]));
    const middle = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
    this.map.look((view) => {
      view.pan((at[0] - before[0]) / 2, (at[1] - before[1]) / 2);
      view.zoom(now / Math.max(old, 1), middle);
    });
  }

  #release(event) {
    const at = this.#at(event);
    const alone = this.down.delete(event.pointerId) && this.down.size === 0;
    const { editor } = this.map;
    if (this.dragged && editor) {
      const { polygon, ring, corner } = this.dragged;
      if (this.added || this.travelled > 2) editor.move(editor.polygons[polygon][ring][corner], true);
    } else if (alone && event.type === "pointerup" && this.travelled < 6) this.#click(at);
    this.dragged = null;
  }

  #click(at) {
    const { editor, view } = this.map;
    if (this.map.picking) { this.map.pick(at); return; }
    if (!editor?.draft) return;
    const first = editor.draft[0] && view.toScreen(editor.draft[0]);
    if (first && editor.draft.length > 2 && Math.hypot(first[0] - at[0], first[1] - at[1]) < NEAR) this.map.finish();
    else editor.give(view.toEarth(at));
  }

  #wheel(event) {
    event.preventDefault();
    this.map.look((view) => view.zoom(Math.exp(-event.deltaY / 400), this.#at(event)));
  }

  #focus(event) {
    const one = cornerOf(event.target);
    const { editor } = this.map;
    if (one && editor && !this.dragged && JSON.stringify(one) !== JSON.stringify(editor.chosen)) {
      editor.choose(one);
      this.map.focusChosen();
    }
  }

  #key(event) {
    const { editor, view } = this.map;
    if (!editor || editor.draft || !cornerOf(event.target)) return;
    const far = event.shiftKey ? 10 : event.altKey ? 0.1 : 1;
    const steps = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] };
    if (steps[event.key]) editor.shift(view.step(...steps[event.key]));
    else if (event.key === "n" || event.key === "N") editor.chooseBeside(1);
    else if (event.key === "p" || event.key === "P") editor.chooseBeside(-1);
    else if (event.key === "Insert" || event.key === "+") editor.addBehind(editor.chosen);
    else if (event.key === "Delete" || event.key === "Backspace") editor.removeCorner();
    else return;
    event.preventDefault();
    this.map.showChosen();
    this.map.focusChosen();
  }

  #draftKey(event) {
    const { editor } = this.map;
    if (event.key === "Escape" && this.map.picking) this.map.stopPicking();
    if (!editor?.draft || /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(event.target.tagName)) return;
    if (event.key === "Enter") { event.preventDefault(); this.map.finish(); }
    if (event.key === "Escape") editor.cancel();
  }
}
