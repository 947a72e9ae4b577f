import * as z from 'zod';
import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import { channelCompleteness } from '../measure/summary-schema.ts';

/** As records have it. */
const completenessSchema = z.looseObject({
  verdict: z.enum(['proven', 'partial', 'unproven']),
  channels: z.partialRecord(
    z.enum(CHANNELS),
    channelCompleteness.extend({
      detail: z.string().optional(),
      notBefore: z.iso.datetime().optional(),
      isWaitCut: z.literal(true).optional(),
    }),
  ),
});

/** Of a day, as it was when it was written down. */
export const recordedCompleteness = z.custom<Completeness>(
  (value) => completenessSchema.safeParse(value).success,
);
