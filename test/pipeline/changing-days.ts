import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import type { Recheck } from '../../functions/pipeline/recheck-days.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { type OneMachine, oneMachine } from './one-machine.ts';

/** The day that is revised, the one whose run looks at it first, and the one whose mail tells of it. */
export const REVISED = '2026-11-18';
export const LOOKER = '2026-11-19';
export const NEXT = '2026-11-20';

export interface Row {
  readonly conversation_id: string;
  readonly customer_id: number;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly waitTime: string;
  readonly chat_status: string;
  readonly cus_name?: string;
  readonly agent_email?: string | null | undefined;
}

/** Chats of which the first so many were missed; all of them have ended. */
function rowsOf(channel: Channel, day: string, chats: number, missed: number): Row[] {
  const two = (number: number) => String(number).padStart(2, '0');
  return Array.from({ length: chats }, (_, at) => {
    const time = `${two(8 + (Math.floor(at / 60) % 12))}:${two(at % 60)}`;
    return {
      conversation_id: `${channel}-${day}-${at}`,
      customer_id: 1_000 + at,
      start_time: `${day} ${time}:00`,
      end_time: `${day} ${time}:50`,
      waitTime: '00:00:20',
      chat_status: `LBL_CHAT_STATUS_${at < missed ? 'MISS' : 'MEET'}`,
    };
  });
}

/** How many chats a channel has on each day, and how many of them were missed. */
type Sizes = Readonly<Record<Channel, readonly [chats: number, missed: number]>>;

/** A day's, as few as tell all that is looked at. */
export const FEW: Sizes = { livechat: [3, 1], messenger: [12, 5], zalo: [6, 2] };

/** An ordinary day's, one channel of which fills more than a page. */
export const MANY: Sizes = { livechat: [50, 5], messenger: [520, 40], zalo: [130, 15] };

/** A run's input for a day. */
export const inputFor = (day: string, run = `run-${day}`) => ({
  run,
  day,
  since: null,
  resend: false,
  deliver: true,
});

export interface ChangingDays {
  readonly machine: OneMachine;
  /** What CareSoft says from now on of a channel on the day that is revised. */
  change(channel: Channel, change: (rows: readonly Row[]) => readonly Row[]): void;
  /** The three missed chats that become answered, and the one that arrives late. */
  reviseOvernight(): void;
  /** Everything that stands of the day, by its key. */
  standing(day?: string): Promise<Record<string, string>>;
  summaryOf(day: string): Promise<Summary>;
  textOf(day: string): Promise<string>;
  look(day: string, back: number): Promise<Recheck>;
  /** How often CareSoft was asked while something was done. */
  asked(work: () => Promise<unknown>): Promise<number>;
}

/** A machine beside a CareSoft that may change its mind. */
export async function changingDays(
  settings: Readonly<Record<string, string>> = {},
  sizes: Sizes = FEW,
  memory: Lake | null = null,
): Promise<ChangingDays> {
  const changed = new Map<Channel, readonly Row[]>();
  const drawn = (channel: Channel, day: string) => rowsOf(channel, day, ...sizes[channel]);
  const machine = await oneMachine(
    {
      rows: (channel, day) =>
        day === REVISED ? (changed.get(channel) ?? drawn(channel, day)) : drawn(channel, day),
    },
    { LOOK_BACK: '1,2', ...settings },
    undefined,
    memory,
  );
  const lake = memory ?? openFolder(machine.lake);
  const change: ChangingDays['change'] = (channel, by) => {
    changed.set(channel, by(changed.get(channel) ?? drawn(channel, REVISED)));
  };
  const read = async (key: string) => {
    const bytes = await readObject(lake, key);
    if (bytes === null) throw new Error(`there is no ${key}`);
    return bytes.toString();
  };
  return {
    machine,
    change,
    reviseOvernight() {
      change('messenger', (rows) => [
        ...rows.map((row, at) => (at < 3 ? { ...row, chat_status: 'LBL_CHAT_STATUS_MEET' } : row)),
        ...rowsOf('messenger', REVISED, rows.length + 1, 0).slice(-1),
      ]);
    },
    async standing(day = REVISED) {
      const keys = (await machine.filesOf('lake')).filter(
        (key) => key.includes(`/dt=${day}/`) && !key.startsWith('looks/'),
      );
      const files = keys.map(async (key) => [key, (await readObject(lake, key))?.toString('base64')]);
      return Object.fromEntries(await Promise.all(files));
    },
    summaryOf: async (day) => JSON.parse(await read(`reports/dt=${day}/summary.json`)),
    textOf: (day) => read(`reports/dt=${day}/report.txt`),
    look: async (day, back) => JSON.parse(await read(`looks/dt=${day}/${back}.json`)),
    async asked(work) {
      const before = machine.simulator.seen.requests;
      await work();
      return machine.simulator.seen.requests - before;
    },
  };
}

/** A day's report and tables without what tells one capture from another. */
export function figuresOf(summary: Summary) {
  const { generatedAt, firstGeneratedAt, toldAt, completeness, directoryId, ...rest } = summary;
  const found = CHANNELS.map((channel) => completeness.channels[channel]?.unique);
  return {
    ...{ ...rest, found },
    revisions: rest.revisions?.map(({ at, ...revision }) => revision),
    callbackChanges: rest.callbackChanges?.map(({ at, ...change }) => change),
  };
}
