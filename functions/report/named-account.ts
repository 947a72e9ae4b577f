import type { Voice } from './voice.ts';

/** Whose report or notice it is, for readers who get those of several. */
export interface NamedAccount {
  readonly name: string;
  /** Whether it was given that name; else it is CareSoft's. */
  readonly isNamed: boolean;
}

/** In a phone's list a longer one would leave no room for the news. */
const LONGEST_FIRST = 20;

/** The subject of a mail, with the account where a list of mails does not cut it off; CareSoft's own name for it is left out. */
export function subjectOf(day: string, news: string, account: NamedAccount | null, { words }: Voice): string {
  if (!account?.isNamed) return words.subject(day, news);
  return account.name.length > LONGEST_FIRST
    ? `${words.subject(day, news)} · ${account.name}`
    : words.subject(`${account.name} ${day}`, news);
}

export function withAccount(text: string, account: string | null): string {
  return account === null ? text : `${text} · ${account}`;
}

/** As names of files and lists can hold it; that is what `ACCOUNT` can be anyway. */
export function inAscii(account: string): string {
  return account
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40);
}
