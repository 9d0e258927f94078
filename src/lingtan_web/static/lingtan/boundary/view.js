// Which part of the earth the map shows: a plane true to scale around its middle.
import { METRES_PER_DEGREE } from "./geometry.js";

const SMALLEST = 0.02; // metres a pixel
const LARGEST = 20000;

export class View {
  constructor() {
    this.middle = [104, 35.8];
    this.metres = 6000; // a pixel
    this.size = [800, 500];
  }

  get #east() { return METRES_PER_DEGREE * Math.max(Math.cos((this.middle[1] * Math.PI) / 180), 0.01); }

  toScreen([lon, lat]) {
    const x = this.size[0] / 2 + ((lon - this.middle[0]) * this.#east) / this.metres;
    const y = this.size[1] / 2 - ((lat - this.middle[1]) * METRES_PER_DEGREE) / this.metres;
    return [x, y];
  }

  toEarth([x, y]) {
    const lon = this.middle[0] + ((x - this.size[0] / 2) * this.metres) / this.#east;
    const lat = this.middle[1] - ((y - this.size[1] / 2) * this.metres) / METRES_PER_DEGREE;
    return [Math.min(Math.max(lon, -180), 180), Math.min(Math.max(lat, -89), 89)];
  }

  // A step of so many metres east and north, in degrees.
  step(east, north) { return [east / this.#east, north / METRES_PER_DEGREE]; }

  pan(dx, dy) {
    const [x, y] = [this.size[0] / 2 - dx, this.size[1] / 2 - dy];
    this.middle = this.toEarth([x, y]);
  }

  zoom(factor, at = [this.size[0] / 2, this.size[1] / 2]) {
    const fixed = this.toEarth(at);
    this.metres = Math.min(Math.max(this.metres / factor, SMALLEST), LARGEST);
    const now = this.toScreen(fixed);
    this.pan(at[0] - now[0], at[1] - now[1]);
  }

  fit({ west, south, east, north }) {
    this.middle = [(west + east) / 2, (south + north) / 2];
    const wide = ((east - west) * this.#east) / (this.size[0] * 0.8);
    const tall = ((north - south) * METRES_PER_DEGREE) / (this.size[1] * 0.8);
    this.metres = Math.min(Math.max(wide, tall, 0.2), LARGEST);
  }
}
