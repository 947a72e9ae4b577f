import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { type BusinessHours, explainBusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { findZoneName } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { channel, count, filters, type Read } from '../storage/json-record.ts';
import type { Summary } from './summary.ts';

/** How the text of each setting is read that shapes figures, and what is said of one that is wrong. */

export const list = (text: string): string[] =>
  [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

export const quoted = (parts: readonly string[]): string =>
  [...new Set(parts)].map((part) => `"${part}"`).join(', ');

/** In any case. */
export const oneOf = <Value extends string>(...values: readonly Value[]) =>
  z.string().transform((text, context): Value => {
    const value = values.find((one) => one === text.toLowerCase());
    if (value !== undefined) return value;
    context.addIssue(`is "${text}"; it can be ${values.join(' or ')}`);
    return z.NEVER;
  });

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `is "${String(input)}"; it is a whole number from ${least} to ${most}`,
    })
    .transform(Number);

/** A share in per cent, with its sign or without. */
const PERCENT = /^(\d{1,2})(?:[.,](\d))? *%?$/;
/** What may as well be meant as a share from 0 to 1. */
const BELOW_ONE = /^0?[.,](\d{1,3})$/;

const [LEAST_PERCENT, MOST_PERCENT] = [1, 99];

const isPercent = (per: number): boolean => per >= LEAST_PERCENT && per <= MOST_PERCENT;

/**
 * Per cent, as a share from 0 to 1. A number below 1 is refused: whoever writes 0.08 most likely means 8 %, and held
 * against 0.08 % each day would look wrong.
 *
 * @param such an example
 */
const percent = (such: string) =>
  z.string().transform((text, context): number => {
    const [, whole = '', tenth = '0'] = PERCENT.exec(text) ?? [];
    const per = Number(`${whole}.${tenth}`);
    if (whole !== '' && isPercent(per)) return Math.round(per * 10) / 1_000;
    const range = `from ${LEAST_PERCENT} to ${MOST_PERCENT}, with one decimal at most`;
    const meant = meantBelowOne(text);
    context.addIssue(
      `is "${text}"; it is per cent ${range}${meant === null ? `, such as ${such}` : `: write ${meant}%`}`,
    );
    return z.NEVER;
  });

/** @returns in per cent what a share from 0 to 1 comes to; null where it is none, or comes to no target */
function meantBelowOne(text: string): number | null {
  const [, digits = ''] = BELOW_ONE.exec(text) ?? [];
  const per = Number(digits.padEnd(3, '0')) / 10;
  return isPercent(per) ? per : null;
}

const ids = z
  .string()
  .transform((text, context): string[] => {
    const values = list(text);
    const wrong = values.filter((value) => !/^\d+$/.test(value));
    if (wrong.length > 0 || values.length === 0) {
      const what = wrong.length > 0 ? `holds ${quoted(wrong)}` : 'holds no id';
      context.addIssue(`${what}; ids are written as digits with commas between, such as 12153,12154`);
    }
    return values;
  })
  .default([]);

export const zone = z
  .string()
  .default('Asia/Ho_Chi_Minh')
  .transform((text, context) => {
    const found = findZoneName(text);
    if ('name' in found) return found.name;
    const { meant } = found;
    context.addIssue(
      `is "${text}"; ${meant === null ? 'it is the name of a time zone, such as Asia/Ho_Chi_Minh' : `write ${meant}`}`,
    );
    return z.NEVER;
  });

const channels = z
  .string()
  .default(CHANNELS.join())
  .transform((text, context) => {
    const names = list(text.toLowerCase());
    const unknown = names.filter((name) => !CHANNELS.some((channel) => channel === name));
    if (unknown.length > 0 || names.length === 0) {
      const what = unknown.length > 0 ? `holds ${quoted(unknown)}` : 'names none';
      context.addIssue(`${what}; it can hold ${CHANNELS.join(', ')}, with commas between`);
    }
    return CHANNELS.filter((channel) => names.includes(channel));
  });

const businessHours = z.string().superRefine((text, context) => {
  if (readBusinessHours(text) !== null) return;
  for (const says of explainBusinessHours(text)) context.addIssue(says);
});

/** A week: who waits longer than that has no window. */
const LONGEST_REPLY_HOURS = 168;

const replyHours = z
  .string()
  .default('messenger=24,zalo=48')
  .transform((text, context): Partial<Record<Channel, number>> => {
    if (text.toLowerCase() === 'none') return {};
    const read: [Channel, number][] = [];
    const wrong: string[] = [];
    for (const part of list(text)) {
      const [, name, hours] = /^([a-z]+) *= *([1-9]\d{0,2})$/.exec(part.toLowerCase()) ?? [];
      const channel = CHANNELS.find((one) => one === name);
      const isFit = channel !== undefined && Number(hours) <= LONGEST_REPLY_HOURS;
      if (isFit && read.every(([known]) => known !== channel)) read.push([channel, Number(hours)]);
      else wrong.push(part);
    }
    if (wrong.length > 0 || read.length === 0) {
      const what = wrong.length > 0 ? `holds ${quoted(wrong)}` : 'names no channel';
      context.addIssue(
        `${what}; it is hours from 1 to ${LONGEST_REPLY_HOURS}, once a channel, such as messenger=24,zalo=48, or none`,
      );
    }
    return Object.fromEntries(CHANNELS.flatMap((channel) => read.filter(([name]) => name === channel)));
  });

/**
 * By which settings a report is counted: the one place that a setting is added to that shapes figures. It is read from
 * the environment as `recipeVariables` says, carried into the recipe by `toRecipe`, and named in the head of a summary, in
 * its digest and in the list of who waits as `recipeShape` says. A report of another recipe is counted again, where the two do
 * not differ by their targets alone.
 *
 * What captures answer, `isSameQuery` of a manifest tells: there the clock and the source of the rows stand.
 */

/** As variables of the environment. */
export const recipeVariables = z.object({
  CHAT_TYPE: oneOf('all', 'inbound', 'outbound').default('all'),
  CARESOFT_GROUPS: ids,
  CARESOFT_SERVICES: ids,
  CARESOFT_ASSIGNEES: ids,
  CHANNELS: channels,
  TIME_ZONE: zone,
  CONTACTS: oneOf('masked', 'full').default('masked'),
  SERVICE_LEVEL_SECONDS: wholeNumber(0, 86_400).default(60),
  BUSINESS_HOURS: businessHours.optional(),
  REPLY_HOURS: replyHours,
  TARGET_MISSED_RATE: percent('8% or 7.5%').optional(),
  TARGET_SERVICE_LEVEL: percent('80% or 92.5%').optional(),
});

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

export function toRecipe(read: z.output<typeof recipeVariables>): Recipe {
  const { TARGET_MISSED_RATE: missedRate = null, TARGET_SERVICE_LEVEL: serviceLevel = null } = read;
  return {
    contacts: read.CONTACTS,
    filters: {
      chatType: read.CHAT_TYPE,
      groups: read.CARESOFT_GROUPS,
      services: read.CARESOFT_SERVICES,
      assignees: read.CARESOFT_ASSIGNEES,
    },
    replyHours: read.REPLY_HOURS,
    ...((missedRate ?? serviceLevel) !== null && { targets: { missedRate, serviceLevel } }),
    businessHours: read.BUSINESS_HOURS ?? null,
    timeZone: read.TIME_ZONE,
    channels: read.CHANNELS,
    serviceLevelSeconds: read.SERVICE_LEVEL_SECONDS,
  };
}

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
export const recipeFrom = (of: Recipe): Recipe => recipeSchema.parse(of);

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
