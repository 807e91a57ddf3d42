// Shows how far the rows of a server's chart lie apart, as results/rows/service_spread.cpp tells it, in a chart below.

import { axis, logAxis } from '../axes.js';
import { band } from '../band.js';
import { floorLines } from './series.js';

const down = logAxis('times');
const HEIGHT = 110; // pixels of the chart below

// Returns the highest rate over the lowest at each service time: [{at, value, low?, high?, rows}]. It is of the lines
// that were measured at all times and have the size and the run of the first.
export function rateSpread(lines, rateOf) {
  const may = lines.filter((line) => line.inSpread);
  const alike = may.filter((line) => line.size === may[0].size && line.run === may[0].run);
  const times = [...new Set(alike.flatMap((line) => line.at))].sort((a, b) => a - b);
  const rateAt = (line, at) => rateOf(line.cases[line.at.indexOf(at)] ?? { figure: () => null });
  const rows = alike.filter((line) => times.every((at) => rateAt(line, at)?.median > 0));
  if (rows.length < 2) return [];
  return times.map((at) => ({ at, rows: rows.length, ...spreadOf(rows.map((line) => rateAt(line, at))) }));
}

function spreadOf(figures) {
  const most = (key) => Math.max(...figures.map((figure) => figure[key]));
  const least = (key) => Math.min(...figures.map((figure) => figure[key]));
  const value = most('median') / least('median');
  if (figures.some(({ low }) => !(low > 0))) return { value };
  return { value, low: Math.max(1, most('low') / least('high')), high: most('high') / least('low') };
}

// Returns the shortest service time from which on the spread is surely below `even`, or null.
export function evenFrom(spread, even) {
  let from = null;
  for (const { at, high } of [...spread].reverse()) {
    if (!(high < even)) break;
    from = at;
  }
  return from;
}

// Returns the chart with that of the spread below it.
export function withSpread({ option, summary }, spread, across, even, { t, theme, narrow }) {
  const { left, right, bottom } = option.grid;
  const yAxis = axis(down, [1, even, ...spread.flatMap(({ value, high = value }) => [value, high])], t('spread'), theme,
    { vertical: true, narrow, wanted: 4 });
  const line = {
    type: 'line', name: t('spread'), symbol: 'circle', symbolSize: 7, showAllSymbol: true, z: 3,
    itemStyle: { color: theme.text }, lineStyle: { color: theme.text, width: 1.6 }, color: theme.text,
    markLine: floorLines([{ text: t('even'), value: even }], 'yAxis', down, theme, 'times'),
    data: spread.map(({ at, value }) => ({ value: [across.to(at), down.to(value)] })),
  };
  const intervals = band(spread.filter(({ low }) => low > 0)
    .map(({ at, low, high }) => ({ x: across.to(at), low: down.to(low), high: down.to(high) })), theme.text);
  return {
    summary, height: 580,
    option: {
      ...option,
      grid: [{ ...option.grid, bottom: bottom + HEIGHT + 45 }, { left, right, height: HEIGHT, bottom }],
      xAxis: [
        { ...option.xAxis, name: '', axisLabel: { ...option.xAxis.axisLabel, show: false } },
        { ...option.xAxis, gridIndex: 1 },
      ],
      yAxis: [option.yAxis, { ...yAxis, gridIndex: 1 }],
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      series: [...option.series, ...[...intervals, line].map((one) => ({ ...one, xAxisIndex: 1, yAxisIndex: 1 }))],
    },
  };
}
