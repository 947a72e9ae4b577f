import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openPages } from '../web/open-pages.ts';
import { openCase } from './run-case.ts';

const DAY = '2026-11-20';
const DAYS_BEFORE = ['2026-11-14', '2026-11-15', '2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19'];

const oneLine = (text: string | undefined) => (text ?? '').replaceAll(/\s+/g, ' ');

test('a channel that stops at 10:50 is named first, and its hours after it are none without a missed chat', async () => {
  const running = await openCase('15');
  expect(await running.run('--locale', 'en')).toMatchObject({ code: 0 });
  expect(await running.readLake(`reports/dt=${DAY}/summary.json`)).toMatchObject({
    totals: { chats: 58 },
    byChannel: { messenger: { chats: 18 }, zalo: { chats: 40 } },
    lastStartedAt: { messenger: `${DAY}T10:50:00+07:00`, zalo: `${DAY}T17:45:00+07:00` },
  });

  const mails = await running.readMails();
  const mailOf = (day: string) => mails[`${day}-report-quan-ly@example.com.eml`];
  const mail = mailOf(DAY);
  expect(mail?.subject).toContain(': no Messenger chat since 10:50, 0% missed');
  expect(oneLine(mail?.text)).toContain(
    'Messenger: no chat since 10:50. None of the 58 chats that came was missed. ' +
      '! Messenger: no chat since 10:50; on each of the 6 days before, 42 came from 11:00 on.',
  );
  // That no customer waits would be said of what is not known.
  expect(oneLine(mail?.text)).toContain('None of the customers whose chats came is waiting.');
  expect(oneLine(mail?.text) + oneLine(mail?.html)).not.toContain('No customer is waiting');
  // Hour, missed, chats, agents.
  expect(mail?.text).toMatch(/^ {2}10 +0 +10 +1$/m);
  expect(mail?.text).toMatch(/^ {2}11 +0 +4 +1$/m);
  // Of the channel it is told where its rate is.
  expect(oneLine(mail?.text)).toMatch(/MISSED RATE BY CHANNEL .{0,80}! Messenger: no chat since 10:50/);
  const { page } = openPages(openFolder(join(running.cwd, 'out/lake')));
  const { html } = await page(`/days/${DAY}?lang=en`);
  const hours = /<h2 id="hours">.*?<h2/s.exec(html)?.[0].replaceAll(/<[^>]*>|\s+/g, ' ') ?? '';
  // From midnight to noon: no zero stands for what is not known.
  expect(hours).toMatch(/Messenger +(– +){8}0 +0 +0 +– +Zalo/);

  for (const day of DAYS_BEFORE) {
    const { subject = '', text } = mailOf(day) ?? {};
    expect(oneLine(text)).toContain('None of the 100 chats was missed.');
    expect(subject + oneLine(text)).not.toMatch(/no (\w+ )?chat (since|all day)/);
  }
  expect(oneLine(mail?.text)).not.toContain('Zalo: no chat');
});
