import { gzipSync } from 'node:zlib';
import { type Manifest, sha256 } from '../../functions/capture/captures.ts';
import { openCapture, readChatsOf } from '../../functions/capture/read-chats.ts';
import { FactsAccumulator } from '../../functions/metrics/measure-day.ts';
import { DayReading } from '../../functions/pipeline/read-day.ts';
import { toJson } from '../../functions/sources/caresoft/simulator/json.ts';
import { capturePrefix, pageName } from '../../functions/storage/layout.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { writeChats } from '../../functions/warehouse/build-tables.ts';

const AT = '2026-11-21T00:00:00.000Z';

/** A capture of Zalo on 2026-11-20 whose pages a test wrote down, and the lake that it lies in. */
export function handMade(
  pages: readonly (readonly unknown[])[],
  changes: Partial<Manifest> & { readonly superseded?: readonly (readonly number[])[] } = {},
) {
  const { superseded = [], ...manifestChanges } = changes;
  const rows = pages.flat().length;
  const objects = new Map<string, Uint8Array>();
  const seen: string[] = [];
  const manifest: Manifest = {
    schema: 'chat-report/capture/1',
    captureId: 'by-hand',
    day: '2026-11-20',
    channel: 'zalo',
    source: 'https://api.caresoft.vn/demo',
    timeZone: 'Asia/Ho_Chi_Minh',
    query: '',
    clock: 'local',
    walk: 1,
    startedAt: AT,
    endedAt: AT,
    pages: pages.map((chats, index) => {
      const page = index + 1;
      const body = Buffer.from(toJson({ code: 'ok', numFound: rows, chats }));
      const prefix = capturePrefix(changes.day ?? '2026-11-20', 'zalo', 'by-hand');
      objects.set(`${prefix}${pageName(page)}`, gzipSync(body));
      return {
        ...{ page, params: '', status: 200, bytes: body.length, sha256: sha256(body), numFound: rows },
        ...{ rows: chats.length, superseded: [...(superseded[index] ?? [])], askedAt: AT, answeredAt: AT },
      };
    }),
    ...{ numFoundBefore: rows, numFoundAfter: rows, rows, unique: rows, duplicates: 0, conflicts: 0 },
    ...{ chats: rows, rejected: 0, rejectedReasons: {}, outsideDay: 0 },
    drift: { unknownFields: {}, unknownStatuses: {}, unreadable: {} },
    fingerprint: '',
    verdict: 'proven',
    ...manifestChanges,
  };
  const lake: Pick<Lake, 'get'> = {
    async get(key) {
      seen.push(key);
      const bytes = objects.get(key);
      return bytes ? ReadableStream.from([bytes]) : null;
    },
  };
  return { lake, manifest, objects, seen };
}

/** The table of a capture as of a day that has no other, and no report. */
export async function writeAlone(lake: Pick<Lake, 'get'>, manifest: Manifest): Promise<Uint8Array> {
  const capture = await openCapture(lake, manifest);
  const reading = new DayReading([capture], OF_NO_REPORT, { tables: true });
  const { tables } = await reading.readFor(new FactsAccumulator(null));
  for await (const [, table] of tables()) return table;
  throw new Error('there is no table');
}

/** The same with other row groups, in the order that the rows themselves tell. */
export async function writeInGroups(
  lake: Pick<Lake, 'get'>,
  manifest: Manifest,
  rowsAGroup: number,
): Promise<Uint8Array> {
  const capture = await openCapture(lake, manifest);
  const facts = new FactsAccumulator(null);
  for await (const chats of readChatsOf(capture)) facts.add(chats);
  return await writeChats(capture, OF_NO_REPORT, facts.finish(), rowsAGroup);
}

const OF_NO_REPORT = { businessHours: null, isFinal: null };
