// Lists every case with a filter box, and shows one case with all its figures and launches.

import { limitNotes } from './charts/series.js';
import { element } from './dom.js';
import { human } from './units.js';

const MOST_ROWS = 100;
const UNITS = [['_bytes_per_s', 'bytes_per_s'], ['_per_s', 'per_s'], ['_ns', 'ns'], ['bytes', 'bytes'], ['ratio', 'percent'], ['duty', 'percent']];

export function unitOf(key) {
  if (key === 'bytes_per_s') return 'bytes_per_s';
  if (key.includes('ns_per_op')) return 'ns';
  const found = UNITS.find(([part]) => key.includes(part));
  return found ? found[1] : 'number';
}

// Adds a mark if the ratio isn't paired by pass, as the tables explain.
const multipleText = (multiple) => (multiple === null ? '—'
  : `${human('times', multiple.median, multiple.low, multiple.high)}${multiple.paired ? '' : ' °'}`);

export class Cases {
  constructor(main, before, context) {
    this.context = context;
    this.wanted = '';
    this.section = element('section', { id: 'cases' });
    main.insertBefore(this.section, before);
    context.state.subscribe((keys) => { if (keys.includes('language')) this.draw(); });
    this.draw();
  }

  draw() {
    const { t } = this.context;
    const find = element('input', { type: 'search', placeholder: t('findCase'), 'aria-label': t('findCase'), value: this.wanted,
      oninput: () => { this.wanted = find.value; this.list(); } });
    this.count = element('p', { class: 'notes', role: 'status' });
    this.rows = element('tbody');
    this.detail = element('div');
    const head = element('tr', {}, ...[t('caseColumn'), t('status'), t('value')].map((text) => element('th', { scope: 'col' }, text)));
    this.section.replaceChildren(element('h2', {}, t('cases')), find, this.count,
      element('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': t('cases') },
        element('table', {}, element('thead', {}, head), this.rows)),
      this.detail);
    this.list();
  }

  list() {
    const { data, t } = this.context;
    const words = this.wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
    const matches = data.cases.filter((c) => {
      const text = [c.run.name, c.id, c.status ?? 'ok', c.class ?? '', c.reason ?? '', c.largest ?? '', ...(c.notes ?? [])].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    this.count.textContent = t('shownOf', { shown: Math.min(matches.length, MOST_ROWS), all: data.cases.length });
    this.rows.replaceChildren(...matches.slice(0, MOST_ROWS).map((c) => this.row(c)));
  }

  row(c) {
    const { t, data } = this.context;
    const id = data.runs.length > 1 ? `${c.run.name}: ${c.id}` : c.id;
    const [figure, unit] = [
      [c.rtt, 'ns'], [c.figure('bytes_per_s'), 'bytes_per_s'], [c.figure('notifications_per_s'), 'per_s'],
      [c.figure('setup_connect_ns'), 'ns'], [c.figure('saturation_per_s'), 'per_s'], [c.latency('p50'), 'ns'],
    ].find(([candidate]) => candidate) ?? [];
    return element('tr', {},
      element('td', {}, element('button', { type: 'button', onclick: () => this.show(c) }, id)),
      element('td', {}, c.ok ? t('measured') : `${c.status}: ${c.reason ?? ''}`),
      element('td', { class: 'n' }, figure ? human(unit, figure.median, figure.low, figure.high) : '—'));
  }

  show(c) {
    // The effects of limits also stand among the notes, in English; they are filtered out there.
    const largest = c.largestIn(this.context.state.language);
    const notes = [...(largest ? [largest] : []),
      ...limitNotes([c], this.context), ...limitNotes([c], this.context, 'memory_limits'),
      ...(c.buffers ? [`${this.context.t('buffers')}: ${c.buffers}`] : []),
      ...(c.notes ?? []).filter((note) => !note.startsWith('‡')), ...(c.reason ? [c.reason] : [])];
    this.detail.replaceChildren(element('div', { class: 'detail', tabindex: '-1' },
      element('h3', {}, c.id),
      ...(notes.length > 0 ? [element('ul', { class: 'notes' }, ...notes.map((note) => element('li', {}, note)))] : []),
      element('div', { class: 'columns' }, this.figures(c), this.launches(c))));
    this.detail.firstChild.scrollIntoView({ block: 'nearest' });
    this.detail.firstChild.focus({ preventScroll: true });
  }

  figures(c) {
    const { t } = this.context;
    const reference = c.run.reference;
    const rows = Object.keys(c.figures).map((key) => {
      const { median, low, high, n } = c.figure(key);
      return [key, human(unitOf(key), median, low, high), ...(reference ? [multipleText(c.multiple(key))] : []), n];
    });
    if (c.worst) rows.push([t('worst'), human('ns', c.worst[0]), ...(reference ? ['—'] : []), 1]);
    return this.table([t('figure'), t('value'), ...(reference ? [`× ${reference}`] : []), 'n'], rows);
  }

  launches(c) {
    const { t } = this.context;
    const label = (start) => [start.state, start.broken && t('broken'), start.outlier && t('outlier'), !start.used && t('unused')]
      .filter((text) => text).join(', ');
    const rows = c.starts.map((start) => [start.place, start.pass + 1, human('ns', start.value ?? NaN),
      start.before === undefined ? '—' : `${human('ns', start.before)}, ${human('ns', start.after)}`, label(start)]);
    return this.table([t('launch'), t('pass'), t('value').replace(/ \[.*/, ''), t('canaries'), t('label')], rows);
  }

  table(titles, rows) {
    return element('div', { class: 'scroll', role: 'region', tabindex: '0' }, element('table', {},
      element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((cell) => element('td', {}, String(cell))))))));
  }
}
