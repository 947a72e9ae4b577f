import { describe, expect, test } from 'vitest';
import type { WorkItem } from '../../functions/metrics/work-list.ts';
import type { Locale } from '../../functions/report/i18n/messages.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { NO_LINKS, type ReaderLinks } from '../../functions/report/report-input.ts';
import { workRow } from '../../functions/report/sections/work-list.ts';
import type { WorkRow } from '../../functions/report/view.ts';
import { callback, summary } from './fixture.ts';

function item(changes: Partial<WorkItem> = {}): WorkItem {
  return { ...callback('Lan', 1, '14:26'), callbacks: ['id:Lan'], reach: 'phone', ...changes };
}

function rowOf(one: WorkItem, locale: Locale = 'vi', links: ReaderLinks = NO_LINKS): WorkRow {
  const reading = { at: Date.parse('2026-11-22T06:05:00+07:00'), today: '2026-11-22' };
  return workRow(one, 1, false, { of: summary(), reading, links, formatter: localeFormatterFor(locale) });
}

describe('why a customer was missed', () => {
  const { agent: _, ...notKnown } = item();

  test('is that no one was given the chat where that is known alone', () => {
    expect(rowOf(item({ agent: null })).sentence).toContain('chưa giao cho ai');
    expect(rowOf(item({ agent: null }), 'en').sentence).toContain('given to no one');
    expect(rowOf(notKnown).sentence).not.toContain('giao');
    expect(rowOf(notKnown, 'en').sentence).not.toContain('given');
  });

  test('is its agent where one is told, and else a cause that is known', () => {
    const agent = { email: 'an@shop.vn', name: null };
    expect(rowOf(item({ agent })).sentence).toContain('đã giao an@shop.vn nhưng không nhận');
    for (const one of [item({ cause: 'outOfHours' }), { ...notKnown, cause: 'outOfHours' as const }])
      expect(rowOf(one).sentence).toContain('ngoài giờ');
  });
});

describe('the ticket of a customer', () => {
  const pages = null;
  const ofId: ReaderLinks = { ticket: 'https://web.caresoft.vn/ticket/{ticket_id}', pages };
  const ofNumber: ReaderLinks = { ticket: 'https://web.caresoft.vn/ticket/{ticket_no}', pages };
  const one = item({ ticketId: '9007199254740993', ticketNo: '17' });

  test('is called by its number, and opened by what the template asks for', () => {
    const ticket = (links: ReaderLinks) => rowOf(one, 'vi', links).ticket;
    expect(ticket(ofId)).toEqual({
      text: 'phiếu ghi #17',
      url: 'https://web.caresoft.vn/ticket/9007199254740993',
    });
    expect(ticket(ofNumber)).toEqual({ text: 'phiếu ghi #17', url: 'https://web.caresoft.vn/ticket/17' });
    expect(ticket(NO_LINKS)).toEqual({ text: 'phiếu ghi #17', url: null });
  });

  test('is not linked by an id that an earlier list does not tell', () => {
    const { ticketId: _, ...unknown } = one;
    expect(rowOf(unknown, 'vi', ofId)).toMatchObject({
      ticket: { text: 'phiếu ghi #17', url: null },
      action: null,
    });
    expect(rowOf(unknown, 'vi', ofNumber).ticket?.url).toBe('https://web.caresoft.vn/ticket/17');
  });

  test('is opened by its id where it has no number', () => {
    const row = rowOf(item({ ticketId: '5', ticketNo: null }), 'vi', ofId);
    expect(row).toMatchObject({
      ticket: null,
      action: { kind: 'ticket', url: 'https://web.caresoft.vn/ticket/5' },
    });
  });
});
