import { addDays } from '../../functions/calendar/day.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { plantedRows } from '../erasure/planted.ts';

const MISSED = 'LBL_CHAT_STATUS_MISS';
const ANSWERED = 'LBL_CHAT_STATUS_MEET';

type Rows = readonly unknown[];

export interface StoryRows {
  of(channel: Channel, day: string): Rows;
  /** Of the missed chats of that day the first so many were answered after all, and one more arrives late. */
  restate(channel: Channel, day: string, answered: number): void;
}

/** So many that callbacks, agents and landing pages have something to tell, and no more: each is read many times. */
const CHATS = { livechat: 20, messenger: 45, zalo: 30 };

/** The day of which ids stand twice, some of them otherwise. */
const TWICE = '2026-11-17';

/**
 * What CareSoft has: Thursday and Friday as hostile as the simulator draws them, with a person's rows among theirs, and
 * other days as they are drawn. Of those who were missed every third is back the next day.
 */
export async function storyRows(): Promise<StoryRows> {
  const planted = await plantedRows(60);
  const plain = await startSimulator({ seed: 14, chatsByChannel: CHATS });
  const repeating = await startSimulator({
    seed: 14,
    chatsByChannel: { ...CHATS, messenger: 100 },
    faults: [parseFault('repeat-ids')],
  });
  await plain.close();
  await repeating.close();

  const known = new Map<string, Rows>();
  const base = (channel: Channel, day: string): Rows => {
    const hostile = planted(channel, day);
    if (hostile.length > 0) return hostile;
    return (day === TWICE ? repeating : plain).rows(channel, day);
  };
  const of = (channel: Channel, day: string): Rows => {
    const key = `${channel} ${day}`;
    const before = addDays(day, -1);
    const rows = known.get(key) ?? [...base(channel, day), ...comeBack(base(channel, before), before, day)];
    known.set(key, rows);
    return rows;
  };
  return {
    of,
    restate(channel, day, answered) {
      const rows = of(channel, day);
      const missed = rows.filter((row) => isRow(row) && row.chat_status === MISSED);
      const restated = rows.map((row) =>
        missed.slice(0, answered).includes(row) ? { ...Object(row), chat_status: ANSWERED } : row,
      );
      const late = { ...Object(missed.at(-1)), conversation_id: `${day}-late`, ticket_id: 14, ticket_no: 14 };
      known.set(`${channel} ${day}`, [...restated, late]);
    },
  };
}

/** The same customers a day later; every other one of them is answered then. */
function comeBack(rows: Rows, from: string, to: string): Rows {
  const missed = rows.filter((row) => isRow(row) && row.chat_status === MISSED);
  return missed
    .filter((_row, place) => place % 3 === 0)
    .map((row, place) => {
      const later = Object.entries(Object(row)).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll(from, to) : value,
      ]);
      const chat_status = place % 2 === 0 ? ANSWERED : MISSED;
      const ids = {
        conversation_id: `${to}-back-${place}`,
        ticket_id: 1_400 + place,
        ticket_no: 1_400 + place,
      };
      return { ...Object.fromEntries(later), ...ids, chat_status };
    });
}

function isRow(row: unknown): row is Readonly<Record<string, unknown>> {
  return typeof row === 'object' && row !== null;
}
