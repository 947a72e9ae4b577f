import { CHANNELS, type Channel } from '../chat/channel.ts';
import { guessCharset, toUtf8 } from '../chat/charset.ts';
import { readRows, unpackPage } from '../storage/captures.ts';
import { MANIFEST_NAME, RAW_CHATS_PREFIX, RAW_OPEN_PREFIX } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';

/** What lies in raw of one capture, finished or not. */
export interface RawCapture {
  readonly day: Day;
  readonly channel: Channel;
  readonly captureId: string;
  readonly hasManifest: boolean;
  /** The keys of its pages, in order. */
  readonly pages: readonly string[];
}

const KEY = /^raw\/(?:chats|open)\/dt=(\d{4}-\d\d-\d\d)\/channel=([a-z]+)\/capture=([^/]+)\/([^/]+)$/;

/** Every capture, in the order of days, channels and ids, and those that have no manifest; of one day, where that is given. */
export function indexRaw(lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  return indexUnder(RAW_CHATS_PREFIX, lake, day);
}

/** The same of what was read of days that were not over. */
export function indexOpen(lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  return indexUnder(RAW_OPEN_PREFIX, lake, day);
}

async function indexUnder(prefix: string, lake: Pick<Lake, 'list'>, day?: Day): Promise<RawCapture[]> {
  const captures = new Map<
    string,
    { head: Omit<RawCapture, 'pages' | 'hasManifest'>; names: Map<string, string> }
  >();
  for await (const key of lake.list(day === undefined ? prefix : `${prefix}dt=${day}/`)) {
    const [, dt = '', channelName, captureId = '', name = ''] = KEY.exec(key) ?? [];
    const channel = CHANNELS.find((one) => one === channelName);
    if (channel === undefined) continue;
    const place = key.slice(0, -name.length);
    const capture = captures.get(place) ?? { head: { day: dt, channel, captureId }, names: new Map() };
    captures.set(place, capture);
    capture.names.set(name, key);
  }
  return [...captures.values()].map(({ head, names }) => ({
    ...head,
    hasManifest: names.has(MANIFEST_NAME),
    pages: [...names].filter(([name]) => name.startsWith('page-')).map(([, key]) => key),
  }));
}

/** A page as it lies in raw. */
export interface OpenedPage {
  /** To the byte. */
  readonly body: Buffer;
  /** The same in UTF-8. */
  readonly utf8: Uint8Array;
  readonly rows: readonly unknown[];
}

/** @returns null where what lies there is no page that can be read */
export async function readPageAt(lake: Pick<Lake, 'get'>, key: string): Promise<OpenedPage | null> {
  const packed = await readObject(lake, key);
  return packed && (await openPage(packed));
}

/** @param charset where the manifest says one */
export async function openPage(packed: Uint8Array, charset?: string): Promise<OpenedPage | null> {
  const body = await unpackPage(packed);
  try {
    if (body === null) return null;
    const utf8 = toUtf8(body, charset ?? guessCharset(body));
    return { body, utf8, rows: readRows(utf8) };
  } catch {
    return null;
  }
}

const ERASED_COPY = /^(.*?)(?:-e(\d+))?$/s;

function copyNumber(captureId: string): { first: string; number: number } {
  const [, first = captureId, number = '0'] = ERASED_COPY.exec(captureId) ?? [];
  return { first, number: Number(number) };
}

/**
 * What a capture is called once somebody was erased from it: a number more. It stands in the same place among the
 * others, and whoever was killed over it and begins anew writes the same files.
 */
export function nextCopy(captureId: string): string {
  const { first, number } = copyNumber(captureId);
  return `${first}-e${number + 1}`;
}

/** Under which name a capture lies now: that of its last copy, and its own where none of them is there. */
export function nameNow(
  { day, channel, captureId }: Pick<RawCapture, 'day' | 'channel' | 'captureId'>,
  captures: readonly RawCapture[],
): string {
  const { first } = copyNumber(captureId);
  const copies = captures
    .filter((one) => one.day === day && one.channel === channel && one.hasManifest)
    .filter((one) => copyNumber(one.captureId).first === first)
    .sort((left, right) => copyNumber(left.captureId).number - copyNumber(right.captureId).number);
  return copies.at(-1)?.captureId ?? captureId;
}

/** Whether a copy of it is whole, without somebody whom it may hold itself. */
export function isReplaced({ captureId }: RawCapture, captures: readonly RawCapture[]): boolean {
  return captures.some(
    (one) =>
      one.hasManifest &&
      copyNumber(one.captureId).first === copyNumber(captureId).first &&
      copyNumber(one.captureId).number > copyNumber(captureId).number,
  );
}
