import { addDays, type Day } from '../../calendar/day.ts';
import { decided, isStatusUnknown } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import {
  type BaselineName,
  type Baselines,
  compareCounts,
  compareShares,
  type Difference,
  type Pooled,
  type Share,
} from '../baselines.ts';
import type { Judgement, Scope, TargetName } from '../judge.ts';
import {
  isFew,
  type LocaleFormatter,
  missedRateOf,
  missedRatio,
  PERCENTILE_FROM,
  serviceLevelOf,
  shareOf,
} from '../locale-formatter.ts';
import type { ChangeCell, ChangeSection, KeyFigure } from '../view.ts';
import { isPartial, provenNames } from './missing.ts';

/** Comparisons with earlier days, and the key figures. */

/** A phone has room for so many columns beside the day's own. */
const SHOWN = 2;

/**
 * Each figure of the day beside earlier ones: the same weekday a week before, the day before, and the last seven days
 * together. Where all three are known, the day before is left out.
 *
 * The body is empty without an earlier day, on a day off, and on a day of few chats.
 */
export function comparison(
  summary: Summary,
  scope: Scope,
  baselines: Baselines,
  formatter: LocaleFormatter,
): ChangeSection {
  const { messages } = formatter;
  const all = (['sameWeekday', 'previousDay', 'lastSevenDays'] as const).flatMap((name) => {
    const pooled = baselines[name];
    return pooled === null ? [] : [{ name, pooled }];
  });
  const names = all.length > SHOWN ? all.filter(({ name }) => name !== 'previousDay') : all;
  // Of few chats, a single one moves a share by five points or more.
  const isTold = !(scope.isDayOff || isFew(scope.figures));
  const rows = isTold ? rowsOf(summary, scope, formatter) : [];
  const body = rows.map(({ name, own, of, change, isWorse }) => {
    const marks = names.flatMap(({ pooled }) => change(pooled) ?? []).filter(({ isMarked }) => isMarked);
    return {
      name,
      cells: [
        { value: own, mark: markOf(marks, isWorse) },
        ...names.map(({ pooled }) => ({ value: of(pooled), mark: null })),
      ],
    };
  });
  const hasMarks = body.some(({ cells }) => cells.some(({ mark }) => mark !== null));
  return {
    title: messages.comparisonTitle,
    head: [
      scope.hours === null ? messages.figure : messages.inBusinessHours,
      formatter.format.dayName(summary.day),
      ...names.map(({ name, pooled }) => labelOf(name, pooled, summary.day, formatter)),
    ],
    body: names.length === 0 ? [] : body,
    note: [
      ...(isPartial(summary) ? [messages.comparedChannels(provenNames(summary, formatter))] : []),
      ...(hasMarks ? [messages.markLegend] : []),
    ].join(' '),
  };
}

interface Row {
  readonly name: string;
  readonly own: string;
  readonly of: (then: Pooled) => string;
  readonly change: (then: Pooled) => Difference | null;
  /** Whether a change by this much is worse. Null where no direction is better. */
  readonly isWorse: ((by: number) => boolean) | null;
}

function rowsOf(summary: Summary, { figures }: Scope, formatter: LocaleFormatter): Row[] {
  const { messages, format } = formatter;
  const whole = decided(figures);
  const isUnknown = isStatusUnknown(summary.totals);
  const share = (own: Share, then: (pooled: Pooled) => Share | null): Omit<Row, 'name' | 'isWorse'> => ({
    own: isUnknown ? '' : shareOf(formatter, own),
    of: (pooled) => {
      const was = then(pooled);
      return was === null || was.whole === 0 ? '' : shareOf(formatter, was);
    },
    change: (pooled) => {
      const was = then(pooled);
      return isUnknown || was === null ? null : compareShares(own, was);
    },
  });
  // The tests are for counts and shares. Durations have no test, so they are never marked.
  const seconds = (
    own: number | null,
    then: (pooled: Pooled) => number | null,
  ): Omit<Row, 'name' | 'isWorse'> => ({
    own: own === null ? '' : format.duration(own),
    of: (pooled) => {
      const was = then(pooled);
      return was === null ? '' : format.duration(was);
    },
    change: () => null,
  });
  const rows: Row[] = [
    {
      name: messages.chatsRow,
      own: format.count(figures.chats),
      of: ({ chats, days }) =>
        days === 1 ? format.count(chats) : messages.perDay(format.count(Math.round(chats / days))),
      change: ({ chats, days }) => compareCounts(figures.chats, { count: chats, days }),
      isWorse: null,
    },
    {
      name: messages.measures.missedRate,
      ...share({ part: figures.missed, whole }, (then) => ({ part: then.missed, whole: decided(then) })),
      isWorse: (by) => by > 0,
    },
    {
      name: messages.inTimeRow(format.threshold(figures.serviceLevel.thresholdSeconds)),
      ...share({ part: figures.serviceLevel.within, whole }, (then) =>
        then.within === null ? null : { part: then.within, whole: decided(then) },
      ),
      isWorse: (by) => by < 0,
    },
    {
      name: messages.meanWaitRow,
      ...seconds(figures.waitSeconds.mean, ({ meanWait }) => meanWait),
      isWorse: null,
    },
    {
      name: messages.meanHandleRow,
      ...seconds(figures.handleSeconds.mean, ({ meanHandle }) => meanHandle),
      isWorse: null,
    },
  ];
  return rows.filter(({ own }) => own !== '');
}

function markOf(changes: readonly Difference[], isWorse: Row['isWorse']): ChangeCell['mark'] {
  const [first] = changes;
  if (first === undefined) return null;
  if (isWorse === null) return 'strong';
  return isWorse(first.by) ? 'bad' : 'good';
}

function labelOf(
  name: BaselineName,
  { days }: Pooled,
  day: Day,
  { messages, format }: LocaleFormatter,
): string {
  if (name === 'lastSevenDays') return messages.daysBefore(format.count(days), days);
  return format.dayName(addDays(day, name === 'sameWeekday' ? -7 : -1));
}

/** The six key figures of the whole day: two of amounts, two of waiting, two of work. */
export function keyFigures(
  { totals }: Summary,
  judgement: Judgement,
  formatter: LocaleFormatter,
): KeyFigure[] {
  const { messages, format } = formatter;
  const { waitSeconds, abandonWaitSeconds, handleSeconds, durationSeconds, serviceLevel } = totals;
  const figureMessages = messages.tiles;
  const sayOther = isStatusUnknown(totals) ? messages.unknownStatuses : messages.otherStatuses;
  const nineInTen = ({ count, p90 }: typeof waitSeconds): string | null =>
    !isHalfTold({ count }) || p90 === null ? null : figureMessages.nineInTen(format.duration(p90));
  const half =
    waitSeconds.count > 0 && !isHalfTold(waitSeconds)
      ? ([figureMessages.longestWait, format.duration(waitSeconds.max)] as const)
      : ([figureMessages.halfWaited, format.duration(waitSeconds.p50)] as const);
  return [
    figure(messages.measures.chats, format.count(totals.chats), [
      messages.customers(format.count(totals.customers), totals.customers),
      totals.other === 0 ? null : sayOther(format.count(totals.other)),
    ]),
    {
      ...figure(messages.measures.missedRate, missedRateOf(formatter, totals), [
        missedNote(totals, formatter),
      ]),
      isBad: isMissed(judgement, 'missedRate'),
    },
    figure(...half, [
      nineInTen(waitSeconds),
      isHalfTold(abandonWaitSeconds)
        ? figureMessages.missedWaited(format.duration(abandonWaitSeconds.p50))
        : null,
    ]),
    {
      ...figure(
        messages.inTimeRow(format.threshold(serviceLevel.thresholdSeconds)),
        serviceLevelOf(formatter, totals),
        [],
      ),
      isBad: isMissed(judgement, 'serviceLevel'),
    },
    figure(figureMessages.meanHandle, format.duration(handleSeconds.mean), [nineInTen(handleSeconds)]),
    figure(figureMessages.meanDuration, format.duration(durationSeconds.mean), [nineInTen(durationSeconds)]),
  ];
}

/** Whether there are enough values for a median. Of fewer, the longest value is shown. */
function isHalfTold({ count }: { readonly count: number }): boolean {
  return count >= PERCENTILE_FROM;
}

/** Whether a figure missed its target, or is much worse than on usual days. */
function isMissed(judgement: Judgement, name: TargetName): boolean {
  if (judgement.kind === 'change') return judgement.isWorse && name === 'missedRate';
  return judgement.kind === 'targets' && judgement.results.some((one) => one.name === name && !one.isMet);
}

function missedNote(totals: Summary['totals'], formatter: LocaleFormatter): string | null {
  const { messages, format } = formatter;
  if (isStatusUnknown(totals)) {
    return totals.missed === 0
      ? messages.notKnown
      : messages.missedAtLeast(format.count(totals.missed), totals.missed);
  }
  return decided(totals) === 0 ? null : messages.missedCount(missedRatio(formatter, totals));
}

function figure(label: string, value: string, notes: readonly (string | null)[]): KeyFigure {
  return { label, value, notes: notes.filter((note) => note !== null), isBad: false };
}
