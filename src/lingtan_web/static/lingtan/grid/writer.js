// The field that writes into cells. It always stands in the active cell and holds the focus, so that
// Chinese input methods work from the first key on; it is seen only while somebody writes.

import { element } from "./elements.js";

const SUGGESTIONS = "grid-suggestions";

export class Writer {
  constructor(grid) {
    this.grid = grid;
    this.isOpen = false;
    this.line = element("input", { type: "text", class: "grid-writer", autocomplete: "off", spellcheck: "false" });
    this.area = element("textarea", { rows: 1, class: "grid-writer", spellcheck: "false" });
    this.list = element("datalist", { id: SUGGESTIONS });
    document.body.append(this.list);
    for (const field of [this.line, this.area]) {
      field.addEventListener("input", () => this.onInput());
      field.addEventListener("compositionstart", () => this.onInput());
      field.addEventListener("blur", (event) => this.onBlur(event));
    }
    this.field = this.line;
  }

  /** Stand in a cell, unseen, ready for the first key. */
  stand(cell, column, label) {
    const hadFocus = document.activeElement === this.field;
    const next = column.suggestions.length || column.isNumeric ? this.line : this.area;
    this.column = column;
    this.isMoving = true;
    if (this.field !== next || this.field.parentElement !== cell) {
      this.field.remove();
      cell.append(next);
    }
    this.field = next;
    this.close();
    this.isMoving = false;
    this.label(label);
    if (hadFocus) this.focus();
  }

  label({ name, isInvalid, isLocked }) {
    this.field.setAttribute("aria-label", name);
    this.field.setAttribute("aria-invalid", String(isInvalid));
    this.field.setAttribute("aria-describedby", this.grid.messageId);
    this.field.readOnly = isLocked;
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  /** Begin to write with `text` in the field. */
  open(text) {
    if (this.field.readOnly) return;
    this.isOpen = true;
    this.original = text;
    const { suggestions, isNumeric } = this.column;
    this.list.replaceChildren(...suggestions.map((word) => element("option", { value: word })));
    if (suggestions.length) this.line.setAttribute("list", SUGGESTIONS);
    this.field.setAttribute("inputmode", isNumeric ? "decimal" : "text");
    this.field.classList.add("grid-writing");
    const isChoice = this.column.words.size > 0;
    this.field.placeholder = isChoice ? text : "";
    this.field.value = isChoice ? "" : text;
    this.focus();
    this.field.setSelectionRange?.(this.field.value.length, this.field.value.length);
    this.fit();
    if (isChoice) this.showSuggestions();
  }

  showSuggestions() {
    try {
      this.line.showPicker();
    } catch {
      // a browser that lacks it, or no key was pressed: the list opens with the arrow down
    }
  }

  onInput() {
    if (!this.isOpen) {
      this.isOpen = true;
      this.original = "";
      this.isReplacing = true;
      const { suggestions } = this.column;
      this.list.replaceChildren(...suggestions.map((word) => element("option", { value: word })));
      if (suggestions.length) this.line.setAttribute("list", SUGGESTIONS);
      this.field.classList.add("grid-writing");
      this.grid.onOpened();
    }
    this.fit();
  }

  /** As high as its lines. */
  fit() {
    if (this.field !== this.area) return;
    this.area.style.height = "";
    this.area.style.height = `${Math.min(Math.max(this.area.scrollHeight + 2, 32), 160)}px`;
  }

  onBlur(event) {
    if (this.isOpen && !this.isMoving) this.grid.commit();
    if (event.relatedTarget && !this.grid.place.contains(event.relatedTarget)) this.grid.onLeft();
  }

  /** What was written, or undefined if nothing was. */
  get written() {
    if (!this.isOpen) return undefined;
    const isUntouched = this.column.words.size > 0 && this.field.value === "" && !this.isReplacing;
    return isUntouched ? undefined : this.field.value;
  }

  close() {
    this.isOpen = false;
    this.isReplacing = false;
    this.field.value = "";
    this.field.placeholder = "";
    this.field.setAttribute("inputmode", "none");
    this.line.removeAttribute("list");
    this.area.style.height = "";
    this.field.classList.remove("grid-writing");
  }

  /** A line break where the cursor is. */
  breakLine() {
    if (this.field !== this.area) return;
    this.area.setRangeText("\n", this.area.selectionStart, this.area.selectionEnd, "end");
    this.fit();
  }
}
