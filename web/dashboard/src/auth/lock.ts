/** Lets one tab at a time do something with what all share: rotate the refresh token, send what waits. */

export type Exclusive = <T>(work: () => Promise<T>) => Promise<T>;

const REFRESH = 'topsteel.refresh';
const LEASE_MS = 20_000;
const SETTLE_MS = 40;

/**
 * Web Locks where the page is a secure context. A board in the hall often is not (plain HTTP by address), and browsers then
 * offer no locks; a short lease in the shared storage takes their place, and settles who came first by reading back.
 */
export function exclusiveAcrossTabs(locks: LockManager | undefined, storage: Storage, name = REFRESH): Exclusive {
  if (locks !== undefined) return (work) => locks.request(name, work);
  const me = Array.from(crypto.getRandomValues(new Uint32Array(2))).join('-');
  return async (work) => {
    while (!(await takeLease(storage, name, me))) await pause(SETTLE_MS * (1 + Math.random()));
    try {
      return await work();
    } finally {
      storage.removeItem(name);
    }
  };
}

async function takeLease(storage: Storage, name: string, me: string): Promise<boolean> {
  const [, until] = readLease(storage, name);
  if (until > Date.now()) return false;
  storage.setItem(name, `${me} ${Date.now() + LEASE_MS}`);
  await pause(SETTLE_MS);
  return readLease(storage, name)[0] === me;
}

function readLease(storage: Storage, name: string): [owner: string, until: number] {
  const [owner = '', until = '0'] = (storage.getItem(name) ?? '').split(' ');
  return [owner, Number(until)];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
