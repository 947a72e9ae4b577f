import { describe, expect, test } from 'vitest';
import { ticketUrl } from '../../functions/report/ticket-link.ts';
import { anyCharacter, fc } from '../property.ts';

const TEMPLATE = 'https://web.caresoft.vn/ticket/{ticket}?from=report#top';

describe('the link to a ticket', () => {
  test('has its number in the place that is kept for it', () => {
    expect(ticketUrl(TEMPLATE, '204817')).toBe('https://web.caresoft.vn/ticket/204817?from=report#top');
    expect(ticketUrl('https://example.com/#/t/{ticket}', '9007199254740993')).toBe(
      'https://example.com/#/t/9007199254740993',
    );
    expect(ticketUrl(TEMPLATE, 'CS-1_b')).toBe('https://web.caresoft.vn/ticket/CS-1_b?from=report#top');
  });

  test.each([
    [null, '204817'],
    [TEMPLATE, null],
    [null, null],
    [TEMPLATE, ''],
    [TEMPLATE, ' 204817'],
    [TEMPLATE, '204817\n'],
    [TEMPLATE, '../admin'],
    [TEMPLATE, '1?x=2'],
    [TEMPLATE, '%2e%2e'],
    [TEMPLATE, '٣'],
    [TEMPLATE, '1'.repeat(41)],
  ])('is none of %j and %j', (template, number) => {
    expect(ticketUrl(template, number)).toBeNull();
  });

  test('leads nowhere but below the template, whatever comes as a number', () => {
    const number = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 50 }),
      fc.string({ unit: fc.constantFrom(...'aZ09-_./$&'), maxLength: 50 }),
    );
    fc.assert(
      fc.property(number, (ticketNo) => {
        const url = ticketUrl(TEMPLATE, ticketNo);
        if (url === null) return;
        expect(new URL(url).href).toBe(`https://web.caresoft.vn/ticket/${ticketNo}?from=report#top`);
      }),
    );
  });
});
