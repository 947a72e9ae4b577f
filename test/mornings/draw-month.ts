import { addDays, type Day } from '../../functions/calendar/day.ts';
import { pick, share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';

/** Where the program runs: a laptop, where the next run heals; and on AWS, where an execution waits and tries again. */
export type Ground = 'laptop' | 'aws';

/** What befalls the run of a morning, beside what its server does. */
export type Trouble =
  | { readonly kind: 'none' | 'no run' }
  /** From that write on no file can be written any more: the run throws. */
  | { readonly kind: 'fails'; readonly fromWrite: number }
  /** The process dies at that write, of each process of the run in turn; before the write, or after it. */
  | { readonly kind: 'killed'; readonly atWrites: readonly number[]; readonly isWritten: boolean };

export interface Morning {
  /** The one that is over, and is to be reported. */
  readonly day: Day;
  readonly trouble: Trouble;
  /** On a laptop: whether a person starts it again after it was killed. */
  readonly isRunAgain: boolean;
}

/** A month of mornings, and as many quiet ones after it as its last day needs. */
export interface Month {
  readonly seed: number;
  readonly ground: Ground;
  /** Those that are judged, in order. */
  readonly days: readonly Day[];
  readonly mornings: readonly Morning[];
  /** The day of the first morning on which nothing has changed overnight, and no channel is dead. */
  readonly quietFrom: Day;
  /** So many days after it a day is asked for again, ascending. */
  readonly lookBack: readonly number[];
  /** At which hour runs are due, by the clock of the account. */
  readonly hour: number;
  readonly chatsByChannel: { readonly livechat: number; readonly messenger: number; readonly zalo: number };
  /** What the server is like all the time: honest. */
  readonly faults: readonly string[];
}

/** Mostly at six; of a run that is due in the evening a try may fall into the night. */
const HOURS = [6, 6, 6, 6, 19];

const LOOK_BACK = [1, 2, 3, 7];
/** After the last look at the last day of the month: a hole of it, and a last look that was missed, are made up. */
const MORE_MORNINGS = 3;
const FIRST_DAY = '2026-09-01';

const FAULTS = [
  [],
  [],
  ['no-status:7'],
  ['cap:10'],
  ['third-status:9'],
  ['copies'],
  ['ties'],
  ['channel-ids'],
];
const MOST_WRITES = 70;

type Draw = (aspect: number) => number;

/** @param lookBack a month of few days needs less of them */
export function drawMonth(
  seed: number,
  days: number,
  ground: Ground,
  lookBack: readonly number[] = LOOK_BACK,
): Month {
  const quiet = Math.max(...lookBack) + MORE_MORNINGS;
  const ofMonth: Draw = (aspect) => share(stir(seed, 91), aspect);
  const all = Array.from({ length: days + quiet }, (_, at) => addDays(FIRST_DAY, at));
  return {
    seed,
    ground,
    lookBack,
    days: all.slice(0, days),
    mornings: all.map((day, at) => {
      const state = stir(stir(seed, 92), at);
      const draw: Draw = (aspect) => share(state, aspect);
      // A lake has its days from its first run on.
      const isDrawn = at > 0 && at < days;
      const trouble = isDrawn ? drawTrouble(draw) : ({ kind: 'none' } as const);
      return { day, trouble, isRunAgain: draw(9) < 0.5 };
    }),
    quietFrom: addDays(FIRST_DAY, days + 1),
    hour: pick(HOURS, ofMonth(5)),
    chatsByChannel: {
      livechat: Math.floor(ofMonth(1) * 6),
      messenger: 6 + Math.floor(ofMonth(2) * 20),
      zalo: Math.floor(ofMonth(3) * 9),
    },
    faults: pick(FAULTS, ofMonth(4)),
  };
}

function drawTrouble(draw: Draw): Trouble {
  const kind = draw(1);
  if (kind < 0.08) return { kind: 'no run' };
  if (kind < 0.14) return { kind: 'fails', fromWrite: Math.floor(draw(2) * MOST_WRITES) };
  if (kind >= 0.3) return { kind: 'none' };
  const deaths = 1 + Math.floor(draw(3) * 2.5);
  return {
    kind: 'killed',
    atWrites: Array.from({ length: deaths }, (_, at) => Math.floor(draw(4 + at) ** 1.5 * MOST_WRITES)),
    isWritten: draw(8) < 0.5,
  };
}
