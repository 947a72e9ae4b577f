import { describe, expect, it } from 'vitest';
import { type Messages, messagesFor } from '../../functions/report/i18n/messages.ts';

describe('The words', () => {
  it('are all there in both languages, each a text of its own', () => {
    const [vi, en] = [spoken(messagesFor('vi')), spoken(messagesFor('en'))];
    expect([...en.keys()]).toEqual([...vi.keys()]);
    for (const [path, text] of [...vi, ...en]) {
      expect(text, path).not.toMatch(/undefined|NaN|\[object/);
      expect(text, path).not.toBe('');
    }
  });

  it('are not left in the other language', () => {
    const en = spoken(messagesFor('en'));
    const same = [...spoken(messagesFor('vi'))]
      .filter(([path, text]) => en.get(path) === text)
      .map(([path]) => path);
    expect(same).toEqual(['channels.livechat', 'channels.messenger', 'channels.zalo', 'deadline.before']);
  });

  it('know one from many in English', () => {
    const { toCallBack, customers, pagesAndRows } = messagesFor('en');
    expect([toCallBack('1', 1), toCallBack('2', 2)]).toEqual([
      '1 customer to call back',
      '2 customers to call back',
    ]);
    expect(customers('0', 0)).toBe('0 customers');
    expect(pagesAndRows('1', '2', 1, 2)).toBe('1 page, 2 rows');
    expect(pagesAndRows('2', '1', 2, 1)).toBe('2 pages, 1 row');
  });
});

/** Every phrase said once, by its path. */
function spoken(messages: Messages): Map<string, string> {
  const phrases = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'function') visit(value('12', '34', '56', '78', 9), path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    else phrases.set(path, String(value));
  };
  visit(messages, '');
  return phrases;
}
