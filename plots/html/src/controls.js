// The reader's settings: what the charts show (placement, wait, size, runs, mechanisms), language and theme.

import { choice, element } from './dom.js';
import { sample } from './marks.js';
import { isDark } from './theme.js';
import { size } from './units.js';

const LANGUAGES = [['en', 'English'], ['zh-CN', '中文']];

export function settings(place, { state, t }) {
  const draw = () => {
    const themes = ['auto', 'light', 'dark'].map((theme) => [theme, t(theme)]);
    place.replaceChildren(
      choice(t('language'), LANGUAGES, state.language, (language) => {
        document.documentElement.lang = language;
        state.set({ language });
      }),
      choice(t('theme'), themes, state.theme, (theme) => state.set({ theme })));
  };
  state.subscribe((keys) => { if (keys.includes('language') || keys.includes('theme')) keepingFocus(place, draw); });
  draw();
}

// Redraws while keeping the focus: the button that replaces the focused one gets it.
function keepingFocus(place, draw) {
  const buttons = () => [...place.querySelectorAll('button, input, select')];
  const index = buttons().indexOf(document.activeElement);
  draw();
  if (index >= 0) buttons()[index]?.focus();
}

export function controls(place, context) {
  const { state, t } = context;
  const body = element('div');
  const summary = element('summary');
  const details = element('details', { open: true }, summary, body);
  place.append(details);
  if (matchMedia('(max-width: 1099px)').matches) details.open = false;
  const legend = new Legend(context);
  const draw = () => {
    summary.textContent = t('what');
    body.replaceChildren(...choices(context), element('h2', {}, t('mechanisms')), legend.draw());
  };
  state.subscribe((keys) => {
    if (keys.some((key) => key !== 'shown')) keepingFocus(body, draw);
    else legend.check();
  });
  draw();
}

function choices({ state, data, t }) {
  const rows = [];
  const add = (title, control) => rows.push(element('h2', {}, title), control);
  if (data.placements.length > 1) {
    add(t('placement'), choice('', data.placements.map((p) => [p, p]), state.placement, (placement) => state.set({ placement })));
  }
  if (data.waits.length > 1) add(t('waiting'), toggles(data.waits.map((wait) => [wait, wait]), state.waits, (waits) => state.set({ waits })));
  const sizes = data.sizes.filter((bytes) => bytes > 8 || data.sizes.every((other) => other <= 8) || bytes === 1);
  if (sizes.length > 1) {
    const select = element('select', { 'aria-label': t('size'), onchange: () => state.set({ size: Number(select.value) }) },
      ...sizes.map((bytes) => element('option', { value: String(bytes), selected: bytes === state.size }, size(bytes))));
    add(t('size'), select);
  }
  if (data.runs.length > 1) {
    add(t('run'), toggles(data.runs.map((run) => [run.index, run.name]), state.runs, (runs) => state.set({ runs })));
  }
  return rows;
}

// Returns toggle buttons of which at least one stays pressed.
function toggles(all, chosen, choose) {
  return element('div', { class: 'group', role: 'group' }, ...all.map(([value, text]) =>
    element('button', {
      type: 'button', 'aria-pressed': String(chosen.has(value)),
      onclick: () => {
        const next = new Set(chosen);
        if (!next.delete(value)) next.add(value);
        if (next.size > 0) choose(next);
      },
    }, text)));
}

// Lists mechanisms by family, with a filter box.
class Legend {
  constructor(context) {
    this.context = context;
    this.filter = '';
  }

  draw() {
    const { state, data, t } = this.context;
    const find = element('input', { type: 'search', placeholder: t('find'), 'aria-label': t('find'), value: this.filter,
      oninput: () => { this.filter = find.value; this.hide(); } });
    const show = (keys) => state.set({ shown: new Set(keys) });
    const button = (text, keys) => element('button', { type: 'button', onclick: () => show(keys()) }, text);
    const head = element('div', { class: 'head' },
      button(t('rows'), () => data.tableRows), button(t('all'), () => data.members.keys()), button(t('none'), () => []),
      button(t('matching'), () => this.rows.filter((row) => !row.place.hidden).map((row) => row.key)));
    this.rows = [];
    this.groups = [];
    const families = [...data.families].map(([family, members]) => this.family(family, members));
    this.box = element('div', { class: 'legend' }, find, head, ...families);
    this.hide();
    this.check();
    return this.box;
  }

  family(family, members) {
    const { state, looks } = this.context;
    const dark = isDark(state);
    const toggleAll = element('input', { type: 'checkbox', onchange: () => this.toggle(members.map((m) => m.key), toggleAll.checked) });
    const rows = members.map((member) => {
      const box = element('input', { type: 'checkbox', onchange: () => this.toggle([member.key], box.checked) });
      const place = element('label', { class: 'member' }, box, sample(looks.of(member.key, dark)), member.key);
      this.rows.push({ key: member.key, family, box, place });
      return place;
    });
    const place = element('fieldset', {}, element('legend', {}, element('label', {}, toggleAll, family)), ...rows);
    this.groups.push({ family, members, box: toggleAll, place });
    return place;
  }

  toggle(keys, on) {
    const shown = new Set(this.context.state.shown);
    for (const key of keys) on ? shown.add(key) : shown.delete(key);
    this.context.state.set({ shown });
  }

  hide() {
    const wanted = this.filter.trim().toLowerCase();
    for (const row of this.rows) row.place.hidden = !`${row.key} ${row.family}`.toLowerCase().includes(wanted);
    for (const group of this.groups) {
      group.place.hidden = this.rows.every((row) => row.family !== group.family || row.place.hidden);
    }
  }

  check() {
    const { shown } = this.context.state;
    for (const row of this.rows) row.box.checked = shown.has(row.key);
    for (const { members, box } of this.groups) {
      const count = members.filter((member) => shown.has(member.key)).length;
      box.checked = count === members.length;
      box.indeterminate = count > 0 && count < members.length;
    }
  }
}
