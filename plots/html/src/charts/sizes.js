// Shows latency and throughput against message size. If a run has a single size, it shows a sorted list.

import { axis, bytesAxis, logAxis } from '../axes.js';
import { band } from '../band.js';
import { tip } from '../tooltip.js';
import { human, size } from '../units.js';
import { dots } from './dots.js';
import { endLabel, endLabelLayout, endSpace, extremes, grid, labelled, limitNotes, lines, nameOf, roundTripFloors } from './series.js';

const across = bytesAxis();

// `metric`: {unit, figureOf(c), name, floors(cases, context) -> [{text, points: [[size, value]]}], highFirst}.
function sizeChart(cases, metric, context) {
  const { theme, t, narrow, looks } = context;
  const down = logAxis(metric.unit);
  const groups = lines(cases).map((group) => ({
    name: nameOf(group[0], context), look: looks.of(group[0].key, theme.dark), style: looks.series(group[0], theme), group,
  }));
  const sizes = cases.map((c) => c.size);
  // A floor at a size that no shown case has, such as one just under 64 KiB, would have the pointer's place to itself.
  const floors = metric.floors(cases, context).map((floor) => ({
    ...floor, points: floor.points.filter(([at, value]) => sizes.includes(at) && value > 0),
  })).filter((floor) => floor.points.length > 0);
  const ends = cases.flatMap((c) => [metric.figureOf(c).low, metric.figureOf(c).high, metric.figureOf(c).median]);
  const values = [...ends, ...floors.flatMap((floor) => floor.points.map(([, value]) => value))].filter((v) => v > 0);
  return {
    grid: grid(narrow, endSpace([...groups, ...floors].map((one) => one.name ?? one.text), narrow)),
    xAxis: axis(across, sizes, t('size'), theme, { wanted: narrow ? 5 : 11 }),
    yAxis: axis(down, values, metric.name, theme, { vertical: true, narrow, wanted: 7 }),
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'line', snap: true, lineStyle: { color: theme.faint } },
      formatter: (params) => {
        const at = params.map((one) => context.data.cases[one.data.c]).filter((c) => c !== undefined);
        const rows = at.map((c) => {
          const { median, low, high, n } = metric.figureOf(c);
          return { name: nameOf(c, context), look: looks.of(c.key, theme.dark), hollow: c.wait !== 'block', unit: metric.unit,
            value: median, low, high, note: c.only_largest ? `n ${n}, ${t('largest')}` : `n ${n}` };
        }).sort((a, b) => (metric.highFirst ? b.value - a.value : a.value - b.value));
        const beside = params.filter((one) => one.data.floor !== undefined)
          .map((one) => ({ name: one.seriesName, value: one.data.floor, unit: metric.unit }));
        const largest = new Set(at.filter((c) => c.only_largest)
          .map((c) => `${c.key}: ${c.largestIn(context.state.language)}`));
        return tip(size(across.from(params[0].axisValue)), [...beside, ...rows], t, [...largest, ...limitNotes(at, context)]);
      },
    },
    series: [
      ...groups.flatMap(({ name, look, style, group }) => [
        ...band(group.map((c) => ({ x: across.to(c.size), ...metric.figureOf(c) }))
          .filter((f) => f.low > 0).map((f) => ({ x: f.x, low: down.to(f.low), high: down.to(f.high) })), look.color),
        {
          type: 'line', name, ...style, showAllSymbol: true, z: 3, labelLayout: endLabelLayout,
          data: group.map((c, i) => ({
            value: [across.to(c.size), down.to(metric.figureOf(c).median)], c: c.index,
            label: i === group.length - 1 && labelled(groups.length, narrow) ? endLabel(name, look.color) : undefined,
          })),
        },
      ]),
      ...floors.map(({ text, points }) => ({
        type: 'line', name: text, symbol: 'none', silent: true, z: 2, labelLayout: endLabelLayout,
        lineStyle: { color: theme.faint, type: [6, 5], width: 1.3 }, itemStyle: { color: theme.faint },
        data: points.map(([at, value], i) => ({
          value: [across.to(at), down.to(value)], floor: value, symbol: i === points.length - 1 ? 'circle' : 'none', symbolSize: 0.1,
          label: i === points.length - 1 && labelled(groups.length, narrow) ? endLabel(text, theme.faint) : undefined,
        })),
      })),
    ],
  };
}

function growth(cases, metric, context) {
  const grown = lines(cases).filter((group) => group.length > 1).map((group) => {
    const first = group[0];
    const last = group[group.length - 1];
    return { name: nameOf(first, context), from: first.size, to: last.size,
      times: metric.figureOf(last).median / metric.figureOf(first).median };
  });
  if (metric.highFirst || grown.length < 2) return '';
  const far = Math.max(...grown.map((one) => one.to));
  const least = grown.filter((one) => one.to === far).reduce((a, b) => (b.times < a.times ? b : a));
  return ` ${context.t('growth', { from: size(least.from), to: size(least.to), name: least.name, times: human('number', least.times) })}`;
}

function build(scenario, metricOf) {
  return (context) => {
    const { data, state, t } = context;
    const metric = metricOf(context);
    const all = data.select(state, { scenario }).filter((c) => metric.figureOf(c)?.median > 0);
    const cases = all.filter((c) => c.size > 0);
    if (all.length === 0) return { empty: t('nothing') };
    if (new Set(cases.map((c) => c.size)).size < 2) return oneSize(all, metric, context);
    // Of the sizes that most mechanisms have in common, it takes the smallest, or the largest if high is better.
    const count = new Map();
    for (const c of cases) count.set(c.size, (count.get(c.size) ?? 0) + 1);
    const most = Math.max(...count.values());
    const sizes = [...count.keys()].filter((at) => count.get(at) === most);
    const at = metric.highFirst ? Math.max(...sizes) : Math.min(...sizes);
    const items = cases.filter((c) => c.size === at).map((c) => ({ name: nameOf(c, context), value: metric.figureOf(c).median }));
    const said = t('atSize', { size: size(at), placement: state.placement, waits: [...state.waits].join(', ') });
    return {
      option: sizeChart(cases, metric, context),
      summary: said + extremes(items, metric.unit, context, metric.highFirst) + growth(cases, metric, context),
    };
  };
}

function oneSize(cases, metric, context) {
  const sign = metric.highFirst ? -1 : 1;
  const sorted = [...cases].sort((a, b) => sign * (metric.figureOf(a).median - metric.figureOf(b).median));
  const rows = sorted.map((c) => ({
    c, name: `${nameOf(c, context)} (${size(c.size)}${c.only_largest ? `, ${context.t('largest')}` : ''})`,
    marks: [{ figure: metric.figureOf(c), c }], notes: [...(c.only_largest ? [c.largestIn(context.state.language)] : []), ...limitNotes([c], context)],
  }));
  const items = rows.map((row) => ({ name: row.name, value: row.marks[0].figure.median }));
  const { option, height } = dots({ rows, unit: metric.unit, name: metric.name }, context);
  return { option, height, summary: extremes(items, metric.unit, context, metric.highFirst) };
}

// Returns the placement's bandwidth floors, as bytes or messages per second.
function bandwidths(cases, { t }, valueOf) {
  const c = cases[0];
  const floor = c.run.floorOf(c.placement, c.state);
  if (floor === null) return [];
  const made = [{ text: t('memcpyFloor'), points: floor.memcpy.map(([at, bps]) => [at, valueOf(at, bps)]) }];
  if (cases.some((one) => one.run.transportOf(one).loan)) {
    made.push({ text: t('touchFloor'), points: floor.line_touch.map(([at, bps]) => [at, valueOf(at, bps)]) });
  }
  return made;
}

export const latencySize = {
  views: ['p50', 'p99'],
  build: build('ping-pong', ({ view, t }) => ({
    unit: 'ns', name: `${t('roundTrip')}, ${t(view)}`, figureOf: (c) => (view === 'p50' ? c.rtt : c.figure('rtt_p99_ns')),
    floors: (cases, context) => {
      const sizes = [...new Set(cases.map((c) => c.size))].sort((a, b) => a - b);
      return roundTripFloors(cases, context).map((floor) => ({ text: floor.text, points: sizes.map((at) => [at, floor.value]) }));
    },
  })),
};

export const throughput = {
  views: ['bytes', 'messages'],
  build: build('streaming', ({ view, t }) => (view === 'bytes'
    ? { unit: 'bytes_per_s', name: t('bytesPerSecond'), highFirst: true, figureOf: (c) => c.figure('bytes_per_s'),
      floors: (cases, context) => bandwidths(cases, context, (at, bps) => bps) }
    : { unit: 'per_s', name: t('messagesPerSecond'), highFirst: true, figureOf: (c) => c.figure('messages_per_s'),
      floors: (cases, context) => bandwidths(cases, context, (at, bps) => bps / at) })),
};
