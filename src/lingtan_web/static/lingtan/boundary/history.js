// What was drawn before, to go back to.
const MOST = 200;

export class History {
  constructor(state) {
    this.states = [structuredClone(state)];
    this.at = 0;
  }

  keep(state) {
    this.states.length = this.at + 1;
    this.states.push(structuredClone(state));
    if (this.states.length > MOST) this.states.shift();
    this.at = this.states.length - 1;
  }

  go(step) {
    const to = this.at + step;
    if (to < 0 || to >= this.states.length) return null;
    this.at = to;
    return structuredClone(this.states[to]);
  }
}
