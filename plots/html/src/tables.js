// Tables that are in the page already become sortable: by a button in each column's header, within each part.

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

// What isn't there stands last in either direction.
function sort(table, column, ascending) {
  const order = new Intl.Collator(undefined, { numeric: true });
  const compare = (a, b) => {
    if (a.missing !== b.missing) return a.missing ? 1 : -1;
    const difference = a.number !== null && b.number !== null ? a.number - b.number : order.compare(a.text, b.text);
    return ascending ? difference : -difference;
  };
  for (const part of table.tBodies) {
    const rows = [...part.rows].filter((row) => !row.classList.contains('part')).map((row) => {
      const cell = row.cells[column];
      const text = cell.textContent;
      const number = cell.dataset.v === undefined ? null : Number(cell.dataset.v);
      return { row, text, number, missing: text === '—' || text === '' };
    });
    rows.sort(compare);
    part.append(...rows.map((one) => one.row));
  }
}
