// Shows CPU time against latency with all ways of waiting, since spinning buys latency with CPU time.

import { axis, logAxis } from '../axes.js';
import { tip } from '../tooltip.js';
import { size } from '../units.js';
import { grid, LIMITED, limitNotes } from './series.js';

// Returns the points that no other point beats in both time and cost, from the cheapest to the fastest.
export function paretoFront(points) {
  const sorted = [...points].sort((a, b) => a.cpu - b.cpu || a.rtt - b.rtt);
  const front = [];
  for (const point of sorted) {
    if (front.length === 0 || point.rtt < front[front.length - 1].rtt) front.push(point);
  }
  return front;
}

const HEIGHT = 358; // pixels of the grid; page.css gives the plot 440
const LINE = 14;

// Places each label 'right', 'left', 'top' or 'bottom' of its point, within `width`; null: no room. Labels of the front
// choose first.
function placed(points, width) {
  const taken = points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 }));
  const around = ({ x, y, width }) => ({
    right: { left: x + 9, right: x + 9 + width, top: y - LINE / 2, bottom: y + LINE / 2 },
    left: { left: x - 9 - width, right: x - 9, top: y - LINE / 2, bottom: y + LINE / 2 },
    top: { left: x - width / 2, right: x + width / 2, top: y - 9 - LINE, bottom: y - 9 },
    bottom: { left: x - width / 2, right: x + width / 2, top: y + 9, bottom: y + 9 + LINE },
  });
  const clash = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const places = new Array(points.length).fill(null);
  const order = points.map((_, i) => i).sort((a, b) => Number(points[b].first) - Number(points[a].first));
  for (const i of order) {
    for (const [side, box] of Object.entries(around(points[i]))) {
      if (box.left < 0 || box.right > width || taken.some((other, k) => k !== i && clash(box, other))) continue;
      places[i] = side;
      taken.push(box);
      break;
    }
  }
  return places;
}

export const cpuLatency = {
  build(context) {
    const { data, state, looks, theme, t, narrow } = context;
    const cases = data.atSize(data.select(state, { scenario: 'ping-pong', waits: null }), state.size)
      .filter((c) => c.rtt?.median > 0 && c.figure('cpu_ns_per_op')?.median > 0);
    if (cases.length === 0) return { empty: t('nothing') };
    const several = data.runs.length > 1;
    const points = cases.map((c) => ({ c, rtt: c.rtt.median, cpu: c.figure('cpu_ns_per_op').median,
      name: `${c.key}${c.wait === 'block' ? '' : ` (${c.wait})`}${several ? ` · ${c.run.name}` : ''}${c.limits ? LIMITED : ''}` }));
    const front = paretoFront(points);
    const kind = logAxis('ns');
    const place = (point) => [kind.to(point.rtt), kind.to(point.cpu)];
    const pointTip = ({ c, name, rtt, cpu }) => {
      const cost = c.figure('cpu_ns_per_op');
      return tip(name, [
        { name: t('latency'), unit: 'ns', value: rtt, low: c.rtt.low, high: c.rtt.high },
        { name: t('cpu'), unit: 'ns', value: cpu, low: cost.low, high: cost.high },
      ], t, [...(front.some((point) => point.c === c) ? [t('front')] : []), ...limitNotes([c], context)]);
    };
    const names = front.map((point) => point.name).join(', ');
    const xAxis = axis(kind, points.map((p) => p.rtt), t('latency'), theme, { wanted: narrow ? 4 : 9 });
    const yAxis = axis(kind, points.map((p) => p.cpu), t('cpu'), theme, { vertical: true, narrow, wanted: 7 });
    const space = grid(narrow, narrow ? 20 : 60);
    const labels = placed(points.map((point) => ({
      x: (place(point)[0] - xAxis.min) / (xAxis.max - xAxis.min) * (context.width - space.left - space.right),
      y: (yAxis.max - place(point)[1]) / (yAxis.max - yAxis.min) * HEIGHT,
      width: point.name.length * 6.6, first: front.includes(point),
    })), context.width - space.left);
    return {
      summary: t('atSize', { size: size(state.size), placement: state.placement, waits: [...new Set(cases.map((c) => c.wait))].join(', ') }) +
        t(front.length > 1 ? 'frontIs' : 'frontOne', { names }),
      option: {
        grid: space,
        xAxis,
        yAxis,
        tooltip: {
          trigger: 'item',
          formatter: ({ dataIndex }) => pointTip(points[dataIndex]),
        },
        series: [
          {
            type: 'line', name: t('front'), step: 'start', symbol: 'none', silent: true, z: 1,
            lineStyle: { color: theme.accent, width: 2, opacity: 0.6 }, data: front.map(place),
          },
          {
            type: 'scatter', z: 3, itemStyle: { opacity: 1 },
            data: points.map((point, i) => ({
              value: place(point), c: point.c.index, ...looks.series(point.c, theme), symbolSize: front.includes(point) ? 14 : 10,
              label: { show: labels[i] !== null, position: labels[i] ?? 'right', color: theme.text, fontSize: 12, formatter: () => point.name },
            })),
          },
        ],
      },
    };
  },
};
