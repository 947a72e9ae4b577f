import pLimit from 'p-limit';
import type { ReportReader } from '../../pipeline/report-reader.ts';
import { countsByHourOf, type Digest } from '../../report/digest.ts';
import type { Day } from '../../time/report-day.ts';
import { DAYS_A_WEEK, weekdayOf } from './month.ts';

/** Digests of earlier versions do not tell the hours: so many of the newest are looked up where they do. */
const MOST_LOOKED_UP = 56;
const AT_ONCE = 8;
const HOURS = 24;

type CountsByHour = NonNullable<Digest['countsByHour']>;

/** An hour of a weekday, over some weeks. */
export interface WeekHour {
  readonly chats: number;
  readonly answered: number;
  readonly missed: number;
}

export interface WeekHours {
  /** From the first hour that has a chat to the last; none where none has. Of each its weekdays, from Monday. */
  readonly rows: readonly { readonly hour: number; readonly cells: readonly WeekHour[] }[];
  /** How many days each weekday is of. */
  readonly days: readonly number[];
}

/** When customers write and are missed: the hours of the days, by the days of the week. @param digests of days that have a rate */
export async function readWeekHours(reports: ReportReader, digests: readonly Digest[]): Promise<WeekHours> {
  const silent = digests.filter(({ countsByHour }) => countsByHour === undefined).map(({ day }) => day);
  const lookedUp = await lookUp(reports, silent.toSorted().slice(-MOST_LOOKED_UP));
  return addUpHours(
    digests.flatMap(({ day, countsByHour = lookedUp.get(day) }) =>
      countsByHour === undefined ? [] : [{ day, counts: countsByHour }],
    ),
  );
}

async function lookUp(reports: ReportReader, days: readonly Day[]): Promise<Map<Day, CountsByHour>> {
  const found = await pLimit(AT_ONCE).map(days, async (day) => {
    const summary = await reports.read({ day });
    // The rest of it, customers above all, is let go of at once.
    return summary && ([day, countsByHourOf(summary)] as const);
  });
  return new Map(found.filter((one) => one !== null));
}

function addUpHours(all: readonly { readonly day: Day; readonly counts: CountsByHour }[]): WeekHours {
  const ofWeekday = Array.from({ length: DAYS_A_WEEK }, (_, weekday) =>
    all.filter(({ day }) => weekdayOf(day) === weekday).map(({ counts }) => counts),
  );
  const rows = Array.from({ length: HOURS }, (_, hour) => ({
    hour,
    cells: ofWeekday.map((days) => {
      const sum = (id: keyof WeekHour): number =>
        days.reduce((total, counts) => total + (counts[id][hour] ?? 0), 0);
      return { chats: sum('chats'), answered: sum('answered'), missed: sum('missed') };
    }),
  }));
  const hasChats = ({ cells }: (typeof rows)[number]): boolean => cells.some(({ chats }) => chats > 0);
  return {
    rows: rows.slice(Math.max(0, rows.findIndex(hasChats)), rows.findLastIndex(hasChats) + 1),
    days: ofWeekday.map(({ length }) => length),
  };
}
