import { gunzipSync } from 'node:zlib';
import { findCaptures, type Manifest } from '../../functions/capture/captures.ts';
import type { ChannelCoverage, Coverage } from '../../functions/capture/coverage.ts';
import { openCapture, readChatsOf } from '../../functions/capture/read-chats.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { ChatStatus } from '../../functions/chats/chat.ts';
import { captureDay } from '../../functions/pipeline/capture-day.ts';
import { summarize } from '../../functions/pipeline/summarize.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { DAY, IMPATIENT, type OneMachine, oneMachine } from '../pipeline/one-machine.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { columnsOf, dayParams, figuresOf, type HeldChats, readHeld, toChats } from './held-chats.ts';
import { heldAtItsMoments, type MayBeTold } from './held-moments.ts';

/** A server that is asked, and how the account is set. */
export interface Server {
  readonly faults: readonly string[];
  /** A day, over all channels. */
  readonly chats?: number;
  readonly settings?: Readonly<Record<string, string>>;
  readonly seed?: number;
}

/** What the program made of a server's day. */
export interface Outcome {
  /** `right` and `wrong`: each channel was proven, or one of them wrongly. `lost`: raw does not hold what counts. */
  readonly state: 'right' | 'wrong' | 'lost' | 'unproven';
  /** What is wrong or missing, in words. */
  readonly why: string;
  /** Why channels are not proven, by channel. */
  readonly reasons: Readonly<Record<string, string>>;
  readonly requests: number;
}

const FEW = 60;
const UTC_OFFSET_SECONDS = 7 * 3_600;
const FILTERS = {
  CARESOFT_SERVICES: 'services[]',
  CARESOFT_GROUPS: 'groups[]',
  CARESOFT_ASSIGNEES: 'assignees[]',
};
/** So many unreadable rows, and more than one in ten, are more than a proof may have. */
const TOO_MANY_UNREADABLE = 5;
const MOST_TOLD = 3;
/** Such a server counts now this, now that. */
const UNSURE = ['hostile', 'empty-some'];

export function openServer(
  { faults, chats = FEW, settings = {}, seed = 1 }: Server,
  retryPolicy = IMPATIENT,
): Promise<OneMachine> {
  const clock = faults.includes('utc') ? { CARESOFT_CLOCK: 'utc' } : {};
  const simulated = { chats, seed, faults: faults.map(parseFault) };
  return oneMachine(simulated, { ...clock, ...settings }, retryPolicy, memoryLake());
}

/** Captures the day as a run does, and holds what is proven of it against what the server held. */
export async function captureFrom(server: Server): Promise<Outcome> {
  const machine = await openServer(server);
  const { account, context, ports } = machine.compose();
  const completeness = await captureDay({ day: DAY, since: null }, context, account, ports);
  return await judge(machine, server, completeness);
}

/** Whether what is said to be proven is what the server held. */
export async function judge(machine: OneMachine, server: Server, completeness: Coverage): Promise<Outcome> {
  const { account, ports } = machine.compose();
  const { lake } = ports;
  const proven = account.channels.filter((channel) => completeness.channels[channel]?.verdict === 'proven');
  const channels = Object.fromEntries(proven.map((channel) => [channel, completeness.channels[channel]]));
  const basis = {
    day: DAY,
    completeness: { verdict: 'proven', channels } as const,
    counting: { ...account, channels: proven },
  };
  const summary = proven.length === 0 ? null : (await summarize(basis, lake, null)).summary;
  const wrong: string[] = [];
  const lost: string[] = [];
  for (const channel of proven) {
    const manifest = await manifestOf(lake, channel, completeness.channels[channel]);
    const held = heldBy(machine, server, manifest);
    const { chats, answered, missed, other } = summary?.byChannel[channel] ?? {};
    const counted = await countedOf(lake, manifest);
    const faults = [
      ...unequal({ chats, answered, missed, other }, figuresOf(counted)),
      ...differences(counted, held),
      ...tooManyUnreadable(manifest),
    ];
    wrong.push(...faults.map((fault) => `${channel}: ${fault}`));
    const raw = await idsInRaw(lake, channel);
    const missing = [...counted.keys()].filter((id) => !raw.has(id));
    if (missing.length > 0) lost.push(`${channel}: ${missing.join()} of the counted are not in raw`);
  }
  const isProven = proven.length === account.channels.length;
  const state = lost.length > 0 ? 'lost' : wrong.length > 0 ? 'wrong' : isProven ? 'right' : 'unproven';
  return {
    state,
    why: [...lost, ...wrong].join('; '),
    reasons: reasonsOf(completeness),
    requests: machine.simulator.seen.requests,
  };
}

function reasonsOf({ channels }: Coverage): Record<string, string> {
  return Object.fromEntries(
    CHANNELS.flatMap((channel) => {
      const { verdict, reason, detail } = channels[channel] ?? { verdict: 'proven' };
      return verdict === 'proven' ? [] : [[channel, `${reason}: ${detail}`]];
    }),
  );
}

/** What a server held of a channel: of one that moves, each slice as it was when it was answered. */
function heldBy({ simulator }: OneMachine, server: Server, manifest: Manifest): MayBeTold {
  const heeds = heededBy(server);
  const offset = server.faults.includes('utc') ? UTC_OFFSET_SECONDS : 0;
  if (isMoving(server))
    return heldAtItsMoments(simulator, manifest, { day: DAY, offset, faults: server.faults });
  const params = dayParams(manifest.channel, DAY, offset, filtersOf(server));
  const rows = readHeld(simulator, { params, number: Number.POSITIVE_INFINITY, heeds });
  // Of a word that is not known it may be said that it is not, where what the server counts does not tell.
  const untold = new Set(rows.flatMap(({ id, isToldByWord }) => (isToldByWord ? [] : [id])));
  const mayBe = (id: string): ChatStatus[] =>
    server.faults.some((fault) => UNSURE.includes(fault)) && untold.has(id) ? ['other'] : [];
  return new Map(
    [...toChats(rows)].map(([id, status]) => [id, new Set<ChatStatus | undefined>([status, ...mayBe(id)])]),
  );
}

function isMoving({ faults }: Server): boolean {
  return faults.some((fault) => /^(arriving|moving|swap)/.test(fault));
}

function heededBy({ faults }: Server): ('answered' | 'missed')[] {
  if (faults.some((fault) => /^(ignore|reject|refuse-words):chat_status$/.test(fault))) return [];
  return faults.includes('zero-unset') ? ['answered'] : ['answered', 'missed'];
}

function filtersOf({ settings = {} }: Server): [string, string][] {
  const lists = Object.entries(FILTERS).flatMap(([setting, name]) =>
    (settings[setting]?.split(',') ?? []).map((id): [string, string] => [name, id]),
  );
  const type = { inbound: '0', outbound: '1' }[settings.CHAT_TYPE ?? ''];
  return type === undefined ? lists : [...lists, ['chat_type', type]];
}

async function manifestOf(
  lake: Lake,
  channel: Channel,
  completeness: ChannelCoverage | undefined,
): Promise<Manifest> {
  const captures = await Array.fromAsync(findCaptures(lake, DAY, channel));
  const manifest = captures.find(({ captureId }) => captureId === completeness?.captureId);
  if (manifest === undefined) throw new Error(`there is no capture ${completeness?.captureId}`);
  return manifest;
}

/** The chats that the program counts. */
async function countedOf(lake: Lake, manifest: Manifest): Promise<HeldChats> {
  const chats = new Map<string, ChatStatus>();
  for await (const page of readChatsOf(await openCapture(lake, manifest))) {
    for (const { conversationId, status } of page) chats.set(conversationId, status);
  }
  return chats;
}

function unequal(told: object, counted: object): string[] {
  const [one, other] = [told, counted].map((figures) => JSON.stringify(figures));
  return one === other ? [] : [`the summary says ${one}, and its chats are ${other}`];
}

function differences(counted: HeldChats, held: MayBeTold): string[] {
  const ids = [...new Set([...counted.keys(), ...held.keys()])];
  const isWrong = (id: string): boolean => !(held.get(id) ?? new Set([undefined])).has(counted.get(id));
  const wrong = ids.filter(isWrong).map((id) => {
    const was = [...(held.get(id) ?? ['not there'])].map((status) => status ?? 'not there');
    return `${id} is ${counted.get(id) ?? 'left out'}, and was ${was.join(' or ')}`;
  });
  const more = wrong.length > MOST_TOLD ? [`and ${wrong.length - MOST_TOLD} more`] : [];
  return [...wrong.slice(0, MOST_TOLD), ...more];
}

function tooManyUnreadable({ rejected, unique }: Manifest): string[] {
  return rejected >= TOO_MANY_UNREADABLE && rejected * 10 > unique
    ? [`${rejected} of ${unique} rows are left out`]
    : [];
}

/** All ids that any answer in raw holds, read without the program. */
async function idsInRaw(lake: Lake, channel: Channel): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const key of lake.list(`raw/chats/dt=${DAY}/channel=${channel}/`)) {
    if (!key.endsWith('.json.gz')) continue;
    const packed = await readObject(lake, key);
    const { chats } = JSON.parse(String(gunzipSync(packed ?? Buffer.of())));
    for (const row of Object.values(chats ?? [])) ids.add(String(columnsOf(row).conversation_id).trim());
  }
  return ids;
}
