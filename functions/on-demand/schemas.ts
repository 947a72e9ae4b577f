import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { share } from '../measure/measures.ts';
import { day } from '../measure/summary.ts';
import { waitingCustomer } from '../measure/waiting.ts';
import { REACHES } from '../measure/work-list.ts';
import { channel, count, instant } from '../storage/fields.ts';
import { FIRST_DAY, isDay } from '../time/report-day.ts';

/** What goes over the wire. Answers may grow, so whoever reads them passes over what they do not know. */

/** A day that may be asked for in a range. */
export const askedDay = day.refine((text) => !isDay(text) || text >= FIRST_DAY, {
  error: `is before ${FIRST_DAY}`,
});

/** As a link names them: with commas between, in any order. */
export const channelNames = z
  .string({ error: 'is given more than once; write the names with commas between' })
  .refine((text) => text.split(',').every((name) => channel.safeParse(name).success), {
    error: `can hold ${CHANNELS.join(', ')}, with commas between`,
  })
  .meta({ examples: ['zalo'] });

export const headline = z
  .looseObject({
    day,
    report: z.string().meta({ description: 'Where the report is', examples: ['/reports/2026-11-21'] }),
    verdict: z.enum(['proven', 'partial']).meta({
      description: 'partial: some channels could not be proven, and no figure is of them',
    }),
    missing: z
      .array(channel)
      .optional()
      .meta({ description: 'The channels that could not be proven; left out where there is none' }),
    generatedAt: instant,
    channels: z.array(channel).meta({ description: 'Those that are in it, which its figures are of' }),
    chats: count,
    customers: count,
    answered: count,
    missed: count,
    other: count,
    missedRate: share,
    serviceLevelRate: share,
    callbacks: count.meta({ description: 'Customers to call back' }),
  })
  .meta({ description: 'What stands at the head of a report' });

export const reportList = z.looseObject({ from: day, to: day, days: z.array(headline) });

const WORK_GROUPS = ['soon', 'next', 'unreachable'] as const;
export type WaitingGroup = (typeof WORK_GROUPS)[number];

export const waitingListSchema = z.looseObject({
  day,
  asOf: instant.meta({ description: 'Up to when it is known who was answered' }),
  isFollowed: z.boolean().meta({
    description:
      'Whether those of earlier days are in it too, and those who were answered since are not; else it is of whom the report itself names',
  }),
  unread: z.array(channel).optional().meta({
    description: 'Channels on which answers after the day are not known; left out where it is not followed',
  }),
  soonUntil: instant.meta({ description: 'An hour after work begins next' }),
  counts: z.looseObject({
    waiting: count,
    soon: count.meta({ description: 'Can be answered where they wrote until soonUntil at the latest' }),
    withPhone: count,
  }),
  customers: z
    .array(
      z.looseObject({
        number: z.int().positive().meta({ description: 'In the order of work, from 1' }),
        group: z.enum(WORK_GROUPS).meta({
          description:
            'soon: can be answered where they wrote until before soonUntil; unreachable: wrote on a page and left no contact',
        }),
        reach: z.enum(REACHES).meta({
          description:
            'How they can be reached, the surest way first: byHand by a message alone that a person has to send',
        }),
        ...waitingCustomer.shape,
      }),
    )
    .meta({ description: 'In the order of work' }),
  next: z.string().optional().meta({ description: 'Where the rest is; left out where this is all' }),
});

export const accepted = z.looseObject({
  id: z.string(),
  status: z.string().meta({ description: 'Where to follow it', examples: ['/runs/1f0c9b7a2d3e4f56-000001'] }),
});

export const DAY_STATES = ['accepted', 'running', 'reported', 'partial', 'unproven', 'failed'] as const;
export const RUN_STATES = ['accepted', 'running', 'done', 'partial', 'failed'] as const;

export const runStatus = z.looseObject({
  id: z.string(),
  state: z.enum(RUN_STATES).meta({
    description:
      'done: each day has its report. partial: each has one, and one or more lack channels that could not be proven. failed: all are over, and a day has none. Else some are still to come',
  }),
  askedAt: instant,
  days: z.array(
    z.looseObject({
      day,
      state: z.enum(DAY_STATES).meta({
        description:
          'unproven: the data could not be proven complete, so there is no report. partial: the report is of the channels that could be proven',
      }),
      report: z
        .string()
        .optional()
        .meta({ description: 'Where the report is, once the state is reported or partial' }),
    }),
  ),
});

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    errors: z
      .array(
        z.looseObject({
          detail: z.string(),
          pointer: z.string().optional().meta({ description: 'Of the body: a JSON Pointer' }),
          parameter: z.string().optional().meta({ description: 'Of the path or the query: its name' }),
          header: z.string().optional().meta({ description: 'Of the headers: its name' }),
        }),
      )
      .optional()
      .meta({ description: 'Each part of the request that is wrong, all at once' }),
  })
  .meta({ description: 'RFC 9457' });
