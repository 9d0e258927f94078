// Elements of a page, made from code: attributes are set, texts stay texts.

/** An element with attributes and children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** A button with a word on it. */
export function button(word, onClick, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, word);
  made.addEventListener("click", onClick);
  return made;
}
