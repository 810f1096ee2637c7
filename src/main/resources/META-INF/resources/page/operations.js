// What admins do: each answer tells what has changed.

import { call, newKey } from '/page/api.js';
import { $, make, number, say } from '/page/dom.js';

let opened = false;

/** Makes the section work. */
export function openOperations(table) {
  if (opened) return;
  opened = true;
  onSubmit('#adjust-form', adjust);
  onSubmit('#layout-form', changeLayout);
  onSubmit('#on-demand-form', (fields, button) => switchToOnDemand(table, button.value === 'true'));
}

/** What a form's doing says is shown in it; while it is under way nothing is sent twice. */
function onSubmit(selector, doing) {
  const form = $(selector);
  const answer = form.querySelector('.answer');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const buttons = [...form.querySelectorAll('button')];
    buttons.forEach((button) => (button.disabled = true));
    answer.classList.remove('error');
    try {
      answer.replaceChildren(await doing(Object.fromEntries(new FormData(form)), event.submitter));
    } catch (refusal) {
      answer.classList.add('error');
      say(answer, refusal.message);
    } finally {
      buttons.forEach((button) => (button.disabled = false));
      event.submitter?.focus();
    }
  });
}

// An answer that is lost may have been a change: the same again is sent with the same key.
let adjusting = { what: '', key: '' };

async function adjust({ sku, delta, reason }) {
  const what = JSON.stringify([sku, delta, reason]);
  if (adjusting.what !== what) adjusting = { what, key: newKey() };
  const { body } = await call('POST', `/products/${encodeURIComponent(sku)}/adjustments`, {
    body: { delta: Number(delta), reason },
    headers: { 'Idempotency-Key': adjusting.key },
  });
  adjusting = { what: '', key: '' };
  return `Done: ${body.delta > 0 ? '+' : ''}${number(body.delta)} units of ${body.sku}.`;
}

async function changeLayout({ sku, shards }) {
  const { body } = await call('PUT', `/products/${encodeURIComponent(sku)}/layout`, { body: { shards: Number(shards) } });
  return body.state === 'STEADY'
    ? `${body.sku} has ${body.writeShards} shards.`
    : `${body.sku} is ${body.state.toLowerCase()}: ${body.writeShards} shards now, ${body.shards} wanted.`;
}

const OUTCOMES = {
  DRY_RUN: 'This would change, and has not been done:',
  CHANGED: 'DynamoDB has begun to change it:',
  NOTHING_TO_DO: 'Nothing to do: it is so already.',
};

async function switchToOnDemand(table, confirm) {
  const { body } = await call('POST', `/diagnosis/tables/${encodeURIComponent(table)}/on-demand?confirm=${confirm}`);
  $('#on-demand-confirm').hidden = body.outcome !== 'DRY_RUN';
  const told = make('div', {}, make('p', {}, OUTCOMES[body.outcome]));
  if (body.after) told.append(make('pre', {}, `before ${JSON.stringify(body.before)}\nafter ${JSON.stringify(body.after)}`));
  if (body.rules) told.append(make('ul', {}, ...body.rules.map((rule) => make('li', {}, rule))));
  return told;
}
