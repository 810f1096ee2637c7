// What a storefront does with the API: live stock, a reservation that is queued, its outcome as it comes, the time that it is
// held. Reservations are a shopper's own: a real shop sends the shopper's token, or has its backend name the shopper.

import { call, credential, follow, newKey } from '/page/api.js';
import { $, duration, number, say } from '/page/dom.js';

const sku = decodeURIComponent(location.pathname.split('/').pop());
const product = `/products/${encodeURIComponent(sku)}`;
const REMEMBERED = `flashstock.cart.${sku}`;

let shopper;
let available = 0;
let reservation = null;
let ticking;

async function open() {
  const session = (await call('GET', '/dashboard', { who: null })).body;
  shopper = session.signIn === 'NAME' ? { kind: 'NAME', value: name() } : credential();
  if (!shopper) say($('#error'), 'Sign in at / first: a real shop has its shopper’s token.');
  const { body } = await call('GET', product, { who: null });
  document.title = `${body.name}: a shop`;
  say($('#name'), body.name);
  say($('#price'), new Intl.NumberFormat('en', { style: 'currency', currency: body.currency }).format(price(body)));
  follow(`${product}/stock/events`, showStock, { who: null, state: showConnection });
  resume();
}

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
  available = stock.available;
  say($('#left'), available ? `${number(available)} left` : 'Sold out');
  $('#add').disabled = !available;
}

function showConnection(state) {
  say($('#fresh'), state === 'live' ? '' : 'The connection is lost: this number is old. Connecting.');
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
    if (refusal.status && refusal.status < 500) sessionStorage.removeItem(REMEMBERED);
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
    { who: shopper },
  );
}

function resume() {
  const asked = cart();
  if (asked) ask(asked);
}

const SAID = {
  QUEUED: 'In the queue: your turn comes.',
  HELD: 'In your cart.',
  CONFIRMED: 'Paid: yours.',
  RELEASED: 'Taken out of the cart.',
  EXPIRED: 'The time is over: back on the shelf.',
  REJECTED: 'Sold out before your turn came.',
};

function showReservation(view) {
  reservation = view;
  const held = view.status === 'HELD';
  $('#outcome').hidden = false;
  $('#outcome').dataset.state = view.status;
  say($('#said'), SAID[view.status]);
  $('#pay').hidden = $('#give-back').hidden = !held;
  $('#buy').hidden = held || view.status === 'QUEUED';
  if (!held && view.status !== 'QUEUED') sessionStorage.removeItem(REMEMBERED);
  clearInterval(ticking);
  say($('#countdown'), '');
  if (held) {
    countDown();
    ticking = setInterval(countDown, 1_000);
  }
}

async function countDown() {
  const left = Math.ceil((Date.parse(reservation.expiresAt) - Date.now()) / 1_000);
  say($('#countdown'), left > 0 ? `Held for you for ${duration(left)}.` : 'The time is over.');
  if (left <= 0) {
    clearInterval(ticking);
    setTimeout(look, 2_000); // it goes back a moment later
  }
}

async function look() {
  const { body } = await call('GET', `/reservations/${reservation.id}`, { who: shopper });
  showReservation(body);
  if (body.status === 'HELD') setTimeout(look, 2_000);
}

$('#pay').addEventListener('click', () => change('POST', `/reservations/${reservation.id}/confirmation`));
$('#give-back').addEventListener('click', () => change('DELETE', `/reservations/${reservation.id}`));

async function change(method, path) {
  say($('#error'), '');
  try {
    showReservation((await call(method, path, { who: shopper })).body);
  } catch (refusal) {
    say($('#error'), refusal.message);
    if (refusal.status) look().catch(() => {});
  }
}

open().catch((refusal) => {
  say($('#name'), refusal.status === 404 ? `There is no ${sku}.` : 'The shop does not answer.');
  say($('#error'), refusal.message);
  $('#buy').hidden = true;
  say($('#left'), '');
});
