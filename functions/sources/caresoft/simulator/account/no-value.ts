import { share } from '../draw.ts';

/** There is no public sample of a missed chat, so every form of *no value* is used. `undefined`: the key is absent. */
const FORMS: readonly unknown[] = [null, '', 0, '00:00:00', '0000-00-00 00:00:00', undefined];

/** In an answered chat a zero is a value. So only these forms mean *no value* there. */
const PLAIN_FORMS: readonly unknown[] = [null, '', undefined];

const FIRST_ASPECT = 100;

/** Each column of a missed chat has its own drawn form. */
export function noValue(state: number, column: number): unknown {
  return formAt(FORMS, share(state, FIRST_ASPECT + column));
}

/** A few answered chats lack a value. */
export function sometimesForgotten(state: number, column: number, value: unknown): unknown {
  const drawn = share(state, FIRST_ASPECT + column);
  return drawn < 0.03 ? formAt(PLAIN_FORMS, drawn / 0.03) : value;
}

function formAt(forms: readonly unknown[], at: number): unknown {
  return forms[Math.floor(at * forms.length)];
}
