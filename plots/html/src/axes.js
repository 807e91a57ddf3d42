// Axes with our own ticks. Logarithmic axes are linear axes of the logarithm, because ECharts' own have one tick per
// decade, which is too few if all mechanisms lie within one.

import { short } from './units.js';

const STEPS = { 1: [1], 2: [1, 3], 3: [1, 2, 5], 4: [1, 2, 3, 5], 9: [1, 2, 3, 4, 5, 6, 7, 8, 9] };

// Returns the logarithms (base 10) of about `wanted` round numbers from low to high.
function decadeTicks(low, high, wanted) {
  const decades = high - low;
  const density = [1, 2, 3, 4, 9].find((d) => d * decades >= wanted * 0.6) ?? 0;
  if (density === 0) return niceTicks(10 ** low, 10 ** high, wanted).filter((v) => v > 0).map(Math.log10);
  const every = Math.max(1, Math.ceil(decades / wanted));
  const ticks = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); ++decade) {
    if (density === 1 && decade % every !== 0) continue;
    for (const step of STEPS[density]) {
      const tick = decade + Math.log10(step);
      if (tick >= low - 1e-9 && tick <= high + 1e-9) ticks.push(tick);
    }
  }
  return ticks;
}

function niceTicks(low, high, wanted) {
  const raw = (high - low) / wanted;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((s) => s * magnitude).find((s) => s >= raw * 0.999);
  const ticks = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) ticks.push(tick);
  return ticks;
}

// A kind of axis maps values to positions (`to`) and back (`from`), and makes the ticks of a range of positions and
// their texts.
export function logAxis(unit) {
  return { to: (v) => Math.log10(v), from: (place) => 10 ** place, ticks: decadeTicks, text: (v) => short(unit, v) };
}
export function linearAxis(unit) {
  return { to: (v) => v, from: (place) => place, ticks: niceTicks, text: (v) => short(unit, v), fromZero: true };
}
// A logarithmic axis with ticks at these values, as far as there is room. 0 stands a decade left of the others.
export function measuredAxis(unit, values) {
  const known = [...new Set(values)].sort((a, b) => a - b);
  const zero = Math.log10(known.find((v) => v > 0) ?? 1) - 1;
  const to = (v) => (v > 0 ? Math.log10(v) : zero);
  const from = (place) => (place > zero + 1e-9 || known[0] > 0 ? 10 ** place : 0);
  const ticks = (low, high, wanted) => {
    const inside = known.map(to).filter((place) => place >= low - 1e-9 && place <= high + 1e-9);
    if (inside.length === 0) return decadeTicks(low, high, wanted);
    const every = Math.ceil(inside.length / (2 * wanted));
    return inside.filter((_, index) => index % every === 0);
  };
  return { to, from, ticks, text: (v) => (v > 0 ? short(unit, v) : '0'), hasZero: true };
}
// An axis of bytes in powers of two, for message sizes and memory.
export function bytesAxis(margin = 0.3) {
  const ticks = (low, high, wanted) => {
    const every = [1, 2, 4, 5, 10].find((step) => (high - low) / step <= wanted) ?? 20;
    const made = [];
    for (let tick = Math.ceil(low / every - 1e-9) * every; tick <= high + 1e-9; tick += every) made.push(tick);
    return made;
  };
  return { to: (v) => Math.log2(v), from: (place) => 2 ** place, ticks, text: (v) => short('bytes', v), margin };
}

function range(kind, values) {
  const places = values.filter((v) => Number.isFinite(v) && (kind.fromZero || kind.hasZero || v > 0)).map(kind.to);
  if (places.length === 0) return [0, 1];
  // A loop, since there may be more launches than a call takes arguments.
  let low = places.reduce((a, b) => Math.min(a, b));
  let high = places.reduce((a, b) => Math.max(a, b));
  if (kind.fromZero) {
    low = Math.min(0, low);
    high = high + (high - low || 1) * 0.06;
  } else {
    const margin = kind.margin ?? Math.max((high - low) * 0.06, 0.02);
    low -= margin;
    high += margin;
  }
  return [low, high];
}

// Returns the ECharts axis for these values, with about `wanted` ticks.
export function axis(kind, values, name, theme, { wanted = 6, vertical = false, narrow = false, range: given } = {}) {
  const [min, max] = given ?? range(kind, values);
  return {
    type: 'value', min, max, name, ...(vertical && narrow ? nameAbove(theme) : nameBeside(theme, vertical)), ...ticksFor(kind, min, max, wanted),
    axisLine: { show: true, lineStyle: { color: theme.line } },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.55 } },
    ours: { kind, wanted, min, max },
  };
}

const nameBeside = (theme, vertical) => (
  { nameLocation: 'middle', nameGap: vertical ? 70 : 30, nameTextStyle: { color: theme.faint } });
// For narrow charts, which have no room at the side.
const nameAbove = (theme) => (
  { nameLocation: 'end', nameGap: 10, nameTextStyle: { color: theme.faint, align: 'left', padding: [0, 0, 0, -58] } });

function ticksFor(kind, low, high, wanted) {
  const ticks = kind.ticks(low, high, wanted);
  return {
    axisTick: { show: true, customValues: ticks },
    axisLabel: { customValues: ticks, hideOverlap: true, formatter: (place) => kind.text(kind.from(place)) },
  };
}

// Recomputes the ticks after a zoom.
export function retick(chart, option) {
  const change = {};
  for (const name of ['xAxis', 'yAxis']) {
    const axes = [option[name]].flat().filter((one) => one !== undefined);
    change[name] = axes.map((one, index) => {
      if (one.ours === undefined) return {};
      const [low, high] = chart.getModel().getComponent(name, index).axis.scale.getExtent();
      return ticksFor(one.ours.kind, low, high, one.ours.wanted);
    });
  }
  chart.setOption(change);
}

// Returns a category axis of names, the first on top.
export function namesAxis(names, theme, width) {
  return {
    type: 'category', data: names, inverse: true, axisTick: { show: false },
    axisLine: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.text, width, overflow: 'truncate', interval: 0 },
  };
}
