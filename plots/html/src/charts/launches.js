// Shows every launch in the order of the run, which reveals drift and the CPUs' states.

import { axis, linearAxis, logAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { human } from '../units.js';

const count = { ...linearAxis('count'), fromZero: false, margin: 0 };

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

// Returns the launches' values divided by the median of their case's used launches.
function points(cases) {
  const all = [];
  for (const c of cases) {
    const starts = c.starts.filter((start) => start.value !== null && start.value > 0);
    const used = starts.filter((start) => start.used).map((start) => start.value);
    if (used.length === 0) continue;
    const middle = median(used);
    for (const start of starts) all.push({ c, start, ratio: start.value / middle });
  }
  all.sort((a, b) => a.start.place - b.start.place);
  all.forEach((point, at) => { point.at = at; });
  return all;
}

function driftOf(all) {
  const tenth = Math.max(1, Math.floor(all.length / 10));
  const used = all.filter((point) => point.start.used);
  return median(used.slice(-tenth).map((p) => p.ratio)) / median(used.slice(0, tenth).map((p) => p.ratio)) - 1;
}

export const launches = {
  build(context) {
    const { data, state, looks, theme, t, narrow } = context;
    const runs = data.runs.filter((run) => state.runs.has(run.index));
    const all = points(runs.flatMap((run) => run.cases));
    if (all.length === 0) return { empty: t('nothing') };
    const canaries = all.filter((point) => point.start.before !== undefined);
    const ratio = logAxis('times');
    const ns = logAxis('ns');
    const groups = [
      { name: t('unused'), of: all.filter((p) => !p.start.used), color: theme.faint, symbol: 'emptyCircle', size: 4 },
      { name: t('outlier'), of: all.filter((p) => p.start.outlier), color: theme.wrong, symbol: 'diamond', size: 8 },
      ...[...state.shown].filter((key) => data.members.has(key)).map((key) => ({
        name: key, of: all.filter((p) => p.c.key === key && p.start.used && !p.start.outlier), color: looks.of(key, theme.dark).color, symbol: 'circle', size: 5 })),
      { name: t('all'), of: all.filter((p) => p.start.used && !p.start.outlier && !state.shown.has(p.c.key)), color: theme.faint, symbol: 'circle', size: 2.5, faint: true },
    ].filter((group) => group.of.length > 0);
    const two = canaries.length > 0;
    const places = all.map((p) => p.start.place);
    const scatter = (group, data_) => ({
      type: 'scatter', name: group.name, symbol: group.symbol, symbolSize: group.size, z: group.faint ? 1 : 3,
      itemStyle: { color: group.color, opacity: group.faint ? 0.35 : 0.8 }, data: data_, large: false, progressive: 4000,
    });
    const drift = driftOf(all);
    return {
      height: two ? 520 : 400,
      summary: t('drift', { percent: `${drift >= 0 ? '+' : '−'}${(Math.abs(drift) * 100).toFixed(2)} %`, count: all.length,
        outliers: all.filter((p) => p.start.outlier).length, unused: all.filter((p) => !p.start.used).length }),
      option: {
        grid: two ? [{ left: narrow ? 66 : 96, right: 20, top: 34, bottom: 210 }, { left: narrow ? 66 : 96, right: 20, height: 120, bottom: 48 }]
          : [{ left: narrow ? 66 : 96, right: 20, top: 34, bottom: 48 }],
        xAxis: [
          { ...axis(count, places, two ? '' : t('order'), theme, { wanted: narrow ? 4 : 10 }), gridIndex: 0 },
          ...(two ? [{ ...axis(count, places, t('order'), theme, { wanted: narrow ? 4 : 10 }), gridIndex: 1 }] : []),
        ],
        yAxis: [
          { ...axis(ratio, all.map((p) => p.ratio), t('relative'), theme, { vertical: true, narrow }), gridIndex: 0 },
          ...(two ? [{ ...axis(ns, canaries.flatMap((p) => [p.start.before, p.start.after]), t('canary'), theme, { vertical: true, narrow, wanted: 4 }), gridIndex: 1 }] : []),
        ],
        tooltip: {
          trigger: 'item',
          formatter: ({ data }) => {
            const { c, start, ratio: times } = all[data.at];
            const rows = [{ name: t('relative'), unit: 'number', value: times }, { name: '', unit: 'ns', value: start.value }];
            if (start.before !== undefined) {
              rows.push({ name: t('canary'), value: start.before, text: `${human('ns', start.before)}, ${human('ns', start.after)}` });
            }
            const notes = [`${t('launch')} ${start.place}, ${t('pass')} ${start.pass + 1}`];
            if (start.state) notes.push(`${t('state')}: ${start.state}`);
            if (!start.used) notes.push(t('unused'));
            if (start.outlier) notes.push(t('outlier'));
            return tip(c.id, rows, t, notes);
          },
        },
        series: [
          ...groups.map((group) => scatter(group, group.of.map((point) => ({ value: [point.start.place, ratio.to(point.ratio)], at: point.at, c: point.c.index })))),
          ...(two ? [{
            ...scatter({ name: t('canary'), color: theme.accent, symbol: 'circle', size: 3 }, canaries.map((point) => ({
              value: [point.start.place, ns.to((point.start.before + point.start.after) / 2)], at: point.at, c: point.c.index,
              itemStyle: { color: point.start.used ? theme.accent : theme.faint } }))),
            xAxisIndex: 1, yAxisIndex: 1 }] : []),
        ],
      },
    };
  },
};
