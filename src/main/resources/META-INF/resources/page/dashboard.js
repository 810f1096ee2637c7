// The page at /: who looks, what there is to see, second by second.

import { call, credential, follow, signIn, signOut } from '/page/api.js';
import { heatMap, overTime } from '/page/charts.js';
import { $, duration, figure, list, make, number, say } from '/page/dom.js';
import { openOperations } from '/page/operations.js';
import { openRehearsals } from '/page/rehearse.js';

const KEPT = 300;
const HEAT_SECONDS = 120;
/** A moment comes each second: after so long without one the stream is taken for broken. */
const PATIENCE_MILLIS = 6_000;
/** A step in time that is longer than this is a gap, and is shown as one. */
const GAP_MILLIS = 3_500;

const charts = {
  burnDown: overTime($('#burn-down')),
  heat: heatMap($('#heat-map')),
  throttles: overTime($('#throttle-chart')),
  queue: overTime($('#queue-chart')),
  latency: overTime($('#latency-chart')),
};

let moments = [];
let now = null;
let chosen = null;
let end = () => {};
/** Since when there is no connection, and the last moment that was seen before. */
let lost = null;
/** Another product's shards are to come: all moments come anew. */
let anew = true;

// Signing in

async function open() {
  const session = await call('GET', '/dashboard').then(({ body }) => body);
  const names = session.signIn === 'NAME';
  if (names && !credential()) {
    signIn('NAME', 'admin'); // dev mode believes any name
    return open();
  }
  if (!session.roles.length) {
    const notBelieved = credential() ? 'That is not accepted, or not any more.' : '';
    if (!session.user) signOut();
    askWho(names, session.user ? `${session.user} may not look: it takes the role operator or admin.` : notBelieved);
    return;
  }
  $('#sign-in').hidden = true;
  $('#board').hidden = false;
  $('#who').hidden = false;
  say($('#user'), session.user);
  const admin = session.roles.includes('admin');
  $('#sample').hidden = !(admin && session.rehearsals);
  $('#operations').hidden = !admin;
  $('#rehearse').hidden = !session.rehearsals;
  if (admin) openOperations(session.table);
  if (session.rehearsals) openRehearsals();
  watch();
}

function askWho(names, why) {
  $('#board').hidden = true;
  $('#who').hidden = true;
  $('#sign-in').hidden = false;
  say($('#credential-label'), names ? 'Name' : 'Token');
  $('#credential').type = names ? 'text' : 'password';
  say(
    $('#credential-note'),
    names
      ? 'In dev mode any name is believed: operator looks, admin also changes things.'
      : 'A token of your identity provider with the role operator or admin. It is kept until this tab is closed.',
  );
  say($('#sign-in-error'), why);
  $('#credential').focus();
}

$('#sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  signIn($('#credential').type === 'text' ? 'NAME' : 'TOKEN', $('#credential').value.trim());
  $('#credential').value = '';
  start();
});

$('#sign-out').addEventListener('click', () => {
  const names = credential()?.kind === 'NAME';
  end();
  signOut();
  moments = [];
  connection('idle', 'Not connected.');
  askWho(names, '');
});

function start() {
  open().catch((failure) => {
    connection('lost', `The service does not answer (${failure.message}). Trying again.`);
    setTimeout(start, 2_000);
  });
}

// The stream

function connection(state, text) {
  $('#connection').dataset.state = state;
  say($('#connection'), text);
}

function watch() {
  end();
  const path = chosen ? `/dashboard/events?sku=${encodeURIComponent(chosen)}` : '/dashboard/events';
  end = follow(path, told, {
    patience: PATIENCE_MILLIS,
    lastId: anew || !moments.length ? null : String(Date.parse(moments.at(-1).at)),
    state(state, refusal) {
      if (state === 'lost') {
        lost ??= { since: Date.now(), seen: moments.at(-1)?.at };
        connection('lost', `No connection since ${new Date(lost.since).toLocaleTimeString('en-GB')}: what you see is old. Connecting.`);
      } else if (state === 'refused') {
        connection('refused', `Not shown any more: ${refusal.message}`);
        if (refusal.status === 401) start();
      }
    },
  });
}

function told(event) {
  now = event;
  if (anew) moments = [];
  anew = false;
  const last = moments.at(-1)?.at ?? '';
  const unseen = event.moments.filter((moment) => moment.at > last).map((moment) => ({ ...moment, pod: event.pod }));
  const begin = new Date(Date.parse(event.moments.at(-1).at) - KEPT * 1_000).toISOString();
  moments = moments.concat(unseen).filter((moment) => moment.at > begin);
  sayConnected();
  const products = [...(moments.at(-1).products ?? [])].sort((one, other) => other.soldPerSecond - one.soldPerSecond);
  if (!chosen && products.length) {
    choose(products[0].sku);
  }
  show();
}

/** Whether the gap is filled shows when the first moments are there: another replica may not have looked. */
function sayConnected() {
  if (!lost) {
    if ($('#connection').dataset.state !== 'live') connection('live', 'Live.');
    return;
  }
  const after = moments.find((moment) => !lost.seen || moment.at > lost.seen);
  const filled = lost.seen && after && Date.parse(after.at) - Date.parse(lost.seen) <= GAP_MILLIS;
  const gap = filled ? 'The gap is filled.' : 'What was meanwhile is not known.';
  connection('live', `Live again, after ${duration((Date.now() - lost.since) / 1_000)}. ${gap}`);
  lost = null;
}

function choose(sku) {
  chosen = sku;
  anew = true;
  watch();
  if (!now) return;
  now.levels = null;
  show();
}

$('#choose-form').addEventListener('submit', (event) => {
  event.preventDefault();
  choose($('#choose').value.trim());
});

// Nobody looks at a page that is hidden: it asks for nothing, and for what it has missed when it is seen again.
document.addEventListener('visibilitychange', () => {
  if ($('#board').hidden) return;
  document.hidden ? end() : watch();
});

// What is shown

function show() {
  const moment = moments.at(-1);
  showVerdict(moment);
  showProducts(moment);
  showShards(moment);
  showHot();
  showThrottles(moment);
  showQueue(moment);
  showLatency(moment);
  showReads(moment);
}

/** A figure of each moment, with gaps where moments are missing; a replica's own ones also where another one tells. */
function points(of, ofReplica = false) {
  const points = [];
  let last = null;
  for (const moment of moments) {
    const at = Date.parse(moment.at);
    if (last && (at - last.at > GAP_MILLIS || (ofReplica && moment.pod !== last.pod))) points.push([last.at + 1, null]);
    points.push([at, of(moment) ?? null]);
    last = { at, pod: moment.pod };
  }
  return points;
}

function showVerdict(moment) {
  const { diagnosis } = now;
  say($('#summary'), diagnosis.summary);
  say($('#pods'), diagnosis.podsCounted < diagnosis.pods ? `${moment.pods}, ${diagnosis.podsCounted} counted` : `${moment.pods}`);
  say($('#table-requests'), figure(diagnosis.load.requests, '/s'));
  say($('#table-writes'), figure(diagnosis.load.writeUnits, '/s'));
  say($('#table-reads'), figure(diagnosis.load.readUnits, '/s'));
  say($('#partition-limit'), number(diagnosis.partition.writeUnits));
}

function showProducts({ products: known }) {
  const products = known ?? [];
  $('#no-products').hidden = products.length > 0;
  say($('#no-products-said'), known ? 'Nothing is on sale.' : 'What is on sale could not be read.');
  list(
    $('#product-table tbody'),
    products,
    (product) => product.sku,
    (product) => {
      const button = make('button', { type: 'button', class: 'quiet' }, 'Show');
      button.setAttribute('aria-label', `Show ${product.name}`);
      button.addEventListener('click', () => choose(product.sku));
      const link = make('a', { href: `/shop/${encodeURIComponent(product.sku)}` }, product.name);
      return make('tr', {}, make('td', {}, link), ...[1, 2, 3].map(() => make('td', { class: 'number' })), make('td', {}, button));
    },
    (row, product) => {
      row.setAttribute('aria-current', product.sku === chosen);
      row.children[4].firstChild.setAttribute('aria-pressed', product.sku === chosen);
      say(row.children[1], product.available ? number(product.available) : 'sold out');
      say(row.children[2], number(product.soldPerSecond));
      say(row.children[3], product.available ? duration(product.secondsLeft) : '–');
    },
  );
  list($('#skus'), products, (product) => product.sku, (product) => make('option', { value: product.sku }), () => {});
  document.querySelectorAll('.chosen').forEach((element) => say(element, chosen ?? '–'));
  charts.burnDown.show([
    { name: 'left', points: points((it) => it.products?.find((product) => product.sku === chosen)?.available) },
  ]);
}

function showShards({ shards }) {
  const limit = now.diagnosis.partition.writeUnits;
  const heat = new Map(shards.filter((it) => it.sku === chosen).map((it) => [it.shard, it]));
  const levels = now.levels ?? [];
  const cells = levels.map((level, shard) => ({ shard, level, writes: 0, throttles: 0, ...heat.get(shard) }));
  $('#no-shards').hidden = cells.length > 0;
  say($('#no-shards'), chosen ? 'The shards are not known: there is no such product, or they could not be read.' : 'Choose a product.');
  list(
    $('#shard-grid'),
    cells,
    (cell) => cell.shard,
    (cell) =>
      make(
        'li',
        {},
        make('strong', {}, `Shard ${cell.shard}`),
        make('span'),
        make('meter', { min: 0, max: 1, 'aria-label': `Writes of shard ${cell.shard}, of its partition’s limit` }),
        make('span'),
        make('span', { class: 'mark' }),
      ),
    (element, cell) => {
      const [, left, bar, writes, mark] = element.children;
      const state = cell.throttles > 0 ? 'throttled' : cell.level === 0 ? 'empty' : 'selling';
      if (element.dataset.state !== state) element.dataset.state = state;
      say(left, cell.level === 0 ? '∅ empty' : `${number(cell.level)} left`);
      bar.value = Math.min(1, cell.writes / limit);
      say(writes, `${number(cell.writes)} writes/s`);
      say(mark, cell.throttles > 0 ? ` ▲ throttled ${number(cell.throttles)}/s` : '');
    },
  );
  showHeatMap(levels.length, limit);
}

function showHeatMap(shards, limit) {
  const recent = moments.slice(-HEAT_SECONDS);
  const cells = [];
  let most = limit / 10;
  recent.forEach((moment, i) => {
    for (const it of moment.shards) {
      if (it.sku !== chosen) continue;
      cells.push([i, it.shard, it.writes]);
      most = Math.max(most, it.writes);
    }
  });
  const rows = Math.max(shards, ...cells.map((cell) => cell[1] + 1), 1);
  charts.heat.show({
    times: recent.map((moment) => new Date(moment.at).toLocaleTimeString('en-GB')),
    rows: Array.from({ length: rows }, (unused, shard) => `shard ${shard}`),
    cells,
    most: Math.ceil(most),
  });
}

function verdicts(parent, none, things, keyOf, textOf) {
  none.hidden = things.length > 0;
  list(
    parent,
    things,
    keyOf,
    () => make('li', {}, make('span'), make('span', { class: 'remedy' })),
    (element, thing) => {
      say(element.children[0], textOf(thing));
      say(element.children[1], thing.remedy);
    },
  );
}

function showHot() {
  verdicts(
    $('#hot-keys'),
    $('#no-hot'),
    now.diagnosis.hotKeys,
    (it) => `${it.index}:${it.key}`,
    (it) => `${it.key}: ${it.verdict}`,
  );
}

function showThrottles({ throttles }) {
  verdicts(
    $('#throttle-list'),
    $('#no-throttles'),
    now.diagnosis.throttles,
    (it) => `${it.reason}:${it.table}:${it.index}`,
    (it) => `${it.reason}, ${number(it.perSecond)} a second. ${it.verdict}`,
  );
  const reasons = [...new Set(moments.flatMap((moment) => Object.keys(moment.throttles)))].sort();
  charts.throttles.show(
    reasons.length
      ? reasons.map((reason) => ({ name: reason, points: points((moment) => moment.throttles[reason] ?? 0) }))
      : [{ name: 'none', points: points(() => 0) }],
  );
}

function showQueue({ queue }) {
  say($('#queue-messages'), figure(queue.messages));
  say($('#queue-dead'), figure(queue.deadLetters));
  say($('#queue-waited'), queue.waited === null ? undecided() : duration(queue.waited));
  say($('#queue-decided'), figure(queue.decided, '/s'));
  charts.queue.show([
    { name: 'messages', points: points((moment) => moment.queue.messages) },
    { name: 'decided a second', points: points((moment) => moment.queue.decided, true) },
  ]);
}

/** How long messages have been there of which this replica has decided none. */
function undecided() {
  const busy = moments.findLastIndex(({ queue }) => !queue.messages || queue.decided > 0);
  const since = moments[busy + 1];
  return since ? `none decided here for ${duration((Date.parse(moments.at(-1).at) - Date.parse(since.at)) / 1_000)}` : '–';
}

function showLatency({ latencies, reservations }) {
  for (const name of ['p50', 'p95', 'p99']) {
    say($(`#${name}`), figure(latencies[name], ' ms'));
  }
  const told = Object.entries(reservations).map(([outcome, rate]) => `${outcome.toLowerCase().replaceAll('_', ' ')} ${number(rate)}/s`);
  say($('#outcomes'), told.join(', ') || '–');
  charts.latency.show(
    ['p50', 'p95', 'p99'].map((name) => ({ name, points: points((moment) => moment.latencies[name], true) })),
  );
}

const LAYERS = { pod: 'from this replica’s memory', redis: 'from Redis', shards: 'counted from the shards', summary: 'from a summary' };

function showReads({ reads }) {
  const sum = Object.values(reads).reduce((one, other) => one + other, 0);
  $('#no-reads').hidden = sum > 0;
  list(
    $('#read-shares'),
    Object.entries(reads),
    ([source]) => source,
    ([source]) => make('li', {}, make('span'), make('meter', { min: 0, max: 1, 'aria-label': `Share of totals ${LAYERS[source]}` })),
    (element, [source, rate]) => {
      say(element.children[0], `${number((100 * rate) / sum)} % ${LAYERS[source]}, ${number(rate)}/s`);
      element.children[1].value = rate / sum;
    },
  );
}

// A newcomer's first product

$('#sample').addEventListener('click', async () => {
  const { putSampleOnSale } = await import('/page/sample.js');
  say($('#sample-error'), '');
  await putSampleOnSale().catch((failure) => say($('#sample-error'), failure.message));
});

start();
