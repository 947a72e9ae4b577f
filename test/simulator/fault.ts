import type { Channel } from '../../functions/chat/channel.ts';
import { FORMS } from './faults/fault-forms.ts';

/** `some` is chosen by a counter of requests, so a bounded number of retries always gets through. */
export type Often = 'some' | 'forever';

/** Faults that take a parameter-less form. */
export type PlainFault =
  | 'ban'
  | 'short-pages'
  | 'bounds-exclusive'
  | 'oldest-first'
  | 'utc'
  | 'dead-agents'
  | 'dead-services'
  | 'dead-groups'
  | 'repeat-ids'
  | 'hostile';

/** Faults that spoil an answer to /chats. */
export type Spoiling = 'error' | 'drop' | 'cut' | 'stall' | 'html' | 'code-errors';

/** How an answer to /chats goes wrong for good. */
export type Break = 'error' | 'drop' | 'throttle' | 'token' | 'domain' | 'ban';

/** One way in which the pretended CareSoft goes wrong. */
export type Fault =
  | { readonly name: PlainFault }
  | { readonly name: Spoiling; readonly often: Often }
  | { readonly name: 'throttle'; readonly often: Often | 'many' }
  | { readonly name: 'retry-after'; readonly seconds: number }
  | { readonly name: 'cap'; readonly rows: number }
  /** Infinity: they never stop arriving. */
  | { readonly name: 'arriving'; readonly rows: number }
  | { readonly name: 'num-found'; readonly by: number }
  | { readonly name: 'num-found-cap'; readonly rows: number }
  | { readonly name: 'dead'; readonly channel: Channel }
  /** From that request for chats on, counted from 1. */
  | { readonly name: 'broken'; readonly by: Break; readonly from: number }
  | { readonly name: 'slow'; readonly waitMs: number };

export interface FaultHelp {
  readonly name: Fault['name'];
  /** As it is typed: `throttle:some`, `cap:N`. */
  readonly forms: readonly string[];
  readonly meaning: string;
}

/** Every fault there is, for a help text. */
export const FAULTS: readonly FaultHelp[] = FORMS.map(({ name, forms, meaning }) => ({
  name,
  forms,
  meaning,
}));

/**
 * Reads `throttle:some`, `ban`, `cap:200`.
 *
 * @throws Error that lists the faults there are.
 */
export function parseFault(text: string): Fault {
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const detail = colon === -1 ? null : text.slice(colon + 1);
  const fault = FORMS.find((form) => form.name === name)?.read(detail);
  if (fault) return fault;
  const known = FAULTS.flatMap(({ forms }) => forms).join(', ');
  throw new Error(`there is no fault "${text}"; there are: ${known}`);
}
