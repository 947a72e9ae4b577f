import type { ChannelCompleteness } from '../capture/completeness.ts';

/**
 * When a day that is not whole is read again without a person's doing: at an instant, ISO 8601, by the same run; or by the
 * run of a later day. Null where neither is known, as of a form that lies in the lake.
 */
export type NextTry = { readonly at: string } | 'next-run' | null;

/** What CareSoft refuses, it refuses until a person has changed something. */
export function isRefusal({ reason }: Pick<ChannelCompleteness, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused';
}

/** Whether no try helps before a person has acted: what is damaged is read again only where that is asked for. */
export function waitsForPerson(found: Pick<ChannelCompleteness, 'reason'>): boolean {
  return isRefusal(found) || found.reason === 'raw-damaged';
}
