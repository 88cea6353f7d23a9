/** Idempotency keys: one for each thing a person does, kept while it is sent again. */

/** 128 random bits. `crypto.randomUUID` is missing where the page is not a secure context, as on a tablet without TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
