import { findMatchingChannels } from '../../../capture/capture-channel.ts';
import { findUnkept } from '../../../capture/contradictions.ts';
import type { NotProvenError } from '../../../capture/coverage.ts';
import { RowCensus } from '../../../capture/row-census.ts';
import { CHANNELS } from '../../../chats/channel.ts';
import type { Filters } from '../../../storage/json-record.ts';
import { type ChatSource, RefusedError, type Slice } from '../../source.ts';
import { VENDOR_SETTINGS } from '../../vendor.ts';
import { DIALECT, toSearchParams } from '../dialect.ts';
import type { DiagnosticsErrors } from './connection.ts';
import {
  type AccountUnderTest,
  type Finding,
  fail,
  formatCount,
  note,
  ok,
  type Probe,
  type Sample,
} from './probe.ts';

const LISTS = ['groups', 'services', 'assignees'] as const;
/** Each of the first ids of a list is counted by itself. */
const MAX_IDS = 4;

/** Whether CareSoft applies the filters of the settings, and how many chats they leave; null if no filter is set. */
export async function checkFilters(
  probe: Probe,
  samples: readonly Sample[],
  { filters }: Pick<AccountUnderTest, 'filters'>,
  source: Pick<ChatSource, 'count' | 'names'>,
): Promise<Finding | null> {
  const names = LISTS.filter((list) => filters[list].length > 0).map((list) => VENDOR_SETTINGS[list]);
  if (names.length === 0) return null;
  const setting = names.join(', ');
  const cachedSource = rememberAnswers(source);
  let unfiltered = 0;
  let left = 0;
  for (const { request, numFound } of samples) {
    unfiltered += await cachedSource.count(probe.toSlice({ ...request, unfiltered: true }));
    left += numFound;
  }
  const ignored = await findIgnoredFilter(probe, samples, cachedSource);
  if (ignored !== null) {
    return fail(
      'filters',
      `${ignored.message}.`,
      `unset ${setting}, and ask CareSoft whether it still supports it`,
    );
  }
  const says = `Only ${await describeFilters(filters, source)}: ${left} of ${unfiltered} chats.`;
  if (unfiltered > 0 && left === 0) {
    return note('filters', says, `check the ids in ${setting}: the report would have no chats`);
  }
  if (unfiltered > 0 && left === unfiltered) {
    return note('filters', `${says} They leave nothing out.`, `check the ids in ${setting}, or unset them`);
  }
  return ok('filters', says);
}

/** A group or a service of the account. */
export interface ListedEntry {
  /** By which a filter asks for it. */
  readonly id: string;
  /** As people read it. It may be empty. */
  readonly name: string;
}

/** The account's own list, in its order. An entry whose id no filter takes is left out. */
export async function readEntries(
  kind: 'groups' | 'services',
  source: Pick<ChatSource, 'names'>,
): Promise<readonly ListedEntry[]> {
  const { rows } = await source.names(kind);
  return rows.flatMap((row) => {
    const { id, name } = DIALECT.readListed(kind, row);
    if (id === null || !/^\d+$/.test(id)) return [];
    // A name is shown at a terminal, which obeys control characters.
    return [{ id, name: (name ?? '').replaceAll(/\p{C}+/gu, ' ').trim() }];
  });
}

/** What the filters leave, in words: `groups 7 Bán hàng, 9 Kỹ thuật and agent 12`. Agents are people, and keep their ids. */
async function describeFilters(filters: Filters, source: Pick<ChatSource, 'names'>): Promise<string> {
  const described: string[] = [];
  for (const [list, noun] of NOUNS) {
    const ids = filters[list];
    if (ids.length === 0) continue;
    const entries = list === 'assignees' ? [] : await readNamesOf(list, source);
    const named = ids.map((id) =>
      [id, entries.find((entry) => entry.id === id)?.name].filter(Boolean).join(' '),
    );
    described.push(`${noun}${ids.length === 1 ? '' : 's'} ${named.join(', ')}`);
  }
  return described.join(' and ');
}

const NOUNS = [
  ['groups', 'group'],
  ['services', 'service'],
  ['assignees', 'agent'],
] as const;

/** Without the names, the ids say it. An error of the whole account goes on. */
async function readNamesOf(
  list: 'groups' | 'services',
  source: Pick<ChatSource, 'names'>,
): Promise<readonly ListedEntry[]> {
  try {
    return await readEntries(list, source);
  } catch (error) {
    if (error instanceof RefusedError && error.isOfAccount) throw error;
    return [];
  }
}

async function findIgnoredFilter(
  probe: Probe,
  samples: readonly Sample[],
  cachedSource: Pick<ChatSource, 'count' | 'names'>,
): Promise<NotProvenError | null> {
  for (const { request, numFound, rows } of samples) {
    const ignored = await findUnkept(
      {
        ...{ slice: probe.toSlice(request), rows: numFound, read: () => pagesOf(rows) },
        ...{ isNewFilter: false, dialect: DIALECT },
      },
      cachedSource,
    );
    if (ignored !== null) return ignored;
  }
  const [busiest] = samples.toSorted((one, other) => other.numFound - one.numFound);
  if (busiest === undefined) return null;
  const slice = probe.toSlice(busiest.request);
  for (const list of LISTS) {
    const ignored = await findLostIds(slice, list, cachedSource);
    if (ignored !== null) return ignored;
  }
  return null;
}

/** Whether CareSoft applies only some ids of a list. */
async function findLostIds(
  { filters, ...slice }: Slice,
  list: (typeof LISTS)[number],
  cachedSource: Pick<ChatSource, 'count' | 'names'>,
): Promise<NotProvenError | null> {
  if (filters[list].length < 2) return null;
  const none: Filters = { chatType: 'all', groups: [], services: [], assignees: [] };
  const some = { ...slice, filters: { ...none, [list]: filters[list].slice(0, MAX_IDS) } };
  return await findUnkept(
    {
      slice: some,
      rows: await cachedSource.count(some),
      read: () => pagesOf(),
      isNewFilter: true,
      dialect: DIALECT,
    },
    cachedSource,
  );
}

async function* pagesOf(...pages: readonly (readonly unknown[])[]): AsyncGenerator<readonly unknown[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

/** Sends each count only once. */
function rememberAnswers(source: Pick<ChatSource, 'count' | 'names'>): Pick<ChatSource, 'count' | 'names'> {
  const counts = new Map<string, Promise<number>>();
  return {
    count: (slice) => {
      const key = toSearchParams(slice).toString();
      const request = counts.get(key) ?? source.count(slice);
      counts.set(key, request);
      return request;
    },
    names: (kind, signal) => source.names(kind, signal),
  };
}

/**
 * Whether the channels have different rows; null if that cannot be seen.
 * If the settings name one channel, it requests one row of another channel.
 */
export async function checkChannels(
  probe: Probe,
  samples: readonly Sample[],
  { channels, reading }: AccountUnderTest,
): Promise<Finding | null> {
  const ID = 'channels';
  const censuses = new Map(
    samples
      .filter(({ rows }) => rows.length > 0)
      .map(({ request: { channel }, day, rows }) => {
        const census = new RowCensus(day, channel, reading);
        census.add(1, rows);
        return [channel, census] as const;
      }),
  );
  const wrong = (detail: string): Finding =>
    fail(ID, `${detail}.`, 'a report would count chats more than once: show this line to CareSoft');
  const alike = findMatchingChannels(
    new Map([...censuses].map(([channel, census]) => [channel, census.sketch])),
  );
  if (alike !== null) return wrong(alike.detail);
  const [one] = samples.filter(({ rows }) => rows.length > 0);
  const other = CHANNELS.find((channel) => !channels.includes(channel));
  if (one !== undefined && other !== undefined && channels.length === 1) {
    const { rows } = await probe.ask({ ...one.request, channel: other }, { page: 1, size: 1 });
    const { channel } = one.request;
    if (rows.some((row) => censuses.get(channel)?.has(row))) {
      return wrong(
        `${other} came with a conversation of ${channel}: CareSoft did not tell the channels apart`,
      );
    }
    return ok(ID, `CareSoft tells ${channel} from ${other}.`);
  }
  return censuses.size < 2
    ? null
    : ok(ID, 'CareSoft tells the channels apart: each came with chats of its own.');
}

const REFERENCE_LISTS = [
  { name: 'agents', noun: 'agent', without: 'agents are shown by the names that chats carry' },
  { name: 'groups', noun: 'group', without: 'groups are shown by the names that chats carry' },
  { name: 'services', noun: 'service', without: 'pages and accounts are shown by their ids' },
] as const;

/** Whether CareSoft gives the lists of names. A report does not need them. */
export async function* checkReferenceData(
  chatSource: Pick<ChatSource, 'names'>,
  errors: DiagnosticsErrors,
): AsyncGenerator<Finding> {
  for (const { name, noun, without } of REFERENCE_LISTS) {
    yield await errors.attempt(
      async () => {
        const { rows } = await chatSource.names(name);
        return ok(name, `/${name} lists ${formatCount(rows.length, noun)}.`);
      },
      ({ finding }) =>
        note(name, `/${name} gives no names: ${finding.says}`, `nothing has to be done: ${without}`),
    );
  }
}
