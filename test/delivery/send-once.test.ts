import { describe, expect, test } from 'vitest';
import { type Mailer, NotSentError } from '../../functions/delivery/mailer.ts';
import { sendOnce } from '../../functions/delivery/send-once.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import type { Message } from '../../functions/report/mail-message.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { leapingClock } from '../hand-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const message: Message = {
  kind: 'report',
  day: '2026-11-21',
  from: { address: 'chat-report@example.com', name: null },
  to: { address: 'manager@example.com', name: null },
  subject: 's',
  html: 'h',
  text: 't',
  date: '2026-11-21T23:00:05.000Z',
  listId: 'chat-report.demo.example.com',
  unsubscribe: 'mailto:ops@example.com?subject=off',
  attachments: [],
};

async function openPost(changes: Partial<Lake> = {}) {
  const lake = { ...openFolder(await temporaryFolder()), ...changes };
  const sent: Message[] = [];
  const logged: LogEvent[] = [];
  const clock = leapingClock();
  const mailer: Mailer = {
    name: 'mail',
    isRepeatable: false,
    async send(one) {
      sent.push(one);
      return 'id';
    },
  };
  const send = (
    run: string,
    more: { resend?: boolean; mailer?: Mailer; lake?: Lake; message?: Message } = {},
  ) =>
    sendOnce(
      more.message ?? message,
      { run, resend: more.resend ?? false },
      { mailer, lake, clock, log: openLog((_level, entry) => logged.push(entry)), ...more },
    );
  return { lake, sent, clock, mailer, send, logged };
}

/** Throws the first so many times it is used. */
const failing = (times: number, error: Error): Mailer => {
  let left = times;
  return {
    name: 'mail',
    isRepeatable: false,
    async send() {
      if (left-- > 0) throw error;
      return 'id';
    },
  };
};

describe('a mail', () => {
  test('is sent once, by however many runs', async () => {
    const { sent, send, lake } = await openPost();
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((run) => send(run)));
    expect(sent).toHaveLength(1);
    expect(all.filter(({ state }) => state === 'sent')).toHaveLength(1);
    expect(await send('f')).toEqual({ state: 'already-sent' });
    const receipts = await Array.fromAsync(lake.list('reports/dt=2026-11-21/sent/mail/'));
    expect(receipts).toHaveLength(1);
    expect(receipts.join()).not.toContain('manager');
  });

  test('is sent again when that is wanted, once a run', async () => {
    const { sent, send } = await openPost();
    await send('a');
    expect(await send('b', { resend: true })).toEqual({ state: 'sent' });
    expect(await send('b', { resend: true })).toEqual({ state: 'already-sent' });
    expect(await send('c')).toEqual({ state: 'already-sent' });
    expect(sent).toHaveLength(2);
  });

  test('whose sender died over it is left alone for ten minutes, then sent', async () => {
    const { sent, send, clock } = await openPost();
    await expect(send('a', { mailer: failing(1, new Error('the line broke')) })).rejects.toThrow();
    expect(await send('b')).toEqual({ state: 'claimed', isOwn: false, freeInSeconds: 600 });
    clock.pass(599_000);
    expect(await send('a')).toEqual({ state: 'claimed', isOwn: true, freeInSeconds: 1 });
    clock.pass(1_000);
    expect(await send('b')).toEqual({ state: 'sent' });
    expect(await send('a')).toEqual({ state: 'already-sent' });
    expect(sent).toHaveLength(1);
  });

  test('that was certainly not sent may be tried at once', async () => {
    const { sent, send } = await openPost();
    await expect(send('a', { mailer: failing(1, new NotSentError('throttled')) })).rejects.toThrow();
    expect(await send('a')).toEqual({ state: 'sent' });
    expect(sent).toHaveLength(1);
  });

  test('that turned out not to be sent after its claim was given up is not sent twice by others', async () => {
    const { sent, send, clock } = await openPost();
    const late: Mailer = {
      name: 'mail',
      isRepeatable: false,
      async send() {
        clock.pass(700_000);
        expect(await send('b')).toEqual({ state: 'sent' });
        throw new NotSentError('the signature expired');
      },
    };
    await expect(send('a', { mailer: late })).rejects.toThrow('the signature expired');
    expect(await send('a')).toEqual({ state: 'already-sent' });
    expect(sent).toHaveLength(1);
  });

  test('that was not sent is told why, where the claim cannot be released either', async () => {
    const { lake, send } = await openPost();
    const broken: Lake = { ...lake, put: () => Promise.reject(new Error('503 SlowDown')) };
    const mailer = failing(1, new NotSentError('throttled'));
    await expect(send('a', { mailer, lake: broken })).rejects.toThrow('throttled');
    expect(await send('a')).toMatchObject({ state: 'claimed' });
  });

  test('whose receipt cannot be written at first is not sent for it once more', async () => {
    const { lake, sent, send } = await openPost();
    let failures = 0;
    const hiccups: Lake = {
      ...lake,
      async put(key, body) {
        if (failures++ < 3) throw new Error('503 SlowDown');
        await lake.put(key, body);
      },
    };
    expect(await send('a', { lake: hiccups })).toEqual({ state: 'sent' });
    expect(await send('b')).toEqual({ state: 'already-sent' });
    expect(sent).toHaveLength(1);
  });

  test('is not sent by a process that was stopped for long after it claimed it', async () => {
    const { lake, sent, send, clock } = await openPost();
    const stopped: Lake = {
      ...lake,
      async putIfAbsent(key, body) {
        const first = await lake.putIfAbsent(key, body);
        clock.pass(700_000);
        return first;
      },
    };
    expect(await send('a', { lake: stopped })).toMatchObject({ state: 'claimed' });
    expect(sent).toHaveLength(0);
    expect(await send('b')).toEqual({ state: 'sent' });
  });

  test('that is a notice goes out for each run that could not report, and once for each', async () => {
    const { sent, send } = await openPost();
    const notice = { ...message, kind: 'notice' } as const;
    for (const run of ['a', 'a', 'b']) await send(run, { message: notice });
    expect(sent).toHaveLength(2);
  });

  test('over a transport that is the same when it is repeated is simply sent', async () => {
    const { lake, mailer, sent, send } = await openPost();
    for (const run of ['a', 'b']) await send(run, { mailer: { ...mailer, isRepeatable: true } });
    expect(sent).toHaveLength(2);
    expect(await Array.fromAsync(lake.list(''))).toEqual([]);
  });

  test.each(['', '{"state":"cl', 'null', '[]', '{"state":"held"}'])(
    'whose claim cannot be read is sent, once, and the claim is told: %s',
    async (garbage) => {
      const { lake, sent, send, logged } = await openPost();
      await send('first');
      const [key = ''] = await Array.fromAsync(lake.list('reports/'));
      await lake.put(key, Buffer.from(garbage));
      expect(await send('second')).toEqual({ state: 'sent' });
      expect(await send('third')).toEqual({ state: 'already-sent' });
      expect(sent).toHaveLength(2);
      expect(logged[0]).toMatchObject({ event: 'file-unreadable', key });
    },
  );
});
