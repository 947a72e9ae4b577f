import type { Chat } from '../chats/chat.ts';
import { canonicalPage, landingPageKey } from '../chats/landing-page.ts';
import type { Declared } from './measures.ts';

/**
 * What the chats of a day are divided by into lists, as data. From here come the tallies, the lists of the summary and of every
 * form of a report, the rows of `metrics`, and what is masked and erased in them. Days, channels and hours are no lists.
 */
export interface Dimension extends Declared {
  /** In `metrics`; the comment there says what a key is. */
  readonly name: string;
  /** Null for the chats that have none. */
  readonly keyOf: (chat: Chat) => string | null;
  /** By what a key is told from others, where it may read alike and be none of them; it is asked once a spelling. */
  readonly canonicalOf?: (chat: Chat) => string;
  /** Who knows what the keys are called, where they are no names. */
  readonly names?: 'agents' | 'services';
  /**
   * Left out where the keys are the account's own. A page, or a text, can hold what visitors like: then contacts in it are masked,
   * and who is erased leaves it. An erasure takes the query of a landing page: a key that is of it is lost with the visitor.
   */
  readonly fromVisitors?: 'page' | 'text';
  /** Whether a mail shows the rows of most chats, or those of most missed ones alone; these have no sheet in the workbook. */
  readonly shows: 'all' | 'mostMissed';
}

/** By where their lists stand in a summary. */
export const DIMENSIONS = {
  byAgent: {
    name: 'agent',
    comment: 'the e-mail',
    shows: 'all',
    names: 'agents',
    keyOf: ({ agentEmail }) => agentEmail,
  },
  byGroup: {
    name: 'group',
    comment: 'the name',
    shows: 'all',
    keyOf: ({ groupName }) => groupName,
  },
  byService: {
    name: 'service',
    comment: 'the id',
    shows: 'all',
    names: 'services',
    keyOf: ({ serviceId }) => serviceId,
  },
  byLandingPage: {
    name: 'landing_page',
    comment: 'host and path',
    fromVisitors: 'page',
    shows: 'mostMissed',
    keyOf: ({ landingPage }) => landingPageKey(landingPage),
    canonicalOf: ({ landingPage }) => canonicalPage(landingPage) ?? '',
  },
} as const satisfies Readonly<Record<string, Dimension>>;

export type DimensionId = keyof typeof DIMENSIONS;

interface ListWords {
  readonly title: string;
  /** What a row is of. */
  readonly one: string;
  /** Stands for the chats without a key. */
  readonly none: string;
}

interface SheetWords {
  readonly sheet: string;
  /** The column of the keys; left out where they are the names. */
  readonly key?: string;
}

/** What each list is called in a language; all that have a sheet of their own have words for it. */
export type DimensionWords = {
  readonly [Id in DimensionId]: ListWords &
    ((typeof DIMENSIONS)[Id]['shows'] extends 'all' ? SheetWords : unknown);
};
