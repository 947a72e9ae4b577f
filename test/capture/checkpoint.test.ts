import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../functions/calendar/clock.system.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { captureChannel } from '../../functions/capture/capture-channel.ts';
import type { CaptureRequest } from '../../functions/capture/capture-once.ts';
import { findCaptures, labelOf } from '../../functions/capture/captures.ts';
import { CaptureCheckpoint } from '../../functions/capture/checkpoint.ts';
import { openLog } from '../../functions/observability/log.ts';
import { DIALECT, withPage } from '../../functions/sources/caresoft/dialect.ts';
import type { ChatSource, ChatsAnswer, Slice } from '../../functions/sources/source.ts';
import { readObject } from '../../functions/storage/object-store.ts';
import { handClock } from '../hand-clock.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { DAY, modelServer, rowAt, SPAN } from './model-server.ts';

const SOURCE = 'https://api.caresoft.vn/demo';
const request: CaptureRequest = {
  ...{ day: DAY, channel: 'zalo', source: SOURCE, since: null },
  filters: { chatType: 'all', groups: [], services: [], assignees: [] },
  reading: { dialect: DIALECT, zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' },
};
const question = { source: SOURCE, query: 'q', timeZone: 'Asia/Ho_Chi_Minh', clock: 'local' } as const;
const place = { day: DAY, channel: 'zalo', captureId: '20261121T000000000Z-abcdef' } as const;
const slice = { span: SPAN, page: 1, size: 500, pass: 0 } as const;
const always = () => true;

function answerOf(params: string, rows: readonly unknown[]): ChatsAnswer {
  const body = Buffer.from(JSON.stringify({ code: 'ok', numFound: rows.length, chats: rows }));
  const at = '2026-11-21T00:00:00.000Z';
  return { params, status: 200, body, rows, numFound: rows.length, askedAt: at, answeredAt: at };
}

describe('answers that were kept', () => {
  test('are found again with all that was known of them, and say what was answered', async () => {
    const lake = memoryLake();
    const kept = new CaptureCheckpoint(lake, place, question);
    const rows = [{ conversation_id: 'a' }];
    await kept.store({ ...slice, status: 'missed' }, 1, answerOf('p=1', rows));
    await kept.store({ ...slice, page: 2, size: 40, pass: 1 }, 0, answerOf('p=2', []));
    const found = await CaptureCheckpoint.find(lake, place, question, always);
    expect(found?.answers).toEqual(kept.answers);
    expect(found?.place).toEqual(place);
    expect(await found?.latest({ ...slice, status: 'missed' }, 1)).toEqual({ file: 1, numFound: 1, rows });
    expect(await found?.latest({ ...slice, page: 2, size: 40, pass: 1 }, 0)).toMatchObject({ file: 2 });
    // Another status, page, pass or margin is another question.
    for (const other of [{}, { status: 'answered' as const }, { status: 'missed' as const, page: 2 }]) {
      expect(await found?.latest({ ...slice, ...other }, 1)).toBeNull();
    }
    expect(await found?.latest({ ...slice, status: 'missed' }, 0)).toBeNull();
    expect(await found?.latest({ ...slice, status: 'missed', pass: 1 }, 1)).toBeNull();
    // The next one takes the next number.
    expect(await found?.store(slice, 1, answerOf('p=3', []))).toMatchObject({ file: 3 });
  });

  test('are none to another question, and where a manifest says that the capture came to its end', async () => {
    const lake = memoryLake();
    await new CaptureCheckpoint(lake, place, question).store(slice, 1, answerOf('p=1', []));
    expect(await CaptureCheckpoint.find(lake, place, { ...question, query: 'other' }, always)).toBeNull();
    expect(await CaptureCheckpoint.find(lake, place, question, () => false)).toBeNull();
    // The account may be asked at another host.
    const moved = { ...question, source: 'http://127.0.0.1:8080/demo' };
    expect(await CaptureCheckpoint.find(lake, place, moved, always)).not.toBeNull();
    await lake.put(
      `raw/chats/dt=${DAY}/channel=zalo/capture=${place.captureId}/manifest.json`,
      Buffer.from('{}'),
    );
    expect(await CaptureCheckpoint.find(lake, place, question, always)).toBeNull();
  });

  test('that are cut short, altered or of an earlier version are passed over, and not written over', async () => {
    const lake = memoryLake();
    const kept = new CaptureCheckpoint(lake, place, question);
    for (const params of ['p=1', 'p=2', 'p=3']) await kept.store(slice, 1, answerOf(params, [{ params }]));
    const keyOf = (file: number) =>
      `raw/chats/dt=${DAY}/channel=zalo/capture=${place.captureId}/page-000${file}.json.gz`;
    await lake.put(keyOf(2), Buffer.from('cut short'));
    await lake.put(keyOf(4), Buffer.from(''));
    const found = await CaptureCheckpoint.find(lake, place, question, always);
    expect(found?.answers.map(({ params }) => params)).toEqual(['p=1', 'p=3']);
    expect(await found?.store(slice, 1, answerOf('p=2', []))).toMatchObject({ file: 5 });
  });

  test('are never written over by another process that keeps answers of the same capture', async () => {
    const lake = memoryLake();
    const [one, other] = [
      new CaptureCheckpoint(lake, place, question),
      new CaptureCheckpoint(lake, place, question),
    ];
    await one.store(slice, 1, answerOf('p=1', []));
    await expect(other.store(slice, 1, answerOf('p=2', []))).rejects.toThrow('is another answer already');
  });
});

describe('a capture that is killed after any answer', () => {
  const rows = Array.from({ length: 130 }, (_, number) => rowAt(28_800 + number * 240, number));

  /** CareSoft over a model; from the given answer on the process is as good as dead. */
  function sourceOf(server: ReturnType<typeof modelServer>, dieAfter = Number.POSITIVE_INFINITY) {
    const asked: string[] = [];
    const spanOf = ({ window }: Slice) => ({ from: window.since + 1, until: window.to });
    const source: ChatSource = {
      count: async (of) => (await server.ports.count(spanOf(of), of.status)) ?? 0,
      async answer(of, page) {
        if (asked.length >= dieAfter) throw new Error('the process died');
        const params = withPage(of, page).toString();
        asked.push(params);
        const found = await server.ports.ask({ ...page, span: spanOf(of), status: of.status, pass: 0 }, true);
        return { ...answerOf(params, found.rows), numFound: found.numFound, body: bodyOf(found) };
      },
      names: () => Promise.reject(new Error('no names are asked for')),
    };
    return { asked, source };
  }
  const bodyOf = ({ rows: chats, numFound }: { rows: readonly unknown[]; numFound: number }) =>
    Buffer.from(JSON.stringify({ code: 'ok', numFound, chats }));

  const capture = (lake: ReturnType<typeof memoryLake>, chatSource: ChatSource) =>
    captureChannel(request, {
      lake,
      chatSource,
      clock: { ...handClock(), now: () => Date.parse('2026-11-21T00:10:00Z') },
      random: systemRandom,
      log: openLog(() => {}),
    });

  test('asks nothing twice, and ends the same', async () => {
    const calm = sourceOf(modelServer(rows, { cap: 40 }));
    const { captureId: ofCalm, ...expected } =
      (await capture(memoryLake(), calm.source)) ?? expect.unreachable();
    expect(ofCalm).not.toBeNull();
    expect(expected).toMatchObject({ verdict: 'proven', rows: 130 });
    expect(calm.asked.length).toBeGreaterThan(4);
    for (let kill = 1; kill < calm.asked.length; kill += 1) {
      const lake = memoryLake();
      const server = modelServer(rows, { cap: 40 });
      const dying = sourceOf(server, kill);
      await expect(capture(lake, dying.source)).rejects.toThrow('the process died');
      const kept = await keptIn(lake);
      const again = sourceOf(server);
      const { captureId, ...found } = (await capture(lake, again.source)) ?? expect.unreachable();
      expect(found).toEqual(expected);
      // It is the same capture, gone on with.
      expect((await Array.fromAsync(lake.list('raw/'))).every((key) => key.includes(String(captureId)))).toBe(
        true,
      );
      expect(again.asked.filter((params) => kept.includes(params))).toEqual([]);
      expect(await Array.fromAsync(findCaptures(lake, DAY, 'zalo'))).toHaveLength(1);
    }
  });

  async function keptIn(lake: ReturnType<typeof memoryLake>): Promise<string[]> {
    const keys = await Array.fromAsync(lake.list('raw/'));
    const labels = await Promise.all(
      keys.map(async (key) => labelOf((await readObject(lake, key)) ?? new Uint8Array())),
    );
    return labels.map((label) => new URLSearchParams(label ?? '').get('params') ?? '');
  }
});
