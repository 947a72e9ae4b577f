import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { isDay } from '../time/report-day.ts';
import { isZone } from '../time/zone.ts';
import { MISS_CAUSES } from './summary.ts';

/**
 * What a `summary.json` holds, in one place: what the API says of it, and what is asked of a file before it is believed.
 * It may grow, so its readers pass over what they do not know.
 */

export const day = z
  .string({ error: 'is no day, written YYYY-MM-DD' })
  .refine(isDay, { error: 'is no day, written YYYY-MM-DD' })
  .meta({ format: 'date', examples: ['2026-11-21'], description: "A day of the account's time zone" });

export const channel = z.enum(CHANNELS, { error: `can be ${CHANNELS.join(', ')}` });

export const count = z.int().nonnegative();
export const share = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .meta({ description: 'From 0 to 1; null where it is of nothing' });
const seconds = z.number().nonnegative().nullable();
export const instant = z.iso.datetime({ offset: true });

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
const totals = z.looseObject({
  channels: z.array(channel).meta({ description: 'The proven channels, which they are of' }),
  ...figuresShape,
});
const hourFigures = z.looseObject({ hour: z.int().min(0).max(23), ...figuresShape });
const channelHourFigures = z.looseObject({ channel, hour: z.int().min(0).max(23), ...figuresShape });
const keyedFigures = z.looseObject({
  key: z.string().nullable(),
  name: z.string().optional(),
  ...figuresShape,
});

export const channelCompleteness = z.looseObject({
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
  unknownStatuses: z.record(z.string(), count).optional().meta({
    description: 'Rows by words of status that are not known; left out where there is none',
  }),
  statusByFilter: count.optional().meta({
    description: "So many of these rows have the status that CareSoft's own filter gives them",
  }),
  notHeeded: z
    .array(z.enum(['missed', 'answered']))
    .optional()
    .meta({ description: 'CareSoft does not count by these, so such counts were not compared' }),
});

/** Of what `definitions` 2 brought: a report that was counted before lies in the lake as it was, and is sent so. */
const FROM_TWO = 'Left out where definitions is 1';

const cause = z.enum(MISS_CAUSES);

const customer = z.looseObject({
  key: z.string(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
});

const callback = z.looseObject({
  customer,
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
    timeZone: z.string().refine(isZone),
    generatedAt: instant,
    firstGeneratedAt: instant.optional().meta({
      description: 'When its data was complete as it was reported first; left out where that is generatedAt',
    }),
    toldAt: instant
      .optional()
      .meta({ description: 'Up to when its own mail tells of other days; left out where none is known' }),
    madeUpAt: instant
      .optional()
      .meta({ description: 'When the run of a later day made it whole; left out where its own run did' }),
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
      verdict: z.enum(['proven', 'partial', 'unproven']).meta({
        description: 'partial: some channels could not be proven, and no figure is of them',
      }),
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
    callbackChanges: z
      .array(z.looseObject({ at: instant, added: z.array(customer), gone: z.array(customer) }))
      .optional()
      .meta({
        description:
          'Where others were to be called back once a channel had been read again, oldest first: who was to be called from then on, and who no longer was. Left out where there is none',
      }),
    totals,
    byChannel: z.partialRecord(channel, figures).meta({ description: 'The proven channels' }),
    byHour: z.array(hourFigures).length(24),
    byAgent: z.array(keyedFigures),
    byGroup: z.array(keyedFigures),
    byService: z.array(keyedFigures),
    byLandingPage: z.array(keyedFigures),
    byChannelHour: z
      .array(channelHourFigures)
      .optional()
      .meta({ description: `The hours of each channel that have a chat. ${FROM_TWO}` }),
    lastStartedAt: z.partialRecord(channel, instant).optional().meta({
      description: 'When the last chat of each channel that has one began; left out before it was told',
    }),
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
