import { describe, expect, test } from 'vitest';
import { ticketLink } from '../../functions/chats/chat.ts';
import { anyCharacter, fc } from '../property.ts';

const TEMPLATES = {
  ticketId: 'https://web.caresoft.vn/ticket/{ticket_id}?from=report#top',
  ticketNo: 'https://web.caresoft.vn/ticket/{ticket_no}?from=report#top',
};
const FIELDS = ['ticketId', 'ticketNo'] as const;
const TICKET = { ticketId: '9007199254740993', ticketNo: '204817' };

describe('the link to a ticket', () => {
  test('has its id or its number in the place that is kept for it', () => {
    const urls = FIELDS.map((field) => ticketLink(TEMPLATES[field], TICKET));
    expect(urls).toEqual([
      'https://web.caresoft.vn/ticket/9007199254740993?from=report#top',
      'https://web.caresoft.vn/ticket/204817?from=report#top',
    ]);
    expect(ticketLink('https://example.com/#/t/{ticket_no}', { ticketId: null, ticketNo: 'CS-1_b' })).toBe(
      'https://example.com/#/t/CS-1_b',
    );
  });

  test('is none without a template, nor by the other one where what it asks for is not known', () => {
    expect(ticketLink(null, TICKET)).toBeNull();
    expect(ticketLink(TEMPLATES.ticketId, { ticketNo: '204817' })).toBeNull();
    expect(ticketLink(TEMPLATES.ticketId, { ticketId: null, ticketNo: '204817' })).toBeNull();
    expect(ticketLink(TEMPLATES.ticketNo, { ticketId: '1', ticketNo: null })).toBeNull();
    expect(ticketLink(TEMPLATES.ticketNo, { ticketNo: '204817' })).not.toBeNull();
  });

  test.each(['', ' 204817', '204817\n', '../admin', '1?x=2', '%2e%2e', '٣', '1'.repeat(41), '{ticket_no}'])(
    'is none of %j',
    (odd) => {
      for (const field of FIELDS)
        expect(ticketLink(TEMPLATES[field], { ...TICKET, [field]: odd })).toBeNull();
    },
  );

  test('leads nowhere but below the template, whatever comes as an id or a number', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 50 }),
      fc.string({ unit: fc.constantFrom(...'aZ09-_./$&'), maxLength: 50 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), text, (field, value) => {
        const url = ticketLink(TEMPLATES[field], { ...TICKET, [field]: value });
        if (url === null) return;
        expect(new URL(url).href).toBe(`https://web.caresoft.vn/ticket/${value}?from=report#top`);
      }),
    );
  });
});
