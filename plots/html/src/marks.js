// Styles a mechanism so that nothing depends on color alone: the family by color and symbol, its member by the line's
// dash. Hollow symbols mean that it doesn't sleep while it waits, thinner lines further runs. The colors are Okabe and
// Ito's palette ("Color Universal Design", 2008) with three darker or lighter ones.

import { svg } from './dom.js';

const LOOKS = {
  'shared memory': ['#d55e00', '#f08a3c', 'circle'],
  pipe: ['#0072b2', '#58aee6', 'rect'],
  'UNIX domain socket': ['#00805e', '#2fc49b', 'triangle'],
  'message queue': ['#b0558a', '#dd94bf', 'diamond'],
  'network socket': ['#b67800', '#e9b544', 'down'],
  semaphore: ['#1c8fc4', '#8fd0f5', 'plus'],
  signal: ['#6a7a00', '#c3cf52', 'cross'],
  'D-Bus': ['#3b3b3b', '#d6d6d6', 'star'],
  lock: ['#882255', '#d77aa8', 'hexagon'],
  file: ['#777777', '#a0a0a0', 'bar'],
};
const OTHERS = [['#5b4bb3', '#a99cf0', 'hexagon'], ['#00707a', '#55c8d2', 'bar'], ['#8a4b2a', '#d39a77', 'star']];
const DASHES = ['solid', [7, 4], [2, 3], [10, 3, 2, 3], [12, 5], [4, 4], [7, 3, 2, 3, 2, 3], [1, 4], [14, 3, 4, 3], [5, 2]];

// Paths in a box from -1 to 1.
const PATHS = {
  circle: 'M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z',
  rect: 'M-.88,-.88L.88,-.88L.88,.88L-.88,.88Z',
  triangle: 'M0,-1.1L1.05,.85L-1.05,.85Z',
  down: 'M0,1.1L1.05,-.85L-1.05,-.85Z',
  diamond: 'M0,-1.2L1,0L0,1.2L-1,0Z',
  plus: 'M-.4,-1.1L.4,-1.1L.4,-.4L1.1,-.4L1.1,.4L.4,.4L.4,1.1L-.4,1.1L-.4,.4L-1.1,.4L-1.1,-.4L-.4,-.4Z',
  cross: 'M-1,-.5L-.5,-1L0,-.5L.5,-1L1,-.5L.5,0L1,.5L.5,1L0,.5L-.5,1L-1,.5L-.5,0Z',
  star: 'M0,-1.25L.35,-.4L1.2,-.4L.5,.15L.75,1.05L0,.5L-.75,1.05L-.5,.15L-1.2,-.4L-.35,-.4Z',
  hexagon: 'M-.55,-1L.55,-1L1.1,0L.55,1L-.55,1L-1.1,0Z',
  bar: 'M-1.15,-.5L1.15,-.5L1.15,.5L-1.15,.5Z',
};

export function look(member, dark, extra) {
  // Families come from the result: "constructor" is not one of ours.
  const known = Object.hasOwn(LOOKS, member.family);
  const [light, night, symbol] = known ? LOOKS[member.family] : OTHERS[extra % OTHERS.length];
  return { color: dark ? night : light, symbol, dash: DASHES[member.index % DASHES.length] };
}

export class Looks {
  constructor(data) {
    const unknown = [...data.families.keys()].filter((family) => !Object.hasOwn(LOOKS, family));
    this.extra = new Map(unknown.map((family, index) => [family, index]));
    this.members = data.members;
    this.several = data.runs.length > 1;
  }

  // `variant` tells several lines of a member apart, by their dash.
  of(key, dark, variant = 0) {
    const member = this.members.get(key);
    return look({ ...member, index: member.index + 3 * variant }, dark, this.extra.get(member.family) ?? 0);
  }

  // Returns the ECharts settings of a case's line and symbols.
  series(c, theme, variant = 0) {
    const { color, symbol, dash } = this.of(c.key, theme.dark, variant);
    const hollow = c.wait !== 'block' || c.run.index % 2 === 1;
    return {
      symbol: `path://${PATHS[symbol]}`,
      symbolSize: 9,
      itemStyle: hollow ? { color: theme.ground, borderColor: color, borderWidth: 2 } : { color, borderColor: color },
      lineStyle: { color, width: c.run.index === 0 ? 2 : 1.3, type: dash, opacity: 1 / (1 + 0.35 * c.run.index) },
      color,
      triggerLineEvent: true,
      emphasis: { focus: 'series', lineStyle: { width: 3 } },
      blur: { lineStyle: { opacity: 0.15 }, itemStyle: { opacity: 0.15 } },
    };
  }
}

// Returns the color made transparent, for the further parts of a bar.
export function faded(color, opacity) {
  const part = (at) => parseInt(color.slice(at, at + 2), 16);
  return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${opacity})`;
}

// Returns a piece of a bar: plain, hatched or pale, as in charts/counts.js.
export function swatch(part) {
  const box = svg('rect', { x: 1, y: 1, width: 18, height: 12, fill: 'currentColor', 'fill-opacity': [1, 0.55, 0.25][part] });
  const lines = part === 1 ? [4, 9, 14, 19].map((x) => svg('line', { x1: x, x2: x - 6, y1: 1, y2: 13, stroke: 'var(--ground)', 'stroke-width': 1.5 })) : [];
  return svg('svg', { class: 'mark', width: 20, height: 14, 'aria-hidden': 'true' }, box, ...lines);
}

// Returns a small drawing of a line with its symbol, for legends and hover boxes.
export function sample({ color, symbol, dash }, hollow = false) {
  return svg('svg', { class: 'mark', width: 28, height: 14, viewBox: '0 0 28 14', 'aria-hidden': 'true' },
    svg('line', { x1: 0, x2: 28, y1: 7, y2: 7, stroke: color, 'stroke-width': 2,
      'stroke-dasharray': Array.isArray(dash) ? dash.join(' ') : 'none' }),
    svg('path', { d: PATHS[symbol], transform: 'translate(14 7) scale(4.5)', fill: hollow ? 'var(--ground)' : color,
      stroke: color, 'stroke-width': hollow ? 0.4 : 0 }));
}
