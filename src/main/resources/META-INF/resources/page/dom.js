// Small things for showing.

export const $ = (selector) => document.querySelector(selector);

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const small = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const number = (value) => (Math.abs(value) < 10 ? small : numbers).format(value);

/** A figure with its unit; a dash when it is not known. */
export const figure = (value, unit = '', unknown = '–') => (value === null || value === undefined ? unknown : number(value) + unit);

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds < 90) return `${number(seconds)} s`;
  if (seconds < 5_400) return `${number(seconds / 60)} min`;
  return seconds < 172_800 ? `${number(seconds / 3_600)} h` : 'days';
}

/** Says something, unless it is said already: screen readers read what changes. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** An element with texts and elements in it. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/**
 * Shows a list: one element for each thing, which stays the same as long as the thing is there, so that nobody loses the
 * focus.
 */
export function list(parent, things, keyOf, create, update) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  things.forEach((thing, i) => {
    const key = String(keyOf(thing));
    let element = present.get(key);
    if (!element) {
      element = create(thing);
      element.dataset.key = key;
    }
    present.delete(key);
    update(element, thing);
    if (parent.children[i] !== element) parent.insertBefore(element, parent.children[i] ?? null);
  });
  present.forEach((gone) => gone.remove());
}
