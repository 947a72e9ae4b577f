import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type BusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { CHANNELS } from '../chats/channel.ts';
import { channel, count, filters, type Read } from '../storage/json-record.ts';
import type { Summary } from './summary.ts';

/**
 * The recipe: the settings that a report is counted by. A new one is added here and in config/settings.ts. `recipeShape`
 * names it in the head of a summary, in its digest and in the list of waiting customers. A report of another recipe is
 * counted again, unless only the targets differ.
 *
 * The clock and the source of the rows are part of a capture's query (`isSameQuery` of a manifest), not of the recipe.
 */

/** A share of any size, because earlier versions accepted all. */
const target = z.number().min(0).max(1).nullable();

/** The account's targets for a day, as shares from 0 to 1. */
const targets = z
  .object({
    missedRate: target.meta({
      description: 'At most so many are to be missed; null where there is no target',
    }),
    serviceLevel: target.meta({
      description: 'At least so many are to be answered in time; null where there is no target',
    }),
  })
  .meta({ description: "What the day's rates are held against; left out where no target is set" });

/** The recipe in the head of a summary. A setting that came later is left out where it is unset, as in older summaries. */
export const recipeShape = {
  contacts: z.enum(['masked', 'full']),
  filters,
  /** A customer can be answered for so many hours after their message. A channel without an entry has no limit. */
  replyHours: z.partialRecord(channel, count),
  targets: targets.exactOptional(),
};

const headSchema = z.object(recipeShape);

/** The recipe in documents that hold the filters and targets elsewhere, or not at all. */
export const countedBy = headSchema.omit({ filters: true, targets: true }).extend({
  /** Null where business never closes. */
  businessHours: z.string().nullable(),
});
export type CountedBy = Read<z.infer<typeof countedBy>>;

/** The rest of the recipe has other places in a summary. Its channels are those with a coverage. */
const recipeSchema = countedBy.extend({
  filters,
  targets: recipeShape.targets,
  timeZone: z.string(),
  /** In the order of `CHANNELS`. */
  channels: z.array(channel),
  /** A chat with a wait up to this is within the service level. */
  serviceLevelSeconds: count,
});
export type Recipe = Read<z.infer<typeof recipeSchema>>;

/** The part of a summary that shows its recipe. */
export type RecipeInSummary = Pick<
  Summary,
  keyof typeof recipeShape | 'timeZone' | 'completeness' | 'totals' | 'businessHours'
>;

/** The settings that a report was counted by. */
export function recipeOf(summary: RecipeInSummary): Recipe {
  const { completeness, totals, businessHours } = summary;
  return recipeSchema.parse({
    ...summary,
    businessHours: businessHours?.hours ?? null,
    channels: CHANNELS.filter((one) => completeness.channels[one]),
    serviceLevelSeconds: totals.serviceLevel.thresholdSeconds,
  });
}

/** Takes the recipe out of a larger object, such as an account. */
const recipeFrom = (of: Recipe): Recipe => recipeSchema.parse(of);

export const countedByOf = (summary: RecipeInSummary): CountedBy => countedBy.parse(recipeOf(summary));

export const headOfRecipe = (of: Recipe): Pick<Recipe, keyof typeof recipeShape> => headSchema.parse(of);

/** Whether both recipes give the same figures. Targets change no figure. */
export function countsAlike(one: Recipe, other: Recipe): boolean {
  const counting = ({ targets: _, ...others }: Recipe) => others;
  return isDeepStrictEqual(counting(recipeFrom(one)), counting(recipeFrom(other)));
}

/** The query of a report. Reports of the same query can be compared. */
export type AskedSettings = Pick<Recipe, 'channels' | 'filters' | 'timeZone'>;

export function asksTheSame(one: AskedSettings, other: AskedSettings): boolean {
  const asked = ({ channels, filters: by, timeZone }: AskedSettings) => ({ channels, by, timeZone });
  return isDeepStrictEqual(asked(one), asked(other));
}

/** @returns null where business never closes */
export function businessHoursOf({ businessHours }: CountedBy): BusinessHours | null {
  return businessHours === null ? null : readBusinessHours(businessHours);
}
