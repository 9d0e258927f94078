// Edits on their way to the server: in order, in batches, again when the line was down.

const PAUSE = 250; // ms in which edits gather
const MOST_EDITS = 500;
const LARGEST = 1_000_000; // characters of a batch
const RETRIES = [1000, 2000, 5000, 10_000];

/** Sends edits to `url`; tells `told.state`, `told.saved(answer, isAlone)` and `told.refused(messages)`. */
export class Sender {
  constructor(url, token, revision, told) {
    this.url = url;
    this.token = token;
    this.revision = revision;
    this.told = told;
    this.waiting = [];
    this.isBusy = false;
    this.failures = 0;
    window.addEventListener("beforeunload", (event) => {
      if (this.isPending) event.preventDefault();
    });
  }

  get isPending() {
    return this.isBusy || this.waiting.length > 0;
  }

  push(edits) {
    this.waiting.push(...edits);
    this.told.state("saving");
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  async send() {
    if (this.isBusy || !this.waiting.length) return;
    this.isBusy = true;
    const batch = this.nextBatch();
    try {
      await this.post(batch);
      this.failures = 0;
    } catch {
      this.waiting.unshift(...batch); // in the order in which they were made
      this.told.state("offline");
      this.failures += 1;
    } finally {
      this.isBusy = false;
    }
    if (this.failures) this.later(RETRIES[Math.min(this.failures, RETRIES.length) - 1]);
    else if (this.waiting.length) this.later(0);
  }

  nextBatch() {
    let size = 0;
    let count = 0;
    while (count < this.waiting.length && count < MOST_EDITS) {
      size += JSON.stringify(this.waiting[count]).length;
      if (count && size > LARGEST) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  async post(edits) {
    const answer = await fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ revision: this.revision, edits }),
    });
    if (answer.status >= 500) throw new Error(`${answer.status}`);
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      this.told.refused((said.faults ?? []).map((fault) => fault.text), answer.status);
      return;
    }
    const isAlone = said.previous === this.revision;
    this.revision = said.revision;
    this.told.saved(said, isAlone);
    if (!this.waiting.length) this.told.state("saved");
  }
}
