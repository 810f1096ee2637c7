// A product to try things with.

import { call } from '/page/api.js';

export const SAMPLE = 'console';
const UNITS = 700;

const MADE = 'flashstock.sample';

/** Puts it on sale with stock: once, and not if there is such a product already, which is somebody's. */
export async function putSampleOnSale() {
  try {
    await call('PUT', `/products/${SAMPLE}`, {
      body: { name: 'Game console', priceMinor: 49_900, currency: 'EUR', status: 'ON_SALE' },
      headers: { 'If-None-Match': '*' },
    });
    sessionStorage.setItem(MADE, 'yes');
  } catch (refusal) {
    if (refusal.status !== 412) throw refusal;
    if (!sessionStorage.getItem(MADE)) return;
  }
  await call('POST', `/products/${SAMPLE}/adjustments`, {
    body: { delta: UNITS, reason: 'DELIVERY' },
    headers: { 'Idempotency-Key': 'sample' },
  });
}
