/** Lets one tab at a time rotate the shared refresh token. */

export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

const NAME = 'topsteel.refresh';
const LEASE_MS = 20_000;
const SETTLE_MS = 40;

/**
 * Web Locks where the page is a secure context. A board in the hall often is not (plain HTTP by address), and browsers then
 * offer no locks; a short lease in the shared storage takes their place, and settles who came first by reading back.
 */
export function exclusiveAcrossTabs(locks: LockManager | undefined, storage: Storage): Exclusive {
  if (locks !== undefined) return (work) => locks.request(NAME, work);
  const me = Array.from(crypto.getRandomValues(new Uint32Array(2))).join('-');
  return async (work) => {
    while (!(await takeLease(storage, me))) await pause(SETTLE_MS * (1 + Math.random()));
    try {
      return await work();
    } finally {
      storage.removeItem(NAME);
    }
  };
}

async function takeLease(storage: Storage, me: string): Promise<boolean> {
  const [, until] = readLease(storage);
  if (until > Date.now()) return false;
  storage.setItem(NAME, `${me} ${Date.now() + LEASE_MS}`);
  await pause(SETTLE_MS);
  return readLease(storage)[0] === me;
}

function readLease(storage: Storage): [owner: string, until: number] {
  const [owner = '', until = '0'] = (storage.getItem(NAME) ?? '').split(' ');
  return [owner, Number(until)];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
