import { CHAT_FIELDS } from '../chat/contract.ts';
import { type Contact, identifyContact, normalizeEmail, normalizePhone } from '../chat/customer-identity.ts';
import { isRecord, toComparableText } from '../chat/exact-json.ts';
import { type Field, UNREADABLE } from '../chat/read-field.ts';
import { contactsIn } from '../keep-out/values-in-text.ts';
import type { Lake } from '../storage/lake.ts';
import { type RawCapture, readPageAt } from './raw-index.ts';

/** By what a person is known, as far as raw and reports tell. */
export interface Person {
  /** Their values, as `identify` writes them: the one that was given, and those of their rows. */
  readonly values: ReadonlySet<string>;
  /** How many customers they were counted as. */
  readonly customers: number;
  /** How many others have a telephone number or an address of theirs, and stay who they are. */
  readonly sharing: number;
}

/**
 * Looks for who is meant through all of raw, and through what reports tell, whose raw may be gone.
 *
 * A row is theirs by what tells customers apart (`identify`): its customer id, without one its phone, without that its
 * e-mail. By a phone or an e-mail that was given all customers are meant who have it. Those who merely share another
 * phone or e-mail of theirs are not: a number that an agent typed in for hundreds would erase them all.
 *
 * @param given `id:…`, `phone:…` or `email:…`, normalized
 * @param reported rows as far as reports tell them
 */
export async function findPerson(
  lake: Pick<Lake, 'get'>,
  captures: readonly RawCapture[],
  given: string,
  reported: readonly unknown[],
): Promise<Person> {
  const values = new Set([given]);
  for (;;) {
    const known = values.size;
    const theirs = new Set<string>();
    const others = new Set<string>();
    for (const key of captures.flatMap(({ pages }) => pages)) {
      const page = await readPageAt(lake, key);
      for (const row of page?.rows ?? []) learn(row, given, { values, theirs, others });
    }
    for (const row of reported) learn(row, given, { values, theirs, others });
    // What was learned late may tell of rows that were passed by before.
    if (values.size === known) return { values, customers: theirs.size, sharing: others.size };
  }
}

interface Learned {
  readonly values: Set<string>;
  readonly theirs: Set<string>;
  readonly others: Set<string>;
}

function learn(row: unknown, given: string, { values, theirs, others }: Learned): void {
  if (!isRecord(row)) return;
  const contact = contactOf(row);
  const identity = identifyContact(contact);
  if (identity === null) return;
  const own = valuesOf(contact);
  if (values.has(identity) || holds(row, given)) {
    theirs.add(identity);
    for (const value of own) values.add(value);
  } else if (own.some((value) => values.has(value))) others.add(identity);
}

/** Whether the row's contact has the phone or e-mail that was given, in whatever notation. */
function holds(row: Readonly<Record<string, unknown>>, given: string): boolean {
  if (given.startsWith('id:')) return false;
  return [row.cus_phone, row.cus_email, row.cus_name].some((value) => {
    const text = typeof value === 'string' ? value : toComparableText(value);
    return contactsIn(text).has(given);
  });
}

function contactOf(row: Readonly<Record<string, unknown>>): Contact {
  return {
    customerId: orNull(CHAT_FIELDS.customer_id(row.customer_id)),
    customerPhone: orNull(CHAT_FIELDS.cus_phone(row.cus_phone)),
    customerEmail: orNull(CHAT_FIELDS.cus_email(row.cus_email)),
  };
}

function valuesOf({ customerId, customerPhone, customerEmail }: Contact): string[] {
  const phone = customerPhone === null ? null : normalizePhone(customerPhone);
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return [
    ...(customerId === null ? [] : [`id:${customerId}`]),
    ...(phone === null ? [] : [`phone:${phone}`]),
    ...(email === null ? [] : [`email:${email}`]),
  ];
}

function orNull<Value>(field: Field<Value>): Value | null {
  return field === UNREADABLE ? null : field;
}
