import { share } from '../draw.ts';

/** No public sample of a missed chat exists, so every form of *no value* is served. `undefined`: the key is absent. */
const FORMS: readonly unknown[] = [null, '', 0, '00:00:00', '0000-00-00 00:00:00', undefined];

/** On an answered chat a zero is a value, so only these say that there is none. */
const PLAIN_FORMS: readonly unknown[] = [null, '', undefined];

const FIRST_ASPECT = 100;

/** A form drawn for each column of a missed chat on its own. */
export function noValue(state: number, column: number): unknown {
  return formAt(FORMS, share(state, FIRST_ASPECT + column));
}

/** A value that CareSoft forgot on a few answered chats. */
export function sometimesForgotten(state: number, column: number, value: unknown): unknown {
  const drawn = share(state, FIRST_ASPECT + column);
  return drawn < 0.03 ? formAt(PLAIN_FORMS, drawn / 0.03) : value;
}

function formAt(forms: readonly unknown[], at: number): unknown {
  return forms[Math.floor(at * forms.length)];
}
