// The bar above a grid: what can be done, whether all is saved; below it, what is wrong with a cell.

import { button, element } from "./elements.js";

export class Bar {
  constructor(place, grid) {
    this.grid = grid;
    const { say, given } = grid;
    this.undo = button(say("undo"), () => this.act("undo"), { "aria-keyshortcuts": "Control+Z", title: "Ctrl+Z" });
    this.redo = button(say("redo"), () => this.act("redo"), { "aria-keyshortcuts": "Control+Y", title: "Ctrl+Y" });
    const add = button(say("addRow"), () => grid.addRow());
    const remove = button(say("removeRows"), () => grid.changes.removeRows(), { title: "Ctrl+Delete" });
    const next = button(say("nextFault"), () => grid.nextFault(), { "aria-keyshortcuts": "F8", title: "F8" });
    const keys = button(say("keys"), () => this.help.showModal());
    const doing = [...(given.canEdit ? [this.undo, this.redo] : []), ...(given.canAdd ? [add, remove] : [])];
    this.state = element("span", { class: "grid-state", role: "status" });
    const tools = element("div", { role: "toolbar", class: "grid-tools", "aria-label": grid.title }, ...doing, next);
    if (given.urls.history) tools.append(button(say("history"), () => this.openHistory()));
    tools.append(keys);
    this.refused = element("p", { class: "grid-refused", role: "alert", hidden: true });
    place.append(element("div", { class: "grid-bar" }, tools, this.state), this.refused, this.makeHelp());
    this.showSteps();
    if (given.canEdit) this.showState("saved");
  }

  act(name) {
    this.grid.changes[name]();
    this.grid.writer.focus();
  }

  /** Who changed the active cell, on a page of its own. */
  openHistory() {
    const { row, column } = this.grid.active;
    const id = this.grid.rows.at(row)?.id;
    if (!id) return;
    const query = new URLSearchParams({ row: id, column: this.grid.columns[column].name });
    window.open(`${this.grid.given.urls.history}?${query}`, "_blank", "noopener");
  }

  makeHelp() {
    const { say } = this.grid;
    const rows = say("help").map(([keys, meaning]) =>
      element("tr", {}, element("th", { scope: "row" }, keys), element("td", {}, meaning)),
    );
    const table = element("table", {}, element("tbody", {}, ...rows));
    this.help = element("dialog", { class: "grid-dialog", "aria-label": say("keys") }, element("h2", {}, say("keys")));
    this.help.append(table, button(say("close"), () => this.help.close()));
    return this.help;
  }

  /** The line below the grid that says what is wrong with the active cell. */
  attachMessage(place) {
    this.message = element("div", { class: "grid-message", id: this.grid.messageId });
    this.told = element("div", { class: "grid-told", role: "status" });
    place.append(this.message, this.told);
  }

  showMessage(faults, column, isLocked) {
    const { say } = this.grid;
    const lines = faults.map((fault) => {
      const mark = element("strong", { class: `grid-mark-${fault.severity}` }, `${say(fault.severity)}　`);
      return element("p", {}, mark, fault.text);
    });
    const about = [column.label, column.required ? say("required") : "", column.hint, column.help];
    if (isLocked) about.push(say("locked"));
    lines.push(element("p", { class: "grid-about" }, about.filter(Boolean).join(" · ")));
    this.message.replaceChildren(...lines);
  }

  announce(text) {
    this.told.textContent = text;
  }

  showState(state) {
    this.state.textContent = this.grid.say(state);
    this.state.classList.toggle("grid-offline", state === "offline");
    if (state === "saving") this.refused.hidden = true;
  }

  showRefused(texts) {
    this.refused.hidden = false;
    this.refused.textContent = this.grid.say("refused") + [...new Set(texts)].slice(0, 5).join(" ");
  }

  showSteps() {
    const { history } = this.grid.changes;
    this.undo.disabled = !history.done.length;
    this.redo.disabled = !history.undone.length;
  }
}
