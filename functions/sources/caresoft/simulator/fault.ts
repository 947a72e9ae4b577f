import type { Channel } from '../../../chats/channel.ts';
import { FORMS } from './faults/fault-forms.ts';
import type { Param } from './faults/params.ts';

/** A counter of requests decides on `some`, so a limited number of retries always succeeds. */
export type Often = 'some' | 'forever';

/** Faults without a parameter. */
export type PlainFault =
  | 'agents-left'
  | 'ban'
  | 'bounds-exclusive'
  | 'channel-ids'
  | 'channels-mixed'
  | 'chats-absent'
  | 'chats-null'
  | 'chats-object'
  | 'copies'
  | 'dates-only'
  | 'dead-agents'
  | 'dead-groups'
  | 'dead-services'
  | 'empty-some'
  | 'hostile'
  | 'last-id'
  | 'last-page-again'
  | 'num-found-page'
  | 'numfound-text'
  | 'oldest-first'
  | 'renamed-groups'
  | 'renamed-status'
  | 'repeat-ids'
  | 'seconds-dropped'
  | 'short-pages'
  | 'status-inverted'
  | 'swap'
  | 'ties'
  | 'ties-shuffled'
  | 'utc'
  | 'zero-unset';

/** Faults with a number. */
export type NumberFault =
  | 'busy-second'
  | 'last-second-busy'
  | 'limit'
  | 'no-status'
  | 'no-times'
  | 'no-times-everywhere'
  | 'num-found-is'
  | 'odd-times'
  | 'refuse-beyond'
  | 'rows-cap'
  | 'third-status';

/** Faults that spoil an answer to /chats. */
export type Spoiling = 'error' | 'drop' | 'cut' | 'stall' | 'html' | 'code-errors';

/** Lasting faults of answers to /chats. */
export type Break = 'error' | 'drop' | 'throttle' | 'token' | 'domain' | 'ban';

/** How a server treats an unknown parameter. */
export type ParamFault = 'ignore' | 'reject' | 'refuse-words';

/** One fault of the simulated CareSoft. */
export type Fault =
  | { readonly name: PlainFault }
  | { readonly name: NumberFault; readonly number: number }
  | { readonly name: ParamFault; readonly param: Param }
  | { readonly name: Spoiling; readonly often: Often }
  | { readonly name: 'throttle'; readonly often: Often | 'many' }
  | { readonly name: 'retry-after'; readonly seconds: number }
  | { readonly name: 'cap'; readonly rows: number }
  /** Infinity means that rows never stop arriving. */
  | { readonly name: 'arriving'; readonly rows: number }
  /** Infinity means that the day never stops changing. */
  | { readonly name: 'moving'; readonly changes: number }
  | { readonly name: 'num-found'; readonly by: number }
  | { readonly name: 'num-found-cap'; readonly rows: number }
  | { readonly name: 'dead'; readonly channel: Channel }
  /** It starts at this request for chats, counted from 1. */
  | { readonly name: 'broken'; readonly by: Break; readonly from: number }
  | { readonly name: 'slow'; readonly waitMs: number };

export interface FaultHelp {
  readonly name: Fault['name'];
  /** The forms to type: `throttle:some`, `cap:N`. */
  readonly forms: readonly string[];
  readonly meaning: string;
  /**
   * Whether such a server keeps its word and its day does not change. Then the day has to be proven.
   * For any other server the day is proven or reported as unproven, and its figures are never wrong.
   */
  readonly honest: boolean;
}

/** All faults, for a help text. A name may have two entries: one is honest, one is not. */
export const FAULTS: readonly FaultHelp[] = FORMS.map(({ name, forms, meaning, honest }) => ({
  name,
  forms,
  meaning,
  honest,
}));

/**
 * Reads a fault such as `throttle:some`, `ban` or `cap:200`.
 *
 * @throws Error that lists all faults
 */
export function parseFault(text: string): Fault {
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const detail = colon === -1 ? null : text.slice(colon + 1);
  for (const form of FORMS) {
    const fault = form.name === name ? form.read(detail) : null;
    if (fault) return fault;
  }
  const known = FAULTS.flatMap(({ forms }) => forms).join(', ');
  throw new Error(`there is no fault "${text}"; there are: ${known}`);
}
