// Shared by several charts: names, groups, floors, and the sentences below them.

import { human } from '../units.js';

// Marks what a limit of the host changed.
export const LIMITED = ' ‡';

// Returns the effects of limits on the cases, each once, for hover boxes. `key`: 'limits' or 'memory_limits'.
export function limitNotes(cases, { state }, key = 'limits') {
  const at = state.language === 'zh-CN' ? 1 : 0;
  return [...new Set(cases.filter((c) => c[key]).map((c) => `‡ ${c[key][at]}`))];
}

export function nameOf(c, context) {
  return plainNameOf(c, context) + (c.limits ? LIMITED : '');
}

// Returns, for example, "pipe", with the wait and the run if several are shown.
export function plainNameOf(c, { state, data }) {
  let name = c.key;
  if (state.waits.size > 1 || !state.waits.has(c.wait)) name += ` (${c.wait})`;
  if (data.runs.length > 1) name += ` · ${c.run.name}`;
  return name;
}

// Groups cases into lines by run, mechanism and wait, each sorted by size.
export function lines(cases) {
  const groups = new Map();
  for (const c of cases) {
    const key = `${c.run.index}\n${c.key}\n${c.wait}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(c);
  }
  for (const group of groups.values()) group.sort((a, b) => a.size - b.size);
  return [...groups.values()];
}

// Returns the floors for the cases shown: {value, text}.
export function roundTripFloors(cases, { t }) {
  const floors = [];
  const add = (ns, text) => {
    if (ns > 0 && !floors.some((floor) => floor.text === text)) floors.push({ value: ns, text });
  };
  for (const c of cases) {
    const floor = c.run.floorOf(c.placement, c.state);
    if (floor === null) continue;
    const spins = c.wait === 'spin' || c.wait === 'hybrid';
    add(spins ? floor.cache_line_rtt_ns : floor.futex_rtt_ns, t(spins ? 'lineFloor' : 'futexFloor'));
  }
  return floors;
}

// Draws dashed lines across a chart at values of the axis `key` ('xAxis', 'yAxis').
export function floorLines(floors, key, kind, theme, unit) {
  if (floors.length === 0) return undefined;
  return {
    silent: true, symbol: 'none', animation: false,
    lineStyle: { color: theme.faint, type: [6, 5], width: 1.3 },
    label: { color: theme.faint, position: 'insideEndTop', fontSize: 12 },
    data: floors.map((floor) => ({ [key]: kind.to(floor.value), label: { formatter: `${floor.text} ${human(unit, floor.value)}` } })),
  };
}

// Returns, for example, "At 64 B, same-cpu, block: ".
export function where({ state, t }, size) {
  return t('atSize', { size, placement: state.placement, waits: [...state.waits].join(', ') });
}

// Returns a sentence on the lowest and the highest of {name, value}, by the text of that key.
export function extremes(items, unit, { t }, highFirst = false, text = highFirst ? 'bestWorst' : 'lowHigh') {
  const sorted = items.filter((item) => item.value > 0).sort((a, b) => a.value - b.value);
  if (sorted.length === 0) return '';
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const values = { low: low.name, lowValue: human(unit, low.value), high: high.name, highValue: human(unit, high.value),
    times: human('number', high.value / low.value) };
  if (sorted.length === 1) return t('only', values);
  return t(text, values);
}

// The number of lines up to which each has a label at its end. With more, hovering and the legend identify them.
const MOST_LABELS = 12;
export const labelled = (count, narrow) => !narrow && count <= MOST_LABELS;
export function endLabel(text, color) {
  return { show: true, position: 'right', distance: 6, formatter: () => text, color, fontSize: 12, lineHeight: 13 };
}
// Each label is given a position, since ECharts moves only such labels apart.
export const endLabelLayout = ({ labelRect: { x, y, height } }) => (
  { x, y: y + height / 2, align: 'left', verticalAlign: 'middle', moveOverlap: 'shiftY' });
export const endSpace = (names, narrow) => (!labelled(names.length - 1, narrow) ? 20 : Math.min(220, 24 + 7 * Math.max(...names.map((name) => name.length))));
export const grid = (narrow, right) => ({ left: narrow ? 66 : 96, right, top: 34, bottom: 48 });
