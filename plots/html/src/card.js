// One chart of the page with its buttons, drawing and summary. It is drawn when it scrolls into view and again after a
// change of the settings.

import { retick } from './axes.js';
import { choice, element } from './dom.js';
import { init } from './engine.js';
import { sample, swatch } from './marks.js';
import { themeOf } from './theme.js';
import { tooltipStyle } from './tooltip.js';

export class ChartCard {
  // `definition`: {views: [text keys], scales: bool, build(context)}; `views` may be a function of the context that
  // returns [value, text]. build returns {option, summary, height?, keys?,
  // onClick?} or {empty: text}. ECharts deep-copies an option, so that points name their case by its index: {c}.
  constructor(figure, definition, context) {
    this.figure = figure;
    this.definition = definition;
    this.context = context;
    this.view = this.choices()[0]?.[0];
    this.scale = definition.scales?.[0] ?? 'log';
    this.views = element('div', { class: 'views' });
    this.plot = element('div', { class: 'plot' });
    this.summary = element('p', { class: 'summary' });
    this.figure.append(this.views, this.plot, this.summary);
    this.chart = null;
    this.drawn = false;
    this.inView = false;
    context.state.subscribe(() => this.changed());
    new ResizeObserver(() => this.resized()).observe(this.plot);
    new IntersectionObserver((entries) => {
      this.inView = entries[entries.length - 1].isIntersecting;
      if (this.inView && !this.drawn) this.draw();
    }, { rootMargin: '200px' }).observe(this.figure);
  }

  // Returns the views: [value, text].
  choices() {
    const { views = [] } = this.definition;
    return typeof views === 'function' ? views(this.context) : views.map((view) => [view, this.context.t(view)]);
  }

  changed() {
    this.drawn = false;
    if (this.inView) this.draw();
  }

  resized() {
    if (this.chart === null || this.plot.clientWidth === this.width) return;
    this.changed();
  }

  draw() {
    this.drawn = true;
    this.width = this.plot.clientWidth;
    const { state, data, t, looks } = this.context;
    const theme = themeOf(state);
    const made = this.definition.build({ state, data, t, looks, theme, view: this.view, scale: this.scale, width: this.width,
      narrow: this.width < 640 });
    this.drawButtons(made.keys ?? []);
    if (made.empty !== undefined) {
      this.drop();
      this.plot.replaceChildren(element('p', { class: 'empty' }, made.empty));
      this.plot.style.height = 'auto';
      this.summary.textContent = '';
      return;
    }
    this.plot.style.height = made.height ? `${made.height}px` : '';
    if (this.chart === null) {
      this.plot.replaceChildren();
      this.plot.setAttribute('role', 'img');
      this.chart = init(this.plot, null, { renderer: 'canvas' });
      this.chart.on('datazoom', () => retick(this.chart, this.option));
      this.chart.on('restore', () => this.draw());
      this.chart.on('click', (event) => {
        const index = event.data?.c;
        if (index !== undefined) this.context.showCase(this.context.data.cases[index]);
      });
    }
    this.chart.resize();
    this.option = { ...common(theme, t, state, made.option), ...made.option };
    this.option.tooltip = { ...tooltipStyle(theme), ...made.option.tooltip };
    this.chart.setOption(this.option, { notMerge: true });
    this.summary.textContent = made.summary;
    this.plot.setAttribute('aria-label', made.summary);
  }

  drop() {
    this.chart?.dispose();
    this.chart = null;
  }

  drawButtons(keys) {
    const { t } = this.context;
    const choose = (name) => (value) => { this[name] = value; this.draw(); };
    const rows = [];
    const { scales } = this.definition;
    const views = this.choices();
    if (views.length > 1) rows.push(choice(t('view'), views, this.view, choose('view')));
    if (scales?.length > 1) rows.push(choice(t('scale'), scales.map((scale) => [scale, t(scale)]), this.scale, choose('scale')));
    for (const key of keys) rows.push(element('span', { class: 'group' }, key.part === undefined ? sample(key.look, key.hollow) : swatch(key.part), key.text));
    this.views.replaceChildren(...rows);
  }
}

function common(theme, t, state, option) {
  const axes = (name) => [option[name] ?? []].flat().map((axis, index) => (axis.type === 'value' ? index : -1)).filter((i) => i >= 0);
  const zoomed = { xAxisIndex: axes('xAxis'), yAxisIndex: axes('yAxis') };
  const inside = (key, index) => ({ type: 'inside', [key]: index, filterMode: 'none', zoomOnMouseWheel: 'ctrl',
    moveOnMouseMove: false, moveOnMouseWheel: false, preventDefaultMouseMove: false });
  return {
    animation: false,
    backgroundColor: theme.ground,
    textStyle: { fontFamily: 'system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif', color: theme.text },
    dataZoom: [...zoomed.xAxisIndex.map((i) => inside('xAxisIndex', i)), ...zoomed.yAxisIndex.map((i) => inside('yAxisIndex', i))],
    toolbox: {
      right: 0, top: 0, itemSize: 14, iconStyle: { borderColor: theme.faint },
      emphasis: { iconStyle: { borderColor: theme.accent, textFill: theme.text, textBackgroundColor: theme.raised, textPadding: 3 } },
      feature: {
        dataZoom: { ...zoomed, filterMode: 'none', title: { zoom: t('zoom'), back: t('zoomBack') },
          brushStyle: { color: theme.accent, opacity: 0.15 } },
        restore: { title: t('resetZoom') },
        saveAsImage: { title: t('save'), name: 'ipcbench', pixelRatio: 2, backgroundColor: theme.ground },
      },
    },
  };
}
