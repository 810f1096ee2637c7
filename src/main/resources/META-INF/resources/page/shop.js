// What a storefront does with the API: live stock, a reservation that is queued, its outcome as it comes, the time that it is
// held. Reservations are a shopper's own: a real shop sends the shopper's token, or has its backend name the shopper.

import { call, credential, follow, newKey, signIn } from '/page/api.js';
import { $, duration, number, say } from '/page/dom.js';

const sku = decodeURIComponent(location.pathname.split('/').pop());
const product = `/products/${encodeURIComponent(sku)}`;
/** From one look at what should have ended to the next. */
const LOOK_MILLIS = 5_000;
const REMEMBERED = `flashstock.cart.${sku}`;

let shopper;
let available = 0;
let reservation = null;
let ticking;

async function open() {
  const session = (await call('GET', '/dashboard', { who: null })).body;
  shopper = session.signIn === 'NAME' ? { kind: 'NAME', value: name() } : credential();
  $('#sign-in').hidden = Boolean(shopper);
  const { body } = await call('GET', product, { who: null });
  document.title = `${body.name}: a shop`;
  say($('#name'), body.name);
  say($('#price'), new Intl.NumberFormat('en', { style: 'currency', currency: body.currency }).format(price(body)));
  follow(`${product}/stock/events`, showStock, { who: null, state: showConnection });
  resume();
}

$('#sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  signIn('TOKEN', $('#token').value.trim());
  location.reload();
});

/** A name for who has none: dev mode believes it. */
function name() {
  const known = sessionStorage.getItem('flashstock.shopper');
  if (known) return known;
  const made = `shopper-${newKey().slice(0, 8)}`;
  sessionStorage.setItem('flashstock.shopper', made);
  return made;
}

/** Prices are in the currency's minor unit: cents, or yen. */
function price({ priceMinor, currency }) {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  return priceMinor / 10 ** digits;
}

// Stock, live

function showStock(stock) {
  if (Boolean(stock.available) !== Boolean(available)) say($('#news'), stock.available ? 'Available' : 'Sold out');
  available = stock.available;
  say($('#left'), available ? `${number(available)} left` : 'Sold out');
  $('#add').disabled = !available;
}

const CONNECTION = {
  live: '',
  lost: 'The connection is lost: this number is old. Connecting.',
  refused: 'This number is not kept up to date any more.',
};

function showConnection(state) {
  say($('#fresh'), CONNECTION[state]);
}

// A reservation: asked for once, however often it is sent

$('#buy').addEventListener('submit', async (event) => {
  event.preventDefault();
  const asked = cart() ?? { key: newKey(), quantity: Number(new FormData(event.target).get('quantity')) };
  sessionStorage.setItem(REMEMBERED, JSON.stringify(asked));
  say($('#error'), '');
  $('#add').disabled = true;
  await ask(asked);
  $('#add').disabled = !available;
});

/** What is in the cart, or may be: its key survives a reload, and an answer that is lost. */
function cart() {
  return JSON.parse(sessionStorage.getItem(REMEMBERED));
}

/** After these nothing is held, and a new key is for the next try. After all others something may be: the key is kept. */
const FINAL = new Set([400, 404, 409, 422]);

async function ask({ key, quantity }) {
  try {
    const { body } = await call('POST', `${product}/reservations`, {
      body: { quantity },
      headers: { 'Idempotency-Key': key },
      who: shopper,
    });
    showReservation(body);
    if (body.status === 'QUEUED') followOutcome(body.id);
  } catch (refusal) {
    if (FINAL.has(refusal.status)) sessionStorage.removeItem(REMEMBERED);
    say($('#error'), refusal.status ? refusal.message : 'The shop does not answer. Try again: you will not be charged twice.');
  }
}

/** The outcome of what was answered with 202, as soon as there is one. */
function followOutcome(id) {
  const end = follow(
    `/reservations/${id}/events`,
    (view) => {
      showReservation(view);
      if (view.status !== 'QUEUED') end();
    },
    { who: shopper, state: (state, refusal) => state === 'refused' && say($('#error'), refusal.message) },
  );
}

function resume() {
  const asked = cart();
  if (asked && shopper) ask(asked);
}

const SAID = {
  QUEUED: 'In the queue: your turn comes.',
  HELD: 'In your cart.',
  CONFIRMED: 'Paid: yours.',
  RELEASED: 'Taken out of the cart.',
  EXPIRED: 'The time is over: back on the shelf.',
};

const REJECTED = {
  SOLD_OUT: 'Sold out before your turn came.',
  OVER_LIMIT: 'You have as many already as one shopper may have.',
  NOT_ON_SALE: 'Not on sale when your turn came.',
  UNKNOWN_PRODUCT: 'Not sold any more when your turn came.',
  TOO_LATE: 'Your turn came too late. Try again.',
  NOT_DECIDED: 'It could not be decided. Try again.',
};

function showReservation(view) {
  reservation = view;
  const held = view.status === 'HELD';
  $('#outcome').hidden = false;
  $('#outcome').dataset.state = view.status;
  say($('#said'), SAID[view.status] ?? REJECTED[view.reason] ?? 'Not to be had.');
  $('#pay').hidden = $('#give-back').hidden = !held;
  $('#buy').hidden = held || view.status === 'QUEUED';
  if (!held && view.status !== 'QUEUED') sessionStorage.removeItem(REMEMBERED);
  clearTimeout(ticking);
  say($('#countdown'), '');
  if (held) countDown();
}

/** Each second; when the time is over, until the shop says that it is. There is one timer. */
function countDown() {
  clearTimeout(ticking);
  const left = Math.ceil((Date.parse(reservation.expiresAt) - Date.now()) / 1_000);
  say($('#countdown'), left > 0 ? `Held for you for ${duration(left)}.` : 'The time is over.');
  ticking = left > 0 ? setTimeout(countDown, 1_000) : setTimeout(look, LOOK_MILLIS);
}

async function look() {
  try {
    showReservation((await call('GET', `/reservations/${reservation.id}`, { who: shopper })).body);
  } catch (refusal) {
    say($('#error'), refusal.message);
    ticking = setTimeout(look, LOOK_MILLIS);
  }
}

$('#pay').addEventListener('click', () => change('POST', `/reservations/${reservation.id}/confirmation`));
$('#give-back').addEventListener('click', () => change('DELETE', `/reservations/${reservation.id}`));

async function change(method, path) {
  say($('#error'), '');
  try {
    showReservation((await call(method, path, { who: shopper })).body);
  } catch (refusal) {
    say($('#error'), refusal.message);
    if (refusal.status === 403) $('#pay').hidden = true; // the shop's backend confirms
    else if (refusal.status) look();
  }
}

open().catch((refusal) => {
  say($('#name'), refusal.status === 404 ? `There is no ${sku}.` : 'The shop does not answer.');
  say($('#error'), refusal.message);
  $('#buy').hidden = true;
  say($('#left'), '');
});
