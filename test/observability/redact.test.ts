import { describe, expect, test } from 'vitest';
import { problemOf, redact, redactError } from '../../functions/observability/redact.ts';

describe('what others wrote', () => {
  test.each([
    ['call 0900000001 or +84 900 000 001', 'call ‹number› or ‹number›'],
    ['0912 - 345 - 678', '‹number›'],
    ['０９０００００００１', '‹number›'],
    ['0900\u00a0000\u00a0001', '‹number›'],
    ['0912·345·678, 0912–345–678', '‹number›, ‹number›'],
    ['091234\u200b5678', '‹number›'],
    ['%30%39%31%32345678', '‹number›'],
    ['khach1＠example.com khach1(at)example.com', '‹address› ‹address›'],
    ['for khach1%2540example.com', 'for ‹address›'],
    [
      'no answer from 127.0.0.1:43111 at api.example.com',
      'no answer from 127.0.0.1:43111 at api.example.com',
    ],
    ['Email address is not verified: boss@example.com', 'Email address is not verified: ‹address›'],
    [
      'HTTP 500: try 2026-11-20 again, page 3 of 1234567',
      'HTTP 500: try 2026-11-20 again, page 3 of 1234567',
    ],
    [
      'raw/chats/dt=2026-11-20/channel=zalo/capture=20261122T001502123Z-9f3c2a/page-0001.json.gz is missing',
      'raw/chats/dt=2026-11-20/channel=zalo/capture=20261122T001502123Z-9f3c2a/page-0001.json.gz is missing',
    ],
    ['not before 2026-11-22T10:17:02.624Z', 'not before 2026-11-22T10:17:02.624Z'],
  ])('%j is kept as %j', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test('in an error leaves neither in its message nor in its text', () => {
    const error = redactError(new TypeError('for anh@example.com'));
    expect([error.name, error.message, String(error.cause)]).toEqual([
      'TypeError',
      'for ‹address›',
      'undefined',
    ]);
    expect(problemOf('0900000001')).toBe('‹number›');
  });
});
