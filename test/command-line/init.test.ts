import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AbandonedError, type AnswerCheck, type Questions } from '../../bin/questions.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { call } from './call.ts';

const TOKEN = 'never-to-be-shown-4711';

/** An account, and a folder with the token in a file. */
async function openAccount(faults: readonly string[] = []) {
  const simulator = await startSimulator({
    ...{ token: TOKEN, requestsPerSecond: 10_000, chats: 60 },
    faults: faults.map(parseFault),
  });
  onTestFinished(() => simulator.close());
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  await writeFile(at('token.txt'), `  "${TOKEN}"\n`);
  const init = (more: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const usual = [
      ['--domain', simulator.baseUrl],
      ['--token-file', at('token.txt')],
      ['--file', at('my.env')],
      ['--lake', at('lake')],
    ];
    const args = usual.filter(([option = '']) => !more.includes(option)).flat();
    return call(['init', ...args, ...more], environment);
  };
  /** The settings of the file, without its comments. */
  const written = async () => {
    const lines = (await readFile(at('my.env'), 'utf8')).split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  };
  return { simulator, folder, at, init, written };
}

describe('chat-report init without a terminal', () => {
  test('writes what options say for its owner alone, and run finds it', async () => {
    const { simulator, at, init, written } = await openAccount();
    const { code, out, err } = await init([
      ...['--groups', 'bán hàng,12003', '--channels', 'Zalo,livechat', '--hours', 'Mon-Sat 08:00-21:00'],
      ...['--mail-to', '"Lê, Lan" <lan@example.com>', '--target', '8', '--services', '60000004,60000001'],
    ]);
    expect([code, err]).toEqual([0, expect.not.stringContaining('please')]);
    expect(out).toContain(`${at('my.env')} is written`);
    expect(out).toContain(`chat-report run --settings ${at('my.env')}`);
    expect(out + err).not.toContain(TOKEN);
    expect(await written()).toEqual([
      `CARESOFT_BASE_URL=${simulator.baseUrl}`,
      `CARESOFT_TOKEN=${TOKEN}`,
      'CARESOFT_GROUPS=12001,12003',
      'CARESOFT_SERVICES=60000004,60000001',
      'CHANNELS=Zalo,livechat',
      'BUSINESS_HOURS=Mon-Sat 08:00-21:00',
      'TARGET_MISSED_RATE=8',
      `LAKE_URI=${at('lake')}`,
      'MAIL_TO="Lê, Lan" <lan@example.com>',
      'LOCALE=vi',
    ]);
    const text = await readFile(at('my.env'), 'utf8');
    expect(text).toContain('# only chats of these groups count: 12001 Bán hàng, 12003 Bảo hành & Đổi trả\n');
    expect(text).toContain('# MAIL_FROM=');
    expect((await stat(at('my.env'))).mode & 0o777).toBe(0o600);
    const run = await call(['run', '--settings', at('my.env'), '--outbox', at('outbox')], {});
    expect([run.code, run.err]).toEqual([0, expect.not.stringContaining('please')]);
    expect(await readdir(at('outbox'))).not.toEqual([]);
  });

  test('replaces a file with --yes alone, keeps its other settings, and takes what is proposed', async () => {
    const { at, init, written } = await openAccount(['utc', 'dead:zalo']);
    await writeFile(at('my.env'), 'LOOK_BACK=1,7\nLOCALE=en\n');
    const refused = await init([]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('write over it with --yes') });
    expect(await written()).toEqual(['LOOK_BACK=1,7', 'LOCALE=en']);

    const { code, err } = await init(['--yes']);
    expect(err).toMatch(/Times are UTC.* The file sets CARESOFT_CLOCK=utc\./);
    // The trouble of a channel may pass, so that it is not left out without a person.
    expect(err).toMatch(/does not answer for zalo\. .* give --channels livechat,messenger\.\n/);
    expect(code).toBe(3);
    expect(await written()).toEqual(
      expect.arrayContaining(['CARESOFT_CLOCK=utc', 'LOCALE=en', 'LOOK_BACK=1,7']),
    );
  });

  test('writes the file and ends with 3 where something would spoil a report', async () => {
    const { at, init, written } = await openAccount(['utc']);
    const { code, out, err } = await init(['--mail-to', 'lan@example.com']);
    expect(code).toBe(3);
    expect(out).toContain(`Next:\n  mend ${at('my.env')}, as is said above\n`);
    expect(err).toMatch(/^fail {2}Times are UTC.*\n {6}→ set CARESOFT_CLOCK=utc$/m);
    expect(await written()).not.toContainEqual(expect.stringContaining('CLOCK'));
  });

  test('drops no line of a file that is there in silence', async () => {
    const { at, init, written } = await openAccount();
    await writeFile(at('my.env'), 'MAIL_T0=lan@example.com\nLOCALE=en\n');
    const { code, err } = await init(['--yes', '--offline']);
    expect([code, err]).toEqual([
      0,
      expect.stringMatching(/MAIL_T0 .*; write MAIL_TO; the new file lacks this line\n/),
    ]);
    expect(await written()).toContain('LOCALE=en');

    const unreadable = Buffer.from([0xfe, 0xff, 0x00, 0x4c]);
    await writeFile(at('my.env'), unreadable);
    const refused = await init(['--yes', '--offline'], { MAIL_T0: 'lan@example.com' });
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toMatch(/^ {2}--file +is .*, which is no text in UTF-8; save it as UTF-8$/m);
    expect(refused.err).toMatch(/^ {2}MAIL_T0 +is no setting; write MAIL_TO, or unset it$/m);
    expect(await readFile(at('my.env'))).toEqual(unreadable);
  });

  test('takes the token from stdin or the environment, and tries nothing with --offline', async () => {
    const { simulator, at, written } = await openAccount();
    const stdio = () => ({ input: Readable.from([`Bearer ${TOKEN}\n`]), output: new Writable() });
    const place = ['--file', at('my.env'), '--offline', '--yes'];
    const piped = await call(['init', '--domain', 'acme', '--token-file', '-', ...place], {}, { stdio });
    expect(piped.code).toBe(0);
    expect(await written()).toEqual(
      expect.arrayContaining(['CARESOFT_BASE_URL=https://api.caresoft.vn/acme', `CARESOFT_TOKEN=${TOKEN}`]),
    );
    const environment = {
      CARESOFT_TOKEN: 'newer',
      CARESOFT_BASE_URL: 'https://api.caresoft.vn/b',
      LOOK_BACK: '1',
    };
    const set = await call(['init', '--domain', 'acme', ...place], environment);
    expect(set.code).toBe(0);
    expect(set.err).toMatch(
      /^ {2}CARESOFT_BASE_URL +of the environment differs, and stands above .*; unset it$/m,
    );
    expect(set.err).toMatch(/^ {2}LOOK_BACK +is set in the environment alone; /m);
    expect(await written()).toContain('CARESOFT_TOKEN=newer');
    expect(simulator.seen.requests).toBe(0);
  });

  test.each([
    [
      'a wrong token',
      ['--token-file', 'wrong.txt'],
      /--token-file +does not open the account: .*refuses the token/,
    ],
    [
      'a wrong domain',
      ['--domain', 'wrong'],
      /--domain +does not open the account: There is no such account/,
    ],
    [
      'a host that does not answer',
      ['--domain', 'localhost:9/demo'],
      /--domain .*; --offline writes the file/,
    ],
    ['an unknown group', ['--groups', 'Ban hang'], /--groups +holds "Ban hang".*; write "Bán hàng" or 12001/],
  ])('says what is wrong and writes nothing: %s', async (_title, [option, value = ''], says) => {
    const { simulator, folder, at, init } = await openAccount();
    await writeFile(at('wrong.txt'), 'wrong-but-still-a-token');
    const values: Readonly<Record<string, string>> = {
      'wrong.txt': at('wrong.txt'),
      wrong: simulator.baseUrl.replace('/demo', '/wrong'),
    };
    const { code, out, err } = await init([option ?? '', values[value] ?? value]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/4711|wrong-but/);
    expect((await readdir(folder)).toSorted()).toEqual(['token.txt', 'wrong.txt']);
  });

  test('lists at once all that is missing or wrong, and asks nothing of the account', async () => {
    const { at } = await openAccount();
    const wrong = ['--hours', '8-21', '--target', '0.08', '--clock', 'moon', '--mail-from', 'Lan', '--fast'];
    const file = ['--file', join(at('token.txt'), 'my.env'), '--groups', 'Bán hàng', '--offline'];
    const { code, out, err } = await call(['init', ...wrong, ...file], { LOCALE: 'xx' });
    expect([code, out]).toEqual([2, '']);
    const names = [
      '--fast',
      '--file',
      '--domain',
      '--token-file',
      '--clock',
      '--groups',
      '--hours',
      '--target',
    ];
    expect(err.split('\n').flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? [])).toEqual(
      expect.arrayContaining([...names, '--mail-from', 'LOCALE']),
    );
  });
});

/** Answers in their order. An answer that the question refuses is followed by the next. */
function answering(answers: readonly (string | boolean | readonly string[])[]) {
  const left = [...answers];
  const told: string[] = [];
  const next = () => left.shift();
  const type = async ({ asks, check }: { asks: string; check: AnswerCheck }): Promise<string> => {
    told.push(asks);
    for (;;) {
      const answer = next();
      if (typeof answer !== 'string') throw new AbandonedError(`no answer to: ${asks}`);
      const says = await check(answer);
      if (says === null) return answer;
      told.push(says);
    }
  };
  const choose = ({ asks, initial }: { asks: string; initial?: unknown }): Promise<never> => {
    told.push(asks);
    const answer = next();
    if (answer === undefined) throw new AbandonedError(`no answer to: ${asks}`);
    return Promise.resolve((answer === '' ? initial : answer) as never);
  };
  const questions: Questions = {
    ...{ text: type, secret: type, choose, chooseSome: choose, confirm: choose },
    say: (text) => {
      told.push(text);
    },
  };
  return { questions, told, left };
}

describe('chat-report init with a person', () => {
  test('asks a wrong answer again, offers what the account has, and writes what was answered', async () => {
    const { simulator, at, written } = await openAccount(['utc', 'dead:zalo']);
    const { questions, told, left } = answering([
      ...['', 'of acme', simulator.baseUrl.replace('/demo', '/wrong'), 'a token', `"${TOKEN}"`],
      ...[`${simulator.baseUrl}/api/v1/chats`, '', 'some', ['12003', '12001'], 'all'],
      ...['lan@example', 'Lan <lan@example.com>', '', 'en', '8-21', 'Mon-Fri 08:00-17:00', '0.08', '7,5%'],
      ...[join(at('token.txt'), 'lake'), at('lake'), 'utc'],
    ]);
    const { code, out, err } = await call(['init', '--file', at('my.env')], {}, { questions });
    expect([code, left]).toEqual([0, []]);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringContaining('There is no such account'),
        expect.stringContaining('CARESOFT_TOKEN holds a blank'),
        expect.stringContaining('MAIL_TO holds "lan@example"'),
        expect.stringContaining('LAKE_URI is'),
        expect.stringContaining('Times are UTC'),
        'Nothing stands in the way of a report.',
      ]),
    );
    expect(told.filter((one) => one === 'Which token opens it?')).toHaveLength(1);
    expect(told.join() + out + err).not.toContain(TOKEN);
    expect(await written()).toEqual([
      `CARESOFT_BASE_URL=${simulator.baseUrl}`,
      `CARESOFT_TOKEN=${TOKEN}`,
      'CARESOFT_CLOCK=utc',
      'CARESOFT_GROUPS=12001,12003',
      'CHANNELS=livechat,messenger',
      'BUSINESS_HOURS=Mon-Fri 08:00-17:00',
      'TARGET_MISSED_RATE=7,5%',
      `LAKE_URI=${at('lake')}`,
      'MAIL_TO=Lan <lan@example.com>',
      'LOCALE=en',
    ]);
  });

  test('writes nothing without a yes, or after Ctrl+C', async () => {
    const { at, folder } = await openAccount();
    await writeFile(at('my.env'), 'LOCALE=en\n');
    const kept = await call(['init', '--file', at('my.env')], {}, answering([false]));
    expect(kept).toMatchObject({ code: 2, out: '', err: expect.stringContaining('nothing was written') });
    const left = await call(['init', '--file', at('new.env')], {}, answering(['acme']));
    expect(left).toMatchObject({ code: 130, out: '', err: expect.stringContaining('Nothing was written') });
    expect(await readFile(at('my.env'), 'utf8')).toBe('LOCALE=en\n');
    expect((await readdir(folder)).toSorted()).toEqual(['my.env', 'token.txt']);
  });
});
