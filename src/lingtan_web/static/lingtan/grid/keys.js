// The keyboard, as people know it from Excel and as grids of the web have it.

const PAGE = 15;

/** Let a grid follow its keys. */
export function attachKeys(grid) {
  grid.view.table.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const isTaken = grid.writer.isOpen ? whileWriting(grid, event) : whileMoving(grid, event);
    if (isTaken) event.preventDefault();
  });
}

function whileWriting(grid, event) {
  const { row, column } = grid.active;
  if (event.key === "Enter" && event.altKey) {
    grid.writer.breakLine();
  } else if (event.key === "Enter") {
    grid.commit();
    grid.move(row + (event.shiftKey ? -1 : 1), column);
  } else if (event.key === "Tab") {
    grid.commit();
    step(grid, event.shiftKey ? -1 : 1);
  } else if (event.key === "Escape") {
    grid.cancel();
  } else {
    return false;
  }
  return true;
}

function whileMoving(grid, event) {
  const isCommand = event.ctrlKey || event.metaKey;
  const isHandled = isCommand ? command(grid, event) : plain(grid, event);
  if (isHandled !== undefined) return isHandled;
  return move(grid, event, isCommand);
}

function command(grid, event) {
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) grid.changes.undo();
  else if (key === "y" || (key === "z" && event.shiftKey)) grid.changes.redo();
  else if (key === "a") chooseAll(grid);
  else if (key === "delete" || key === "backspace") grid.changes.removeRows();
  else return ["c", "v", "x"].includes(key) ? false : undefined;
  return true;
}

function chooseAll(grid) {
  grid.anchor = { row: 0, column: 0 };
  grid.move(Math.max(grid.rows.total - 1, 0), grid.columns.length - 1, { isExtending: true, isQuiet: true });
}

function plain(grid, event) {
  if (event.key === "Tab") return tab(grid, event);
  if (event.key === "Escape") {
    grid.isLeaving = true;
    grid.bar.announce(grid.say("leave"));
  } else if (event.key === "Enter" || event.key === "F2") {
    grid.edit();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    grid.changes.clear();
  } else if (event.key === "F8") {
    grid.nextFault();
  } else if (event.key === " " && event.shiftKey) {
    grid.anchor = { row: grid.active.row, column: 0 };
    grid.move(grid.active.row, grid.columns.length - 1, { isExtending: true });
  } else {
    return undefined;
  }
  return true;
}

/** Tab goes from cell to cell; at either end, or after Esc, it leaves the grid. */
function tab(grid, event) {
  const { row, column } = grid.active;
  const isLast = row === grid.height - 1 && column === grid.columns.length - 1;
  const isFirst = row === 0 && column === 0;
  if (grid.isLeaving || (event.shiftKey ? isFirst : isLast)) {
    grid.isLeaving = false;
    return false;
  }
  step(grid, event.shiftKey ? -1 : 1);
  return true;
}

function step(grid, by) {
  const { row, column } = grid.active;
  const next = column + by;
  if (next < 0) grid.move(row - 1, grid.columns.length - 1);
  else if (next >= grid.columns.length) grid.move(row + 1, 0);
  else grid.move(row, next);
}

function move(grid, event, isCommand) {
  const { row, column } = grid.active;
  const lastRow = grid.height - 1;
  const lastColumn = grid.columns.length - 1;
  const targets = {
    ArrowUp: isCommand ? [0, column] : [row - 1, column],
    ArrowDown: isCommand ? [Math.max(grid.rows.total - 1, 0), column] : [row + 1, column],
    ArrowLeft: [row, isCommand ? 0 : column - 1],
    ArrowRight: [row, isCommand ? lastColumn : column + 1],
    Home: isCommand ? [0, 0] : [row, 0],
    End: isCommand ? [lastRow, lastColumn] : [row, lastColumn],
    PageUp: [row - PAGE, column],
    PageDown: [row + PAGE, column],
  };
  const target = event.altKey ? undefined : targets[event.key];
  if (!target) return false;
  grid.move(...target, { isExtending: event.shiftKey });
  return true;
}
