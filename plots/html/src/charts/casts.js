// Shows what casts do with each number of seats, and a server at each service time: a line for each channel.

import { linearAxis, logAxis, measuredAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { human, short } from '../units.js';
import {
  channelChart, comparison, endsOf, known, lookIn, named, steepest, times, xAxisOf, yAxisOf,
} from './channels.js';
import { limitNotes } from './series.js';
import { evenFrom, rateSpread, withSpread } from './spread.js';

// Returns the rate of messages; of what carries nothing, that of notifications; of a lock, that of turns.
const rateOf = (c) => (
  c.figure('messages_per_s') ?? c.figure('notifications_per_s') ?? c.figure('turns_per_s'));

// Names what the lines of a chart have in common.
function subjectText({ subject }, { t }) {
  const { scenario, producers, consumers, deliver, service, active, hold, think, service_by: by } = subject;
  return [scenario, producers && t('nClients', { n: producers }), consumers && `N → ${consumers}`,
    deliver && t('toAll'), service && t('serviceIs', { service }), active && t('nActive', { n: active }),
    hold && t('holdIs', { hold }), think && t('thinkIs', { think }), by && t('servedBy', { by })]
    .filter(Boolean).join(', ');
}

// Returns the groups of lines in which any has the figure, as views of a chart: [value, text].
function viewsOf(lines, figureOf, context) {
  const views = new Map();
  for (const line of lines) {
    if (known(line, figureOf).length > 0) views.set(line.group, subjectText(line, context));
  }
  return [...views];
}

// Returns the lines of the chosen view that have the figure.
const chosen = (lines, figureOf, { data, state, view }) => (
  data.selectChannels(lines.filter((line) => line.group === view), state)
    .filter((line) => known(line, figureOf).length > 0));

const valuesOf = (lines, figureOf) => (
  lines.flatMap((line) => line.cases.flatMap((c) => endsOf(figureOf(c)))).filter((value) => value > 0));

function rowOf(c, one, { figureOf, unit, highFirst }, { t }) {
  const row = { ...lookIn(one), name: one.name, unit };
  const figure = figureOf(c);
  if (figure === null) return { ...row, value: highFirst ? -Infinity : Infinity, text: `— ${t('tooFew')}` };
  const { median: value, low, high, n } = figure;
  return { ...row, value, low, high, note: `n ${n}` };
}

// Returns the rows of a hover box and its notes.
function rowsOf(params, all, part, context) {
  const shown = [];
  const rows = [];
  for (const { data: { c: index } } of params) {
    const c = context.data.cases[index];
    const one = all.find(({ channel }) => channel.cases.includes(c));
    if (one === undefined) continue;
    shown.push(c);
    rows.push(rowOf(c, one, part, context));
  }
  rows.sort((a, b) => (part.highFirst ? b.value - a.value : a.value - b.value));
  return { rows, notes: limitNotes(shown, context) };
}

const rateNames = { clients: 'answersAll', processes: 'turnsAll' };
const worstNames = { clients: 'worstClient', processes: 'worstWaiter' };

const rate = {
  figureOf: rateOf, unit: 'per_s', down: logAxis('per_s'), highFirst: true,
  nameOf: (line) => rateNames[line.counted] ?? 'messagesAll',
  more: (all, textOf, context) => steepest(all, rateOf, { textOf, text: 'carriesLess', falls: true }, context),
};

const worstOf = (c) => c.figure('worst_seat_p99_ns');
const worst = {
  figureOf: worstOf, unit: 'ns', down: times,
  nameOf: (line) => worstNames[line.counted] ?? 'worstProducer',
  more: (all, textOf, context) => steepest(all, worstOf, { textOf, text: 'waitsLonger' }, context),
};

const handoverOf = (c) => c.figure('handover_p50_ns');
const handover = {
  figureOf: handoverOf, unit: 'ns', down: times, nameOf: () => 'handover',
  more: (all, textOf, context) => steepest(all, handoverOf, { textOf, text: 'waitsLonger' }, context),
};

// The index of fairness ends at 1; its axis has at least a tenth.
const fairness = {
  figureOf: (c) => c.figure('fairness'), unit: 'number', down: linearAxis('number'), highFirst: true,
  nameOf: (line) => (line.counted === 'processes' ? 'jainOfTurns' : 'jain'), text: 'fairest', more: () => '',
  rangeOf: (values) => [Math.min(0.9, Math.floor(Math.min(...values) * 10 - 0.1) / 10), 1.005],
};

const counts = {
  producers: 'nProducers', consumers: 'nConsumers', clients: 'nClients', channels: 'nChannels',
  processes: 'nProcesses',
};

// Returns a chart of a figure against the number of seats or channels.
function bySeats(part) {
  const { figureOf, unit, down, highFirst, text, nameOf, more, rangeOf } = part;
  return {
    views: (context) => viewsOf(context.data.seatLines, figureOf, context),
    build(context) {
      const { data, t } = context;
      const lines = chosen(data.seatLines, figureOf, context);
      if (lines.length === 0) return { empty: t('nothing') };
      const [first] = lines;
      const all = named(lines, [], context, ['form']);
      const seats = lines.flatMap((line) => line.at);
      const across = measuredAxis('count', seats);
      const values = valuesOf(lines, figureOf);
      const textOf = (n) => t(counts[first.counted], { n: human('count', n) });
      const axes = {
        across, down, xAxis: xAxisOf(across, seats, t(first.counted), context),
        yAxis: yAxisOf(values, t(nameOf(first)), context, rangeOf?.(values), down),
        tip: (params) => {
          const { rows, notes } = rowsOf(params, all, part, context);
          return tip(textOf(across.from(params[0].axisValue)), rows, t, notes);
        },
      };
      return {
        option: channelChart(all, [{ figureOf, main: true }], axes, context),
        summary: `${t('about', { subject: subjectText(first, context) })}${comparison(all, figureOf,
          { textOf, each: 'eachMost', unit, highFirst, text, isLast: true }, context)}${more(all, textOf, context)}`,
      };
    },
  };
}

export const castRate = bySeats(rate);
export const castWorst = bySeats(worst);
export const castHandover = bySeats(handover);
export const castFairness = bySeats(fairness);

const timeText = (ns) => (ns > 0 ? human('ns', ns) : '0');

// Says from which service time on the rows hardly differ.
function evenText(spread, even, { t }) {
  if (spread.length === 0) return '';
  const from = evenFrom(spread, even);
  const last = spread[spread.length - 1];
  const values = { percent: short('percent', even - 1), last: timeText(last.at), ratio: human('times', last.value) };
  return ` ${from === null ? t('neverEven', values) : t('evenFrom', { ...values, from: timeText(from) })}`;
}

export const castService = {
  views: (context) => viewsOf(context.data.serviceLines, rateOf, context),
  build(context) {
    const { data, t } = context;
    const lines = chosen(data.serviceLines, rateOf, context);
    if (lines.length === 0) return { empty: t('nothing') };
    const [first] = lines;
    const all = named(lines, [], context, ['form']);
    const places = lines.flatMap((line) => line.at);
    const across = measuredAxis('ns', places);
    const values = valuesOf(lines, rateOf);
    const spread = rateSpread(lines, rateOf);
    const serviceText = (ns) => t('serviceIs', { service: timeText(ns) });
    const axes = {
      across, down: rate.down, xAxis: xAxisOf(across, places, t('serviceTime'), context),
      yAxis: yAxisOf(values, t('answersAll'), context, undefined, rate.down),
      tip: (params) => {
        const at = across.from(params[0].axisValue);
        const { rows, notes } = rowsOf(params, all, rate, context);
        const point = spread.find((one) => Math.abs(across.to(one.at) - params[0].axisValue) < 1e-9);
        if (point !== undefined) {
          const { value, low, high } = point;
          rows.push({ name: t('spread'), unit: 'times', value, low, high, note: t('ofRows', { n: point.rows }) });
        }
        return tip(timeText(at), rows, t, notes);
      },
    };
    const made = {
      option: channelChart(all, [{ figureOf: rateOf, main: true }], axes, context),
      summary: `${t('about', { subject: subjectText(first, context) })}${comparison(all, rateOf,
        { textOf: serviceText, each: 'eachShortest', unit: 'per_s', highFirst: true },
        context)}${evenText(spread, first.run.even_ratio, context)}`,
    };
    return spread.length === 0 ? made : withSpread(made, spread, across, first.run.even_ratio, context);
  },
};
