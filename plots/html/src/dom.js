// Makes elements without markup: every text from a result file becomes a text node.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key in made && typeof value !== 'string') made[key] = value;
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// Returns a row of buttons of which one is pressed. `choices`: [value, text]. `choose(value)` is called for a new
// choice.
export function choice(label, choices, chosen, choose) {
  const buttons = choices.map(([value, text]) =>
    element('button', { type: 'button', 'aria-pressed': String(value === chosen), onclick: () => choose(value) }, text));
  return element('div', { class: 'group', role: 'group', 'aria-label': label || null }, ...(label ? [element('span', {}, label)] : []), ...buttons);
}
