// What the cells of a column show, and what is stored when somebody writes there.

/** A column as the page describes it, with its words by value and its values by word. */
export class Column {
  constructor(given) {
    Object.assign(this, given);
    this.words = new Map(given.choices ?? []);
    this.values = new Map((given.choices ?? []).map(([value, word]) => [word, value]));
  }

  get isNumeric() {
    return this.kind === "number" || this.kind === "count" || this.kind === "year";
  }

  /** The text of a cell as people read it: the word of a choice, else what was written. */
  shown(text) {
    return this.words.get(text) ?? text;
  }

  /** What is stored for what somebody wrote: the value of a choice, else the text itself. */
  stored(text) {
    const trimmed = text.trim();
    return this.values.get(trimmed) ?? trimmed;
  }

  /** Words to choose from while writing. */
  get suggestions() {
    return this.choices?.length ? this.choices.map(([, word]) => word) : (this.options ?? []);
  }

  get width() {
    const words = [this.label, this.hint ?? "", ...this.suggestions.slice(0, 12)];
    const longest = Math.max(...words.map(drawnWidth), drawnWidth(this.example ?? ""));
    const least = this.isNumeric ? 96 : 104;
    return Math.round(Math.min(Math.max(longest * 7.6 + 30, least), this.kind === "text" ? 280 : 240));
  }
}

/** The width of a text in halves of a Chinese character. */
function drawnWidth(text) {
  return [...String(text)].reduce((sum, sign) => sum + (sign.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
}
