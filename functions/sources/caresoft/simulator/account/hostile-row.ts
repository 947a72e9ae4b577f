import { CHANNELS } from '../../../../chats/channel.ts';
import { share } from '../draw.ts';
import type { Stream } from '../world.ts';
import { DISTORTIONS, UNREADABLE } from './distortions.ts';
import type { SourceRow } from './wire-row.ts';

const NO_ROWS: readonly unknown[] = [null, 17, 'LBL_CHAT_STATUS_MEET', [['conversation_id', 'x']]];
const NO_ROW_PLACE = 61;

const TURNS = 2 * DISTORTIONS.length;
/** A day with more of them is not understood: so many, and one row in ten. */
const FEW = 4;

/** Every other row comes with one thing wrong, each in its turn; one row of a channel and day is none at all. */
export function distort(row: SourceRow, stream: Stream, index: number, length: number): unknown {
  if (length > 2 && index === Math.floor(share(stream.state, NO_ROW_PLACE) * length)) {
    return NO_ROWS[(stream.dayNumber + CHANNELS.indexOf(stream.channel)) % NO_ROWS.length];
  }
  const turn = (index + stream.state) % TURNS;
  const kind = turn % 2 === 0 ? DISTORTIONS[turn / 2] : undefined;
  if (kind === undefined) return row;
  // One is the row that is none.
  const isTooMany =
    UNREADABLE.includes(kind) &&
    1 + unreadableBefore(index, stream) >= Math.max(FEW, Math.floor(length / 10));
  return isTooMany ? row : kind(row, index);
}

/** How many rows before it have their turn to be unreadable. */
function unreadableBefore(index: number, { state }: Stream): number {
  return UNREADABLE.reduce((sum, kind) => {
    const first = (((2 * DISTORTIONS.indexOf(kind) - state) % TURNS) + TURNS) % TURNS;
    return sum + Math.max(0, Math.ceil((index - first) / TURNS));
  }, 0);
}
