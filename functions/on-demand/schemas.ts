import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { MISS_CAUSES } from '../measure/summary.ts';
import { FIRST_DAY, isDay } from '../time/report-day.ts';

/** What goes over the wire. Answers may grow, so whoever reads them passes over what they do not know. */

export const day = z
  .string({ error: 'is no day, written YYYY-MM-DD' })
  .refine(isDay, { error: 'is no day, written YYYY-MM-DD' })
  .meta({ format: 'date', examples: ['2026-11-21'], description: "A day of the account's time zone" });

/** A day that may be asked for in a range. */
export const askedDay = day.refine((text) => !isDay(text) || text >= FIRST_DAY, {
  error: `is before ${FIRST_DAY}`,
});

export const channel = z.enum(CHANNELS, { error: `can be ${CHANNELS.join(', ')}` });

/** As a link names them: with commas between, in any order. */
export const channelNames = z
  .string({ error: 'is given more than once; write the names with commas between' })
  .refine((text) => text.split(',').every((name) => channel.safeParse(name).success), {
    error: `can hold ${CHANNELS.join(', ')}, with commas between`,
  })
  .meta({ examples: ['zalo'] });

const count = z.int().nonnegative();
const share = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .meta({ description: 'From 0 to 1; null where it is of nothing' });
const seconds = z.number().nonnegative().nullable();
const instant = z.iso.datetime({ offset: true });

export const distribution = z
  .looseObject({
    count,
    sum: z.number().nonnegative(),
    mean: seconds,
    p50: seconds,
    p90: seconds,
    p95: seconds,
    max: seconds,
  })
  .meta({
    description: 'Of seconds; percentiles are nearest-rank. Without a value, sum is 0 and the rest null',
  });

const figuresShape = {
  chats: count,
  customers: count,
  answered: count,
  missed: count,
  other: count,
  missedRate: share,
  serviceLevel: z.looseObject({ thresholdSeconds: count, within: count, rate: share }),
  waitSeconds: distribution,
  abandonWaitSeconds: distribution,
  handleSeconds: distribution,
  durationSeconds: distribution,
};
export const figures = z.looseObject(figuresShape);
const hourFigures = z.looseObject({ hour: z.int().min(0).max(23), ...figuresShape });
const channelHourFigures = z.looseObject({ channel, hour: z.int().min(0).max(23), ...figuresShape });
const keyedFigures = z.looseObject({
  key: z.string().nullable(),
  name: z.string().optional(),
  ...figuresShape,
});

const channelCompleteness = z.looseObject({
  verdict: z.enum(['proven', 'unproven']),
  reason: z.string().optional(),
  numFoundBefore: count.nullable(),
  numFoundAfter: count.nullable(),
  pages: count,
  rows: count,
  unique: count,
  duplicates: count,
  conflicts: count,
  rejected: count,
  outsideDay: count,
  captureId: z.string().nullable(),
});

/** Of what `definitions` 2 brought: a report that was counted before lies in the lake as it was, and is sent so. */
const FROM_TWO = 'Left out where definitions is 1';

const cause = z.enum(MISS_CAUSES);

const callback = z.looseObject({
  customer: z.looseObject({
    key: z.string(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
  }),
  channels: z.array(channel),
  attempts: count,
  firstMissedAt: instant,
  lastMissedAt: instant,
  replyBy: instant
    .nullable()
    .optional()
    .meta({
      description: `Until when they can be answered where they wrote; null where that does not end. ${FROM_TWO}`,
    }),
  lastChannel: channel.optional().meta({ description: `Of the last missed chat. ${FROM_TWO}` }),
  waitedSeconds: seconds.optional().meta({
    description: `In the last missed chat; null where it is not known. ${FROM_TWO}`,
  }),
  cause: cause.optional().meta({ description: `Of the last missed chat. ${FROM_TWO}` }),
  ticketNo: z.string().nullable(),
  conversationId: z.string(),
});

const followUp = z.looseObject({
  day: day.meta({ description: 'Whose report named them to be called back' }),
  generatedAt: instant.meta({ description: 'Of that report' }),
  customers: count.meta({ description: 'answered + missedAgain + silent + unrecognizable' }),
  answered: count,
  missedAgain: count,
  silent: count,
  unrecognizable: count,
});

const statusCounts = z.looseObject({ chats: count, answered: count, missed: count, other: count });

export const summary = z
  .looseObject({
    schema: z.literal('chat-report/1'),
    day,
    only: z.array(channel).optional().meta({
      description:
        'The channels that it is of, where they were asked for alone; left out where it is of the day',
    }),
    timeZone: z.string(),
    generatedAt: instant,
    firstGeneratedAt: instant.optional().meta({
      description: 'When its data was complete as it was reported first; left out where that is generatedAt',
    }),
    definitions: count,
    directoryId: z.string().nullable(),
    contacts: z.enum(['masked', 'full']),
    filters: z.looseObject({
      chatType: z.string(),
      groups: z.array(z.string()),
      services: z.array(z.string()),
      assignees: z.array(z.string()),
    }),
    replyHours: z
      .partialRecord(channel, count)
      .optional()
      .meta({ description: `For how many hours customers can be answered. ${FROM_TWO}` }),
    completeness: z.looseObject({
      verdict: z.enum(['proven', 'unproven']),
      channels: z.partialRecord(channel, channelCompleteness),
    }),
    looks: z
      .looseObject({
        state: z.enum(['provisional', 'final']),
        last: day.meta({ description: 'The day whose run asks for it the last time' }),
      })
      .optional()
      .meta({ description: 'Whether it is asked for again; left out where days are asked for once' }),
    revisions: z
      .array(z.looseObject({ at: instant, channel, was: statusCounts, is: statusCounts }))
      .optional()
      .meta({
        description: 'Where a channel turned out otherwise than it had been read before, oldest first',
      }),
    totals: figures,
    byChannel: z.partialRecord(channel, figures),
    byHour: z.array(hourFigures).length(24),
    byAgent: z.array(keyedFigures),
    byGroup: z.array(keyedFigures),
    byService: z.array(keyedFigures),
    byLandingPage: z.array(keyedFigures),
    byChannelHour: z
      .array(channelHourFigures)
      .optional()
      .meta({ description: `The hours of each channel that have a chat. ${FROM_TWO}` }),
    businessHours: z
      .looseObject({ hours: z.string(), inside: figures, outside: figures })
      .nullable()
      .optional()
      .meta({ description: `Null where no hours of business are set. ${FROM_TWO}` }),
    missCauses: z
      .looseObject({ outOfHours: count, agentsBusy: count, leftEarly: count, unknown: count })
      .optional()
      .meta({ description: `Missed chats by their probable cause. ${FROM_TWO}` }),
    recovered: count
      .nullable()
      .optional()
      .meta({ description: `Customers who were missed, and answered later on the day. ${FROM_TWO}` }),
    callbacks: z.array(callback),
    followUp: followUp
      .nullable()
      .optional()
      .meta({
        description: `Null where the day before had no report of the same channels and filters. ${FROM_TWO}`,
      }),
  })
  .meta({ description: 'The report of a day as figures: `summary.json` of the lake. Nothing is rounded' });

export const headline = z
  .looseObject({
    day,
    report: z.string().meta({ description: 'Where the report is', examples: ['/reports/2026-11-21'] }),
    generatedAt: instant,
    channels: z.array(channel).meta({ description: 'Those that are in it' }),
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

export const accepted = z.looseObject({
  id: z.string(),
  status: z.string().meta({ description: 'Where to follow it', examples: ['/runs/1f0c9b7a2d3e4f56-000001'] }),
});

export const DAY_STATES = ['accepted', 'running', 'reported', 'unproven', 'failed'] as const;
export const RUN_STATES = ['accepted', 'running', 'done', 'failed'] as const;

export const runStatus = z.looseObject({
  id: z.string(),
  state: z.enum(RUN_STATES).meta({
    description:
      'done: each day has its report. failed: all are over, and a day has none. Else some are still to come',
  }),
  askedAt: instant,
  days: z.array(
    z.looseObject({
      day,
      state: z.enum(DAY_STATES).meta({
        description: 'unproven: the data could not be proven complete, so there is no report',
      }),
      report: z.string().optional().meta({ description: 'Where the report is, once the state is reported' }),
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
