// Shows system calls and context switches per round trip as stacked bars.

import { axis, linearAxis, namesAxis } from '../axes.js';
import { faded } from '../marks.js';
import { tip } from '../tooltip.js';
import { extremes, limitNotes, nameOf } from './series.js';

const VIEWS = {
  calls: { name: 'callsPerOp', parts: [['producer', 'syscalls_per_op_producer'], ['consumer', 'syscalls_per_op_consumer'], ['retried', 'syscalls_per_op_retried']] },
  switches: { name: 'switchesPerOp', parts: [['voluntary', 'voluntary_per_op'], ['involuntary', 'involuntary_per_op']] },
};
const SHADES = [1, 0.55, 0.25];
const PATTERNS = [undefined, { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 }, undefined];

// Returns what the bars of system calls don't show.
function remarksOf(c, t) {
  return [c.calls_vary && t('varies'), c.calls_lump_retried && t('lumpsRetried'), c.has_broker && t('withoutBroker')].filter(Boolean);
}

// Returns the number beside a bar: for system calls, those that succeeded plus those retried after an error.
function label(row, view, t) {
  if (view !== 'calls') return row.total.toFixed(2);
  const retried = row.values[2];
  return `${row.c.calls_vary ? '~' : ''}${(row.total - retried).toFixed(2)}${retried > 0 ? ` + ${retried.toFixed(2)}` : ''}`
    + `${row.c.has_broker ? ` + ${t('broker')}` : ''}`;
}

export const counts = {
  views: ['calls', 'switches'],
  build(context) {
    const { data, state, looks, theme, t, view, narrow } = context;
    const { name, parts } = VIEWS[view];
    const rows = data.atSize(data.select(state, { scenario: 'ping-pong' }), state.size)
      .filter((c) => parts.some(([, key]) => c.figure(key) !== null))
      .map((c) => ({ c, name: nameOf(c, context), values: parts.map(([, key]) => c.figure(key)?.median ?? 0) }))
      .map((row) => ({ ...row, total: row.values.reduce((a, b) => a + b, 0) }))
      .sort((a, b) => a.total - b.total);
    if (rows.length === 0) return { empty: t('nothing') };
    const kind = linearAxis('number');
    const decal = (part) => PATTERNS[part] && { ...PATTERNS[part], color: theme.ground };
    return {
      height: rows.length * 27 + 90,
      keys: parts.map(([part], i) => ({ text: t(part), part: i })),
      summary: extremes(rows.map((row) => ({ name: row.name, value: row.total })), 'number', context),
      option: {
        grid: { left: narrow ? 118 : 210, right: 96, top: 30, bottom: 46 },
        yAxis: namesAxis(rows.map((row) => row.name), theme, narrow ? 110 : 200),
        xAxis: axis(kind, [0, ...rows.map((row) => row.total)], t(name), theme, { wanted: narrow ? 4 : 8 }),
        tooltip: {
          trigger: 'item',
          formatter: ({ dataIndex }) => tip(rows[dataIndex].name, parts.map(([part], i) => (
            { name: t(part), unit: 'number', value: rows[dataIndex].values[i] })), t,
          [...(view === 'calls' ? remarksOf(rows[dataIndex].c, t) : []), ...limitNotes([rows[dataIndex].c], context)]),
        },
        series: parts.map(([part], i) => ({
          type: 'bar', stack: 'total', name: t(part), barCategoryGap: '30%',
          data: rows.map((row) => ({
            value: row.values[i], c: row.c.index,
            itemStyle: { color: faded(looks.of(row.c.key, theme.dark).color, SHADES[i]), decal: decal(i) },
            label: { show: i === parts.length - 1, position: 'right', color: theme.faint, fontSize: 12,
              formatter: () => label(row, view, t) },
          })),
        })),
      },
    };
  },
};
