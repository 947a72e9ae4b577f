import { describe, expect, test } from 'vitest';
import { RECIPE_SETTINGS, settingsSchema, toRecipe } from '../../functions/config/settings.ts';
import { countsAlike, headOfRecipe, type Recipe, recipeOf } from '../../functions/metrics/recipe.ts';
import { parseSummary, type Summary } from '../../functions/metrics/summary.ts';
import { staleDigestOf } from '../../functions/report/digest.ts';
import { figures, proven, summary } from '../report/fixture.ts';

type RecipeName = keyof typeof RECIPE_SETTINGS;
const LEAST = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo' };

/** A value of each setting that shapes figures, and not the one that it has where it is not set. */
const OTHERS: Readonly<Record<RecipeName, string>> = {
  CHAT_TYPE: 'inbound',
  CARESOFT_GROUPS: '1',
  CARESOFT_SERVICES: '2',
  CARESOFT_ASSIGNEES: '3',
  CHANNELS: 'zalo',
  TIME_ZONE: 'Asia/Tokyo',
  CONTACTS: 'full',
  SERVICE_LEVEL_SECONDS: '20',
  BUSINESS_HOURS: 'Mon-Sat 08:00-21:00',
  REPLY_HOURS: 'zalo=24',
  TARGET_MISSED_RATE: '7,5%',
  TARGET_SERVICE_LEVEL: '80',
};
const NAMES = Object.keys(RECIPE_SETTINGS) as RecipeName[];
/** Figures are held against them, and are the same by any. */
const TARGETS = NAMES.filter((name) => name.startsWith('TARGET_'));

const read = (set: Readonly<Record<string, string>>): Recipe =>
  toRecipe(settingsSchema.parse({ ...LEAST, ...set }));

/** As it lies in the lake. */
function counted(recipe: Recipe): Summary {
  const { timeZone, channels, serviceLevelSeconds, businessHours } = recipe;
  const ofChannels = Object.fromEntries(channels.map((channel) => [channel, proven(0)]));
  const parts = figures(0, 0);
  const { totals, ...others } = summary({ completeness: { verdict: 'proven', channels: ofChannels } });
  const made: Summary = {
    ...others,
    ...headOfRecipe(recipe),
    timeZone,
    totals: { ...totals, serviceLevel: { thresholdSeconds: serviceLevelSeconds, within: 0, rate: null } },
    businessHours: businessHours === null ? null : { hours: businessHours, inside: parts, outside: parts },
  };
  return parseSummary(JSON.parse(JSON.stringify(made)));
}

describe('a setting that shapes figures', () => {
  test.each(NAMES)('is of the recipe: %s', (name) => {
    expect(read({ [name]: OTHERS[name] })).not.toEqual(read({}));
    expect(countsAlike(read({}), read({}))).toBe(true);
    expect(countsAlike(read({}), read({ [name]: OTHERS[name] }))).toBe(TARGETS.includes(name));
  });

  test.each(NAMES)('is told by a summary that is counted by it: %s', (name) => {
    const recipe = read({ [name]: OTHERS[name] });
    expect(recipeOf(counted(recipe))).toStrictEqual(recipe);
    expect(recipeOf(counted(read({})))).not.toEqual(recipe);
  });

  test.each(NAMES)('is told by its digest: %s', (name) => {
    const told = (set: Readonly<Record<string, string>>) => staleDigestOf(counted(read(set)));
    expect(told({ [name]: OTHERS[name] })).not.toEqual(told({}));
  });

  test('is a target that is left out where none is set, so that what lies in a lake stays as it is', () => {
    expect(read({})).not.toHaveProperty('targets');
    expect(counted(read({}))).not.toHaveProperty('targets');
    expect(staleDigestOf(counted(read({})))).not.toHaveProperty('targets');
    expect(read({ TARGET_MISSED_RATE: '1' })).toMatchObject({
      targets: { missedRate: 0.01, serviceLevel: null },
    });
    expect(read({ TARGET_SERVICE_LEVEL: '99 %' })).toMatchObject({
      targets: { missedRate: null, serviceLevel: 0.99 },
    });
  });
});
