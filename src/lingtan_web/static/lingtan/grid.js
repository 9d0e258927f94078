// A register as a grid to write in. The page holds `<div data-grid="ID">` and the description of the
// register as JSON in the element ID (see lingtan_web/dossiers/grids.py).

import { Bar } from "./grid/bar.js";
import { Changes } from "./grid/changes.js";
import { attachClipboard } from "./grid/clipboard.js";
import { Column } from "./grid/columns.js";
import { askAbout } from "./grid/conflicts.js";
import { attachKeys } from "./grid/keys.js";
import { Rows } from "./grid/rows.js";
import { Sender } from "./grid/sender.js";
import { View } from "./grid/view.js";
import { speaker } from "./grid/words.js";
import { Writer } from "./grid/writer.js";

const SEVERITIES = ["error", "warning", "note"];

export class Grid {
  constructor(place, given) {
    Object.assign(this, { place, given, title: given.title, say: speaker(given.language) });
    this.columns = given.columns.map((column) => new Column(column));
    this.rows = new Rows(given.urls.rows, given);
    this.changes = new Changes(this);
    this.active = { row: 0, column: 0 };
    this.anchor = { ...this.active };
    this.messageId = `${place.id || "grid"}-message`;
    place.classList.add("grid");
    this.bar = new Bar(place, this);
    this.view = new View(place, this);
    this.bar.attachMessage(place);
    this.writer = new Writer(this);
    this.sender = new Sender(given.urls.edits, given.token, given.revision, {
      state: (state) => this.bar.showState(state),
      saved: (answer, isAlone) => this.onSaved(answer, isAlone),
      refused: (messages, status) => this.onRefused(messages, status),
    });
    attachKeys(this);
    attachClipboard(this);
    this.attachPointer();
    this.start(given.focus);
  }

  /** Rows to show: those there are, and a blank one to add where that is allowed. */
  get height() {
    return this.rows.total + (this.given.canAdd ? 1 : 0);
  }

  start(focus) {
    this.view.draw();
    const column = this.columns.findIndex(({ name }) => name === focus?.column);
    this.move(focus?.index ?? 0, Math.max(column, 0), { isQuiet: true });
    if (focus) this.writer.focus();
  }

  // What a cell is.

  text(row, column) {
    return this.rows.at(row)?.cells[this.columns[column].name] ?? "";
  }

  faults(row, column) {
    const { name } = this.columns[column];
    return (this.rows.at(row)?.faults ?? []).filter((fault) => fault.column === name);
  }

  isLocked(row, column) {
    const isNew = row >= this.rows.total;
    return !this.given.canEdit || this.columns[column].locked || (isNew && !this.given.canAdd);
  }

  look(row, column) {
    const faults = this.faults(row, column);
    const worst = SEVERITIES.find((severity) => faults.some((fault) => fault.severity === severity));
    const { top, bottom, left, right } = this.range;
    const isOne = top === bottom && left === right;
    return {
      text: this.columns[column].shown(this.text(row, column)),
      worst,
      isLocked: this.isLocked(row, column),
      isChosen: !isOne && row >= top && row <= bottom && column >= left && column <= right,
      isLoading: row < this.rows.total && this.rows.at(row) === undefined,
    };
  }

  /** The chosen rectangle, from the first to the last row and column. */
  get range() {
    const { active, anchor } = this;
    return {
      top: Math.min(active.row, anchor.row),
      bottom: Math.max(active.row, anchor.row),
      left: Math.min(active.column, anchor.column),
      right: Math.max(active.column, anchor.column),
    };
  }

  // Where one is.

  /** Make a cell the active one; with `isExtending` the choice grows to it. */
  move(row, column, { isExtending = false, isQuiet = false } = {}) {
    const before = this.view.cell(this.active.row, this.active.column);
    before?.classList.remove("grid-active");
    this.active = {
      row: Math.min(Math.max(row, 0), Math.max(this.height - 1, 0)),
      column: Math.min(Math.max(column, 0), this.columns.length - 1),
    };
    if (!isExtending) this.anchor = { ...this.active };
    this.isLeaving = false;
    if (!this.height) return;
    if (!isQuiet) this.view.reveal(this.active.row, this.active.column);
    this.stand();
    this.view.paint();
    this.view.later();
  }

  stand() {
    const { row, column } = this.active;
    const cell = this.view.cell(row, column);
    if (!cell) return;
    cell.classList.add("grid-active");
    this.writer.stand(cell, this.columns[column], this.describe(row, column));
    this.bar.showMessage(this.faults(row, column), this.columns[column], this.isLocked(row, column));
  }

  /** Draw all rows anew after rows came or went; the focus stays in the grid if it was there. */
  redraw(andThen = () => undefined) {
    const hadFocus = document.activeElement === this.writer.field;
    this.view.redraw();
    const last = Math.max(this.height - 1, 0);
    if (this.active.row > last) this.active.row = this.anchor.row = last;
    andThen();
    if (!this.writer.isOpen) this.stand();
    if (hadFocus) this.writer.focus();
  }

  describe(row, column) {
    const shown = this.columns[column].shown(this.text(row, column)) || this.say("blank");
    const where = row < this.rows.total ? this.say("row", { n: row + 1 }) : this.say("newRow");
    const faults = this.faults(row, column);
    const isInvalid = faults.some((fault) => fault.severity === "error");
    return { name: `${this.columns[column].label}：${shown}，${where}`, isInvalid, isLocked: this.isLocked(row, column) };
  }

  attachPointer() {
    this.view.body.addEventListener("pointerdown", (event) => {
      const at = this.placeOf(event.target);
      const isMouse = event.pointerType === "mouse" && event.button === 0;
      if (!at || !isMouse || event.target === this.writer.field) return;
      event.preventDefault();
      if (this.writer.isOpen) this.commit();
      this.move(at.row, at.column, { isExtending: event.shiftKey });
      this.writer.focus();
      this.isDragging = true;
    });
    this.view.body.addEventListener("click", (event) => this.onTap(event));
    this.view.body.addEventListener("pointerover", (event) => {
      const at = this.isDragging ? this.placeOf(event.target) : undefined;
      if (at) this.move(at.row, at.column, { isExtending: true });
    });
    window.addEventListener("pointerup", () => {
      this.isDragging = false;
    });
    this.view.body.addEventListener("dblclick", () => this.edit());
  }

  /** A finger chooses a cell when it is lifted, so that it can also scroll; a second tap writes. */
  onTap(event) {
    const at = this.placeOf(event.target);
    if (!at || event.pointerType === "mouse" || this.writer.isOpen) return;
    if (at.row === this.active.row && at.column === this.active.column) {
      this.edit();
    } else {
      this.move(at.row, at.column);
      this.writer.focus();
    }
  }

  placeOf(target) {
    const cell = target.closest(".grid-cell, .grid-number");
    if (!cell) return undefined;
    const row = Number(cell.parentElement.dataset.row);
    return { row, column: Number(cell.dataset.column ?? 0) };
  }

  // Writing.

  edit() {
    const { row, column } = this.active;
    if (!this.writer.isOpen) this.writer.open(this.columns[column].shown(this.text(row, column)));
  }

  onOpened() {
    this.anchor = { ...this.active };
    this.view.paint();
  }

  onLeft() {
    this.isLeaving = false;
  }

  /** Keep what was written into the active cell. */
  commit() {
    const { row, column } = this.active;
    const written = this.writer.written;
    this.writer.close();
    if (written !== undefined) this.changes.write([{ row, column, text: written }]);
    this.stand();
  }

  cancel() {
    this.writer.close();
    this.stand();
  }

  addRow() {
    this.move(this.rows.total, this.columns.findIndex((column) => !column.locked));
    this.writer.focus();
  }

  // What the server says.

  onSaved(answer, isAlone) {
    this.rows.refresh(answer.rows);
    const isTorn = answer.conflicts.some((one) => !one.column || one.isGone);
    if (answer.conflicts.length) askAbout(this, answer.conflicts);
    if ((!isAlone || isTorn) && !this.sender.waiting.length) this.reload(answer.total);
    this.view.paint();
    if (!this.writer.isOpen) this.stand();
    if (answer.refused.length) this.bar.showRefused(answer.refused.map((one) => one.text));
  }

  async reload(total) {
    this.rows.forget(total);
    const [from, to] = this.view.seen();
    await this.rows.ensure(from, to);
    await this.rows.ensure(this.active.row, this.active.row + 1);
    this.redraw();
  }

  onRefused(messages, status) {
    this.bar.showRefused(messages.length ? messages : [`HTTP ${status}`]);
    this.reload(this.rows.total);
  }

  async onSeen(from, to) {
    try {
      if (await this.rows.ensure(from, to)) this.redraw();
    } catch {
      this.bar.showState("offline");
      setTimeout(() => this.view.later(), 3000);
    }
  }

  /** Go to the next cell with an error or a warning, from here on and round again. */
  async nextFault() {
    const here = this.findFault(this.active.row, this.active.column + 1);
    const next = here ?? (await this.askFault(this.active.row + 1));
    if (!next) {
      this.bar.announce(this.say("nothingLeft"));
      return;
    }
    await this.rows.ensure(next.row, next.row + 1);
    this.move(next.row, next.column);
    this.writer.focus();
  }

  /** The first faulty cell of a row from a column on. */
  findFault(row, from) {
    for (let column = from; column < this.columns.length; column += 1) {
      if (this.faults(row, column).some((fault) => fault.severity !== "note")) return { row, column };
    }
    return undefined;
  }

  /** What the whole dossier's check has behind a row, also where it was not fetched yet. */
  async askFault(after) {
    const next = await this.askNext(after);
    if (!next || next.index >= this.rows.total) return undefined;
    await this.rows.ensure(next.index, next.index + 1);
    const column = this.columns.findIndex(({ name }) => name === next.column);
    return { row: next.index, column: Math.max(column, 0) };
  }

  /** The check of a large dossier is made by the worker: asked again until it is there, for two minutes at most. */
  async askNext(after) {
    for (let tries = 0; tries < 60; tries += 1) {
      const answer = await fetch(`${this.given.urls.rows}?after=${after}`, { headers: { Accept: "application/json" } });
      const { next, isChecking } = answer.ok ? await answer.json() : {};
      if (!isChecking) return next;
      this.bar.announce(this.say("checking"));
      await new Promise((done) => setTimeout(done, 2000));
    }
    return undefined;
  }
}

for (const place of document.querySelectorAll("[data-grid]")) {
  place.grid = new Grid(place, JSON.parse(document.getElementById(place.dataset.grid).textContent));
}
