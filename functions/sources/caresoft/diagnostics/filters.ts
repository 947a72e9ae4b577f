import { findMatchingChannels } from '../../../capture/capture-channel.ts';
import { findUnkept } from '../../../capture/contradictions.ts';
import type { NotProvenError } from '../../../capture/coverage.ts';
import { RowCensus } from '../../../capture/row-census.ts';
import { CHANNELS } from '../../../chats/channel.ts';
import type { Filters } from '../../../storage/json-record.ts';
import type { ChatSource, Slice } from '../../source.ts';
import { toSearchParams } from '../query.ts';
import type { Troubles } from './connection.ts';
import {
  type CheckSubject,
  countOf,
  type Finding,
  fail,
  note,
  ok,
  type Probe,
  type Sample,
} from './probe.ts';

const LISTS = ['groups', 'services', 'assignees'] as const;
const SETTING_OF = {
  groups: 'CARESOFT_GROUPS',
  services: 'CARESOFT_SERVICES',
  assignees: 'CARESOFT_ASSIGNEES',
} as const;
/** Each id of a list is counted by itself; of a longer one these. */
const MOST_IDS = 4;

/** Whether the groups, services and agents of the settings are heeded, and what they leave; null where none is set. */
export async function checkFilters(
  probe: Probe,
  samples: readonly Sample[],
  { filters }: Pick<CheckSubject, 'filters'>,
  source: Pick<ChatSource, 'count' | 'names'>,
): Promise<Finding | null> {
  const names = LISTS.filter((list) => filters[list].length > 0).map((list) => SETTING_OF[list]);
  if (names.length === 0) return null;
  const setting = names.join(', ');
  const asking = rememberAnswers(source);
  let before = 0;
  let left = 0;
  for (const { asked, numFound } of samples) {
    before += await asking.count(probe.toSlice({ ...asked, unfiltered: true }));
    left += numFound;
  }
  const unkept = await findUnkeptIn(probe, samples, asking);
  if (unkept !== null) {
    return fail(
      'filters',
      `${unkept.message}.`,
      `unset ${setting}, and ask CareSoft whether it still heeds it`,
    );
  }
  const says = `Of ${before} chats on all channels ${setting} leave ${left}.`;
  if (before > 0 && left === 0) {
    return note('filters', says, `check the ids in ${setting}: nothing would be reported`);
  }
  if (before > 0 && left === before) {
    return note('filters', `${says} They leave nothing out.`, `check the ids in ${setting}, or unset them`);
  }
  return ok('filters', says);
}

async function findUnkeptIn(
  probe: Probe,
  samples: readonly Sample[],
  asking: Pick<ChatSource, 'count' | 'names'>,
): Promise<NotProvenError | null> {
  for (const { asked, numFound, rows } of samples) {
    const unkept = await findUnkept(
      { slice: probe.toSlice(asked), rows: numFound, read: () => pagesOf(rows), isNewFilter: false },
      asking,
    );
    if (unkept !== null) return unkept;
  }
  const [busiest] = samples.toSorted((one, other) => other.numFound - one.numFound);
  if (busiest === undefined) return null;
  const slice = probe.toSlice(busiest.asked);
  for (const list of LISTS) {
    const unkept = await findLostIds(slice, list, asking);
    if (unkept !== null) return unkept;
  }
  return null;
}

/** A server may read only one of several ids. */
async function findLostIds(
  { filters, ...slice }: Slice,
  list: (typeof LISTS)[number],
  asking: Pick<ChatSource, 'count' | 'names'>,
): Promise<NotProvenError | null> {
  if (filters[list].length < 2) return null;
  const none: Filters = { chatType: 'all', groups: [], services: [], assignees: [] };
  const some = { ...slice, filters: { ...none, [list]: filters[list].slice(0, MOST_IDS) } };
  return await findUnkept(
    { slice: some, rows: await asking.count(some), read: () => pagesOf(), isNewFilter: true },
    asking,
  );
}

async function* pagesOf(...pages: readonly (readonly unknown[])[]): AsyncGenerator<readonly unknown[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

/** What was asked a moment ago is not asked again. */
function rememberAnswers(source: Pick<ChatSource, 'count' | 'names'>): Pick<ChatSource, 'count' | 'names'> {
  const counts = new Map<string, Promise<number>>();
  return {
    count: (slice) => {
      const key = toSearchParams(slice).toString();
      const asked = counts.get(key) ?? source.count(slice);
      counts.set(key, asked);
      return asked;
    },
    names: (kind, signal) => source.names(kind, signal),
  };
}

/**
 * Whether channels come with rows of their own; null where there is nothing to tell by. Of one channel alone another is
 * asked for a row.
 */
export async function checkChannels(
  probe: Probe,
  samples: readonly Sample[],
  { channels, reading }: CheckSubject,
): Promise<Finding | null> {
  const ID = 'channels';
  const censuses = new Map(
    samples
      .filter(({ rows }) => rows.length > 0)
      .map(({ asked: { channel }, day, rows }) => {
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
    const { rows } = await probe.ask({ ...one.asked, channel: other }, { page: 1, size: 1 });
    const { channel } = one.asked;
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

const DIRECTORIES = [
  { name: 'agents', noun: 'agent', without: 'agents are shown by the names that chats carry' },
  { name: 'groups', noun: 'group', without: 'groups are shown by the names that chats carry' },
  { name: 'services', noun: 'service', without: 'pages and accounts are shown by their ids' },
] as const;

/** Whether the lists of names answer. A report stands without them. */
export async function* checkReferenceData(
  caresoft: Pick<ChatSource, 'names'>,
  troubles: Troubles,
): AsyncGenerator<Finding> {
  for (const { name, noun, without } of DIRECTORIES) {
    yield await troubles.attempt(
      async () => {
        const { rows } = await caresoft.names(name);
        return ok(name, `/${name} lists ${countOf(rows.length, noun)}.`);
      },
      ({ finding }) =>
        note(name, `/${name} gives no names: ${finding.says}`, `nothing, if it stays: ${without}`),
    );
  }
}
