// Draws the intervals of a line as a band, and of a single point as a bar with ends.

// `points`: {x, low, high} as positions on the axes, without those that have no interval.
export function band(points, color, xAxisIndex = 0) {
  if (points.length === 0) return [];
  return [{
    type: 'custom', silent: true, clip: true, z: 1, tooltip: { show: false }, animation: false,
    data: points.map((point) => [point.x, point.low, point.high]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (params, api) => {
      const bar = whisker(api, color);
      if (params.dataIndex > 0 || points.length === 1) return bar;
      const top = points.map((point) => api.coord([point.x, point.high]));
      const bottom = points.map((point) => api.coord([point.x, point.low])).reverse();
      const area = { type: 'polygon', shape: { points: [...top, ...bottom] }, style: { fill: color, opacity: 0.16 } };
      return { type: 'group', children: [area, bar] };
    },
  }];
}

function whisker(api, color) {
  const [x, low] = api.coord([api.value(0), api.value(1)]);
  const [, high] = api.coord([api.value(0), api.value(2)]);
  const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: color, lineWidth: 1, opacity: 0.7 } });
  return { type: 'group', children: [line(x, low, x, high), line(x - 3, low, x + 3, low), line(x - 3, high, x + 3, high)] };
}

// Returns horizontal bars with ends. `points`: {x (position of the name), low, high}.
export function horizontalBars(points, color) {
  if (points.length === 0) return [];
  return [{
    type: 'custom', silent: true, clip: true, z: 1, tooltip: { show: false },
    data: points.map((point) => [point.low, point.high, point.y]),
    encode: { x: [0, 1], y: 2 },
    renderItem: (params, api) => {
      const [low, y] = api.coord([api.value(0), api.value(2)]);
      const [high] = api.coord([api.value(1), api.value(2)]);
      return { type: 'line', shape: { x1: low, y1: y, x2: high, y2: y }, style: { stroke: color, lineWidth: 1.5, opacity: 0.6 } };
    },
  }];
}
