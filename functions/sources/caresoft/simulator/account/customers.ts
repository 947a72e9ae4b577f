import { share, stir } from '../draw.ts';
import { customerName } from './customer-names.ts';

const CUSTOMERS = 0x0c05;
const FIRST_ID = 165_000_000;
const AspectOf = { kind: 1, phone: 2, email: 3, form: 4, noId: 5, noPhone: 6, noEmail: 7, name: 8 } as const;

/** The shares of customers with an id, with only a phone, and with only an e-mail address. The others have nothing. */
const KNOWN_BY_ID = 0.78;
const KNOWN_BY_PHONE = 0.9;
const KNOWN_BY_EMAIL = 0.96;

/** The columns of a row that identify the customer. `undefined` means that the key is absent. */
export interface CustomerColumns {
  readonly customer_id: unknown;
  readonly cus_email: unknown;
  readonly cus_name: unknown;
  readonly cus_phone: unknown;
}

/** @returns null for a customer without an id */
export function customerId(seed: number, number: number): number | null {
  return kindOf(stateOf(seed, number)) < KNOWN_BY_ID ? FIRST_ID + number * 7 : null;
}

/** The same number is the same person on every channel and day. Only the spelling differs between chats. */
export function customerColumns(seed: number, number: number, chatState: number): CustomerColumns {
  const state = stateOf(seed, number);
  const kind = kindOf(state);
  const id = customerId(seed, number);
  const hasPhone = id === null ? kind < KNOWN_BY_PHONE : share(state, AspectOf.phone) < 0.6;
  const hasEmail =
    id === null ? kind >= KNOWN_BY_PHONE && kind < KNOWN_BY_EMAIL : share(state, AspectOf.email) < 0.25;
  const isNamed = kind < KNOWN_BY_EMAIL || share(chatState, AspectOf.name) < 0.3;
  return {
    customer_id: id ?? blank(chatState, AspectOf.noId, [null, 0, '', undefined]),
    cus_email: hasEmail ? `khach.${number}@example.com` : blank(chatState, AspectOf.noEmail, ['', null]),
    cus_name: isNamed ? customerName(state, number) : blank(chatState, AspectOf.name, ['', null]),
    cus_phone: hasPhone ? phoneOf(number, chatState) : blank(chatState, AspectOf.noPhone, ['', null]),
  };
}

function stateOf(seed: number, number: number): number {
  return stir(stir(seed, CUSTOMERS), number);
}

function kindOf(state: number): number {
  return share(state, AspectOf.kind);
}

/** A phone number, sometimes with the country code and sometimes without. */
function phoneOf(number: number, chatState: number): string {
  const local = `900${String(number % 1_000_000).padStart(6, '0')}`;
  return share(chatState, AspectOf.form) < 0.4 ? `+84${local}` : `0${local}`;
}

function blank(state: number, aspect: number, forms: readonly unknown[]): unknown {
  return forms[Math.floor(share(state, aspect) * forms.length)];
}
