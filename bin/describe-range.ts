import type { Day } from '../functions/calendar/day.ts';
import { toZonedWords } from '../functions/calendar/time-zone.ts';
import { type ChannelCoverage, faultySettingOf } from '../functions/capture/coverage.ts';
import type { Figures } from '../functions/metrics/measures.ts';
import { addUp } from '../functions/metrics/rates.ts';
import type { EndedDay } from './describe-day.ts';

/** The days that were not asked, in a line that says why and what has to be done first. */
export function describeUnasked(days: readonly Day[], fault: ChannelCoverage, timeZone: string): string {
  const [first, last] = [days.at(0), days.at(-1)];
  const which = first === last ? first : `${first} to ${last}`;
  return `${which}  NOT asked: no day can be read before ${whatHasToBe(fault, timeZone)}.\n`;
}

function whatHasToBe(fault: ChannelCoverage, timeZone: string): string {
  switch (faultySettingOf(fault)) {
    case 'CARESOFT_TOKEN':
      return 'CARESOFT_TOKEN is a token that CareSoft accepts';
    case 'CARESOFT_BASE_URL':
      return 'CARESOFT_BASE_URL is the address of your account at CareSoft';
    case null: {
      if (fault.reason !== 'banned') return 'CareSoft can be reached, and knows the account, again';
      const until = fault.notBefore && `, at ${toZonedWords(Date.parse(fault.notBefore), timeZone)}`;
      return `the lockout of the account is over${until ?? ''}`;
    }
  }
}

/** What the days of a range come to, in one line. */
export function describeTotals(ended: readonly EndedDay[]): string {
  const countOf = (state: EndedDay['outcome']['state']): number =>
    ended.filter(({ outcome }) => outcome.state === state).length;
  const states = [
    `${countOf('reported')} reported`,
    ...(['unproven', 'unasked', 'failed'] as const).flatMap((state) =>
      countOf(state) === 0 ? [] : [`${countOf(state)} ${STATES[state]}`],
    ),
  ];
  const totals = ended.flatMap(({ summary }) => (summary === null ? [] : [summary.totals]));
  const figures = totals.length === 0 ? '' : ` ${describeFigures(totals)}`;
  return `${ended.length} days: ${states.join(', ')}.${figures}\n`;
}

const STATES = { unproven: 'NOT proven', unasked: 'NOT asked', failed: 'FAILED' } as const;

function describeFigures(days: readonly Figures[]): string {
  const { chats, missed, missedRate } = addUp(days);
  const rate = missedRate === null ? '' : ` (${(missedRate * 100).toFixed(1)} %)`;
  return `${chats} chats, ${missed} missed${rate}.`;
}
