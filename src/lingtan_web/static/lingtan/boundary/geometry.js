// Polygons as [[ring, hole, …], …] of open rings of [longitude, latitude]; area as the core computes it.
export const RADIUS = 6371007.181; // sphere of the same surface as the ellipsoid, as in lingtan.dossier.boundary
const RADIANS = Math.PI / 180;
export const METRES_PER_DEGREE = RADIANS * RADIUS;
const DIGITS = 7; // a centimetre

const NUMBER = "[-+]?\\d+(?:\\.\\d+)?";
const DEGREES = `${NUMBER}\\s*[°度]\\s*\\d+(?:\\.\\d+)?\\s*[′'’分]\\s*(?:\\d+(?:\\.\\d+)?\\s*(?:[″"”秒]|''))?\\s*[EWNS]?`;
const POINT = new RegExp(`^(?:\\d+[.、)]\\s+)?(${DEGREES}|${NUMBER})°?\\s*[,，;；\\t\\s]\\s*(${DEGREES}|${NUMBER})°?\\s*[,;，；]?$`, "i");
const PARTS = new RegExp(`^(${NUMBER})\\s*[°度]\\s*(\\d+(?:\\.\\d+)?)\\s*[′'’分]\\s*(\\d+(?:\\.\\d+)?)?.*?([EWNS]?)$`, "i");
const HOLE = /^(孔|hole|内环)/i;

export const round = (value) => Number(value.toFixed(DIGITS));

function ringArea(ring) {
  let total = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [lon1, lat1] = ring[i];
    const [lon2, lat2] = ring[(i + 1) % ring.length];
    const step = ((lon2 - lon1 + 540) % 360) - 180;
    total += step * RADIANS * (Math.sin(lat1 * RADIANS) + Math.sin(lat2 * RADIANS));
  }
  return (Math.abs(total) * RADIUS * RADIUS) / 2;
}

export function computeArea(polygons) {
  return polygons.reduce((sum, rings) => sum + rings.reduce((area, ring, i) => (i ? area - ringArea(ring) : area + ringArea(ring)), 0), 0);
}

export const opened = (ring) => {
  const points = ring.map(([lon, lat]) => [Number(lon), Number(lat)]);
  const [first, last] = [points[0], points.at(-1)];
  return points.length > 1 && first[0] === last[0] && first[1] === last[1] ? points.slice(0, -1) : points;
};

function degrees(text) {
  const parts = PARTS.exec(text.trim());
  if (!parts) return Number(text);
  const size = Math.abs(Number(parts[1])) + Number(parts[2]) / 60 + Number(parts[3] ?? 0) / 3600;
  return parts[1].startsWith("-") || /[WS]/i.test(parts[4]) ? -size : size;
}

export function parsePoint(line) {
  const found = POINT.exec(line.trim());
  return found ? [degrees(found[1]), degrees(found[2])] : null;
}

// The polygons of a text, or null where the text is not (yet) a boundary: the server says why.
export function parseText(text) {
  const trimmed = text.trim();
  if (!trimmed) return [];
  if (/^[{[]/.test(trimmed)) return parseJson(trimmed);
  const polygons = [];
  let begins = true;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (!line) { begins = true; continue; }
    if (HOLE.test(line)) { begins = false; polygons.at(-1)?.push([]); continue; }
    const point = parsePoint(line);
    if (!point) return null;
    if (begins || !polygons.length) polygons.push([[]]);
    begins = false;
    polygons.at(-1).at(-1).push(point);
  }
  return polygons.map((rings) => rings.filter((ring) => ring.length).map(opened));
}

function parseJson(text) {
  try {
    return [...jsonPolygons(JSON.parse(text))].map((rings) => rings.map(opened));
  } catch {
    return null;
  }
}

export function* jsonPolygons(item) {
  if (item.type === "Polygon") yield item.coordinates;
  else if (item.type === "MultiPolygon") yield* item.coordinates;
  else if (item.type === "Feature") yield* jsonPolygons(item.geometry);
  else for (const part of item.features ?? item.geometries) yield* jsonPolygons(part);
}

export function formatText(polygons) {
  const hole = document.documentElement.lang.startsWith("en") ? "hole" : "孔";
  const areas = polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => `${round(lon)}, ${round(lat)}`).join("\n")).join(`\n${hole}\n`));
  return areas.length ? `${areas.join("\n\n")}\n` : "";
}

export function toGeojson(polygons, name) {
  const closed = polygons.map((rings) => rings.map((ring) => [...ring, ring[0]].map(([lon, lat]) => [round(lon), round(lat)])));
  const geometry = closed.length === 1 ? { type: "Polygon", coordinates: closed[0] } : { type: "MultiPolygon", coordinates: closed };
  return { type: "FeatureCollection", features: [{ type: "Feature", properties: { name }, geometry }] };
}

export function boundsOf(polygons) {
  const points = polygons.flat(2);
  if (!points.length) return null;
  const [lons, lats] = [points.map((p) => p[0]), points.map((p) => p[1])];
  const low = (values) => values.reduce((a, b) => Math.min(a, b));
  const high = (values) => values.reduce((a, b) => Math.max(a, b));
  return { west: low(lons), south: low(lats), east: high(lons), north: high(lats) };
}
