// What is changed on this page: shown at once, kept as steps that can be undone, and sent.

import { cellsOf, newId } from "./cells.js";
import { History } from "./history.js";

export class Changes {
  constructor(grid) {
    this.grid = grid;
    this.history = new History();
  }

  /** Put texts into cells, as one step; places behind the last row become new rows. */
  write(cells) {
    const edits = [];
    const added = new Map();
    for (const { row, column, text } of cells) {
      if (this.grid.isLocked(row, column)) continue;
      const { name } = this.grid.columns[column];
      const value = this.grid.columns[column].stored(text);
      if (row >= this.grid.rows.total) {
        if (!added.has(row)) added.set(row, { ...this.grid.given.preset });
        if (value) added.get(row)[name] = value;
      } else {
        const { id, cells: now } = this.grid.rows.at(row) ?? {};
        const old = now?.[name] ?? "";
        if (id && old !== value) edits.push({ kind: "cell", row: id, column: name, old, new: value });
      }
    }
    const preset = Object.keys(this.grid.given.preset ?? {}).length;
    for (const line of [...added.entries()].sort(([one], [other]) => one - other).map(([, line]) => line)) {
      if (Object.keys(line).length > preset) edits.push({ kind: "add", row: newId(), cells: line });
    }
    if (edits.length) this.perform(edits);
  }

  clear() {
    const { top, bottom, left, right } = this.grid.range;
    this.grid.rows.ensure(top, bottom + 1).then(() => this.write(cellsOf(top, bottom, left, right, () => "")));
  }

  async removeRows() {
    if (!this.grid.given.canAdd) return;
    const { top, bottom } = this.grid.range;
    const last = Math.min(bottom, this.grid.rows.total - 1);
    await this.grid.rows.ensure(top, last + 1);
    const edits = [];
    for (let index = last; index >= top; index -= 1) {
      const row = this.grid.rows.at(index);
      if (row) edits.push({ kind: "remove", row: row.id, cells: { ...row.cells }, index });
    }
    if (!edits.length) return;
    this.perform(edits);
    this.grid.bar.announce(this.grid.say("removed", { rows: edits.length }));
    this.grid.move(top, this.grid.active.column);
    this.grid.writer.focus();
  }

  /** Do edits as one step that can be undone. */
  perform(edits) {
    this.history.record(edits);
    this.apply(edits);
  }

  undo() {
    const edits = this.history.back();
    if (edits) this.apply(edits, { isRevealing: true });
  }

  redo() {
    const edits = this.history.forth();
    if (edits) this.apply(edits, { isRevealing: true });
  }

  /** Show edits at once, and send them. */
  apply(edits, { isRevealing = false } = {}) {
    for (const edit of edits) this.applyOne(edit);
    this.grid.redraw(() => isRevealing && this.revealEdit(edits.at(-1)));
    this.grid.sender.push(edits.map(({ index, ...sent }) => sent));
    this.grid.bar.showSteps();
  }

  applyOne(edit) {
    const index = this.grid.rows.indexOf(edit.row);
    if (edit.kind === "add") {
      const at = edit.index ?? this.grid.rows.total;
      this.grid.rows.insert(at, { id: edit.row, cells: { ...edit.cells }, faults: [] });
    } else if (edit.kind === "remove") {
      if (index >= 0) this.grid.rows.remove(index);
    } else if (index >= 0) {
      const row = this.grid.rows.at(index);
      if (edit.new) row.cells[edit.column] = edit.new;
      else delete row.cells[edit.column];
      row.faults = row.faults.filter((fault) => fault.column !== edit.column);
    }
  }

  revealEdit(edit) {
    const row = this.grid.rows.indexOf(edit.row);
    const column = this.grid.columns.findIndex(({ name }) => name === edit.column);
    this.grid.move(row < 0 ? this.grid.active.row : row, column < 0 ? this.grid.active.column : column);
  }
}
