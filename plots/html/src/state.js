// Holds the reader's settings. Listeners are told which keys have changed.

export class State {
  constructor(chosen) {
    Object.assign(this, chosen);
    this.listeners = [];
  }

  subscribe(listener) {
    this.listeners.push(listener);
  }

  set(changes) {
    Object.assign(this, changes);
    for (const listener of this.listeners) listener(Object.keys(changes));
  }
}

export function firstState(data) {
  const language = document.documentElement.lang === 'zh-CN' ? 'zh-CN' : 'en';
  return new State({
    language,
    theme: 'auto', // 'auto', 'light', 'dark'
    runs: new Set(data.runs.map((run) => run.index)),
    placement: data.placements[0] ?? '',
    waits: new Set(data.waits.includes('block') ? ['block'] : data.waits),
    size: data.sizes.includes(64) ? 64 : data.sizes.find((size) => size >= 8) ?? data.sizes[0] ?? 0,
    shown: data.tableRows,
  });
}
