// Makes the page's tables sortable within each part, by a button in each column's header. Parts whose first row
// represents them (data-groups) are sorted themselves, and their other rows can be folded.

import { element } from './dom.js';

export function sortable(table, { state, t }, announce) {
  const headers = [...table.querySelectorAll('thead th')];
  headers.forEach((header, column) => {
    const button = element('button', { type: 'button' }, ...header.childNodes);
    button.addEventListener('click', () => {
      const ascending = header.getAttribute('aria-sort') !== 'ascending';
      for (const other of headers) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      sort(table, column, ascending);
      announce(t('sorted', { column: button.innerText.trim(), direction: t(ascending ? 'ascending' : 'descending') }));
    });
    header.replaceChildren(button);
  });
}

// Sorts rows; missing values come last in either direction.
function sort(table, column, ascending) {
  const order = new Intl.Collator(undefined, { numeric: true });
  const compare = (a, b) => {
    if (a.missing !== b.missing) return a.missing ? 1 : -1;
    const difference = a.number !== null && b.number !== null ? a.number - b.number : order.compare(a.text, b.text);
    return ascending ? difference : -difference;
  };
  const grouped = table.dataset.groups !== undefined;
  const keyOf = (row) => {
    const cell = row.cells[column];
    const text = [...cell.childNodes].filter((node) => node.className !== 'label').map((node) => node.textContent).join('');
    const number = cell.dataset.v === undefined ? null : Number(cell.dataset.v);
    return { row, text, number, missing: text === '—' || text === '' || (grouped && column > 0 && number === null) };
  };
  const sorted = (rows) => rows.map(keyOf).sort(compare).map((one) => one.row);
  if (grouped) {
    for (const row of sorted([...table.tBodies].map((part) => part.rows[0]))) table.insertBefore(row.parentNode, table.tFoot);
    return;
  }
  for (const part of table.tBodies) part.append(...sorted([...part.rows].filter((row) => !row.classList.contains('part'))));
}

// Gives the first row of each part a button that shows and hides the others. Only the style hides them, so that paper
// and readers without scripts show them.
export function expandable(table) {
  for (const part of table.tBodies) {
    if (part.rows.length < 2) continue;
    const header = part.rows[0].cells[0];
    const button = element('button', { type: 'button', class: 'expand', 'aria-expanded': 'false' }, ...header.childNodes);
    button.addEventListener('click', () => {
      const open = part.classList.toggle('open');
      button.setAttribute('aria-expanded', String(open));
    });
    header.replaceChildren(button);
  }
}
