/** The entries in IndexedDB: one record with the whole list, so that every step is one transaction, flushed to the disk. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Entry } from './entry';
import { type Change, changed, type EntryStore } from './store';

type Schema = DBSchema & { outbox: { key: string; value: readonly Entry[] } };

const NAME = 'topsteel.outbox';
const VERSION = 1;
const LIST = 'entries';

export class Database implements EntryStore {
  #open: Promise<IDBPDatabase<Schema>> | null = null;

  async read(): Promise<readonly Entry[]> {
    const database = await this.#database();
    return (await database.get('outbox', LIST)) ?? [];
  }

  async change(change: Change): Promise<readonly Entry[]> {
    const database = await this.#database();
    // `strict`: done means on the disk, not in the browser's memory.
    const transaction = database.transaction('outbox', 'readwrite', { durability: 'strict' });
    const done = transaction.done;
    try {
      const before = (await transaction.store.get(LIST)) ?? [];
      const after = changed(before, change);
      if (after !== before) await transaction.store.put(after, LIST);
      await done;
      return after;
    } catch (cause) {
      // Aborts on its own after a failed request; after a refused change there is nothing to undo.
      done.catch(() => undefined);
      throw cause;
    }
  }

  #database(): Promise<IDBPDatabase<Schema>> {
    this.#open ??= openDB<Schema>(NAME, VERSION, {
      upgrade: (database) => { database.createObjectStore('outbox'); },
      // A newer version of the application wants to change the form: this one opens it anew when it needs it.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#open = null;
      },
      terminated: () => { this.#open = null; },
    }).catch((cause: unknown) => {
      this.#open = null;
      throw cause;
    });
    return this.#open;
  }
}
