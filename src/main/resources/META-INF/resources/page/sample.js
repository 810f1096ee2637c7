// A product to try things with.

import { call } from '/page/api.js';

export const SAMPLE = 'console';
const UNITS = 700;

/** Puts it on sale with stock. Twice is the same as once. */
export async function putSampleOnSale() {
  await call('PUT', `/products/${SAMPLE}`, {
    body: { name: 'Game console', priceMinor: 49_900, currency: 'EUR', status: 'ON_SALE' },
    headers: { 'If-None-Match': '*' },
  }).catch((refusal) => {
    if (refusal.status !== 412) throw refusal;
  });
  await call('POST', `/products/${SAMPLE}/adjustments`, {
    body: { delta: UNITS, reason: 'DELIVERY' },
    headers: { 'Idempotency-Key': 'sample' },
  });
}
