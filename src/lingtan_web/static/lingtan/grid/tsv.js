// Tables as Excel and WPS put them on the clipboard: tabs between cells, quotes around line breaks.

/** The cells of a clipboard text, row by row. A cell in quotes may hold tabs, line breaks and "" for ". */
export function parse(text) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at);
    rows[rows.length - 1].push(cell.value);
    at = cell.end;
    if (at >= text.length) break;
    if (text[at] === "\t") {
      at += 1;
    } else {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      if (at >= text.length) break; // the line break behind the last row begins no further one
      rows.push([]);
    }
  }
  return rows;
}

function plain(text, start) {
  let end = start;
  while (end < text.length && !"\t\r\n".includes(text[end])) end += 1;
  return { value: text.slice(start, end), end };
}

function quoted(text, start) {
  let value = "";
  let at = start + 1;
  while (at < text.length) {
    if (text[at] !== '"') {
      value += text[at];
    } else if (text[at + 1] === '"') {
      value += '"';
      at += 1;
    } else {
      const next = text[at + 1];
      if (next === undefined || "\t\r\n".includes(next)) {
        return { value: value.replaceAll("\r\n", "\n"), end: at + 1 };
      }
      return plain(text, start); // a quotation mark that opens no quoted cell: 5" pipe
    }
    at += 1;
  }
  return plain(text, start);
}

/** Rows of cells as a clipboard text that Excel takes apart again into the same cells. */
export function format(rows) {
  return rows.map((cells) => cells.map(written).join("\t")).join("\r\n");
}

function written(cell) {
  return /[\t\r\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
