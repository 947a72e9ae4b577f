import { openCapture, readChatsOf } from '../capture/open-capture.ts';
import { readOpenChats } from '../capture/open-chats.ts';
import type { Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import type { Callback } from '../measure/summary.ts';
import type { Waiting, WaitingCapture } from '../measure/waiting.ts';
import { type ChatsToFollow, findWhoWaits } from '../measure/who-waits.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import { findDirectory, readNames } from '../storage/directory.ts';
import type { Lake } from '../storage/lake.ts';
import { manifests } from '../storage/manifest.ts';
import { openManifests } from '../storage/open-manifest.ts';

type Read = Pick<Lake, 'get' | 'list'>;

/** What a list of who waits is made of. */
export type WaitingBasis = Omit<Waiting, 'waiting' | 'answered' | 'schema'>;

/**
 * Who waits, from captures and names that lie in the lake and nothing else: made twice, it is the same to the byte.
 *
 * @param callbacks of the day's own report
 * @throws DamagedCaptureError when a capture cannot be read
 */
export async function makeWaiting(
  basis: WaitingBasis,
  callbacks: readonly Callback[],
  lake: Read,
): Promise<Waiting> {
  const { day, asOf, captures, open } = basis;
  const found = await findWhoWaits(
    [
      ...captures.map((capture) => toFollow(capture, capture.day <= day, lake)),
      ...open.captures.map((capture) => openToFollow(capture, lake)),
    ],
    {
      ...basis,
      callbacks,
      asOf: Date.parse(basis.readAt ?? asOf),
      agentNames: await readAgentNames(basis, lake),
    },
  );
  return { schema: 'chat-report/waiting/1', ...basis, ...found };
}

/** As they were when the day was captured. */
async function readAgentNames(
  { day, captures }: WaitingBasis,
  lake: Read,
): Promise<ReadonlyMap<string, string>> {
  const own = captures.find((capture) => capture.day === day);
  const manifest = own ? await manifests.read(lake, own) : null;
  const directory = manifest && (await findDirectory(lake, day, manifest.source));
  return (await readNames(lake, directory)).agents;
}

/** Those of the captures that can be read to their end. */
export async function readableOf(captures: readonly WaitingCapture[], lake: Read): Promise<WaitingCapture[]> {
  const readable: WaitingCapture[] = [];
  for (const capture of captures) {
    try {
      for await (const _page of toFollow(capture, false, lake).read());
      readable.push(capture);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
    }
  }
  return readable;
}

function toFollow(capture: WaitingCapture, areFollowed: boolean, lake: Read): ChatsToFollow {
  const { channel } = capture;
  return {
    areFollowed,
    async *read(): AsyncGenerator<readonly Chat[]> {
      const manifest = await manifests.read(lake, capture);
      if (manifest === null) throw gone(capture.captureId, channel);
      yield* readChatsOf(await openCapture(lake, manifest));
    },
  };
}

function openToFollow(capture: WaitingCapture, lake: Read): ChatsToFollow {
  const { channel } = capture;
  return {
    areFollowed: false,
    async *read(): AsyncGenerator<readonly Chat[]> {
      const manifest = await openManifests.read(lake, capture);
      if (manifest === null) throw gone(capture.captureId, channel);
      yield await readOpenChats(lake, manifest);
    },
  };
}

function gone(captureId: string, channel: Channel): DamagedCaptureError {
  return new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
}
