import { describe, expect, test } from 'vitest';
import type { WorkItem } from '../../functions/measure/work-list.ts';
import { NO_LINKS, type ReaderLinks } from '../../functions/report/reader-links.ts';
import type { WorkRow } from '../../functions/report/view.ts';
import { voiceOf } from '../../functions/report/voice.ts';
import type { Locale } from '../../functions/report/words.ts';
import { workRow } from '../../functions/report/work-row.ts';
import { callback, summary } from './fixture.ts';

function item(changes: Partial<WorkItem> = {}): WorkItem {
  return { ...callback('Lan', 1, '14:26'), callbacks: ['id:Lan'], reach: 'phone', ...changes };
}

function rowOf(one: WorkItem, locale: Locale = 'vi', links: ReaderLinks = NO_LINKS): WorkRow {
  const reading = { at: Date.parse('2026-11-22T06:05:00+07:00'), today: '2026-11-22' };
  return workRow(one, 1, false, { of: summary(), reading, links, voice: voiceOf(locale) });
}

describe('why a customer was missed', () => {
  const { agent: _, ...notKnown } = item();

  test('is that no one was given the chat where that is known alone', () => {
    expect(rowOf(item({ agent: null })).said).toContain('chưa giao cho ai');
    expect(rowOf(item({ agent: null }), 'en').said).toContain('given to no one');
    expect(rowOf(notKnown).said).not.toContain('giao');
    expect(rowOf(notKnown, 'en').said).not.toContain('given');
  });

  test('is its agent where one is told, and else a cause that is known', () => {
    const agent = { email: 'an@shop.vn', name: null };
    expect(rowOf(item({ agent })).said).toContain('đã giao an@shop.vn nhưng không nhận');
    for (const one of [item({ cause: 'outOfHours' }), { ...notKnown, cause: 'outOfHours' as const }])
      expect(rowOf(one).said).toContain('ngoài giờ');
  });
});
