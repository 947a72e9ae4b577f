import { decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import { isRateUnknown } from '../measure/unknown-status.ts';
import { openHoursOf, readBusinessHours } from '../time/business-hours.ts';
import { outsideLine } from './facts.ts';
import { isPartial, missingOf } from './missing.ts';
import type { Scope } from './scope.ts';
import type { HourColumn, HourStrip } from './view.ts';
import { shortRatio, type Voice } from './voice.ts';
import { worstOf } from './worst.ts';

/** Without hours of business the hours before it are shown as one. */
const FIRST_HOUR = 6;

/**
 * When customers were missed, how many wrote, and how many agents took chats, hour by hour: the hours of business, or the night in
 * one and the rest of the day. Null where there was no chat in them.
 */
export function hourStrip(summary: Summary, scope: Scope, isBad: boolean, voice: Voice): HourStrip | null {
  const { words, format } = voice;
  if (scope.figures.chats === 0) return null;
  const columns = columnsOf(summary, scope);
  const workload = isPartial(summary) ? null : summary.workload;
  const worst = worstOf(summary, scope)?.hour ?? null;
  const missedIn = (hours: readonly number[]) => sum(summary, hours, ({ missed }) => missed);
  const most = Math.max(1, ...columns.map(({ hours }) => missedIn(hours)));
  const isUnknown = summary.byHour.some(isRateUnknown);
  const body = columns.map(({ label, hours }): HourColumn => {
    const [missed, chats] = [missedIn(hours), sum(summary, hours, (figures) => figures.chats)];
    const agents = Math.max(0, ...hours.map((hour) => workload?.byHour[hour]?.agents ?? 0));
    const isWorst = worst !== null && hours.includes(worst);
    return {
      hour: label,
      missed: missed === 0 && isUnknown && chats > 0 ? '?' : format.shortCount(missed),
      chats: format.shortCount(chats),
      agents: format.shortCount(agents),
      bar: Math.round((100 * missed) / most),
      isWorst,
      isBad: isWorst && isBad,
    };
  });
  const say = words.hourStrip;
  return {
    title: words.byHour,
    worst: worst === null ? null : worstLine(worst, summary, voice),
    labels: {
      hour: words.hourColumn,
      missed: words.measures.missed,
      chats: words.chatsRow,
      agents: say.agents,
    },
    hasAgents: workload != null,
    body,
    scale: columns.some(({ hours }) => missedIn(hours) > 0) ? say.scale(format.count(most), most) : null,
    notes: [
      ...(workload == null ? [] : [say.agentsMeans]),
      ...(isPartial(summary) ? [words.hoursWithout(missingOf(summary, voice))] : []),
      outsideLine(summary, scope, voice),
    ].filter((note) => note !== null),
  };
}

interface Column {
  readonly label: string;
  readonly hours: readonly number[];
}

function columnsOf({ day }: Summary, { hours }: Scope): Column[] {
  const read = hours === null ? null : readBusinessHours(hours);
  const single = (hour: number): Column => ({ label: String(hour), hours: [hour] });
  if (read !== null) return openHoursOf(day, read).map(single);
  const all = Array.from({ length: 24 }, (_, hour) => hour);
  return [{ label: `<${FIRST_HOUR}`, hours: all.slice(0, FIRST_HOUR) }, ...all.slice(FIRST_HOUR).map(single)];
}

function sum(
  { byHour }: Summary,
  hours: readonly number[],
  of: (figures: Summary['byHour'][number]) => number,
): number {
  return byHour.reduce((total, one) => total + (hours.includes(one.hour) ? of(one) : 0), 0);
}

function worstLine(hour: number, { byHour, workload }: Summary, voice: Voice): string | null {
  const { words, format } = voice;
  const figures = byHour[hour];
  if (figures === undefined || decided(figures) === 0) return null;
  const agents = workload?.byHour[hour]?.agents;
  const say = words.hourStrip;
  return say.worst(
    words.hour(hour),
    shortRatio(voice, figures),
    agents === undefined ? '' : say.with(format.count(agents), agents),
  );
}
