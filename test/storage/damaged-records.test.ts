import { describe, expect, test } from 'vitest';
import { findRequest } from '../../functions/api/report-requests.ts';
import { findCaptures, manifests, openManifests } from '../../functions/capture/captures.ts';
import { findReferenceData } from '../../functions/capture/reference-data.ts';
import type { Mailer } from '../../functions/delivery/mailer.ts';
import { sendOnce } from '../../functions/delivery/send-once.ts';
import { openLog } from '../../functions/observability/log.ts';
import { readProgress } from '../../functions/pipeline/cascade.ts';
import { findRecheck } from '../../functions/pipeline/recheck-days.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { readRun } from '../../functions/pipeline/run-log.ts';
import { readErasures, readKey } from '../../functions/privacy/suppression-list.ts';
import { readChange } from '../../functions/storage/changes.ts';
import { findUnreadableIdentity, identifyLake, isOwnLake } from '../../functions/storage/lake-identity.ts';
import { findUnreadableLeases } from '../../functions/storage/lease.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { handClock } from '../hand-clock.ts';
import { handMade } from '../warehouse/hand-made-capture.ts';
import { memoryLake } from '../web/memory-lake.ts';

const [DAY, AT, SOURCE] = ['2026-11-20', '2026-11-21T00:00:00.000Z', 'https://api.caresoft.vn/demo'];
const { manifest } = handMade([[]]);
const unavailable = { state: 'unavailable', detail: '' };
const KEPT_LIST_LOST = 'erased/e.json, which tells who was erased, cannot be read';
const KEY_LOST = 'erased/key.json, which tells who was erased, cannot be read';
const REQUEST = 'k0123456789abcdef01234567';

/** What a kind of record is to those who read it. */
interface Kind {
  readonly key: string;
  readonly whole: Readonly<Record<string, unknown>>;
  /** What the program takes it for; the message of the error where nothing goes on without it. */
  readonly read: (lake: Lake) => Promise<unknown>;
  readonly means: { readonly none: unknown; readonly whole: unknown; readonly unreadable: unknown };
  /** Whether it is read where it says more than this program writes, and behind a byte order mark. */
  readonly more: 'read' | 'unreadable';
  readonly mark: 'read' | 'unreadable';
}

const mailer: Mailer = { name: 'mail', isRepeatable: false, send: async () => 'id' };

async function sendAgain(lake: Lake): Promise<string> {
  const address = { address: 'a@example.com', name: null };
  const text = { subject: '', html: '', text: '', date: AT, listId: '', unsubscribe: '', attachments: [] };
  const message = { kind: 'report', day: DAY, from: address, to: address, ...text } as const;
  const ports = { mailer, lake, clock: handClock(), log: openLog(() => {}) };
  return (await sendOnce(message, { run: 'b', resend: false }, ports)).state;
}

const OPEN = {
  ...{
    schema: 'chat-report/open/1',
    captureId: 'by-hand',
    day: DAY,
    channel: 'zalo',
    source: SOURCE,
    query: '',
  },
  ...{ timeZone: 'UTC', clock: 'local', from: 0, until: 1, startedAt: AT, endedAt: AT, pages: [] },
};
const WAITING = {
  ...{
    schema: 'chat-report/waiting/1',
    day: DAY,
    timeZone: 'UTC',
    asOf: AT,
    followUpDays: 3,
    contacts: 'masked',
  },
  ...{ replyHours: {}, businessHours: null, captures: [], open: { captures: [], failed: [] } },
  ...{ waiting: [], answered: [] },
};

const KINDS: Readonly<Record<string, Kind>> = {
  'a reading of a day that was not over is none': {
    key: `raw/open/dt=${DAY}/channel=zalo/capture=by-hand/manifest.json`,
    whole: OPEN,
    read: (lake) => openManifests.read(lake, { day: DAY, channel: 'zalo', captureId: 'by-hand' }),
    means: { none: null, whole: OPEN, unreadable: null },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a list of who waits is none, and the report says nothing of it': {
    key: `reports/dt=${DAY}/waiting.json`,
    whole: WAITING,
    read: (lake) => new ReportReader(lake).waiting(DAY),
    means: { none: null, whole: WAITING, unreadable: null },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a capture is none, and is captured again': {
    key: `raw/chats/dt=${DAY}/channel=zalo/capture=by-hand/manifest.json`,
    whole: manifest,
    read: (lake) => manifests.read(lake, { day: DAY, channel: 'zalo', captureId: 'by-hand' }),
    means: { none: null, whole: manifest, unreadable: null },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a capture among others is passed over': {
    key: `raw/chats/dt=${DAY}/channel=zalo/capture=by-hand/manifest.json`,
    whole: manifest,
    read: (lake) => Array.fromAsync(findCaptures(lake, DAY, 'zalo')),
    means: { none: [], whole: [manifest], unreadable: [] },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a capture that is to tell whose the lake is tells nothing': {
    key: `raw/chats/dt=${DAY}/channel=zalo/capture=by-hand/manifest.json`,
    whole: manifest,
    read: async (lake) => (await identifyLake(lake)).state,
    means: { none: 'absent', whole: 'known', unreadable: 'begun' },
    ...{ more: 'read', mark: 'read' },
  },
  'a directory of names is none': {
    key: `raw/directory/dt=${DAY}/capture=d/manifest.json`,
    whole: {
      ...{ schema: 'chat-report/directory/1', captureId: 'd', source: SOURCE, capturedAt: AT, day: DAY },
      files: { agents: unavailable, services: unavailable },
    },
    read: async (lake) => (await findReferenceData(lake, DAY, SOURCE))?.captureId,
    means: { none: undefined, whole: 'd', unreadable: undefined },
    ...{ more: 'unreadable', mark: 'read' },
  },
  'a look is none, and the next one stands in its place': {
    key: `looks/dt=${DAY}/1.json`,
    whole: { schema: 'chat-report/look/2', day: DAY, back: 1, channels: {} },
    read: async (lake) => (await findRecheck(lake, { day: DAY, back: 1 })) !== null,
    means: { none: false, whole: true, unreadable: false },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'how far an upgrade is counts as not begun': {
    key: 'days/definitions.json',
    whole: { schema: 'chat-report/definitions/1', definitions: 3, from: DAY, changed: false },
    read: async (lake) => (await readProgress(lake))?.from,
    means: { none: undefined, whole: DAY, unreadable: undefined },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a change is passed over': {
    key: 'changes/000000000001-0001.json',
    whole: {
      ...{ schema: 'chat-report/change/1', sequence: '000000000001-0001', at: AT, day: DAY },
      ...{ kind: 'made', verdict: 'proven', definitions: 3, channels: {} },
    },
    read: async (lake) => (await readChange(lake, '000000000001-0001'))?.kind,
    means: { none: undefined, whole: 'made', unreadable: undefined },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'the file of the lake is written again, and told before': {
    key: 'lake.json',
    whole: { schema: 'chat-report/lake/1', domain: 'demo', account: 'demo', format: 1 },
    read: async (lake) => [await isOwnLake(lake, 'demo'), await findUnreadableIdentity(lake)],
    means: { none: [false, null], whole: [true, null], unreadable: [false, 'lake.json'] },
    ...{ more: 'read', mark: 'read' },
  },
  'a lease is outlived': {
    key: 'lease/000000000001.json',
    whole: { owner: 'o', expiresAt: 0, releasedAt: 0, barredUntil: null },
    read: (lake) => findUnreadableLeases(lake, handClock()),
    means: { none: [], whole: [], unreadable: ['lease/000000000001.json'] },
    ...{ more: 'read', mark: 'read' },
  },
  'a receipt counts as given up, and the mail goes out': {
    key: `reports/dt=${DAY}/sent/mail/report-08168cd80dfd534a-1.json`,
    whole: { state: 'sent', run: 'a', at: AT },
    read: sendAgain,
    means: { none: 'sent', whole: 'already-sent', unreadable: 'sent' },
    ...{ more: 'read', mark: 'unreadable' },
  },
  'a run is none, and its record is begun again': {
    key: 'runs/r.json',
    whole: {
      ...{ schema: 'chat-report/run/1', id: 'r', day: DAY, state: 'running', startedAt: AT },
      ...{ endedAt: null, versions: {}, steps: [] },
    },
    read: async (lake) => (await readRun(lake, 'r'))?.id,
    means: { none: undefined, whole: 'r', unreadable: undefined },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'a request is told from none: its key is not given to another': {
    key: `requests/${REQUEST}.json`,
    whole: {
      ...{ schema: 'chat-report/request/1', id: REQUEST, askedAt: AT, channels: null, refresh: false },
      ...{ deliver: true, runs: [{ day: DAY, run: 'r' }] },
    },
    read: async (lake) => (await findRequest(lake, REQUEST)).state,
    means: { none: 'none', whole: 'read', unreadable: 'unreadable' },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'an erasure lets nothing go on': {
    key: 'erased/e.json',
    whole: { schema: 'chat-report/erasure/1', at: AT, state: 'done', days: [], values: [] },
    read: async (lake) => (await readErasures(lake)).size,
    means: { none: 0, whole: 1, unreadable: expect.stringContaining(KEPT_LIST_LOST) },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
  'the key to the erasures lets nothing go on, nor does its lack': {
    key: 'erased/key.json',
    whole: { schema: 'chat-report/erasure-key/1', key: 'AAAA' },
    read: async (lake) => (await readKey(lake)).length,
    means: {
      none: expect.stringContaining('erased/key.json, which tells who was erased, is missing'),
      whole: 3,
      unreadable: expect.stringContaining(KEY_LOST),
    },
    ...{ more: 'unreadable', mark: 'unreadable' },
  },
};

/** What becomes of files. */
const DAMAGES: Readonly<Record<string, (text: string) => string | Uint8Array>> = {
  empty: () => '',
  'zeros, as after a crash': (text) => new Uint8Array(text.length),
  'cut short': (text) => text.slice(0, -3),
  'written over by more': (text) => `${text}}`,
  null: () => 'null',
  'a list': (text) => `[${text}]`,
  'a text': (text) => JSON.stringify(text),
  'an empty record': () => '{}',
  'of other types': (text) => JSON.stringify(JSON.parse(text, (_, part) => (part?.length ? 7 : part))),
  'no UTF-8': (text) => Buffer.concat([Buffer.from([0xff]), Buffer.from(text)]),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
};

/** What the program takes it for, where such a file lies in its place. */
async function taken({ key, read }: Kind, file: string | Uint8Array | null): Promise<unknown> {
  const lake = memoryLake();
  if (file !== null) await lake.put(key, Buffer.from(file));
  return await read(lake).catch((error: Error) => error.message);
}

describe.each(Object.entries(KINDS))('%s', (_title, kind) => {
  const text = `${JSON.stringify(kind.whole, null, 2)}\n`;

  test('where it is there, and where it is not', async () => {
    expect([await taken(kind, text), await taken(kind, null)]).toEqual([kind.means.whole, kind.means.none]);
  });

  test.each(Object.entries(DAMAGES))('where it is %s', async (_damage, damage) => {
    expect(await taken(kind, damage(text))).toEqual(kind.means.unreadable);
  });

  test('or not, where it says more or begins with a byte order mark', async () => {
    const { more, mark, means } = kind;
    const found = [
      await taken(kind, JSON.stringify({ ...kind.whole, more: 1 })),
      await taken(kind, `\uFEFF${text}`),
    ];
    expect(found).toEqual([more, mark].map((is) => (is === 'read' ? means.whole : means.unreadable)));
  });
});
