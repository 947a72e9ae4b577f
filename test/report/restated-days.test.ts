import { describe, expect, test } from 'vitest';
import type { CallbackChange, Customer } from '../../functions/metrics/summary.ts';
import { staleDigestOf } from '../../functions/report/digest.ts';
import {
  compareWithEarlier,
  compareWithLastMail,
  daysOfOtherCallbacks,
} from '../../functions/report/earlier-days.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { restatedDayLine } from '../../functions/report/sections/restated-days.ts';
import { figures, summary } from './fixture.ts';

const RESTATED = '2026-11-18';
const LOOKS = { state: 'provisional', last: '2026-11-28' } as const;

const customer = (name: string | null, contact: Partial<Customer> = {}): Customer => ({
  ...{ key: `id:${name}`, name, phone: null, email: null },
  ...contact,
});
const change = (at: string, added: readonly string[], gone: readonly string[]): CallbackChange => ({
  at,
  added: added.map((name) => customer(name)),
  gone: gone.map((name) => customer(name)),
});

/** A report of 19 November whose mail went out in the morning after, and one of the day after. */
const BEFORE = summary({ day: '2026-11-19', generatedAt: '2026-11-20T00:05:00.000Z', looks: LOOKS });
const REPORT = summary({ day: '2026-11-20', generatedAt: '2026-11-21T00:05:00.000Z', looks: LOOKS });
const WITHIN = '2026-11-20T00:20:00.000Z';

function tell(
  changes: readonly CallbackChange[],
  [before, report]: readonly [typeof BEFORE, typeof REPORT] = [BEFORE, REPORT],
) {
  const restated = summary({
    ...{
      day: RESTATED,
      generatedAt: '2026-11-21T00:01:00.000Z',
      firstGeneratedAt: '2026-11-19T00:05:00.000Z',
    },
    ...{ looks: LOOKS, callbackChanges: changes, contacts: 'full' },
  });
  const digests = [restated, before].map((one) => staleDigestOf(one));
  const days = daysOfOtherCallbacks(report, digests);
  const read = new Map(days.map((day) => [day, day === RESTATED ? changes : []]));
  return { days, restated: compareWithEarlier(report, digests, read).restated };
}

const namesOf = ({ restated }: ReturnType<typeof tell>) =>
  restated.map(({ added, gone }) => [added.map(({ name }) => name), gone.map(({ name }) => name)]);

describe('who is to be called of an earlier day', () => {
  test('is told where counts stay the same, and of what was found since the mail before alone', () => {
    const told = tell([
      change('2026-11-19T00:20:00.000Z', ['Told before'], []),
      change(WITHIN, ['Ánh'], ['Bình']),
      change('2026-11-21T00:20:00.000Z', ['Told later'], []),
    ]);
    expect(namesOf(told)).toEqual([[['Ánh'], ['Bình']]]);
    expect(told.restated[0]?.is).toEqual(told.restated[0]?.was);
  });

  test('is told though an earlier day was mailed late, after it was found', () => {
    const late = summary({
      ...{ day: '2026-11-16', generatedAt: '2026-11-20T02:00:00.000Z', looks: LOOKS },
      toldAt: '2026-11-20T03:00:00.000Z',
    });
    const madeUp = summary({
      ...{ day: '2026-11-17', generatedAt: '2026-11-20T00:10:00.000Z', looks: LOOKS },
      madeUpAt: '2026-11-20T00:11:00.000Z',
    });
    const restated = summary({
      ...{ day: RESTATED, generatedAt: WITHIN, firstGeneratedAt: '2026-11-19T00:05:00.000Z' },
      ...{ looks: LOOKS, callbackChanges: [change(WITHIN, ['Ánh'], [])] },
    });
    const digests = [late, madeUp, restated, BEFORE].map((one) => staleDigestOf(one));
    const told = compareWithEarlier(REPORT, digests, new Map([[RESTATED, restated.callbackChanges ?? []]]));
    expect(daysOfOtherCallbacks(REPORT, digests)).toEqual([RESTATED]);
    expect(told.restated.map(({ day }) => day)).toEqual([RESTATED]);
    expect(told.madeUp.map(({ day }) => day)).toEqual(['2026-11-17']);
  });

  test('is net: who was added and went again, or the other way round, is neither', () => {
    const told = tell([
      change(WITHIN, ['Ánh', 'Chi'], ['Bình']),
      change('2026-11-20T09:00:00.000Z', ['Bình'], ['Chi', 'Dung']),
    ]);
    expect(namesOf(told)).toEqual([[['Ánh'], ['Dung']]]);
    const nothing = [change(WITHIN, ['Ánh'], []), change('2026-11-20T09:00:00.000Z', [], ['Ánh'])];
    expect(tell(nothing).restated).toEqual([]);
  });

  test('needs no summary but of a day that has a change between the two mails', () => {
    expect(tell([change(WITHIN, ['Ánh'], [])]).days).toEqual([RESTATED]);
    expect(tell([change('2026-11-19T00:20:00.000Z', ['Ánh'], [])]).days).toEqual([]);
    const once = summary({ day: REPORT.day, generatedAt: REPORT.generatedAt });
    expect(tell([change(WITHIN, ['Ánh'], [])], [BEFORE, once])).toEqual({ days: [], restated: [] });
  });

  test('is masked in a report that masks, whatever the report of the day did', () => {
    const full: CallbackChange = {
      at: WITHIN,
      added: [customer('Ánh 0901234567', { phone: '0901234567', email: 'anh@example.com' })],
      gone: [],
    };
    const added = [
      { key: 'id:Ánh 0901234567', name: 'Ánh 090*****67', phone: '090*****67', email: 'a**@example.com' },
    ];
    expect(tell([full], [BEFORE, { ...REPORT, contacts: 'masked' }]).restated[0]?.added).toEqual(added);
    expect(tell([full], [BEFORE, { ...REPORT, contacts: 'full' }]).restated[0]?.added).toEqual(full.added);
  });

  test('is told by when mails went out, where that is known: what was looked at before one is in it', () => {
    const toldAt = '2026-11-20T00:30:00.000Z';
    const changes = [change(WITHIN, ['Ánh'], []), change('2026-11-21T00:20:00.000Z', ['Bình'], [])];
    expect(namesOf(tell(changes))).toEqual([[['Ánh'], []]]);
    const [before, report] = [
      { ...BEFORE, toldAt },
      { ...REPORT, toldAt: '2026-11-21T00:30:00.000Z' },
    ];
    expect(namesOf(tell(changes, [before, report]))).toEqual([[['Bình'], []]]);
    expect(namesOf(tell(changes, [before, REPORT]))).toEqual([]);
    expect(staleDigestOf(before).toldAt).toBe(toldAt);
  });

  test('does not hang on the first writing of a day whose mail came later than that of another', () => {
    const counts = figures(30, 10);
    const written = { ...counts, channels: [] };
    const hole = { day: '2026-11-17', generatedAt: '2026-11-21T00:02:00.000Z', totals: written };
    const last = { day: '2026-11-19', generatedAt: '2026-11-20T00:05:00.000Z', totals: written };
    const changed = new Map([[last.day, [change(WITHIN, ['Ánh'], [])]]]);
    // A hole that was made up in the same morning has no mail before this one's.
    const told = { generatedAt: '2026-11-21T00:01:00.000Z', toldAt: '2026-11-21T00:10:00.000Z' };
    const later = { ...hole, toldAt: '2026-11-21T00:11:00.000Z' };
    expect(compareWithLastMail(told, [later, last], changed)).toMatchObject([{ day: last.day }]);
    // Nor where no record says when it was mailed.
    expect(compareWithLastMail(told, [hole, last], changed)).toMatchObject([{ day: last.day }]);
  });
});

describe('the line of a day', () => {
  const COUNTS = { chats: 30, answered: 28, missed: 2, other: 0 };
  const say = (added: readonly Customer[], gone: readonly Customer[], most?: number) =>
    restatedDayLine(
      { day: '2026-11-20', was: COUNTS, is: COUNTS, added, gone },
      localeFormatterFor('en'),
      most,
    );

  test('names five of each, and says how many more', () => {
    const many = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((name) => customer(name));
    expect(say(many, many.slice(0, 5))).toBe(
      '20 Nov 2026: no count changed; now 2 of 30 chats missed. Now to call back: A, B, C, D, E, +2. No longer to call back: A, B, C, D, E.',
    );
    expect(say(many, [], 0)).toMatch(/missed\. Now to call back: 7 customers\.$/);
  });

  test('knows who has no name by phone or e-mail, and counts the others', () => {
    const known = [customer(null, { phone: '090*****67' }), customer(' ', { email: 'a**@example.com' })];
    expect(say([customer(null), ...known, customer('Ánh'), customer(null)], [])).toMatch(
      /call back: 090\*{5}67, a\*\*@example\.com, Ánh, 2 customers without a name\.$/,
    );
    expect(say([customer(null)], [])).toMatch(/call back: 1 customer without a name\.$/);
    const six = Array.from({ length: 6 }, () => customer('Ánh'));
    expect(say([customer(null), ...six], [])).toMatch(/back: Ánh, Ánh, Ánh, Ánh, Ánh, \+2\.$/);
  });

  test('is one line, however a stranger writes a name', () => {
    expect(say([customer(`\u202eA\n${'b'.repeat(60)}`)], [])).toMatch(/back: A b{27}…\.$/);
  });
});
