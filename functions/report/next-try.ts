/**
 * When a day that is not whole is read again: at an instant, ISO 8601, by the same run; or by the run of a later day. Null
 * where neither is known, as of a form that lies in the lake.
 */
export type NextTry = { readonly at: string } | 'next-run' | null;
