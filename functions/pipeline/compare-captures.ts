import { openCapture, readChatsOf } from '../capture/open-capture.ts';
import type { Joined } from '../chat/joined-people.ts';
import { People } from '../chat/people.ts';
import { CallbackTally } from '../measure/callbacks.ts';
import { findCallbackChanges, findRevisions, type TalliedCapture } from '../measure/revisions.ts';
import type { Summary } from '../measure/summary.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import type { Manifest } from '../storage/manifest.ts';

/**
 * What turned out otherwise from one proven capture of a day to the next. It is counted from raw, by one rule for all:
 * earlier versions of the program chose other copies. Where all captures of each channel have the same rows, nothing is
 * read.
 *
 * @param channels the captures of each channel that answer one question, the earliest first
 */
export async function compareCaptures(
  channels: readonly (readonly Manifest[])[],
  contacts: Summary['contacts'],
  lake: Pick<Lake, 'get'>,
): Promise<Pick<Summary, 'callbackChanges'> & Required<Pick<Summary, 'revisions'>>> {
  const alike = channels.map(groupAlike);
  if (alike.every((groups) => groups.length < 2)) return { revisions: [] };
  const people = new People();
  const tallied: TalliedCapture[][] = [];
  for (const groups of alike) {
    const ofChannel: TalliedCapture[] = [];
    for (const group of groups) {
      const one = await tallyOne(group, people, lake);
      // What came before the first that can be read is taken to have been the same.
      const from = ofChannel.length === 0 ? groups[0]?.[0]?.endedAt : one?.endedAt;
      if (one && from) ofChannel.push({ ...one, endedAt: from });
    }
    tallied.push(ofChannel);
  }
  // Of a day whose channel can no longer be read no one is told to be called.
  const isWhole = tallied.every((captures) => captures.length > 0);
  const changes = isWhole ? findCallbackChanges(tallied, joinAll(people, tallied), contacts) : [];
  return {
    revisions: findRevisions(tallied),
    ...(changes.length > 0 && { callbackChanges: changes }),
  };
}

/** Who is one person in all captures together is one in each: else it would change who is to be called. */
function joinAll(people: People, tallied: readonly (readonly TalliedCapture[])[]): Joined {
  const joined = people.join();
  for (const { callbacks } of tallied.flat()) callbacks.join(joined);
  return joined;
}

/** Captures in a row with the same rows, which come to the same. */
function groupAlike(captures: readonly Manifest[]): Manifest[][] {
  const groups: Manifest[][] = [];
  for (const capture of captures) {
    const last = groups.at(-1);
    if (last?.[0]?.fingerprint === capture.fingerprint) last.push(capture);
    else groups.push([capture]);
  }
  return groups;
}

/** The first of them that can be read. @returns null where none can: what stands now does not hang on what was before */
async function tallyOne(
  captures: readonly Manifest[],
  people: People,
  lake: Pick<Lake, 'get'>,
): Promise<TalliedCapture | null> {
  for (const capture of captures) {
    try {
      return await tally(capture, people, lake);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
    }
  }
  return null;
}

async function tally(manifest: Manifest, people: People, lake: Pick<Lake, 'get'>): Promise<TalliedCapture> {
  const { channel, endedAt } = manifest;
  const counts = { chats: 0, answered: 0, missed: 0, other: 0 };
  const callbacks = new CallbackTally();
  for await (const chats of readChatsOf(await openCapture(lake, manifest))) {
    counts.chats += chats.length;
    for (const chat of chats) {
      counts[chat.status] += 1;
      callbacks.add(chat, people.add(chat));
    }
  }
  return { channel, endedAt, counts, callbacks };
}
