// What was done on this page and can be undone: each step with the edits that take it back.

const MOST_STEPS = 200;

export class History {
  constructor() {
    this.done = [];
    this.undone = [];
  }

  record(edits) {
    this.done.push(edits);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone = [];
  }

  /** The edits that take back the last step, or nothing. */
  back() {
    const edits = this.done.pop();
    if (edits) this.undone.push(edits);
    return edits ? inverse(edits) : undefined;
  }

  /** The edits of the step that was taken back last, or nothing. */
  forth() {
    const edits = this.undone.pop();
    if (edits) this.done.push(edits);
    return edits;
  }
}

/** The edits that undo `edits`, last first. */
export function inverse(edits) {
  return edits.toReversed().map((edit) => {
    if (edit.kind === "cell") return { ...edit, old: edit.new, new: edit.old };
    return { ...edit, kind: edit.kind === "add" ? "remove" : "add" };
  });
}
