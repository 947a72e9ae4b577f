import * as z from 'zod';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { explainBusinessHours, readBusinessHours } from '../time/business-hours.ts';
import { findZoneName } from '../time/zone-name.ts';

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
export const percent = (such: string) =>
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

export const ids = z
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

export const channels = z
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

export const businessHours = z.string().superRefine((text, context) => {
  if (readBusinessHours(text) !== null) return;
  for (const says of explainBusinessHours(text)) context.addIssue(says);
});

/** A week: who waits longer than that has no window. */
const LONGEST_REPLY_HOURS = 168;

export const replyHours = z
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
