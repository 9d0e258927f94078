// The table in the page: only the rows one sees are in it, however many there are.

import { element } from "./elements.js";

export const ROW_HEIGHT = 32;
const SPARE = 8; // rows above and below what is seen

/** Draws headings and rows; `grid` answers what each cell holds. */
export class View {
  constructor(place, grid) {
    this.grid = grid;
    this.drawn = new Map();
    this.head = element("div", { role: "row", class: "grid-head", "aria-rowindex": 1 });
    this.body = element("div", { role: "rowgroup", class: "grid-body" });
    this.table = element("div", {
      role: "grid",
      class: "grid-table",
      "aria-label": grid.title,
      "aria-multiselectable": "true",
      "aria-colcount": grid.columns.length + 1,
    });
    this.scroller = element("div", { class: "grid-scroll" }, this.table);
    this.table.append(this.head, this.body);
    place.append(this.scroller);
    this.drawHead();
    this.scroller.addEventListener("scroll", () => this.later());
    new ResizeObserver(() => this.later()).observe(this.scroller);
  }

  drawHead() {
    const widths = this.grid.columns.map((column) => `${column.width}px`);
    const digits = String(this.grid.given.total + 1000).length;
    this.table.style.setProperty("--columns", `${Math.max(digits * 9 + 20, 48)}px ${widths.join(" ")}`);
    this.head.append(element("div", { role: "columnheader", class: "grid-corner", "aria-colindex": 1 }, "#"));
    this.grid.columns.forEach((column, index) => {
      const label = element("span", { class: "grid-label" }, column.label);
      if (column.required) label.append(element("span", { class: "grid-required" }, " *"));
      const cell = element("div", { role: "columnheader", "aria-colindex": index + 2, title: column.help ?? "" });
      cell.append(label, element("span", { class: "grid-hint" }, column.hint ?? ""));
      this.head.append(cell);
    });
  }

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** The places of the first and the last row that are seen. */
  seen() {
    const top = Math.floor(this.scroller.scrollTop / ROW_HEIGHT);
    return [top, top + Math.ceil(this.scroller.clientHeight / ROW_HEIGHT)];
  }

  /** Bring the page in line with what is seen; rows that stay are left alone. */
  draw() {
    const [top, bottom] = this.seen();
    const from = Math.max(0, top - SPARE);
    const to = Math.min(this.grid.height, bottom + SPARE);
    this.body.style.height = `${this.grid.height * ROW_HEIGHT}px`;
    this.table.setAttribute("aria-rowcount", this.grid.height + 1);
    const wanted = new Set([this.grid.active.row]);
    for (let index = from; index < to; index += 1) wanted.add(index);
    for (const [index, row] of this.drawn) {
      if (!wanted.has(index)) {
        row.remove();
        this.drawn.delete(index);
      }
    }
    for (const index of wanted) {
      if (index < this.grid.height && !this.drawn.has(index)) this.drawRow(index);
    }
    this.grid.onSeen(from, to);
  }

  drawRow(index) {
    const row = element("div", { role: "row", class: "grid-row", "aria-rowindex": index + 2 });
    row.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    row.dataset.row = index;
    row.append(element("div", { role: "rowheader", class: "grid-number", "aria-colindex": 1 }));
    this.grid.columns.forEach((column, at) => {
      const cell = element("div", { role: "gridcell", class: "grid-cell", "aria-colindex": at + 2 });
      cell.dataset.column = at;
      if (column.isNumeric) cell.classList.add("grid-numeric");
      cell.append(element("span", { class: "grid-text" }));
      row.append(cell);
    });
    this.drawn.set(index, row);
    this.body.append(row);
    this.paintRow(index);
  }

  /** Fill a drawn row with what it holds now. */
  paintRow(index) {
    const row = this.drawn.get(index);
    if (!row) return;
    row.classList.toggle("grid-new", index === this.grid.rows.total);
    row.firstChild.textContent = index < this.grid.rows.total ? index + 1 : "＋";
    this.grid.columns.forEach((column, at) => this.paintCell(row.children[at + 1], index, at));
  }

  paintCell(cell, row, column) {
    const { text, worst, isLocked, isChosen, isLoading } = this.grid.look(row, column);
    cell.querySelector(".grid-text").textContent = isLoading ? "…" : text;
    cell.classList.toggle("grid-chosen", isChosen);
    cell.classList.toggle("grid-locked", isLocked);
    cell.setAttribute("aria-selected", String(isChosen));
    cell.toggleAttribute("aria-readonly", false);
    if (isLocked) cell.setAttribute("aria-readonly", "true");
    for (const severity of ["error", "warning", "note"]) cell.classList.toggle(`grid-${severity}`, worst === severity);
    if (worst === "error") cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
  }

  /** Fill every drawn row anew. */
  paint() {
    for (const index of this.drawn.keys()) this.paintRow(index);
  }

  /** Draw all rows anew, after rows came or went. */
  redraw() {
    for (const index of this.drawn.keys()) {
      if (index >= this.grid.height) {
        this.drawn.get(index).remove();
        this.drawn.delete(index);
      }
    }
    this.draw();
    this.paint();
  }

  cell(row, column) {
    if (!this.drawn.has(row) && row < this.grid.height) this.drawRow(row);
    return this.drawn.get(row)?.children[column + 1];
  }

  /** Scroll so that a cell is seen, beside the headings that stay in place. */
  reveal(row, column) {
    const cell = this.cell(row, column);
    if (!cell) return;
    const { scroller, head } = this;
    const top = row * ROW_HEIGHT;
    const below = top + ROW_HEIGHT + head.offsetHeight - scroller.clientHeight;
    if (scroller.scrollTop > top) scroller.scrollTop = top;
    else if (scroller.scrollTop < below) scroller.scrollTop = below;
    const number = head.firstChild.offsetWidth;
    const left = cell.offsetLeft - number;
    const right = cell.offsetLeft + cell.offsetWidth - scroller.clientWidth;
    if (scroller.scrollLeft > left) scroller.scrollLeft = left;
    else if (scroller.scrollLeft < right) scroller.scrollLeft = right;
  }
}
