import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type BusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { CHANNELS } from '../chats/channel.ts';
import { channel, count, filters, type Read } from '../storage/json-record.ts';
import type { Summary } from './summary.ts';

/**
 * By which settings a report is counted: the one place that a setting is added to that shapes figures. It is read from
 * the environment as `recipeVariables` says, carried into the recipe by `toRecipe`, and named in the head of a summary, in
 * its digest and in the list of who waits as `recipeShape` says. A report of another recipe is counted again, where the two do
 * not differ by their targets alone.
 *
 * What captures answer, `isSameQuery` of a manifest tells: there the clock and the source of the rows stand.
 */

/** Of any size: earlier versions took every share. */
const target = z.number().min(0).max(1).nullable();

/** What the account wants of a day, as shares from 0 to 1. */
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

/** As the head of a summary names them. One that came later is left out where it is not set, as in summaries from before. */
export const recipeShape = {
  contacts: z.enum(['masked', 'full']),
  filters,
  /** How many hours after a customer wrote they can still be answered there; a channel that is not named has no end. */
  replyHours: z.partialRecord(channel, count),
  targets: targets.exactOptional(),
};

const headSchema = z.object(recipeShape);

/** As those documents name them that name the filters and targets elsewhere, or not at all. */
export const countedBy = headSchema.omit({ filters: true, targets: true }).extend({
  /** Null where it is always business. */
  businessHours: z.string().nullable(),
});
export type CountedBy = Read<z.infer<typeof countedBy>>;

/** These have places of their own in a summary: it tells the channels by what became of each. */
const recipeSchema = countedBy.extend({
  filters,
  targets: recipeShape.targets,
  timeZone: z.string(),
  /** In their order. */
  channels: z.array(channel),
  /** A chat answered after at most so long is within the service level. */
  serviceLevelSeconds: count,
});
export type Recipe = Read<z.infer<typeof recipeSchema>>;

/** As much of a summary as tells by what it was counted. */
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

/** Of what has more than a recipe, such as an account. */
const recipeFrom = (of: Recipe): Recipe => recipeSchema.parse(of);

export const countedByOf = (summary: RecipeInSummary): CountedBy => countedBy.parse(recipeOf(summary));

export const headOfRecipe = (of: Recipe): Pick<Recipe, keyof typeof recipeShape> => headSchema.parse(of);

/** Whether each figure is the same by the one and by the other. Targets are held against figures, and change none. */
export function countsAlike(one: Recipe, other: Recipe): boolean {
  const counting = ({ targets: _, ...others }: Recipe) => others;
  return isDeepStrictEqual(counting(recipeFrom(one)), counting(recipeFrom(other)));
}

/** What a report is to answer: those that are to answer the same can be compared, as far as they do. */
export type AskedSettings = Pick<Recipe, 'channels' | 'filters' | 'timeZone'>;

export function asksTheSame(one: AskedSettings, other: AskedSettings): boolean {
  const asked = ({ channels, filters: by, timeZone }: AskedSettings) => ({ channels, by, timeZone });
  return isDeepStrictEqual(asked(one), asked(other));
}

/** @returns null where it is always business */
export function businessHoursOf({ businessHours }: CountedBy): BusinessHours | null {
  return businessHours === null ? null : readBusinessHours(businessHours);
}
