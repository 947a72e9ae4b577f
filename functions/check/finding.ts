/**
 * What one look at the account showed, in a line for a person: no token, no personal data.
 * `note` is worth knowing and stops nothing; `fail` stands in the way of a report that is right.
 */
export interface Finding {
  /** The same for the same look, whatever it shows. */
  readonly id: string;
  readonly status: 'ok' | 'note' | 'fail';
  readonly says: string;
  /** What to do about it; where a setting mends it, its name. */
  readonly do?: string;
}

export function ok(id: string, says: string): Finding {
  return { id, status: 'ok', says };
}

export function note(id: string, says: string, todo?: string): Finding {
  return { id, status: 'note', says, ...(todo !== undefined && { do: todo }) };
}

export function fail(id: string, says: string, todo: string): Finding {
  return { id, status: 'fail', says, do: todo };
}

/** Nothing that fails. */
export function isGood(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'fail');
}

/** `countOf(1, 'chat')` is `1 chat`, of 0 and 2 `chats`. */
export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
