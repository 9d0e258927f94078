// Copy and paste between the grid and Excel or WPS, several cells at a time.

import { cellsOf } from "./cells.js";
import { format, parse } from "./tsv.js";

/** Let a grid copy, cut and paste. */
export function attachClipboard(grid) {
  grid.view.table.addEventListener("copy", (event) => copy(grid, event));
  grid.view.table.addEventListener("cut", (event) => {
    if (copy(grid, event)) grid.changes.clear();
  });
  grid.view.table.addEventListener("paste", (event) => {
    if (grid.writer.isOpen) return; // into the field that is being written in
    event.preventDefault();
    paste(grid, event.clipboardData.getData("text/plain"));
  });
}

function copy(grid, event) {
  if (grid.writer.isOpen) return false;
  const { top, bottom, left, right } = grid.range;
  const lines = [];
  for (let row = top; row <= bottom; row += 1) {
    const cells = [];
    for (let column = left; column <= right; column += 1) {
      cells.push(grid.columns[column].shown(grid.text(row, column)));
    }
    lines.push(cells);
  }
  event.clipboardData.setData("text/plain", format(lines));
  event.preventDefault();
  grid.bar.announce(grid.say("copied", { rows: lines.length, columns: right - left + 1 }));
  return true;
}

/** Put a block of cells where the choice begins; one cell fills the whole choice. */
export async function paste(grid, text) {
  if (!text || !grid.given.canEdit) return;
  const block = parse(text);
  const { top, bottom, left, right } = grid.range;
  const isOne = block.length === 1 && block[0].length === 1;
  const height = isOne ? bottom - top + 1 : block.length;
  const wide = isOne ? right - left + 1 : Math.max(...block.map((line) => line.length));
  const width = Math.min(wide, grid.columns.length - left);
  const room = grid.given.canAdd ? height : Math.min(height, grid.rows.total - top);
  await grid.rows.ensure(top, Math.min(top + room, grid.rows.total));
  const at = (row, column) => (isOne ? block[0][0] : (block[row - top][column - left] ?? ""));
  grid.changes.write(cellsOf(top, top + room - 1, left, left + width - 1, at));
  grid.anchor = { row: top, column: left };
  grid.move(Math.min(top + room - 1, grid.height - 1), left + width - 1, { isExtending: true, isQuiet: true });
  const said = [grid.say("pasted", { rows: room, columns: width })];
  if (width < wide) said.push(grid.say("cutOff"));
  if (room < height) said.push(grid.say("noMoreRows"));
  grid.bar.announce(said.join(""));
}
