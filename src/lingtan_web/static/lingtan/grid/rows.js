// The rows a page knows of: those that were fetched, in blocks, and how many there are.

const BLOCK = 200;

/** Rows by their place in the register; a place that was not fetched yet is undefined. */
export class Rows {
  constructor(url, { total, revision, first }) {
    this.url = url;
    this.revision = revision;
    this.rows = new Array(total);
    this.loading = new Map();
    first.forEach((row, index) => {
      this.rows[index] = row;
    });
  }

  get total() {
    return this.rows.length;
  }

  at(index) {
    return this.rows[index];
  }

  indexOf(id) {
    return this.rows.findIndex((row) => row !== undefined && row.id === id);
  }

  insert(index, row) {
    this.rows.splice(Math.min(index, this.total), 0, row);
  }

  remove(index) {
    this.rows.splice(index, 1);
  }

  /** Put rows as the server has them now in place of ours. */
  refresh(rows) {
    const fresh = new Map(rows.map((row) => [row.id, row]));
    this.rows.forEach((row, index) => {
      if (row && fresh.has(row.id)) this.rows[index] = fresh.get(row.id);
    });
  }

  /** Forget everything fetched: somebody else added or removed rows. */
  forget(total) {
    this.rows = new Array(total);
  }

  /** Fetch what is missing of the places from `from` to `to` (not included). */
  async ensure(from, to) {
    const wanted = [];
    for (let block = Math.floor(from / BLOCK); block * BLOCK < Math.min(to, this.total); block += 1) {
      if (this.lacks(block)) wanted.push(this.fetchBlock(block));
    }
    await Promise.all(wanted);
    return wanted.length > 0;
  }

  lacks(block) {
    const end = Math.min((block + 1) * BLOCK, this.total);
    for (let index = block * BLOCK; index < end; index += 1) {
      if (this.rows[index] === undefined) return true;
    }
    return false;
  }

  fetchBlock(block) {
    if (!this.loading.has(block)) {
      const done = this.fetchRows(block * BLOCK).finally(() => this.loading.delete(block));
      this.loading.set(block, done);
    }
    return this.loading.get(block);
  }

  async fetchRows(from) {
    const answer = await fetch(`${this.url}?from=${from}&count=${BLOCK}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { total, rows } = await answer.json();
    this.rows.length = Math.max(total, this.total);
    rows.forEach((row, index) => {
      this.rows[from + index] ??= row;
    });
  }
}
