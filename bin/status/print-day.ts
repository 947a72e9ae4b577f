import { dayAt } from '../../functions/calendar/day.ts';
import { type Channel, inChannelOrder } from '../../functions/chats/channel.ts';
import { type TableRow, type TextColumn, toTable, wrap } from '../table.ts';
import type { DayDetails, RecheckStatus } from './one-day.ts';
import type { StatusMoment } from './runs.ts';
import {
  counted,
  describeRuns,
  describeTrouble,
  describeWaiting,
  NOTHING,
  named,
  STATES,
  toClock,
  toCount,
  toRate,
} from './words.ts';

/** All of one day, a section for each subject. */

/** @param lakeUri stands before the keys of files */
export function describeDetails(day: DayDetails, lakeUri: string, moment: StatusMoment): string {
  const today = dayAt(moment.now, moment.timeZone);
  return [
    ['', describeHead(day, moment)],
    ['Channels', describeChannels(day)],
    ['Captures', describeCaptures(day, moment)],
    ['Rechecks', describeRechecks(day, moment)],
    ['Other counts at a later look', describeRevisions(day, moment)],
    ['Changes of its rows', describeChanges(day, moment)],
    ['Mails', describeMails(day, moment)],
    ['Files', describeFiles(day, lakeUri)],
    ['Runs', describeRuns(day.runs, today, moment)],
    ['What to do', describeNext(day, moment)],
  ]
    .filter(([, text]) => text !== '')
    .map(([title, text]) => (title === '' ? text : `${title}\n\n${text}`))
    .join('\n');
}

function describeHead(day: DayDetails, moment: StatusMoment): string {
  const missing = day.state === 'partial' ? `, without ${named(day.missing)}` : '';
  const { waiting } = day;
  const lines = [
    ...describeFigures(day),
    ...(waiting === null ? [] : [`${describeWaiting(waiting, moment)}.`]),
    ...describeReading(day, moment),
    ...describeFinality(day),
  ].map((line) => wrap(line));
  return `${[`${day.day}  ${STATES[day.state]}${missing}`, ...lines].join('\n')}\n`;
}

function describeFigures({ figures, callbacks }: DayDetails): string[] {
  if (figures === null) return [];
  const { chats, answered, missed, other, missedRate } = figures;
  const kinds = `${toCount(answered)} answered, ${toCount(missed)} missed (${toRate(missedRate)}), ${toCount(other)} other`;
  const called = callbacks === null ? '' : ` ${counted(callbacks, 'customer', 'customers')} to call back.`;
  return [`${counted(chats, 'chat', 'chats')}: ${kinds}.${called}`];
}

function describeReading(
  { generatedAt, firstGeneratedAt, definitions }: DayDetails,
  moment: StatusMoment,
): string[] {
  if (generatedAt === null) return [];
  const first =
    firstGeneratedAt === null || firstGeneratedAt === generatedAt
      ? ''
      : `, first until ${toClock(firstGeneratedAt, moment)}`;
  return [`Read until ${toClock(generatedAt, moment)}${first}. Counted by definitions ${definitions}.`];
}

function describeFinality({ finality, nextRecheckOn }: DayDetails): string[] {
  if (finality === 'final') return ['Final: no run asks for it again by itself.'];
  return nextRecheckOn === null ? [] : [`Provisional: the run of ${nextRecheckOn} asks for it again.`];
}

const CHANNEL_COLUMNS: readonly TextColumn[] = [
  { title: 'channel' },
  { title: 'state' },
  { title: 'counted', align: 'right' },
  { title: 'rows', align: 'right' },
  { title: 'unique', align: 'right' },
  { title: 'twice', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'outside', align: 'right' },
  { title: 'chats', align: 'right' },
];

function describeChannels({ channels }: DayDetails): string {
  const rows = channels.map((one) => ({
    cells: [
      one.channel,
      one.verdict === 'proven' ? 'proven' : 'NOT proven',
      toCount(one.counted.after ?? one.counted.before),
      ...[one.rows, one.unique, one.duplicates, one.rejected, one.outsideDay, one.chats].map(toCount),
    ],
    notes: one.reason === null ? [] : [[one.reason, one.detail].filter(Boolean).join(': ')],
  }));
  return toTable(CHANNEL_COLUMNS, rows);
}

const CAPTURE_COLUMNS: readonly TextColumn[] = [
  { title: 'id' },
  { title: 'channel' },
  { title: 'ended' },
  { title: 'rows', align: 'right' },
  { title: 'state' },
];

function describeCaptures({ captures }: DayDetails, moment: StatusMoment): string {
  const rows = captures.map(({ id, channel, verdict, reason, endedAt, rows: count, isInReport }) => ({
    cells: [
      id,
      channel,
      endedAt === null ? NOTHING : toClock(endedAt, moment),
      toCount(count),
      `${verdict}${isInReport ? ', used' : ''}`,
    ],
    notes: reason === null ? [] : [reason],
  }));
  return toTable(CAPTURE_COLUMNS, rows);
}

const RECHECK_COLUMNS: readonly TextColumn[] = [
  { title: 'days after', align: 'right' },
  { title: 'morning' },
  { title: 'result' },
];

function describeRechecks({ rechecks }: DayDetails, moment: StatusMoment): string {
  const rows = rechecks.map((recheck) => ({
    cells: [String(recheck.back), recheck.on, describeResult(recheck, moment)],
  }));
  return toTable(RECHECK_COLUMNS, rows);
}

const RESULTS = {
  due: 'to come',
  'not-needed': 'not needed: the day was read later',
  'not-made': 'not made',
} as const satisfies Record<Exclude<RecheckStatus['state'], 'made'>, string>;

function describeResult({ state, at, channels }: RecheckStatus, moment: StatusMoment): string {
  if (state !== 'made') return RESULTS[state];
  const all = inChannelOrder(channels);
  const changed = all.filter(([, one]) => one.changed).map(([channel]) => channel);
  const read = all.filter(([, one]) => one.read).map(([channel]) => channel);
  const what = changed.length === 0 ? 'nothing changed' : `${named(changed)} changed`;
  const how = read.length === 0 ? 'counts alone' : `${named(read)} read whole`;
  return `${at === null ? '' : `${toClock(at, moment)}  `}${what} (${how})`;
}

function describeRevisions({ revisions }: DayDetails, moment: StatusMoment): string {
  const columns = [{ title: 'when' }, { title: 'channel' }, { title: 'chats' }, { title: 'missed' }];
  const rows = revisions.map(({ at, channel, was, is }) => ({
    cells: [toClock(at, moment), channel, difference(was.chats, is.chats), difference(was.missed, is.missed)],
  }));
  return toTable(columns, rows);
}

function difference(was: number, is: number): string {
  return was === is ? toCount(is) : `${toCount(was)} → ${toCount(is)}`;
}

function describeChanges({ changes: { count, latest } }: DayDetails, moment: StatusMoment): string {
  const rows = latest.map(({ at, kind, channels }): TableRow => {
    const counts = inChannelOrder(channels).flatMap(([channel, { was, is }]) =>
      describeCounts(channel, was?.chats ?? null, is?.chats ?? null),
    );
    return { cells: [toClock(at, moment), kind, counts.join(', ')] };
  });
  const earlier = count - latest.length;
  const table = toTable([{ title: 'when' }, { title: 'kind' }, { title: 'chats' }], rows);
  return `${table}${earlier > 0 && count > 0 ? `${toCount(earlier)} earlier ones are not shown.\n` : ''}`;
}

function describeCounts(channel: Channel, was: number | null, is: number | null): string[] {
  if (was === is) return is === null ? [] : [`${channel} ${toCount(is)}`];
  return [`${channel} ${was === null ? '' : `${toCount(was)} → `}${is === null ? 'none' : toCount(is)}`];
}

const MAIL_STATES = {
  sent: 'sent',
  claimed: 'not known: no receipt came',
  'not-sent': 'NOT sent',
  unreadable: 'not known: its receipt cannot be read',
} as const;

function describeMails({ mails, mail }: DayDetails, moment: StatusMoment): string {
  const rows = mails.map(({ kind, only, to, transport, state, at }) => ({
    cells: [
      at === null ? NOTHING : toClock(at, moment),
      only === null ? kind : `${kind} (${named(only)})`,
      `${MAIL_STATES[state]}${state === 'sent' ? ` by ${transport}` : ''}`,
      to ?? 'an address that MAIL_TO does not name',
    ],
  }));
  const table = toTable([{ title: 'when' }, { title: 'mail' }, { title: 'state' }, { title: 'to' }], rows);
  if (mail?.by === 'files') return `${table}Written as files at${atOf(mail.at, moment)}.\n`;
  if (mail?.by === 'later-mail')
    return `${table}The next mail after ${atOf(mail.at, moment).trim()} tells of it.\n`;
  return table === '' ? 'None is known.\n' : table;
}

function atOf(at: string | null, moment: StatusMoment): string {
  return at === null ? '' : ` ${toClock(at, moment)}`;
}

function describeFiles({ files }: DayDetails, lakeUri: string): string {
  return files
    .flatMap(({ only, keys }) => [
      ...(only === null ? [] : [`${named(only)} alone:`]),
      ...keys.map((key) => `${lakeUri}/${key}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function describeNext(day: DayDetails, moment: StatusMoment): string {
  const trouble = describeTrouble(day, moment);
  if (trouble.length > 0) return `${trouble.map((line) => wrap(line)).join('\n')}\n`;
  return day.nextRecheckOn !== null
    ? 'Nothing. The daily runs ask for it again by themselves.\n'
    : 'Nothing.\n';
}
