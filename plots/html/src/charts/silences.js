// Shows what a round trip costs after a silence: a line for each channel, and above it the longest.

import { logAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { human } from '../units.js';
import {
  channelChart, comparison, DOTS, endsOf, known, lookIn, named, steepest, xAxisOf, yAxisOf,
} from './channels.js';
import { limitNotes } from './series.js';

const across = logAxis('ns');
const textOf = (silence) => human('ns', silence);

// Returns the median of launches; where they have too few round trips, that of all of them together.
function medianOf(c) {
  const pooled = c.figure('service_p50_pooled_ns');
  return c.figure('service_p50_ns') ?? (pooled === null ? null : { median: pooled.median, n: pooled.n, isPooled: true });
}

const longestOf = (c) => (c.longest === undefined ? null : { median: c.longest });

function rowOf(c, one, { figureOf, main, text }, { t }) {
  const row = { ...lookIn(one), name: main ? one.name : `${one.name}: ${text}`, unit: 'ns' };
  if (!main) row.look = { ...row.look, dash: DOTS };
  const figure = figureOf(c);
  if (figure === null) return { ...row, value: Infinity, text: `— ${t('tooFew')}` };
  const { median: value, low, high, n, isPooled } = figure;
  return { ...row, value, low, high, note: main ? `n ${n}${isPooled ? `, ${t('pooled')}` : ''}` : '' };
}

function silenceTip(params, all, parts, context) {
  const rows = [];
  const shown = [];
  for (const { data: { c: index, part } } of params) {
    const c = context.data.cases[index];
    const one = all.find(({ channel }) => channel.cases.includes(c));
    if (one === undefined) continue;
    shown.push(c);
    rows.push(rowOf(c, one, parts[part], context));
  }
  rows.sort((a, b) => a.value - b.value);
  return tip(human('ns', across.from(params[0].axisValue)), rows, context.t, limitNotes(shown, context));
}

export const silences = {
  build(context) {
    const { data, state, t, theme } = context;
    const parts = [{ main: true, figureOf: medianOf, text: t('p50') }, { figureOf: longestOf, text: t('longest') }];
    const shown = data.selectChannels(data.idleRows, state).filter((row) => known(row, medianOf).length > 0);
    if (shown.length === 0) return { empty: t('nothing') };
    const all = named(shown, [], context);
    const cases = shown.flatMap((row) => row.cases);
    const values = cases.flatMap((c) => parts.flatMap(({ figureOf }) => endsOf(figureOf(c))));
    const axes = {
      across, xAxis: xAxisOf(across, shown.flatMap((row) => row.at), t('silence'), context),
      yAxis: yAxisOf(values.filter((value) => value > 0), t('service'), context),
      tip: (params) => silenceTip(params, all, parts, context),
    };
    const key = (text, dash) => ({ look: { color: theme.text, symbol: 'circle', dash }, text });
    return {
      option: channelChart(all, parts, axes, context),
      keys: [key(t('p50'), 'solid'), key(t('longest'), DOTS)],
      summary: comparison(all, medianOf, { textOf, each: 'shortestSilence' }, context)
        + steepest(all, medianOf, { textOf, text: 'afterSilence' }, context),
    };
  },
};
