// Shows the distribution of round trips as percentile curve, histogram or ECDF, pooled over all used launches of a
// case.

import { axis, linearAxis, logAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { human, percentile, size } from '../units.js';
import { endLabel, endLabelLayout, endSpace, extremes, floorLines, grid, labelled, limitNotes, nameOf, roundTripFloors, where } from './series.js';

const PER_DECADE = 20;
const BINS_PER_OCTAVE = 16;
const MIN_ABOVE = 10; // a quantile needs at least this many values above it

const supports = (c, p) => c.distribution.total * (1 - p) >= MIN_ABOVE - 1e-6;

// The axis of 1/(1-p).
const tailAxis = {
  to: (p) => -Math.log10(1 - p),
  from: (place) => 1 - 10 ** -place,
  ticks: (low, high) => {
    const ticks = [0, Math.log10(2)];
    for (let tick = 1; tick <= high; ++tick) ticks.push(tick);
    return ticks.filter((tick) => tick >= low - 1e-9 && tick <= high + 1e-9);
  },
  text: (p) => percentile(p),
};

function curve(c) {
  const h = c.distribution;
  const end = tailAxis.to(1 - MIN_ABOVE / h.total);
  const points = [];
  for (let i = 0; i <= end * PER_DECADE; ++i) {
    const place = i / PER_DECADE;
    points.push({ place, ns: h.quantile(tailAxis.from(place)), marked: i % PER_DECADE === 0 });
  }
  return points;
}

function bins(c) {
  const shares = new Map();
  for (const { ns, count } of c.distribution.buckets) {
    const bin = Math.floor(Math.log2(Math.max(ns, 1)) * BINS_PER_OCTAVE);
    shares.set(bin, (shares.get(bin) ?? 0) + count / c.distribution.total);
  }
  const first = Math.min(...shares.keys()) - 1;
  const last = Math.max(...shares.keys()) + 1;
  const points = [];
  for (let bin = first; bin <= last; ++bin) points.push({ ns: 2 ** ((bin + 0.5) / BINS_PER_OCTAVE), share: shares.get(bin) ?? 0 });
  return points;
}

function steps(c) {
  let seen = 0;
  return c.distribution.buckets.map(({ ns, count }) => {
    seen += count;
    return { ns, share: seen / c.distribution.total };
  });
}

function rowsAt(shown, valueOf, unit, context) {
  return shown
    .map(({ c, look }) => ({ name: nameOf(c, context), look, hollow: c.wait !== 'block', unit, value: valueOf(c) }))
    .filter((row) => Number.isFinite(row.value))
    .sort((a, b) => a.value - b.value);
}

function summary(cases, context) {
  const items = cases.map((c) => ({ c, name: nameOf(c, context), value: c.distribution.quantile(0.5) }));
  let text = where(context, size(context.state.size)) + extremes(items, 'ns', context);
  const tails = items.filter((item) => supports(item.c, 0.99))
    .map((item) => ({ ...item, ratio: item.c.distribution.quantile(0.99) / item.value }));
  const widest = tails.reduce((a, b) => (b.ratio > a?.ratio ? b : a), tails[0]);
  if (tails.length > 1) text += ` ${context.t('tails', { name: widest.name, times: human('number', widest.ratio) })}`;
  return text;
}

function curveView(shown, context) {
  const { theme, t, narrow, scale } = context;
  const kind = scale === 'log' ? logAxis('ns') : linearAxis('ns');
  const all = shown.map((one) => ({ ...one, points: curve(one.c) }));
  const floors = roundTripFloors(shown.map((one) => one.c), context);
  const values = [...all.flatMap((one) => one.points.map((p) => p.ns)), ...floors.map((floor) => floor.value)];
  const places = all.flatMap((one) => one.points.map((p) => p.place));
  return {
    grid: grid(narrow, endSpace(all.map((one) => one.name), narrow)),
    xAxis: axis(tailAxis, [], t('percentile'), theme, { range: [0, Math.max(...places) + 0.02] }),
    yAxis: axis(kind, values, t('roundTrip'), theme, { vertical: true, narrow, wanted: 7 }),
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'line', snap: false, lineStyle: { color: theme.faint } },
      formatter: (params) => {
        const p = tailAxis.from(params[0].axisValue);
        const rows = rowsAt(shown, (c) => (supports(c, p) ? c.distribution.quantile(p) : NaN), 'ns', context);
        return tip(percentile(p), rows, t, limitNotes(shown.map((one) => one.c), context));
      },
    },
    series: all.map(({ c, look, style, name, points }, index) => ({
      type: 'line', name, ...style, symbolSize: (value, params) => (points[params.dataIndex].marked ? 8 : 0), showAllSymbol: true,
      data: points.map((p, i) => ({
        value: [p.place, kind.to(p.ns)], c: c.index,
        label: i === points.length - 1 && labelled(all.length, narrow) ? endLabel(name, look.color) : undefined,
      })),
      labelLayout: endLabelLayout,
      markLine: index === 0 ? floorLines(floors, 'yAxis', kind, theme, 'ns') : undefined,
    })),
  };
}

// Draws histogram and ECDF, whose x axis is time.
function timeView(shown, context, pointsOf, yKind, yName, step) {
  const { theme, t, narrow, scale } = context;
  const log = scale === 'log';
  const kind = log ? logAxis('ns') : linearAxis('ns');
  const all = shown.map((one) => ({ ...one, points: pointsOf(one.c) }));
  const floors = roundTripFloors(shown.map((one) => one.c), context);
  // On a linear axis one long round trip would squeeze all others.
  const values = log ? all.flatMap((one) => one.points.map((p) => p.ns)) : shown.map((one) => one.c.distribution.quantile(0.99));
  return {
    grid: grid(narrow, 20),
    xAxis: axis(kind, [...values, ...floors.map((floor) => floor.value)], t('roundTrip'), theme, { wanted: narrow ? 5 : 10 }),
    yAxis: axis(yKind, all.flatMap((one) => one.points.map((p) => p.share)), yName, theme, { vertical: true, narrow }),
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'line', snap: false, lineStyle: { color: theme.faint } },
      formatter: (params) => {
        const ns = kind.from(params[0].axisValue);
        return tip(`${t('shareUpTo')}: ${human('ns', ns)}`, rowsAt(shown, (c) => c.distribution.shareUpTo(ns), 'percent', context), t,
          limitNotes(shown.map((one) => one.c), context));
      },
    },
    series: all.map(({ c, look, style, name, points }, index) => ({
      type: 'line', name, ...style, step, symbolSize: 7, showSymbol: true, showAllSymbol: true,
      // A symbol at the median distinguishes lines without color.
      data: points.map((p) => ({ value: [kind.to(p.ns), yKind.to(p.share)], c: c.index, symbol: p.marked ? undefined : 'none' })),
      areaStyle: step === 'middle' ? { color: look.color, opacity: 0.08 } : undefined,
      markLine: index === 0 ? floorLines(floors, 'xAxis', kind, theme, 'ns') : undefined,
    })),
  };
}

// Puts the symbol on the point nearest to the median.
function withMark(points, ns) {
  const nearest = points.reduce((a, b) => (Math.abs(b.ns - ns) < Math.abs(a.ns - ns) ? b : a));
  nearest.marked = true;
  return points;
}

export const distribution = {
  views: ['curve', 'histogram', 'ecdf'],
  scales: ['log', 'linear'],
  build(context) {
    const { data, state, looks, theme, t, view } = context;
    const cases = data.atSize(data.select(state, { scenario: 'ping-pong' }), state.size)
      .filter((c) => c.distribution !== null && supports(c, 0.5));
    if (cases.length === 0) return { empty: t('nothing') };
    const shown = cases.map((c) => ({ c, name: nameOf(c, context), look: looks.of(c.key, theme.dark), style: looks.series(c, theme) }));
    const share = linearAxis('percent');
    const marked = (pointsOf) => (c) => withMark(pointsOf(c), c.distribution.quantile(0.5));
    const option = view === 'curve' ? curveView(shown, context)
      : view === 'histogram' ? timeView(shown, context, marked(bins), share, t('perBin'), 'middle')
        : timeView(shown, context, marked(steps), share, t('shareUpTo'), 'end');
    return { option, summary: summary(cases, context) };
  },
};
