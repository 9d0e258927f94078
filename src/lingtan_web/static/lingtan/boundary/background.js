// A picture of one's own below the map, placed by two known points; it is read here and sent nowhere.
import { parsePoint } from "./geometry.js";

const LONGEST = 4000;

export class Background {
  constructor(canvas) {
    this.canvas = canvas;
    this.image = null;
    this.pixels = [null, null]; // the two points on the picture
    this.places = [null, null]; // where they are on the earth
    this.strength = 0.6;
    this.loose = null; // place on the screen until two points are known
  }

  async load(file, view) {
    const whole = await createImageBitmap(file);
    const factor = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
    this.image = factor < 1 ? await createImageBitmap(whole, { resizeWidth: Math.round(whole.width * factor), resizeHeight: Math.round(whole.height * factor) }) : whole;
    this.pixels = [null, null];
    this.places = [null, null];
    const corner = view.toEarth([view.size[0] * 0.1, view.size[1] * 0.1]);
    this.loose = { corner, metres: (view.metres * view.size[0] * 0.8) / this.image.width };
  }

  remove() { this.image = null; }

  place(number, text) { this.places[number] = parsePoint(text); }

  pick(number, screen, view) {
    const matrix = this.#matrix(view).inverse();
    const { x, y } = matrix.transformPoint(new DOMPoint(...screen));
    this.pixels[number] = [x, y];
  }

  get isPlaced() { return this.pixels.every(Boolean) && this.places.every(Boolean) && this.#distance > 1; }

  get #distance() { return Math.hypot(this.pixels[0][0] - this.pixels[1][0], this.pixels[0][1] - this.pixels[1][1]); }

  // From pixels of the picture to the screen: turned and scaled so that both points lie where they should.
  #matrix(view) {
    if (!this.isPlaced) {
      const [x, y] = view.toScreen(this.loose.corner);
      const scale = this.loose.metres / view.metres;
      return new DOMMatrix([scale, 0, 0, scale, x, y]);
    }
    const [from, to] = [this.pixels, this.places.map((place) => view.toScreen(place))];
    const [dx, dy] = [from[1][0] - from[0][0], from[1][1] - from[0][1]];
    const [ex, ey] = [to[1][0] - to[0][0], to[1][1] - to[0][1]];
    const size = dx * dx + dy * dy;
    const [a, b] = [(ex * dx + ey * dy) / size, (ey * dx - ex * dy) / size];
    return new DOMMatrix([a, b, -b, a, to[0][0] - a * from[0][0] + b * from[0][1], to[0][1] - b * from[0][0] - a * from[0][1]]);
  }

  draw(view) {
    const ratio = window.devicePixelRatio || 1;
    [this.canvas.width, this.canvas.height] = view.size.map((v) => Math.round(v * ratio));
    const context = this.canvas.getContext("2d");
    if (!this.image) return;
    context.globalAlpha = this.strength;
    const matrix = new DOMMatrix([ratio, 0, 0, ratio, 0, 0]).multiply(this.#matrix(view));
    context.setTransform(matrix);
    context.drawImage(this.image, 0, 0);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.globalAlpha = 1;
    this.pixels.forEach((pixel) => pixel && this.#ring(context, this.#matrix(view).transformPoint(new DOMPoint(...pixel))));
  }

  #ring(context, { x, y }) {
    context.strokeStyle = "#b07600";
    context.lineWidth = 3;
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.stroke();
  }
}

