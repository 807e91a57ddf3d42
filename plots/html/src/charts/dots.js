// Draws one row per name, with its values and intervals as marks on a common logarithmic axis.

import { axis, bytesAxis, logAxis, namesAxis } from '../axes.js';
import { horizontalBars } from '../band.js';
import { tip } from '../tooltip.js';
import { human } from '../units.js';

const ROW = 25; // pixels

// `rows`: {name, c, marks: [{kind?, figure: {median, low, high, n}, c, text?, note?}]}. `kinds`: key -> {text, symbol,
// hollow}; a mark without a kind has the mechanism's own symbol. `joined` connects the marks of a row.
export function dots({ rows, kinds = {}, unit, name, joined = false }, context) {
  const { theme, looks, narrow } = context;
  const kind = unit === 'bytes' ? bytesAxis(0.6) : logAxis(unit);
  const style = (c, mark) => {
    const own = looks.series(c, theme);
    const other = kinds[mark.kind];
    if (other === undefined) return own;
    const { color } = looks.of(c.key, theme.dark);
    return { symbol: other.symbol, itemStyle: other.hollow ? { color: theme.ground, borderColor: color, borderWidth: 2 } : { color } };
  };
  const points = rows.flatMap((row, y) => row.marks.map((mark) => ({ row, mark, y })));
  const values = points.flatMap(({ mark }) => [mark.figure.median, mark.figure.low, mark.figure.high]);
  const text = (mark) => mark.text ?? human(unit, mark.figure.median);
  const largest = (row) => row.marks.reduce((a, b) => (b.figure.median > a.figure.median ? b : a));
  // Returns where the label goes: behind the mark or interval that reaches farthest.
  const end = (row) => Math.max(...row.marks.map(({ figure }) => Math.max(figure.median, figure.high ?? 0)));
  return {
    height: rows.length * ROW + 90,
    option: {
      grid: { left: narrow ? 118 : 210, right: narrow ? 66 : 110, top: 30, bottom: 46 },
      yAxis: { ...namesAxis(rows.map((row) => row.name), theme, narrow ? 110 : 200) },
      xAxis: { ...axis(kind, values.filter((v) => v > 0), name, theme, { wanted: narrow ? 4 : 8 }) },
      tooltip: {
        trigger: 'item',
        formatter: ({ value: [, y] }) => tip(rows[y].name, rows[y].marks.map((mark) => ({
          name: kinds[mark.kind]?.text ?? '', unit, value: mark.figure.median, low: mark.figure.low, high: mark.figure.high,
          text: mark.text, note: mark.note ?? `n ${mark.figure.n}` })), context.t, rows[y].notes ?? []),
      },
      series: [
        ...(joined ? horizontalBars(rows.map((row, y) => ({ y, low: kind.to(Math.min(...row.marks.map((m) => m.figure.median))),
          high: kind.to(Math.max(...row.marks.map((m) => m.figure.median))) })), theme.faint) : []),
        ...horizontalBars(points.filter(({ mark }) => mark.figure.low > 0)
          .map(({ mark, y }) => ({ y, low: kind.to(mark.figure.low), high: kind.to(mark.figure.high) })), theme.text),
        {
          type: 'scatter', z: 3, symbolSize: 11,
          data: points.map((point) => ({
            value: [kind.to(point.mark.figure.median), point.y], c: point.mark.c.index, ...style(point.mark.c, point.mark),
          })),
          itemStyle: { opacity: 1 },
        },
        {
          type: 'scatter', silent: true, symbolSize: 0.1, tooltip: { show: false },
          data: rows.map((row, y) => [kind.to(end(row)), y]),
          label: { show: true, position: 'right', distance: 9, color: theme.faint, fontSize: 12,
            formatter: ({ dataIndex }) => text(largest(rows[dataIndex])) },
        },
      ],
    },
  };
}
