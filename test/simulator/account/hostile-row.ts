import { CHANNELS } from '../../../functions/chat/channel.ts';
import { share } from '../draw.ts';
import type { Stream } from '../world.ts';
import { DISTORTIONS } from './distortions.ts';
import type { WireRow } from './wire-row.ts';

const NO_ROWS: readonly unknown[] = [null, 17, 'LBL_CHAT_STATUS_MEET', [['conversation_id', 'x']]];
const NO_ROW_PLACE = 61;

/** Every other row comes with one thing wrong, each in its turn; one row of a channel and day is none at all. */
export function distort(row: WireRow, stream: Stream, index: number, length: number): unknown {
  if (length > 2 && index === Math.floor(share(stream.state, NO_ROW_PLACE) * length)) {
    return NO_ROWS[(stream.dayNumber + CHANNELS.indexOf(stream.channel)) % NO_ROWS.length];
  }
  const turn = (index + stream.state) % (2 * DISTORTIONS.length);
  return turn % 2 === 0 ? (DISTORTIONS[turn / 2]?.(row, index) ?? row) : row;
}
