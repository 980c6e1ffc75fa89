// The phone's own database. Nothing in it can be read without the code of the worker, or at all once it is sealed.

export type Store = "slots" | "bulk" | "outbox";
export const STORES: Store[] = ["slots", "bulk", "outbox"];
const NAME = "app";

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("slots");
      request.result.createObjectStore("bulk");
      request.result.createObjectStore("outbox", { keyPath: "id" });
    };
    request.onsuccess = () => {
      // Another tab wipes: let go, or the database cannot be deleted.
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

export function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// One value from one store.
export async function get<T>(store: Store, key: IDBValidKey): Promise<T | undefined> {
  const database = await open();
  return asked<T | undefined>(database.transaction(store).objectStore(store).get(key));
}

export async function all<T>(store: Store): Promise<T[]> {
  const database = await open();
  return asked<T[]>(database.transaction(store).objectStore(store).getAll());
}

export async function keys(store: Store): Promise<IDBValidKey[]> {
  const database = await open();
  return asked(database.transaction(store).objectStore(store).getAllKeys());
}

// Everything `change` asks for happens together, is on the disk before this returns, or did not happen.
export async function together(change: (of: (store: Store) => IDBObjectStore) => void): Promise<void> {
  const database = await open();
  await new Promise<void>((resolve, reject) => {
    const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    change((store) => transaction.objectStore(store));
  });
}

export async function destroy(): Promise<void> {
  const database = await opened?.catch(() => null);
  database?.close();
  opened = null;
  await new Promise<void>((resolve) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
