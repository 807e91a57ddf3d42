// Makes hover boxes of elements: the page's policy forbids markup with styles, and names are untrusted.

import { element } from './dom.js';
import { sample } from './marks.js';
import { human } from './units.js';

const MOST_ROWS = 14;

export function tooltipStyle(theme, state) {
  return {
    confine: true, backgroundColor: theme.raised, borderColor: theme.line, padding: [6, 10],
    textStyle: { color: theme.text, fontSize: 13 }, extraCssText: '', transitionDuration: 0, appendTo: undefined,
  };
}

// `rows`: {name, look?, hollow?, value, low?, high?, unit, note?}. The raw value is in data-v, as in tables.
export function tip(title, rows, t, notes = []) {
  const shown = rows.slice(0, MOST_ROWS).map((row) =>
    element('tr', {},
      element('td', {}, ...(row.look ? [sample(row.look, row.hollow), ' '] : []), row.name),
      element('td', { class: 'n', 'data-v': String(row.value) },
        row.text ?? human(row.unit, row.value, row.low, row.high)),
      element('td', {}, row.note ?? '')));
  const rest = rows.length - shown.length;
  return element('div', { class: 'tip' }, element('b', {}, title), element('table', {}, element('tbody', {}, ...shown)),
    rest > 0 ? element('p', {}, t('more', { n: rest })) : null, ...notes.map((note) => element('p', {}, note)));
}
