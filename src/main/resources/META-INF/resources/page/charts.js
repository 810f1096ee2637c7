// Charts: ECharts, loaded when all else is there.

import { figure, number } from '/page/dom.js';

const AGAIN_MILLIS = 5_000;

let library = null;
const fetchLibrary = async (tries = '') => {
  try {
    library = await import(`/lib/echarts/echarts.esm.min.js${tries}`);
    charts.forEach((chart) => chart.draw());
  } catch (failure) {
    console.warn('Charts are not to be had for now', failure);
    charts.forEach((chart) => chart.doWithout());
    setTimeout(fetchLibrary, AGAIN_MILLIS, `?${Date.now()}`); // a module that has failed is not fetched again
  }
};
const whenIdle = () => ('requestIdleCallback' in window ? requestIdleCallback(() => fetchLibrary(), { timeout: 1_000 }) : setTimeout(fetchLibrary, 200));
document.readyState === 'complete' ? whenIdle() : addEventListener('load', whenIdle);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const axis = () => ({
  axisLabel: { color: colour('faint'), hideOverlap: true },
  axisLine: { lineStyle: { color: colour('line') } },
  splitLine: { lineStyle: { color: colour('line'), opacity: 0.6 } },
});
const charts = new Set();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach((chart) => chart.draw()));

/** A chart in an element. Its option is made anew whenever it is shown, and when the colours change. */
class Chart {
  constructor(element, option, said) {
    this.element = element;
    this.option = option;
    this.said = said;
    this.name = element.getAttribute('aria-label');
    charts.add(this);
  }

  show(data) {
    this.data = data;
    this.element.setAttribute('aria-label', `${this.name}. ${this.said(data)}`);
    this.draw();
  }

  doWithout() {
    if (!this.chart) this.element.textContent = 'The charts’ library is not to be had for now; it is asked for again.';
  }

  draw() {
    if (!library || this.data === undefined || this.element.offsetParent === null) return;
    if (!this.chart) {
      this.element.textContent = '';
      this.chart = library.init(this.element);
      new ResizeObserver(() => this.chart.resize()).observe(this.element);
    }
    this.chart.setOption(
      {
        animation: false,
        grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
        textStyle: { fontFamily: 'system-ui, sans-serif', color: colour('text') },
        tooltip: { renderMode: 'richText', trigger: 'axis', backgroundColor: colour('panel'), textStyle: { color: colour('text') } },
        legend: { top: 0, left: 0, textStyle: { color: colour('text') }, type: 'scroll' },
        ...this.option(this.data),
      },
      { notMerge: true },
    );
  }
}

const COLOURS = ['one', 'two', 'three', 'heat', 'good'];
const LINES = ['solid', 'dashed', 'dotted'];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin'];

/** Lines over time. Data: [{name, points: [[time, value or null]]}]; where values are missing, there is a gap. */
export function overTime(element) {
  return new Chart(
    element,
    (series) => ({
      xAxis: { type: 'time', ...axis(), splitLine: { show: false } },
      yAxis: { type: 'value', min: 0, ...axis() },
      series: series.map((it, i) => ({
        name: it.name,
        type: 'line',
        data: it.points,
        showSymbol: false,
        symbol: SYMBOLS[i % SYMBOLS.length],
        lineStyle: { width: 2, type: LINES[i % LINES.length] },
        color: colour(COLOURS[i % COLOURS.length]),
      })),
      ...(series.length < 2 && { legend: { show: false } }),
    }),
    (series) => series.map((it) => `${it.name}: now ${figure(it.points.at(-1)?.[1], '', 'not known')}.`).join(' '),
  );
}

/** Bars, one group for each label. Data: {labels, series: [{name, values}], logarithmic}. */
export function bars(element) {
  return new Chart(
    element,
    ({ labels, series, logarithmic }) => ({
      xAxis: { type: 'category', data: labels, ...axis(), axisLabel: { color: colour('faint'), interval: 0, rotate: labels.length > 3 ? 40 : 0 } },
      yAxis: { type: logarithmic ? 'log' : 'value', ...(logarithmic ? { min: 1 } : { min: 0 }), ...axis() },
      series: series.map((it, i) => ({
        name: it.name,
        type: 'bar',
        data: logarithmic ? it.values.map((value) => Math.max(1, value)) : it.values,
        color: colour(COLOURS[i]),
        barMaxWidth: 48,
        label: { show: true, position: 'top', color: colour('text'), formatter: ({ value }) => number(value) },
      })),
      ...(series.length < 2 && { legend: { show: false } }),
    }),
    ({ labels, series }) => series.map((it) => labels.map((label, i) => `${label}, ${it.name}: ${number(it.values[i])}.`).join(' ')).join(' '),
  );
}

/** A heat map. Data: {times, rows, cells: [[time's number, row's number, value]], most}. */
export function heatMap(element) {
  return new Chart(
    element,
    ({ times, rows, cells, most }) => ({
      tooltip: { show: false },
      legend: { show: false },
      grid: { left: 8, right: 12, top: 8, bottom: 36, containLabel: true },
      xAxis: { type: 'category', data: times, ...axis(), splitLine: { show: false } },
      yAxis: { type: 'category', data: rows, ...axis(), splitLine: { show: false } },
      visualMap: {
        min: 0, max: most, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 90, itemWidth: 10, calculable: false,
        text: [`${number(most)}`, '0'], textStyle: { color: colour('text') }, inRange: { color: [colour('panel'), colour('heat')] },
      },
      series: [{ type: 'heatmap', data: cells, itemStyle: { borderWidth: 0 }, progressive: 0 }],
    }),
    ({ rows, cells }) => {
      const hottest = cells.reduce((one, other) => (other[2] > (one?.[2] ?? 0) ? other : one), null);
      return hottest ? `The most was ${number(hottest[2])}, of ${rows[hottest[1]]}.` : 'None has taken writes.';
    },
  );
}
