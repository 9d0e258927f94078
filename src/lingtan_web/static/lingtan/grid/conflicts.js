// Two people changed the same cell: both values side by side, and the second one decides.

import { button, element } from "./elements.js";

/** Ask about each conflict; nothing of the other's is overwritten before that. */
export function askAbout(grid, conflicts) {
  const { say } = grid;
  const dialog = element("dialog", { class: "grid-dialog", "aria-label": say("conflictTitle") });
  dialog.append(element("h2", {}, say("conflictTitle")), element("p", {}, say("conflictIntro")));
  const open = new Set(conflicts);
  const settle = (conflict, line) => {
    open.delete(conflict);
    line.remove();
    if (!open.size) dialog.close();
  };
  for (const conflict of conflicts) dialog.append(describe(grid, conflict, settle));
  dialog.addEventListener("close", () => {
    dialog.remove();
    grid.writer.focus();
  });
  grid.place.append(dialog);
  dialog.showModal();
}

function describe(grid, conflict, settle) {
  const { say } = grid;
  const column = grid.columns.find(({ name }) => name === conflict.column);
  const index = grid.rows.indexOf(conflict.row);
  const what = column ? column.label : say("rowChanged");
  const line = element("section", { class: "grid-conflict" });
  line.append(element("h3", {}, conflict.isGone ? `${what}，${say("rowGone")}` : what + (index < 0 ? "" : `，${say("row", { n: index + 1 })}`)));
  const by = [conflict.by, conflict.at].filter(Boolean).join(" ");
  const show = (text) => (column ? column.shown(text) : text) || say("blank");
  if (column) line.append(element("p", {}, element("span", {}, `${say("mine")}：`), element("b", {}, show(conflict.yours))));
  if (!conflict.isGone) {
    const theirs = element("p", {}, element("span", {}, `${say("theirs")}：`), element("b", {}, show(conflict.theirs)));
    line.append(theirs, element("p", { class: "grid-about" }, by));
  }
  const keep = button(column ? say("takeTheirs") : say("keepRow"), () => settle(conflict, line));
  line.append(keep);
  if (!conflict.isGone) {
    const take = button(column ? say("takeMine") : say("removeAnyway"), () => {
      grid.changes.perform([again(grid, conflict)]);
      settle(conflict, line);
    });
    line.append(take);
  }
  return line;
}

/** The edit once more, knowing what stands there now. */
function again(grid, { row, column, theirs, yours, cells }) {
  if (column) return { kind: "cell", row, column, old: theirs, new: yours };
  return { kind: "remove", row, cells, index: grid.rows.indexOf(row) };
}
