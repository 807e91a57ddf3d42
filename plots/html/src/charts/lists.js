// Charts with one row per mechanism: memory of a channel, set-up, placements.

import { human } from '../units.js';
import { dots } from './dots.js';
import { extremes, LIMITED, limitNotes, plainNameOf } from './series.js';

const byName = (cases, context) => {
  const rows = new Map();
  for (const c of cases) {
    const name = plainNameOf(c, context);
    if (!rows.has(name)) rows.set(name, []);
    rows.get(name).push(c);
  }
  return rows;
};
const keysOf = (kinds, theme) => Object.values(kinds).map((kind) => ({
  look: { color: theme.text, symbol: kind.legend, dash: 'none' }, hollow: kind.hollow, text: kind.text }));

export const memory = {
  build(context) {
    const { data, state, t, theme } = context;
    const kinds = {
      idle: { text: t('idle'), symbol: 'circle', legend: 'circle', hollow: true },
      loaded: { text: t('loaded'), symbol: 'circle', legend: 'circle' },
      payload: { text: t('payload'), symbol: 'rect', legend: 'bar', hollow: true },
    };
    const rows = [];
    // A mechanism's memory is measured once for all placements and stored with one case.
    const cases = data.select(state, { scenario: 'ping-pong', placement: null })
      .filter((c) => c.figure('channel_bytes_idle') !== null || c.figure('channel_bytes_loaded') !== null);
    for (const [name, [c]] of byName(cases, context)) {
      const marks = Object.keys(kinds).map((kind) => ({ kind, c, figure: c.figure(`channel_bytes_${kind}`) }))
        .filter((mark) => mark.figure !== null && mark.figure.median > 0);
      for (const mark of marks) {
        mark.note = c.channel_source;
        if ((mark.kind !== 'idle' && c.capped) || (mark.kind !== 'payload' && c.unseen)) mark.text = `≥ ${human('bytes', mark.figure.median)}`;
      }
      if (marks.length > 0) {
        rows.push({ name: c.memory_limits ? name + LIMITED : name, c, marks,
          notes: [...['capped', 'unseen'].filter((key) => c[key]).map((key) => t(key)), ...limitNotes([c], context, 'memory_limits')] });
      }
    }
    if (rows.length === 0) return { empty: t('nothing') };
    const total = (row) => (row.marks.find((mark) => mark.kind === 'loaded') ?? row.marks[0]).figure.median;
    rows.sort((a, b) => total(a) - total(b));
    const items = rows.map((row) => ({ name: row.name, value: total(row) }));
    return { ...dots({ rows, kinds, unit: 'bytes', name: t('memory'), joined: true }, context),
      summary: extremes(items, 'bytes', context), keys: keysOf(kinds, theme) };
  },
};

export const setup = {
  build(context) {
    const { data, state, t, theme } = context;
    const kinds = {
      create: { text: t('create'), symbol: 'rect', legend: 'rect', hollow: true },
      connect: { text: t('connect'), symbol: 'circle', legend: 'circle' },
      teardown: { text: t('teardown'), symbol: 'diamond', legend: 'diamond', hollow: true },
    };
    const here = data.select(state, { scenario: 'setup' });
    const cases = here.length > 0 ? here : data.select(state, { scenario: 'setup', placement: null });
    const rows = [];
    for (const [name, [c]] of byName(cases, context)) {
      const marks = Object.keys(kinds).map((kind) => ({ kind, c, figure: c.figure(`setup_${kind}_ns`) }))
        .filter((mark) => mark.figure !== null && mark.figure.median > 0);
      if (marks.length > 0) {
        rows.push({ name: c.limits ? name + LIMITED : name, c, marks, notes: limitNotes([c], context),
          total: marks.reduce((sum, mark) => sum + mark.figure.median, 0) });
      }
    }
    if (rows.length === 0) return { empty: t('nothing') };
    rows.sort((a, b) => a.total - b.total);
    const items = rows.map((row) => ({ name: row.name, value: row.total }));
    return { ...dots({ rows, kinds, unit: 'ns', name: t('setup') }, context), summary: extremes(items, 'ns', context),
      keys: keysOf(kinds, theme) };
  },
};

const PLACES = [['circle', 'circle'], ['rect', 'rect'], ['diamond', 'diamond'], ['triangle', 'triangle']];

export const placements = {
  build(context) {
    const { data, state, t, theme } = context;
    if (data.placements.length < 2) return { empty: t('onePlacement') };
    const kinds = {};
    data.placements.forEach((placement, index) => {
      const [symbol, legend] = PLACES[index % PLACES.length];
      kinds[placement] = { text: placement, symbol, legend, hollow: index % 2 === 1 };
    });
    const cases = data.atSize(data.select(state, { scenario: 'ping-pong', placement: null }), state.size).filter((c) => c.rtt);
    const rows = [];
    for (const [name, of] of byName(cases, context)) {
      const marks = of.map((c) => ({ kind: c.placement, c, figure: c.rtt }));
      if (marks.length > 0) {
        rows.push({ name: of.some((c) => c.limits) ? name + LIMITED : name, c: of[0], marks, notes: limitNotes(of, context) });
      }
    }
    if (rows.length === 0) return { empty: t('nothing') };
    const first = (row) => (row.marks.find((mark) => mark.kind === data.placements[0]) ?? row.marks[0]).figure.median;
    rows.sort((a, b) => first(a) - first(b));
    return { ...dots({ rows, kinds, unit: 'ns', name: t('latency'), joined: true }, context), summary: widest(rows, context),
      keys: keysOf(kinds, theme) };
  },
};

function widest(rows, { t }) {
  const spread = rows.filter((row) => row.marks.length > 1).map((row) => {
    const sorted = [...row.marks].sort((a, b) => a.figure.median - b.figure.median);
    const [fast, slow] = [sorted[0], sorted[sorted.length - 1]];
    return { name: row.name, fast: fast.kind, slow: slow.kind, ratio: slow.figure.median / fast.figure.median };
  });
  if (spread.length === 0) return '';
  const most = spread.reduce((a, b) => (b.ratio > a.ratio ? b : a));
  return t('placementIs', { ...most, times: human('number', most.ratio) });
}
