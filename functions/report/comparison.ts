import { decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import { isStatusUnknown } from '../measure/unknown-status.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { BaselineName, Baselines, Pooled } from './baselines.ts';
import { compareCounts, compareShares, type Difference, type Share } from './changes.ts';
import { isPartial, provenOf } from './missing.ts';
import type { Scope } from './scope.ts';
import type { ChangeCell, ChangeSection } from './view.ts';
import { isFew, shareOf, type Voice } from './voice.ts';

/** How many columns beside the day's own a phone has room for. */
const SHOWN = 2;

/**
 * Each figure beside those of the same weekday, or of the day before, and of the last seven days together. Empty where there is no
 * earlier day.
 */
export function comparison(
  summary: Summary,
  scope: Scope,
  baselines: Baselines,
  voice: Voice,
): ChangeSection {
  const { words } = voice;
  const all = (['sameWeekday', 'previousDay', 'lastSevenDays'] as const).flatMap((name) => {
    const pooled = baselines[name];
    return pooled === null ? [] : [{ name, pooled }];
  });
  const names = all.length > SHOWN ? all.filter(({ name }) => name !== 'previousDay') : all;
  // One more or less of a handful would move a share by five points.
  const isTold = !(scope.isDayOff || isFew(scope.figures));
  const rows = isTold ? rowsOf(summary, scope, voice) : [];
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
    title: words.whatChanged,
    head: [
      scope.hours === null ? words.figure : words.inBusinessHours,
      voice.format.dayName(summary.day),
      ...names.map(({ name, pooled }) => labelOf(name, pooled, summary.day, voice)),
    ],
    body: names.length === 0 ? [] : body,
    note: [
      ...(isPartial(summary) ? [words.comparedChannels(provenOf(summary, voice))] : []),
      ...(hasMarks ? [words.whatIsMarked] : []),
    ].join(' '),
  };
}

interface Row {
  readonly name: string;
  readonly own: string;
  readonly of: (then: Pooled) => string;
  readonly change: (then: Pooled) => Difference | null;
  /** Null where more is neither better nor worse. */
  readonly isWorse: ((by: number) => boolean) | null;
}

function rowsOf(summary: Summary, { figures }: Scope, voice: Voice): Row[] {
  const { words, format } = voice;
  const whole = decided(figures);
  const isUnknown = isStatusUnknown(summary.totals);
  const share = (own: Share, then: (pooled: Pooled) => Share | null): Omit<Row, 'name' | 'isWorse'> => ({
    own: isUnknown ? '' : shareOf(voice, own),
    of: (pooled) => {
      const was = then(pooled);
      return was === null || was.whole === 0 ? '' : shareOf(voice, was);
    },
    change: (pooled) => {
      const was = then(pooled);
      return isUnknown || was === null ? null : compareShares(own, was);
    },
  });
  // No test on counts speaks for these, so they are never marked.
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
      name: words.chatsRow,
      own: format.count(figures.chats),
      of: ({ chats, days }) =>
        days === 1 ? format.count(chats) : words.perDay(format.count(Math.round(chats / days))),
      change: ({ chats, days }) => compareCounts(figures.chats, { count: chats, days }),
      isWorse: null,
    },
    {
      name: words.measures.missedRate,
      ...share({ part: figures.missed, whole }, (then) => ({ part: then.missed, whole: decided(then) })),
      isWorse: (by) => by > 0,
    },
    {
      name: words.inTimeRow(format.threshold(figures.serviceLevel.thresholdSeconds)),
      ...share({ part: figures.serviceLevel.within, whole }, (then) =>
        then.within === null ? null : { part: then.within, whole: decided(then) },
      ),
      isWorse: (by) => by < 0,
    },
    {
      name: words.meanWaitRow,
      ...seconds(figures.waitSeconds.mean, ({ meanWait }) => meanWait),
      isWorse: null,
    },
    {
      name: words.meanHandleRow,
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

function labelOf(name: BaselineName, { days }: Pooled, day: Day, { words, format }: Voice): string {
  if (name === 'lastSevenDays') return words.daysBefore(format.count(days), days);
  return format.dayName(addDays(day, name === 'sameWeekday' ? -7 : -1));
}
