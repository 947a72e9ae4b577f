import * as z from 'zod';
import { day as dayText } from '../measure/summary.ts';
import { countsOf, toWorkList, type WorkItem, type WorkList } from '../measure/work-list.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { toZonedIso } from '../time/zone.ts';
import { answerWith, toBytes } from './answer.ts';
import type { OnDemandPorts } from './ports.ts';
import { Problem } from './problem.ts';
import { BARE } from './read-input.ts';
import { toPlace, whichReport, whyNone, whyUnreadable } from './reports.ts';
import { type Route, route } from './route.ts';
import * as schemas from './schemas.ts';

/** Of so many each name and address may be as long as any is, and an answer has room for them. */
const MOST_AT_ONCE = 2_000;

/** Who waits by a day's report, in the order of work: as the mail, the page and the workbook name them. */
export function waitingList({ lake, account, clock }: OnDemandPorts): Route {
  return route({
    method: 'get',
    path: '/reports/{day}/waiting',
    id: 'listWaiting',
    title: 'Who waits',
    description:
      'Everyone who was missed and not answered since, in the order of work: first who can be answered until soon alone, then ' +
      'who can be reached, at last who cannot. Contacts are masked where the report masks them.',
    input: z.object({
      ...BARE,
      params: z.object({ day: dayText }),
      query: whichReport.extend({
        from: z
          .string()
          .regex(/^[1-9]\d{0,8}$/, { error: 'is no whole number from 1' })
          .transform(Number)
          .optional()
          .meta({
            description: `The first number to be told, 1 by default; ${MOST_AT_ONCE} at most are told at once`,
          }),
      }),
    }),
    answers: {
      200: {
        description: 'Who waits',
        headers: { ETag: 'Of the list' },
        content: { 'application/json': schemas.waitingListSchema },
      },
      304: { description: 'It is as it was' },
      400: { description: 'Something is wrong with the request' },
      404: { description: 'There is no report of the day, or its figures cannot be read' },
      500: { description: 'Something is wrong here' },
    },
    async handle({ params: { day }, query: { channels, from = 1 } }, context) {
      const place = toPlace(day, channels, account);
      const reports = new ReportReader(lake);
      const stored = await reports.find(place);
      if (stored.state === 'none') throw new Problem(404, whyNone(place, { account, clock }));
      if (stored.state === 'unreadable') throw new Problem(404, whyUnreadable(place, stored));
      const { summary } = stored;
      const waiting = await reports.waitingFor(summary);
      const list = toWorkList(summary, waiting);
      const rows = inGroups(list);
      const upTo = from - 1 + MOST_AT_ONCE;
      const told: z.input<typeof schemas.waitingListSchema> = {
        day,
        asOf: waiting?.asOf ?? summary.generatedAt,
        isFollowed: waiting !== null,
        ...(waiting !== null && { unread: waiting.open.failed.map(({ channel }) => channel) }),
        soonUntil: toZonedIso(list.soonUntil / 1_000, summary.timeZone),
        counts: { ...countsOf(list) },
        customers: rows.slice(from - 1, upTo),
        ...(upTo < rows.length && { next: waitingPathOf(day, channels, upTo + 1) }),
      };
      return answerWith(context, { bytes: toBytes(told), type: 'application/json' });
    },
  });
}

function inGroups({ soon, next, unreachable }: WorkList) {
  const inGroup = (group: schemas.WaitingGroup, items: readonly WorkItem[]) =>
    items.map((one) => ({ ...one, channels: [...one.channels], callbacks: [...one.callbacks], group }));
  const all = [...inGroup('soon', soon), ...inGroup('next', next), ...inGroup('unreachable', unreachable)];
  return all.map(({ group, reach, ...one }, place) => ({ number: place + 1, group, reach, ...one }));
}

function waitingPathOf(day: string, channels: string | undefined, from: number): string {
  const query = [...(channels === undefined ? [] : [`channels=${channels}`]), `from=${from}`];
  return `/reports/${day}/waiting?${query.join('&')}`;
}
