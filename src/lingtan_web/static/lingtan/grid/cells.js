// Cells of a rectangle, and ids for rows made here.

/** Cells of a rectangle with the text that `text(row, column)` gives each. */
export function cellsOf(top, bottom, left, right, text) {
  const cells = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) cells.push({ row, column, text: text(row, column) });
  }
  return cells;
}

/** An id for a row that is made here: nobody can guess it, and it says nothing about other rows. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
