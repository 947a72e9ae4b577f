import type { ChannelCompleteness } from '../capture/completeness.ts';

/**
 * When what could not be proven is read again without a person's doing: at an instant, by a later daily run, or, null, it
 * is not known: a form that lies in the lake may be opened at any time.
 */
export type NextTry = { readonly at: string } | 'next-run' | null;

/** What CareSoft refuses, it refuses until a person has changed something. */
export function isRefusal({ reason }: Pick<ChannelCompleteness, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused';
}
