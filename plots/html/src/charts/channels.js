// Shared by charts with a line for each channel, whose cases differ by one number: a rate, a silence, seats.

import { axis, logAxis } from '../axes.js';
import { band } from '../band.js';
import { human, size as sizeText } from '../units.js';
import {
  endLabel, endLabelLayout, endSpace, extremes, grid, labelled, LIMITED, plainNameOf,
} from './series.js';

export const times = logAxis('ns');
export const DOTS = [2, 3];

// Returns the channels with names that tell them apart: {channel, name, look, style}. `kinds` are their members that
// may differ, `always` those that are part of every name.
export function named(channels, kinds, context, always = []) {
  const { looks, theme } = context;
  const sizes = new Set(channels.map((channel) => channel.size).filter((size) => size > 0));
  const apart = kinds.filter((kind) => new Set(channels.map((channel) => channel[kind])).size > 1);
  return channels.map((channel) => {
    const more = [...always.map((kind) => channel[kind]).filter(Boolean),
      ...(sizes.size > 1 && channel.size > 0 ? [sizeText(channel.size)] : []),
      ...apart.map((kind) => (kind === 'pacer' ? `pacer ${channel.pacer}` : channel[kind]))];
    const isLimited = channel.cases.some((c) => c.limits);
    const name = [plainNameOf(channel.first, context), ...more].join(' ') + (isLimited ? LIMITED : '');
    return { channel, name, look: looks.of(channel.key, theme.dark, channel.variant),
      style: looks.series(channel.first, theme, channel.variant) };
  });
}

export const lookIn = ({ channel, look }) => ({ look, hollow: channel.wait !== 'block' });
export const endsOf = (figure) => (figure === null ? [] : [figure.median, figure.low, figure.high]);

// Returns the places that have the figure: {at, value}, ascending.
export const known = (channel, figureOf) => channel.cases
  .map((c, i) => ({ at: channel.at[i], value: figureOf(c)?.median })).filter(({ value }) => value > 0);

const intervals = (channel, { figureOf }, { across, down }) => channel.cases
  .map((c, i) => ({ x: across.to(channel.at[i]), ...figureOf(c) })).filter(({ low }) => low > 0)
  .map(({ x, low, high }) => ({ x, low: down.to(low), high: down.to(high) }));

// Returns a channel's line of one part. A place without the figure interrupts it.
function lineOf({ channel, name, look, style }, { figureOf, main }, part, { across, down }, hasLabel) {
  const last = channel.cases.reduce((found, c, i) => (figureOf(c)?.median > 0 ? i : found), -1);
  const thin = { symbolSize: 4, lineStyle: { ...style.lineStyle, type: DOTS, width: 1.3 } };
  return {
    type: 'line', name, ...style, ...(main ? {} : thin), showAllSymbol: true, z: main ? 3 : 2,
    labelLayout: endLabelLayout,
    data: channel.cases.map((c, i) => {
      const value = figureOf(c)?.median ?? NaN;
      return {
        value: [across.to(channel.at[i]), value > 0 ? down.to(value) : NaN], c: c.index, part,
        label: main && i === last && hasLabel ? endLabel(name, look.color) : undefined,
      };
    }),
  };
}

// `parts`: [{figureOf(c), main?, …}]; what isn't main is a thin dotted line without intervals.
// `axes`: {xAxis, yAxis, across, down, tip(params), behind: series}; `across` and `down` are the kinds of the axes.
export function channelChart(all, parts, { xAxis, yAxis, across, down = times, tip, behind = [] }, { theme, narrow }) {
  return {
    grid: grid(narrow, endSpace(all.map((one) => one.name), narrow)),
    xAxis, yAxis,
    tooltip: {
      trigger: 'axis', axisPointer: { type: 'line', snap: true, lineStyle: { color: theme.faint } }, formatter: tip,
    },
    series: [
      ...behind,
      ...all.flatMap((one) => parts.flatMap((part, index) => [
        ...(part.main ? band(intervals(one.channel, part, { across, down }), one.look.color) : []),
        lineOf(one, part, index, { across, down }, labelled(all.length, narrow)),
      ])),
    ],
  };
}

// Returns the axis of places and that of figures for these values.
export const xAxisOf = (across, places, name, { theme, narrow }) => (
  axis(across, places, name, theme, { wanted: narrow ? 5 : 11 }));
export const yAxisOf = (values, name, { theme, narrow }, range, down = times) => (
  axis(down, values, name, theme, { vertical: true, narrow, wanted: 7, range }));

// Compares the channels at the first of the places that most of them share, or each at its first. `words`: {textOf(at),
// each, unit?, highFirst?, text?, isLast?}: `each` says "each at its own", `text` is that of extremes(), `isLast` takes
// the last place instead.
export function comparison(all, figureOf, words, context) {
  const { textOf, each, unit = 'ns', highFirst = false, text, isLast = false } = words;
  const { t, state } = context;
  const byPlace = new Map();
  for (const { channel, name } of all) {
    known(channel, figureOf).forEach(({ at, value }) => {
      if (!byPlace.has(at)) byPlace.set(at, []);
      byPlace.get(at).push({ name, value });
    });
  }
  const most = Math.max(...[...byPlace.values()].map((items) => items.length));
  const shared = [...byPlace.keys()].filter((one) => byPlace.get(one).length === most);
  const at = isLast ? Math.max(...shared) : Math.min(...shared);
  const isShared = most > 1 || all.length === 1;
  const items = isShared ? byPlace.get(at)
    : all.map(({ channel, name }) => ({ name, value: known(channel, figureOf).at(isLast ? -1 : 0).value }));
  const size = isShared ? textOf(at) : t(each);
  return t('atSize', { size, placement: state.placement, waits: [...state.waits].join(', ') })
    + extremes(items, unit, context, highFirst, text);
}

// Names the channel that grows most from its lowest place to its highest, or falls most, by the sentence `text`.
export function steepest(all, figureOf, { textOf, text, falls = false }, { t }) {
  const grown = all.map(({ channel, name }) => {
    const points = known(channel, figureOf);
    const [first, last] = [points[0], points[points.length - 1]];
    const ratio = falls ? first.value / last.value : last.value / first.value;
    return { name, low: textOf(first.at), high: textOf(last.at), ratio };
  });
  const most = grown.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  return most.ratio > 1 ? ` ${t(text, { ...most, times: human('number', most.ratio) })}` : '';
}
