import {
  addDays,
  countDays,
  type Day,
  dayAt,
  daysFrom,
  FIRST_DAY,
  isDay,
} from '../functions/calendar/day.ts';
import type { Channel } from '../functions/chats/channel.ts';
import { type SettingName, type SettingProblem, settingsSchema } from '../functions/config/settings.ts';
import { type Environment, readVariables } from '../functions/config/variables.ts';
import { errorCodeOf } from '../functions/observability/redact.ts';

/** How the options are read that several commands have, and what is wrong with them. */

/** The folder for mails without `--outbox`. */
export const DEFAULT_OUTBOX = 'out/outbox';

/** The options that replace a setting. */
export interface SettingFlags {
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
  readonly lookBack?: string | undefined;
}

const REPLACED: readonly { readonly setting: SettingName; readonly flag: keyof SettingFlags }[] = [
  { setting: 'LAKE_URI', flag: 'lake' },
  { setting: 'LOCALE', flag: 'locale' },
  { setting: 'LOOK_BACK', flag: 'lookBack' },
];

/** The settings of one call. */
export interface GivenSettings {
  /** The environment, with the values of options in it. */
  readonly environment: Environment;
  /** The name by which the user gave the lake: `LAKE_URI` or `--lake`. */
  readonly lakeName: string;
  /** Whether an option or the environment gives the setting. */
  isSet(setting: SettingName): boolean;
  /** The option that gives the setting; undefined where none does. */
  optionFor(setting: string): string | undefined;
  /** Names each setting as the user did. */
  rename(problems: readonly SettingProblem[]): SettingProblem[];
}

/** Puts options in place of the settings that they replace. */
export function withOptions(environment: Environment, flags: SettingFlags): GivenSettings {
  const given = REPLACED.filter(({ flag }) => flags[flag] !== undefined);
  const values = given.map(({ setting, flag }) => [setting, flags[flag]] as const);
  const names = new Map<string, string>(given.map(({ setting, flag }) => [setting, toOption(flag)]));
  return {
    environment: { ...environment, ...Object.fromEntries(values) },
    lakeName: names.get('LAKE_URI') ?? 'LAKE_URI',
    isSet: (setting) => names.has(setting) || (environment[setting] ?? '').trim() !== '',
    optionFor: (setting) => names.get(setting),
    rename: (problems) => problems.map(({ of, says }) => ({ of: names.get(of) ?? of, says })),
  };
}

/** `lookBack` is `--look-back`. */
function toOption(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A whole number from 0. What it holds means nothing where there are problems. */
export function readNumber(
  of: string,
  text: string,
  most: number,
): { readonly value: number; readonly problems: SettingProblem[] } {
  const value = Number(text);
  const isRight = /^\d{1,10}$/.test(text) && value <= most;
  const says = `is "${text}"; write a whole number from 0 to ${most}`;
  return { value, problems: isRight ? [] : [{ of, says }] };
}

/** Why a port cannot be listened on, after its number. */
export function explainPort(error: unknown): string {
  const code = errorCodeOf(error) ?? 'unknown';
  const why = code === 'EADDRINUSE' ? 'another program does' : code;
  return `cannot be listened on (${why}); give another port, or 0 for any free one`;
}

const channelsSchema = settingsSchema.pick({ CHANNELS: true });

/**
 * The channels of `--channels`. They do not replace the setting: a report of all channels of the account is the day's own,
 * and one of some channels stands beside it.
 *
 * @returns null for all channels
 */
export function readChannels(text: string | undefined): {
  readonly channels: readonly Channel[] | null;
  readonly problems: SettingProblem[];
} {
  if (text === undefined) return { channels: null, problems: [] };
  const read = readVariables(channelsSchema, { CHANNELS: text });
  if ('values' in read) return { channels: read.values.CHANNELS, problems: [] };
  return { channels: null, problems: read.problems.map(({ says }) => ({ of: '--channels', says })) };
}

export interface DayFlags {
  readonly day?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Ten years. A longer range is a slip in a year. */
const MOST_DAYS = 3_660;

/**
 * The days asked for, oldest first: yesterday by default. Only days that are over can be reported.
 *
 * @param zoneName null where the time zone is wrong; the settings report that
 * @returns no days where there are problems
 */
export function readDays(
  flags: DayFlags,
  now: number,
  zoneName: string | null,
): { days: Day[]; problems: SettingProblem[] } {
  // Without a zone it is unknown which days are over.
  const today = zoneName === null ? '9999-12-31' : dayAt(now, zoneName);
  const [day, from, to] = [flags.day, flags.from, flags.to].map((text) =>
    text?.toLowerCase() === 'yesterday' ? addDays(today, -1) : text?.toLowerCase() === 'today' ? today : text,
  );
  const problems = [
    ...Object.entries({ day, from, to }).flatMap(([name, text]) =>
      checkDay(`--${name}`, text, today, zoneName),
    ),
    ...checkTogether({ day, from, to }),
  ];
  if (problems.length > 0) return { days: [], problems };
  const one = day ?? addDays(today, -1);
  return { days: daysFrom(from ?? one, to ?? one), problems };
}

/** One day, or the number of days with the first and the last. @param days at least one */
export function describeDays(days: readonly Day[]): string {
  const [first = '', last = ''] = [days.at(0), days.at(-1)];
  return days.length === 1 ? first : `${days.length} days, ${first} to ${last},`;
}

function checkDay(
  of: string,
  text: string | undefined,
  today: Day,
  zoneName: string | null,
): SettingProblem[] {
  if (text === undefined) return [];
  if (!isDay(text)) {
    const meant = meantDay(text);
    const such =
      meant === null ? 'write a day of the calendar, such as 2026-11-21, or yesterday' : `write ${meant}`;
    return [{ of, says: `is "${text}"; ${such}` }];
  }
  if (text < FIRST_DAY) return [{ of, says: `is ${text}, which is before ${FIRST_DAY}` }];
  return text < today ? [] : [{ of, says: `is ${text}, which is not yet over in ${zoneName}` }];
}

/** A day in another order, as in Việt Nam, or with single digits. @returns null where it is no day */
function meantDay(text: string): Day | null {
  const [, y1, m1 = '', d1 = ''] = /^(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:T.*)?$/.exec(text) ?? [];
  const [, d2 = '', m2 = '', y2] = /^(\d\d?)[-/.](\d\d?)[-/.](\d{4})$/.exec(text) ?? [];
  const [, y3, m3 = '', d3 = ''] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  const [year = '', month = '', day = ''] =
    [
      [y1, m1, d1],
      [y2, m2, d2],
      [y3, m3, d3],
    ].find(([found]) => found !== undefined) ?? [];
  const meant = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(meant) ? meant : null;
}

function checkTogether({ day, from, to }: DayFlags): SettingProblem[] {
  if (day !== undefined && (from ?? to) !== undefined) {
    return [{ of: '--day', says: 'cannot stand beside --from and --to; leave one out' }];
  }
  if ((from === undefined) !== (to === undefined))
    return [{ of: '--from, --to', says: 'go together; give both, or --day' }];
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) return [];
  if (from > to) return [{ of: '--from', says: `is ${from}, which is after --to ${to}` }];
  if (from < FIRST_DAY || countDays(from, to) <= MOST_DAYS) return [];
  const says = `is ${from}, more than ${MOST_DAYS} days before --to ${to}; ask for them in parts`;
  return [{ of: '--from', says }];
}
