// Rehearsals: the same crowd for several designs, side by side. Dev mode only.

import { call, follow, Refusal } from '/page/api.js';
import { bars } from '/page/charts.js';
import { $, list, make, number, say } from '/page/dom.js';
import { putSampleOnSale, SAMPLE } from '/page/sample.js';

const DESIGNS = { 'one-key': 'one key', suffixes: 'ten suffixes', flashstock: 'flashstock' };
const SHOWN = 6;
const KEYS = 10;

const charts = {
  accepted: bars($('#accepted-chart')),
  waits: bars($('#waits-chart')),
  refused: bars($('#refused-chart')),
};

let opened = false;

/** Makes the section work, and shows the rehearsals that are kept. */
export function openRehearsals() {
  if (opened) return;
  opened = true;
  $('#rehearse-form').addEventListener('submit', (event) => {
    event.preventDefault();
    rehearse(Object.fromEntries(new FormData(event.target)));
  });
  showKept().then(() => {
    const running = kept.find((it) => it.state === 'RUNNING');
    if (running) {
      showProgress(running.design);
      alone(() => untilItEnds(running));
    }
  });
}

async function rehearse({ sku, shoppers, seconds, design }) {
  const designs = design === 'all' ? Object.keys(DESIGNS) : [design];
  await alone(async () => {
    for (const [i, one] of designs.entries()) {
      const step = designs.length > 1 ? ` (${i + 1} of ${designs.length})` : '';
      await run({ sku, shoppers: Number(shoppers), seconds: Number(seconds), design: one }, step);
    }
  });
}

/** One at a time; what has failed is said. */
async function alone(doing) {
  const button = $('#rehearse-button');
  button.disabled = true;
  say($('#rehearse-error'), '');
  try {
    await doing();
  } catch (failure) {
    say($('#rehearse-error'), failure.message);
  } finally {
    button.disabled = false;
    $('#rehearse-progress').hidden = true;
    await showKept();
  }
}

async function run(plan, step) {
  showProgress(plan.design, step);
  await untilItEnds((await begin(plan)).body);
}

function showProgress(design, step = '') {
  $('#rehearse-progress').hidden = false;
  $('#rehearse-bar').value = 0;
  say($('#rehearse-said'), `Rehearsing ${DESIGNS[design]}${step}`);
}

/** Shows how far a rehearsal is. */
function untilItEnds({ id, seconds }) {
  return new Promise((done, failed) => {
    const end = follow(
      `/rehearsals/${id}/events`,
      (view) => {
        $('#rehearse-bar').value = view.figures ? Math.min(1, view.figures.elapsedSeconds / seconds) : 0;
        showRuns([view, ...kept.filter((it) => it.id !== view.id)]);
        if (view.state === 'RUNNING') return;
        end();
        view.state === 'DONE' ? done() : failed(new Error(view.error));
      },
      { state: (state, refusal) => state === 'refused' && failed(refusal) },
    );
  });
}

/** Without a product there is nothing to rehearse with: a newcomer's first one is made. */
async function begin(plan) {
  const post = () => call('POST', '/rehearsals', { body: plan });
  try {
    return await post();
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.status !== 404 || plan.sku !== SAMPLE) throw refusal;
    await putSampleOnSale();
    return post();
  }
}

let kept = [];

async function showKept() {
  showRuns((await call('GET', '/rehearsals')).body);
}

function showRuns(views) {
  kept = views;
  const runs = kept.filter((it) => it.figures).slice(0, SHOWN).reverse();
  $('#rehearse-runs').hidden = runs.length === 0;
  const label = (run) => `${run.id}: ${DESIGNS[run.design]}`;
  const throttles = (run) => Object.values(run.figures.throttles).reduce((one, other) => one + other, 0);
  list(
    $('#run-table tbody'),
    runs,
    (run) => run.id,
    (run) => make('tr', {}, make('th', { scope: 'row' }, label(run)), ...Array.from({ length: 7 }, () => make('td', { class: 'number' }))),
    (row, run) => {
      const { figures } = run;
      [
        figures.offered,
        figures.acceptedPerSecond,
        figures.latencyMillis.p50,
        figures.latencyMillis.p99,
        `${number(100 * figures.errorShare)} %`,
        throttles(run),
        figures.writeUnitsPerUnit,
      ].forEach((value, i) => say(row.children[i + 1], typeof value === 'number' ? number(value) : value));
    },
  );
  const labels = runs.map(label);
  charts.accepted.show({ labels, series: [{ name: 'accepted a second', values: runs.map((run) => run.figures.acceptedPerSecond) }] });
  charts.waits.show({
    labels,
    logarithmic: true,
    series: [
      { name: 'median', values: runs.map((run) => run.figures.latencyMillis.p50) },
      { name: '99 %', values: runs.map((run) => run.figures.latencyMillis.p99) },
    ],
  });
  charts.refused.show({ labels, series: [{ name: 'throttles', values: runs.map(throttles) }] });
  list($('#run-keys'), runs, (run) => run.id, (run) => make('div', { class: 'keys' }, make('h3', {}, `Keys of ${label(run)}`), make('ol', { class: 'heat' })), showKeys);
}

/** A key without what all keys of a rehearsal have: the copy's name, which nobody knows. */
const short = (key) => key.replace(/(rehearsal-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '…');

/** The hottest keys of a run: what each has taken of its limit, and how often it was refused. */
function showKeys(element, { figures, writeUnits, seconds }) {
  const most = writeUnits * (Math.max(figures.elapsedSeconds, seconds) + 1);
  const keys = Object.entries(figures.hottestKeys).slice(0, KEYS);
  list(
    element.children[1],
    keys,
    ([key]) => key,
    ([key]) =>
      make('li', {}, make('strong', { title: key }, short(key)), make('meter', { min: 0, max: 1, 'aria-label': `Units of ${key}, of its limit` }), make('span'), make('span', { class: 'mark' })),
    (item, [, { units, throttles }]) => {
      item.dataset.state = throttles ? 'throttled' : 'selling';
      item.children[1].value = Math.min(1, units / most);
      say(item.children[2], `${number(units)} units`);
      say(item.children[3], throttles ? ` ▲ throttled ${number(throttles)} times` : '');
    },
  );
}
