import { describe, expect, test } from 'vitest';
import { openTerminalLog } from '../../bin/terminal-log.ts';

describe('the line that is drawn for a person who watches', () => {
  test('is taken away before anything is said that is to stay', () => {
    const written: string[] = [];
    const terminal = {
      ...{ environment: {}, now: 0, isWatched: true },
      out: () => {},
      err: (text: string) => written.push(text),
    };
    const { log, clear } = openTerminalLog(terminal);
    log.about({ day: '2026-11-20' })({
      event: 'page-kept',
      ...{ channel: 'zalo', page: 1, rows: 3, numFound: 7 },
    });
    clear();
    expect(written).toEqual(['\r\u001B[2K2026-11-20 zalo: 3 of 7 chats', '\r\u001B[2K']);
  });
});
