import { describe, expect, it } from 'vitest';
import type { Callback } from '../../functions/measure/summary.ts';
import { callbackSection } from '../../functions/report/callbacks.ts';
import { voiceOf } from '../../functions/report/voice.ts';
import { anyCharacter, fc } from '../property.ts';
import { ALONE, callback, summary } from './fixture.ts';

const ALL = Number.POSITIVE_INFINITY;
/** 06:00 in the account's zone, when the fixture's day was read. */
const NOW = Date.parse('2026-11-21T23:00:12.000Z');

const hour = fc.integer({ min: 0, max: 23 }).map((of) => String(of).padStart(2, '0'));
const replyBy = fc.option(
  fc.tuple(fc.constantFrom('2026-11-21', '2026-11-22', '2026-11-23'), hour).map(([day, of]) => {
    return `${day}T${of}:00:00+07:00`;
  }),
);
const anyCallbacks = fc
  .array(replyBy, { maxLength: 40 })
  .map((ends) => ends.map((end, place) => callback(`K${place}`, 1, '10:00', { replyBy: end })));

function rowsOf(callbacks: readonly Callback[]) {
  return callbackSection(summary({ callbacks }), ALONE, voiceOf('en'), { ...ALONE, seenAt: NOW }, ALL).body;
}

/** When the time to answer ends, as a number to order by; null where it does not, or has. */
function endOf({ replyBy: end }: Callback): number | null {
  return end === null || Date.parse(end) <= NOW ? null : Date.parse(end);
}

describe('The order of calling', () => {
  it('is that of the ends of the time to answer, then that of the summary, and loses nobody', () => {
    fc.assert(
      fc.property(anyCallbacks, (callbacks) => {
        const byName = new Map(callbacks.map((one, place) => [one.customer.name, { one, place }]));
        const ordered = rowsOf(callbacks).map(({ name }) => byName.get(name));
        expect(new Set(ordered).size).toBe(callbacks.length);
        for (const [before, after] of ordered.slice(1).map((next, at) => [ordered[at], next] as const)) {
          if (before === undefined || after === undefined) throw new Error('a row is of nobody');
          const [first, second] = [endOf(before.one), endOf(after.one)];
          if (first === second) expect(before.place).toBeLessThan(after.place);
          else expect(first ?? ALL).toBeLessThan(second ?? ALL);
        }
      }),
    );
  });

  it('is told only where the time of one of them has not ended yet', () => {
    fc.assert(
      fc.property(anyCallbacks, (callbacks) => {
        const section = callbackSection(
          summary({ callbacks }),
          ALONE,
          voiceOf('en'),
          { ...ALONE, seenAt: NOW },
          ALL,
        );
        const isTold = section.note?.startsWith('Those with the soonest reply deadline') ?? false;
        expect(isTold).toBe(callbacks.some((one) => endOf(one) !== null));
      }),
    );
  });
});

describe('A telephone', () => {
  const anyPhone = fc.oneof(
    fc.stringMatching(/^\+?[0-9 ().-]{5,20}$/),
    fc.string({ unit: anyCharacter, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('0', '9', '+', '*', '#', ';', ',', ' ', '-', '"', 'p'),
      maxLength: 20,
    }),
  );

  it('is given a number that it can dial, the digits of the one that is shown, and never a masked one', () => {
    fc.assert(
      fc.property(anyPhone, fc.constantFrom('masked' as const, 'full' as const), (phone, contacts) => {
        const customer = { key: 'id:1', name: 'An', phone, email: 'a@b.vn' };
        const day = summary({ contacts, callbacks: [callback('An', 1, '10:00', { customer })] });
        const shown = callbackSection(day, ALONE, voiceOf('en'), ALONE).body[0]?.contacts ?? [];
        for (const { text, tel } of shown) {
          if (tel === null) continue;
          expect(contacts).toBe('full');
          expect(tel).toMatch(/^\+?\d{7,15}$/);
          expect(tel.replace('+', '')).toBe(text.replaceAll(/\D/g, ''));
        }
      }),
    );
  });
});
