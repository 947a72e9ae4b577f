import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../functions/capture/captures.ts';
import { openCapture, readChatsOf } from '../../functions/capture/read-chats.ts';
import { fc } from '../property.ts';
import { handMade } from '../warehouse/hand-made-capture.ts';

const MEET = 'LBL_CHAT_STATUS_MEET';
const MISS = 'LBL_CHAT_STATUS_MISS';
const chat = (id: string, changes: object = {}) => ({
  ...{ conversation_id: id, start_time: '2026-11-20 09:00:00', chat_status: MEET },
  ...changes,
});

/** The chats of a capture: of each its id, its status and its customer. */
async function chatsIn({ lake, manifest }: ReturnType<typeof handMade>) {
  const capture = await openCapture(lake, manifest);
  const pages = await Array.fromAsync(readChatsOf(capture));
  return {
    capture,
    chats: pages
      .flat()
      .map(({ conversationId, status, customerName }) => [conversationId, status, customerName]),
  };
}

/** A capture of this version, with what its pages are for. */
function captureOf(
  pages: readonly (readonly unknown[])[],
  changes: Partial<Manifest> & { superseded?: readonly (readonly number[])[] },
  uses: readonly Pick<Manifest['pages'][number], 'use' | 'slice'>[] = [],
) {
  const made = handMade(pages, { schema: 'chat-report/capture/2', ...changes });
  const told = made.manifest.pages.map((page, at) => ({ use: 'rows' as const, ...page, ...uses[at] }));
  return { ...made, manifest: { ...made.manifest, pages: told } };
}

const slice = (status: 'missed' | 'answered') => ({
  ...{ from: 0, until: 1, page: 1, size: 500, margin: 1, pass: 0, status },
});

describe('a capture is read', () => {
  test('without the rows that a later answer holds again, and without answers that were not whole', async () => {
    const pages = [[chat('a'), chat('b')], [chat('b', { chat_status: MISS })], [chat('c')]];
    const made = captureOf(pages, { superseded: [[1]], chats: 2 }, [{}, {}, { use: 'none' }]);
    const { chats, capture } = await chatsIn(made);
    expect(chats).toEqual([
      ['a', 'answered', null],
      ['b', 'missed', null],
    ]);
    expect([capture.chats, capture.pages.length]).toEqual([2, 2]);
  });

  test('with the copy that says most, whichever came first', async () => {
    const copies = [chat('a', { chat_status: MISS }), chat('a', { cus_name: 'Lan' })];
    for (const page of [copies, copies.toReversed()]) {
      const made = captureOf([page], {
        copies: [
          [
            [1, 0],
            [1, 1],
          ],
        ],
        chats: 1,
      });
      expect((await chatsIn(made)).chats).toEqual([['a', 'answered', 'Lan']]);
    }
  });

  test('with the status that CareSoft’s filter says where a row’s own word is not known', async () => {
    const [lost, open] = [chat('a', { chat_status: 'LBL_LOST' }), chat('b', { chat_status: null })];
    const made = captureOf([[lost, open, chat('c')], [lost]], { chats: 3 }, [
      {},
      { use: 'status', slice: slice('missed') },
    ]);
    expect((await chatsIn(made)).chats).toEqual([
      ['a', 'missed', null],
      ['b', 'other', null],
      ['c', 'answered', null],
    ]);
  });

  test('of an earlier version with the copy that says most, in place of the one that came last', async () => {
    const pages = [[chat('a', { cus_name: 'Lan' }), chat('b')], [chat('a', { chat_status: MISS })]];
    const { chats, capture } = await chatsIn(handMade(pages, { superseded: [[0]], chats: 2 }));
    expect(chats).toEqual([
      ['a', 'answered', 'Lan'],
      ['b', 'answered', null],
    ]);
    expect(capture.chats).toBe(2);
  });

  test('of an earlier version without a copy from its manifest alone, until its rows are wanted', async () => {
    const made = handMade([[chat('a')], [chat('b')]]);
    await openCapture(made.lake, made.manifest);
    expect(made.seen).toEqual([]);
  });

  test('each chat once, of the copies of an earlier version too, over any number of pages', async () => {
    const rows = fc.array(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(MEET, MISS)), { maxLength: 4 }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const pages = all.map((page) => page.map(([id, chat_status]) => chat(id, { chat_status })));
        const places = pages.flatMap((page, at) =>
          page.map((row, place) => ({ id: row.conversation_id, at, place })),
        );
        // The version before took the copy that came last.
        const superseded = pages.map((_page, at) =>
          places
            .filter(
              (one, number) => one.at === at && places.slice(number + 1).some(({ id }) => id === one.id),
            )
            .map(({ place }) => place),
        );
        const ids = new Set(places.map(({ id }) => id));
        const { chats } = await chatsIn(handMade(pages, { superseded, chats: ids.size }));
        const statusOf = (id: string) =>
          all.flat().some(([one, status]) => one === id && status === MEET) ? 'answered' : 'missed';
        expect(chats.map(([id, status]) => `${id} ${status}`).sort()).toEqual(
          [...ids].map((id) => `${id} ${statusOf(id)}`).sort(),
        );
      }),
    );
  });

  test('not at all where a page that decides it is not what was received', async () => {
    const made = handMade([[chat('a')], [chat('a', { chat_status: MISS })]], { superseded: [[0]], chats: 1 });
    const [first = ''] = made.objects.keys();
    made.objects.set(first, Buffer.from('altered'));
    await expect(openCapture(made.lake, made.manifest)).rejects.toMatchObject({
      name: 'DamagedCaptureError',
    });
  });
});
