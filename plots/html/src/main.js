// The page's program. Without it the page lacks only the charts and the list of cases.

import { ChartCard } from './card.js';
import { Cases } from './cases.js';
import { charts } from './charts/index.js';
import { controls, settings } from './controls.js';
import { Data } from './data.js';
import { element } from './dom.js';
import { Looks } from './marks.js';
import { firstState } from './state.js';
import { expandable, sortable } from './tables.js';
import { translator } from './text.js';
import { followTheme } from './theme.js';

const data = new Data(document.getElementById('data').textContent);
const state = firstState(data);
const context = { data, state, t: translator(state), looks: new Looks(data), showCase: () => {} };

document.documentElement.classList.add('scripted');
followTheme(state, () => state.set({ theme: 'auto' }));
settings(document.getElementById('settings'), context);
controls(document.getElementById('controls'), context);

for (const table of document.querySelectorAll('table[data-groups]')) expandable(table);

const cards = new Map();
for (const figure of document.querySelectorAll('figure[data-chart]')) {
  const definition = charts[figure.dataset.chart];
  if (definition !== undefined) cards.set(figure.dataset.chart, new ChartCard(figure, definition, context));
}

// The rest is built after the first paint.
const live = element('p', { class: 'skip', role: 'status' });
document.body.append(live);
requestAnimationFrame(() => setTimeout(() => {
  for (const table of document.querySelectorAll('table[data-table]')) sortable(table, context, (text) => { live.textContent = text; });
  const cases = new Cases(document.getElementById('sections'), document.getElementById('reading'), context);
  context.showCase = (c) => cases.show(c);
  document.documentElement.classList.add('ready');
}));

// Printing needs a white page and charts that were never scrolled into view.
let themeOnScreen = state.theme;
addEventListener('beforeprint', () => {
  themeOnScreen = state.theme;
  state.set({ theme: 'light' });
  for (const card of cards.values()) card.draw();
  for (const details of document.querySelectorAll('main details')) details.open = true;
});
addEventListener('afterprint', () => state.set({ theme: themeOnScreen }));

// For tests and for use in the browser's console.
globalThis.ipcbench = { data, state, cards };
