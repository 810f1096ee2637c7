// How a page calls the API: as somebody, with problem documents as errors, and with streams of events that come back.

const CREDENTIAL = 'flashstock.credential';

/** Who has signed in, until the tab is closed: {kind: 'NAME' or 'TOKEN', value}; null: nobody. */
export function credential() {
  return JSON.parse(sessionStorage.getItem(CREDENTIAL));
}

export function signIn(kind, value) {
  sessionStorage.setItem(CREDENTIAL, JSON.stringify({ kind, value }));
}

export function signOut() {
  sessionStorage.removeItem(CREDENTIAL);
}

function identity(who) {
  if (!who) return {};
  return who.kind === 'TOKEN' ? { Authorization: `Bearer ${who.value}` } : { 'X-User': who.value };
}

/** A refusal: what a problem document says (RFC 9457). */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The service answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }

  static async of(response) {
    const problem = await response.json().catch(() => ({}));
    return new Refusal(response.status, problem);
  }
}

/**
 * Asks, and is answered: {status, body, location}.
 * Throws a Refusal; a TypeError when the service is not reached.
 */
export async function call(method, path, { body, headers = {}, who = credential() } = {}) {
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    headers: {
      Accept: 'application/json, application/problem+json',
      ...(body && { 'Content-Type': 'application/json' }),
      ...identity(who),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw await Refusal.of(response);
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null, location: response.headers.get('Location') };
}

/** A key of its own for each thing that somebody wants: whoever asks again with it is not given twice. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 10_000;

/**
 * Reads server-sent events with fetch, so that a token can be sent, and comes again when the stream ends or breaks off:
 * with the last id that it has seen, so that nothing is missed.
 *
 * @param path where they are
 * @param told is called with each event's data
 * @param state is called with 'live', 'lost' or 'refused' (and then with the Refusal): when it changes
 * @param lastId the last event's that is known already
 * @param patience after so many milliseconds in which nothing has come the stream is taken for broken
 * @param who on whose behalf
 * @returns a function that ends it
 */
export function follow(path, told, { state = () => {}, lastId = null, patience = 20_000, who = credential() } = {}) {
  const end = new AbortController();
  let pause = PAUSE_MILLIS;
  let heard = false;

  async function once() {
    heard = false;
    const attempt = new AbortController();
    const giveUp = () => attempt.abort();
    end.signal.addEventListener('abort', giveUp);
    let watchdog = setTimeout(giveUp, patience);
    try {
      const response = await fetch(path, {
        cache: 'no-store',
        headers: {
          Accept: 'text/event-stream, application/problem+json',
          ...identity(who),
          ...(lastId && { 'Last-Event-ID': lastId }),
        },
        signal: attempt.signal,
      });
      if (!response.ok) throw await Refusal.of(response);
      state('live');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(giveUp, patience);
        heard = true;
        pause = PAUSE_MILLIS;
        const events = (rest + value).split('\n\n');
        rest = events.pop();
        events.forEach(tell);
      }
    } finally {
      clearTimeout(watchdog);
      end.signal.removeEventListener('abort', giveUp);
    }
  }

  function tell(event) {
    const data = [];
    for (const line of event.split('\n')) {
      if (line.startsWith('data:')) data.push(line.slice(5));
      if (line.startsWith('id:')) lastId = line.slice(3).trim();
    }
    try {
      if (data.length) told(JSON.parse(data.join('\n')));
    } catch (fault) {
      reportError(fault); // ours, and not the connection's
    }
  }

  (async () => {
    while (!end.signal.aborted) {
      try {
        await once();
      } catch (failure) {
        heard = false;
        if (end.signal.aborted) return;
        if (failure instanceof Refusal && failure.status < 500 && failure.status !== 429) {
          state('refused', failure);
          return;
        }
      }
      if (end.signal.aborted) return;
      if (!heard) state('lost'); // else it has ended as it should
      await new Promise((over) => setTimeout(over, pause));
      if (!heard) pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  })();
  return () => end.abort();
}
