// Formats numbers for people exactly as plots/table/units.cpp does.

const SCALES = {
  ns: [[1, ' ns'], [1e3, ' µs'], [1e6, ' ms'], [1e9, ' s']],
  bytes: [[1, ' B'], [2 ** 10, ' KiB'], [2 ** 20, ' MiB'], [2 ** 30, ' GiB']],
  bytes_per_s: [[1, ' B/s'], [1e3, ' kB/s'], [1e6, ' MB/s'], [1e9, ' GB/s'], [1e12, ' TB/s']],
  per_s: [[1, ' /s'], [1e3, ' k/s'], [1e6, ' M/s'], [1e9, ' G/s']],
  percent: [[0.01, ' %']],
  times: [[1, '']],
  number: [[1, '']],
  count: [[1, '']],
};

function scaleOf(unit, value) {
  let chosen = SCALES[unit][0];
  for (const scale of SCALES[unit]) if (Math.abs(value) >= scale[0] * 0.9995) chosen = scale;
  return chosen;
}

function digits(unit, value) {
  if (!Number.isFinite(value)) return '—';
  const size = Math.abs(value);
  if (unit === 'count' || size >= 99.95 || size === 0) return value.toFixed(0);
  if (unit === 'bytes' && Number.isInteger(value)) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  if (size >= 0.9995) return value.toFixed(2);
  return String(Number(value.toPrecision(3)));
}

// Returns "12.4 µs", or with an interval "12.4 µs [12.1, 12.9]"; all numbers have the scale of the first.
export function human(unit, value, low, high) {
  if (!Number.isFinite(value)) return '—';
  const [factor, suffix] = scaleOf(unit, value);
  const text = `${unit === 'times' ? '×' : ''}${digits(unit, value / factor)}${suffix}`;
  if (low === undefined) return text;
  return `${text} [${digits(unit, low / factor)}, ${digits(unit, high / factor)}]`;
}

// Formats for axes: "10 µs", without trailing zeros.
export function short(unit, value) {
  const [factor, suffix] = scaleOf(unit, value);
  return `${unit === 'times' ? '×' : ''}${Number((value / factor).toPrecision(3))}${suffix}`;
}

// Returns "256 B", "4 KiB": sizes are whole.
export const size = (bytes) => short('bytes', bytes);

// Formats 0.999 as "99.9 %", with as many digits as the distance to 100 % needs.
export function percentile(p) {
  if (p >= 1) return '100 %';
  const places = Math.max(0, Math.ceil(-Math.log10(1 - p) - 2 - 1e-9));
  return `${(p * 100).toFixed(places)} %`;
}
