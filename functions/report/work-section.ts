import { provenChannels } from '../capture/completeness.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import type { Waiting } from '../measure/waiting.ts';
import { countsOf, everyoneIn, type WorkList } from '../measure/work-list.ts';
import type { EarlierDay, LackingDay } from './baselines.ts';
import { type Reading, untilOf } from './deadline.ts';
import { listFacts } from './list-facts.ts';
import { asOfWords, isSoonToCome, sayWaiting } from './list-time.ts';
import { isPartial, missingOf } from './missing.ts';
import type { ReaderLinks } from './reader-links.ts';
import { emptyOf, isQuiet, type Quiet } from './silence.ts';
import type { WorkGroup, WorkRow, WorkSection } from './view.ts';
import { namesOf, type Voice } from './voice.ts';
import { isToldByDeadline, workRow } from './work-row.ts';

/** What comes after them has to be seen too; all of them are in the workbook and on the page. */
const SHOWN = 15;
/** Of those who cannot be reached. */
const UNREACHABLE_SHOWN = 3;
/** So few need no headings. */
const FEW_ROWS = 3;

export interface WorkOptions {
  readonly summary: Summary;
  readonly list: WorkList;
  readonly waiting: Waiting | null;
  readonly quiet: Quiet;
  readonly reading: Reading;
  readonly history: readonly EarlierDay[];
  readonly lacking: readonly LackingDay[];
  readonly links: ReaderLinks;
  readonly voice: Voice;
  /** How many rows are shown; those who cannot be reached among them, where it is not a mail's. */
  readonly most?: number;
}

/** Whom to answer, in the order of work: deadline, who it is, what went wrong, and one thing to tap. */
export function workSection(options: WorkOptions): WorkSection {
  const { summary, list, reading, voice, most = SHOWN } = options;
  const { words, format } = voice;
  const say = words.list;
  const everyone = everyoneIn(list);
  const until = untilOf(list.soonUntil, summary.timeZone, reading, voice);
  const title = sayWaiting(everyone.length, options, voice);
  const isToCome = isSoonToCome(list, reading);
  const isNone = everyone.length === 0;
  const reachable = list.soon.length + list.next.length;
  const isSplit = reachable > FEW_ROWS;
  const numbered = rowsOf(options);
  const [soon, next] = [numbered.slice(0, list.soon.length), numbered.slice(list.soon.length, reachable)];
  const shown = (rows: readonly WorkRow[], before: number) => rows.slice(0, Math.max(0, most - before));
  const groups: WorkGroup[] = [
    {
      title: isSplit ? (isToCome ? say.soon : say.soonOver)(until.text, format.count(soon.length)) : null,
      note: null,
      isUrgent: isToCome,
      rows: shown(soon, 0),
    },
    {
      title: isSplit ? say.next(format.count(next.length)) : null,
      note: isSplit && soon.length < most ? say.nextOrder : null,
      isUrgent: false,
      rows: shown(next, soon.length),
    },
  ].filter(({ rows }) => rows.length > 0);
  return {
    title: isPartial(summary)
      ? say.titleWithout(title, missingOf(summary, voice), format.shortDay(summary.day))
      : title,
    counts: isNone ? null : countsLine(options, until.text),
    asOf: isNone ? null : asOfLine(options),
    head: [say.deadlineColumn, say.customerColumn],
    groups,
    unreachable: unreachableGroup(options, numbered.slice(reachable)),
    more: moreLine(options, reachable - most),
    facts: listFacts(options),
    isEmpty: isNone,
    none: isNone ? noneLine(summary, options.quiet, voice) : null,
  };
}

function countsLine({ list, summary, reading, voice }: WorkOptions, until: string): WorkSection['counts'] {
  const { words, format } = voice;
  const say = words.list;
  const everyone = everyoneIn(list);
  const { withPhone, soon: expiring } = countsOf(list);
  const soon = isSoonToCome(list, reading) ? expiring : 0;
  const earlier = everyone.filter(({ firstMissedAt }) => firstMissedAt.slice(0, 10) < summary.day);
  const [oldest] = earlier.map(({ firstMissedAt }) => firstMissedAt.slice(0, 10)).toSorted();
  const parts = [
    ...(soon > 0 ? [say.expireBefore(format.count(soon), until, soon)] : []),
    ...(withPhone > 0 ? [say.withPhone(format.count(withPhone), withPhone)] : []),
  ];
  return {
    lead: parts.length === 0 ? '' : `${parts.join(', ')}.`,
    rest:
      oldest === undefined
        ? ''
        : say.sinceEarlier(format.count(earlier.length), format.dayName(oldest), earlier.length),
  };
}

function asOfLine({ list, summary, reading, voice }: WorkOptions): string {
  const { words, format } = voice;
  const at = asOfWords(list, reading, summary, voice);
  const isTimeLeftOut = everyoneIn(list).some((one) => isToldByDeadline(one, summary.day));
  return [
    list.isFollowed ? words.list.asOf(at) : words.list.asOfDay(format.dayName(summary.day)),
    ...(isTimeLeftOut ? [words.list.missedTimes(format.dayName(summary.day))] : []),
  ].join(' ');
}

/** Of the whole list, with their numbers. */
function rowsOf(options: WorkOptions): WorkRow[] {
  const { list } = options;
  const soon = new Set(list.soon);
  return everyoneIn(list).map((item, place) =>
    workRow(item, place + 1, soon.has(item), { ...options, of: options.summary }),
  );
}

function unreachableGroup(
  { list, voice, most }: WorkOptions,
  rows: readonly WorkRow[],
): WorkSection['unreachable'] {
  const { words, format } = voice;
  if (list.unreachable.length === 0) return null;
  const shown = rows.slice(0, most ?? UNREACHABLE_SHOWN);
  const rest = rows.length - shown.length;
  return {
    title: words.list.unreachable(format.count(rows.length)),
    note: words.list.unreachableWhy,
    rows: shown,
    more: rest > 0 ? `${words.list.moreUnreachable(format.count(rest), rest)}.` : null,
  };
}

/** What the rows leave out, and where it is. */
function moreLine({ list, links, summary, voice }: WorkOptions, rest: number): WorkSection['more'] {
  if (rest <= 0) return null;
  const { words, format } = voice;
  const say = words.list;
  const sheet = words.workbook.sheets.waiting;
  const lead = say.more(format.count(rest), rest);
  const url = pageOf(links, summary);
  if (url === null) return { lead, link: null, tail: say.inWorkbook(sheet) };
  return {
    lead,
    link: { text: say.allOnPage(format.count(everyoneIn(list).length)), url },
    tail: say.orWorkbook(sheet),
  };
}

/** The page of the day, at its list. */
function pageOf({ pages }: ReaderLinks, { day }: Pick<Summary, 'day'>, place = 'waiting'): string | null {
  return pages === null ? null : `${pages}/days/${day}#${place}`;
}

/** Whether that none waits is a zero: on a day on which what should speak is silent it is not. */
export function isNoneKnown(summary: Summary, quiet: Quiet): boolean {
  const { totals } = summary;
  return !(isStatusUnknown(totals) || isPartial(summary) || isQuiet(quiet));
}

function noneLine(summary: Summary, quiet: Quiet, voice: Voice): string | null {
  const empty = emptyOf(quiet);
  const { totals } = summary;
  const say = voice.words.list;
  if (isStatusUnknown(totals)) return say.noneUnknown;
  if (isPartial(summary)) {
    const busy = provenChannels(summary.completeness).filter((channel) => !empty.includes(channel));
    return say.noneOf(namesOf(busy, voice), missingOf(summary, voice));
  }
  if (!isQuiet(quiet)) return null;
  if (quiet.silent.some(({ since }) => since !== null)) return say.noneOfThese;
  return totals.chats === 0 ? say.noneKnown : say.noneElsewhere;
}
