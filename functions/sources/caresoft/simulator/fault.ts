import type { Channel } from '../../../chats/channel.ts';
import { FORMS } from './faults/fault-forms.ts';
import type { Param } from './faults/params.ts';

/** `some` is chosen by a counter of requests, so a bounded number of retries always gets through. */
export type Often = 'some' | 'forever';

/** Faults that take a parameter-less form. */
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

/** Faults that take a number and nothing else. */
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

/** How an answer to /chats goes wrong for good. */
export type Break = 'error' | 'drop' | 'throttle' | 'token' | 'domain' | 'ban';

/** What becomes of a parameter that a server does not know. */
export type ParamFault = 'ignore' | 'reject' | 'refuse-words';

/** One way in which the pretended CareSoft behaves. */
export type Fault =
  | { readonly name: PlainFault }
  | { readonly name: NumberFault; readonly number: number }
  | { readonly name: ParamFault; readonly param: Param }
  | { readonly name: Spoiling; readonly often: Often }
  | { readonly name: 'throttle'; readonly often: Often | 'many' }
  | { readonly name: 'retry-after'; readonly seconds: number }
  | { readonly name: 'cap'; readonly rows: number }
  /** Infinity: they never stop arriving. */
  | { readonly name: 'arriving'; readonly rows: number }
  /** Infinity: the day never rests. */
  | { readonly name: 'moving'; readonly changes: number }
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
  /**
   * Whether such a server keeps its word and holds still, so that its day has to be proven. Of any other the day is
   * proven or said not to be, and never wrong.
   */
  readonly honest: boolean;
}

/** Every fault there is, for a help text: those of one name may stand in two entries, an honest one and another. */
export const FAULTS: readonly FaultHelp[] = FORMS.map(({ name, forms, meaning, honest }) => ({
  name,
  forms,
  meaning,
  honest,
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
  for (const form of FORMS) {
    const fault = form.name === name ? form.read(detail) : null;
    if (fault) return fault;
  }
  const known = FAULTS.flatMap(({ forms }) => forms).join(', ');
  throw new Error(`there is no fault "${text}"; there are: ${known}`);
}
