// Shows what the rate of messages does to latency, CPU time, response and service: a line for each channel.

import { logAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { human } from '../units.js';
import {
  channelChart, comparison, DOTS, endsOf, known, lookIn, named, steepest, times, xAxisOf, yAxisOf,
} from './channels.js';
import { limitNotes } from './series.js';

const across = logAxis('per_s');
const textOf = (rate) => human('per_s', rate);
const KINDS = ['schedule', 'form', 'pacer'];

// Says why a rate has no such time.
function noTime(c, { t }) {
  return c.overloaded ? t('notSustained') : t('tooFew');
}

// Returns the CPU time of both sides, or null where less is left of it than the receiver's part: a pacer that is late
// sleeps less often than alone, so that too much was subtracted.
function cpuOfBoth(c) {
  const all = c.figure('cpu_ns_per_op');
  const part = c.figure('consumer_cpu_ns_per_op');
  return all !== null && part !== null && all.median <= part.median ? null : all;
}

// Says why the CPU time of both sides isn't known.
function noCpuTime(c, { t }) {
  return t(c.headline === 'response' ? 'pacerSpins' : 'pacerAlone');
}

// Says what a reader of a case's figure must know. `time` is null if the figure is none.
function remarks(c, time, { t }) {
  const said = [];
  if (c.overloaded && time !== null && time !== Infinity) said.push(t('someOverloaded'));
  if (c.unsteady) said.push(t('unsteady'));
  const error = c.clock_error_ns ?? 0;
  if (time !== null && time < 2 * error) said.push(`± ${human('ns', error)} (${t('clock')})`);
  return said;
}

// Draws each saturation as an arrow that stands on the axis of rates, with its interval and a faint line above it.
function saturations(all, yAxis) {
  return all.filter(({ channel }) => channel.most !== null).map(({ channel, name, look }) => ({
    type: 'custom', name, z: 2, encode: { x: 0, y: 1 }, clip: false,
    data: [{ value: [across.to(channel.most.median), yAxis.min], c: channel.saturation.index, isSaturation: true }],
    renderItem: ({ coordSys }, api) => {
      const xOf = (rate) => api.coord([across.to(rate), yAxis.min])[0];
      const { median, low = median, high = median } = channel.most;
      const x = xOf(median);
      const bottom = coordSys.y + coordSys.height;
      if (x < coordSys.x - 1 || x > coordSys.x + coordSys.width + 1) return null; // zoomed away
      const line = (x1, y1, x2, y2, style) => (
        { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: look.color, ...style } });
      const head = { points: [[x, bottom - 17], [x - 5, bottom - 8], [x + 5, bottom - 8]] };
      return { type: 'group', children: [
        line(x, bottom - 16, x, coordSys.y, { lineWidth: 1, lineDash: [1, 5], opacity: 0.6 }),
        line(x, bottom - 9, x, bottom - 1, { lineWidth: 2.5 }),
        line(xOf(low), bottom - 3, xOf(high), bottom - 3, { lineWidth: 3, opacity: 0.5 }),
        { type: 'polygon', shape: head, style: { fill: look.color } },
      ] };
    },
  }));
}

// Returns the range of these places with room for the arrows below them.
function roomy(places) {
  const [low, high] = [Math.min(...places), Math.max(...places)];
  const part = Math.max(high - low, 0.3) * 0.06;
  return [low - 2 * part, high + part];
}

// `parts`: [{figureOf(c), text?, main?, isTime?, whyNot?(c, context)}].
function rateChart(all, parts, name, context) {
  const values = all.flatMap(({ channel }) => channel.cases)
    .flatMap((c) => parts.flatMap((part) => endsOf(part.figureOf(c))));
  const rates = all.flatMap(({ channel }) => [...channel.at, ...endsOf(channel.most)]);
  const yAxis = yAxisOf([], name, context, roomy(values.filter((value) => value > 0).map(times.to)));
  const axes = {
    across, xAxis: xAxisOf(across, rates, context.t('rate'), context), yAxis, behind: saturations(all, yAxis),
    tip: (params) => rateTip(params, all, parts, context),
  };
  return channelChart(all, parts, axes, context);
}

// Shows all channels that have a point at the rate under the pointer.
function rateTip(params, all, parts, context) {
  const { t } = context;
  const rows = [];
  const notes = new Set();
  const shown = [];
  for (const { data: { c: index, part, isSaturation } } of params) {
    const c = context.data.cases[index];
    const one = all.find(({ channel }) => channel.cases.includes(c) || channel.saturation === c);
    if (one === undefined) continue;
    shown.push(c);
    if (isSaturation) {
      const { median: value, low, high, n } = one.channel.most;
      const name = `${one.name}: ${t('saturation')}`;
      rows.push({ ...lookIn(one), name, unit: 'per_s', value, low, high, note: `n ${n}` });
      continue;
    }
    rows.push(rowOf(c, one, parts[part], context));
    for (const said of remarks(c, parts[part].isTime ? rows[rows.length - 1].value : null, context)) {
      notes.add(`${one.name}: ${said}`);
    }
  }
  rows.sort((a, b) => a.value - b.value);
  return tip(human('per_s', across.from(params[0].axisValue)), rows, t, [...notes, ...limitNotes(shown, context)]);
}

function rowOf(c, one, { figureOf, text, main, whyNot = noTime }, context) {
  const { channel, name } = one;
  const row = { ...lookIn(one), name: text === undefined ? name : `${name}: ${text}`, unit: 'ns' };
  if (!main) row.look = { ...row.look, dash: DOTS };
  const figure = figureOf(c);
  if (figure === null) return { ...row, value: Infinity, text: `— ${whyNot(c, context)}` };
  const { median: value, low, high, n } = figure;
  const share = channel.most === null ? NaN : channel.at[channel.cases.indexOf(c)] / channel.most.median;
  const load = Number.isFinite(share) ? `, ${context.t('loadOf', { share: human('percent', share) })}` : '';
  return { ...row, value, low, high, note: `n ${n}${load}` };
}

function saturationSummary(all, { t }) {
  const sorted = all.filter(({ channel }) => channel.most !== null)
    .sort((a, b) => a.channel.most.median - b.channel.most.median);
  if (sorted.length === 0) return '';
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const text = ({ channel }) => human('per_s', channel.most.median);
  const values = { low: low.name, lowValue: text(low), high: high.name, highValue: text(high) };
  return ` ${t(sorted.length > 1 ? 'saturations' : 'oneSaturation', values)}`;
}

// Names the channel and rate whose response is the largest multiple of the service.
function widestGap(all, [response, service], { t }) {
  const gaps = all.flatMap(({ channel, name }) => channel.cases.map((c, i) => ({
    name, rate: human('per_s', channel.at[i]), response: response.figureOf(c)?.median,
    service: service.figureOf(c)?.median,
  }))).filter((gap) => gap.service > 0 && gap.response > 0);
  if (gaps.length === 0) return '';
  const most = gaps.reduce((a, b) => (b.response / b.service > a.response / a.service ? b : a));
  return ` ${t('widestGap', { ...most, response: human('ns', most.response), service: human('ns', most.service) })}`;
}

// `choose(context, curves)` returns {parts, name, more(all), empty?, keys?}. `more` makes a further sentence, `empty`
// says why all figures are missing.
function build(choose) {
  return (context) => {
    const { data, state, t } = context;
    const curves = data.selectChannels(data.curves, state);
    const { parts, name, more, empty, keys } = choose(context, curves);
    const { figureOf } = parts.find((part) => part.main);
    const shown = curves.filter((curve) => known(curve, figureOf).length > 0);
    if (shown.length === 0) return { empty: empty ?? t('nothing') };
    const all = named(shown, KINDS, context);
    return {
      option: rateChart(all, parts, name, context), keys,
      summary: comparison(all, figureOf, { textOf, each: 'lowestRate' }, context) + more(all) + saturationSummary(all, context),
    };
  };
}

// Says which time stands for the latency of these curves.
function latencyName(curves, { t }) {
  const spinning = curves.filter((curve) => curve.pacer === 'spin').length;
  if (spinning === 0) return t('service');
  return spinning === curves.length ? t('response') : t('responseOrService');
}

export const loadLatency = {
  views: ['p50', 'p99', 'p999'],
  build: build((context, curves) => {
    const figureOf = (c) => c.latency(context.view);
    return {
      parts: [{ main: true, isTime: true, figureOf }],
      name: `${latencyName(curves, context)}, ${context.t(context.view)}`,
      more: (all) => steepest(all, figureOf, { textOf, text: 'steepest' }, context),
    };
  }),
};

export const loadCpu = {
  views: ['bothSides', 'receiver'],
  build: build((context, curves) => {
    const { view, t } = context;
    const isPart = view === 'receiver';
    const figureOf = isPart ? (c) => c.figure('consumer_cpu_ns_per_op') : cpuOfBoth;
    return {
      parts: [{ main: true, figureOf, whyNot: noCpuTime }],
      name: t(isPart ? 'cpuOfReceiver' : 'cpuOfBoth'),
      empty: isPart || curves.length === 0 ? undefined : t('seeReceiver', { why: noCpuTime(curves[0].first, context) }),
      more: () => '',
    };
  }),
};

export const loadTimes = {
  views: ['p50', 'p99', 'p999'],
  build: build((context) => {
    const { view, t, theme } = context;
    const part = (time, main) => (
      { main, isTime: true, text: t(time), figureOf: (c) => c.figure(`${time}_${view}_ns`) });
    const parts = [part('response', true), part('service', false)];
    const key = (time, dash) => ({ look: { color: theme.text, symbol: 'circle', dash }, text: t(time) });
    return {
      parts, name: `${t('response')}, ${t('service')}: ${t(view)}`, more: (all) => widestGap(all, parts, context),
      keys: [key('response', 'solid'), key('service', DOTS)],
    };
  }),
};
