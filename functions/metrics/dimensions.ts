import { type Chat, canonicalPage, landingPageKey } from '../chats/chat.ts';
import { compareText } from '../text/bounds.ts';
import type { Declaration } from './measures.ts';
import type { KeyedFigures } from './summary.ts';

/**
 * A division of the day's chats into a list, as data.
 *
 * Other parts are made from it: the accumulators, the lists of the summary and of every report format, the rows
 * of `metrics`, and what is masked and erased in them. Days, channels and hours are no lists.
 */
export interface Dimension extends Declaration {
  /** Its name in `metrics`. `comment` says there what a key is. */
  readonly name: string;
  /** Null for chats without a key. */
  readonly keyOf: (chat: Chat) => string | null;
  /** Tells keys apart. Left out where keys that read alike are the same key. It is called once per spelling. */
  readonly canonicalOf?: (chat: Chat) => string;
  /** Where the names of the keys come from. Left out where the keys are names. */
  readonly names?: 'agents' | 'services';
  /**
   * Set where visitors can write into the keys: then contacts in them are masked and erased. Left out where
   * only the account itself writes the keys.
   *
   * An erasure removes the query of a landing page. A key that comes from the query is lost with the visitor.
   */
  readonly fromVisitors?: 'page' | 'text';
  /**
   * The rows that a mail shows: those with most chats, or only those with most missed chats. The latter have no
   * sheet in the workbook.
   */
  readonly shows: 'all' | 'mostMissed';
}

/** The lists, by their field in a summary. */
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

type Listed = Pick<KeyedFigures, 'key' | 'chats'>;

/** The order of a list: most chats first, then by key. The row without a key comes last among equals. */
export function compareKeyed(left: Listed, right: Listed): number {
  return right.chats - left.chats || compareKey(left.key, right.key);
}

function compareKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareText(left, right);
}

export type DimensionId = keyof typeof DIMENSIONS;

interface ListWords {
  readonly title: string;
  /** What one row stands for. */
  readonly one: string;
  /** Stands for the chats without a key. */
  readonly none: string;
}

interface SheetWords {
  readonly sheet: string;
  /** The title of the column of keys. Left out where the keys are names. */
  readonly key?: string;
}

/** The messages of each list in one language. A list with a sheet of its own has messages for the sheet too. */
export type DimensionWords = {
  readonly [Id in DimensionId]: ListWords &
    ((typeof DIMENSIONS)[Id]['shows'] extends 'all' ? SheetWords : unknown);
};
