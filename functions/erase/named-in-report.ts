import type { KeepOut, KeptOutValue } from '../keep-out/keep-out.ts';
import { contactsIn, valuesIn } from '../keep-out/values-in-text.ts';
import type { Callback, KeyedFigures, Summary } from '../measure/summary.ts';

/** What a report's list of callbacks tells of who wrote, as rows of raw tell it; nothing where it is masked. */
export function contactRows({ callbacks, contacts }: Summary): Record<string, string | null>[] {
  if (contacts === 'masked') return [];
  return callbacks.map(({ customer: { key, name, phone, email } }) => ({
    customer_id: key.startsWith('id:') ? key.slice('id:'.length) : null,
    cus_name: name,
    cus_phone: phone,
    cus_email: email,
  }));
}

/**
 * A report without who is kept out, as far as it can be told from itself, and by the rules of a row of raw. No figure
 * changes.
 *
 * @returns null where it names none of them
 */
export function withoutKeptOut(summary: Summary, keepOut: KeepOut): Summary | null {
  const callbacks = summary.callbacks.flatMap((callback) => redactCallback(callback, keepOut));
  const byLandingPage = redactPages(summary.byLandingPage, keepOut);
  const isSame = (one: readonly unknown[], other: readonly unknown[]) =>
    one.length === other.length && one.every((entry, index) => entry === other[index]);
  const isNaming = !(isSame(callbacks, summary.callbacks) && isSame(byLandingPage, summary.byLandingPage));
  return isNaming ? { ...summary, callbacks, byLandingPage } : null;
}

function redactCallback(callback: Callback, keepOut: KeepOut): Callback[] {
  const { customer } = callback;
  if (keepOut.find(customer.key)) return [];
  const heldIn = (text: string | null): KeptOutValue | null =>
    text === null ? null : keepOut.findAny(contactsIn(text));
  const [name, phone, email] = [heldIn(customer.name), heldIn(customer.phone), heldIn(customer.email)];
  const held = [name, phone, email].filter((value) => value !== null);
  if (held.length === 0) return [callback];
  if (held.some(({ given }) => given) || customer.key.startsWith('chat:')) return [];
  // Somebody else, who shares it: they stay, without it and without the name beside it.
  const left = { phone: phone ? null : customer.phone, email: email ? null : customer.email };
  return [{ ...callback, customer: { ...customer, name: null, ...left } }];
}

/** Each stays a page of its own: figures of two cannot be added up. */
function redactPages(pages: readonly KeyedFigures[], keepOut: KeepOut): KeyedFigures[] {
  const isTheirs = (text: string) => keepOut.findAny(valuesIn(text)) !== null;
  const keys = new Set(pages.map(({ key }) => key));
  return pages.map((page) => {
    if (page.key === null || !isTheirs(page.key)) return page;
    const [host = ''] = page.key.split('/', 1);
    const plain = isTheirs(host) ? 'erased' : `${host}/erased`;
    let key = plain;
    for (let number = 2; keys.has(key); number += 1) key = `${plain}-${number}`;
    keys.add(key);
    return { ...page, key };
  });
}
