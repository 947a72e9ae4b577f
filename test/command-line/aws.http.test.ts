import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { withAccountSettings } from '../../bin/settings/account-settings.ts';
import { addDays, dayAt } from '../../functions/calendar/day.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { TOKEN_PLACEHOLDER } from '../../lib/names.ts';
import { type AccountAnswers, answersOf, FAILURE } from '../aws/account-answers.ts';
import { startOperations } from '../aws/operations-endpoint.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { checkAws } from '../aws-commands.ts';
import { readCommands } from '../shell-commands.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { TOKEN } from './beside-aws.ts';
import { call } from './call.ts';

const ZONE = 'Asia/Ho_Chi_Minh';
/** 08:00 of today in that zone. */
const NOW = Date.parse(`${dayAt(Date.now(), ZONE)}T08:00:00+07:00`);
const DAY = addDays(dayAt(NOW, ZONE), -1);
const STATE = 'chat-report-acme-state';
const SERVICE = 'chat-report-acme-service';
const SECRET = 'chat-report/acme/caresoft-token-1a2b3c4d';

function change<Value>(of: Map<string, Value>, name: string, values: Partial<Value>): void {
  Object.assign(of.get(name) ?? {}, values);
}

/** An account that is well, its AWS and its CareSoft. */
async function wellAccount(options: object = {}) {
  const [simulator, s3] = await Promise.all([
    startSimulator({ requestsPerSecond: 10_000, chats: 12, token: TOKEN }),
    startS3({ buckets: ['lake'] }),
  ]);
  const settings = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    MAIL_FROM: 'report@shop.vn',
    MAIL_TO: 'an@shop.vn',
  };
  const daily = { zone: ZONE, state: 'ENABLED' as const };
  const account: AccountAnswers = {
    stacks: new Map([
      [
        STATE,
        {
          status: 'CREATE_COMPLETE',
          outputs: {
            LakeUri: 's3://lake/acme',
            TokenSecret: SECRET,
            WebhookKeySecret: 'chat-report/acme/webhook-key-1a2b3c4d',
            ViewKeySecret: 'chat-report/acme/view-key-1a2b3c4d',
          },
        },
      ],
      [
        SERVICE,
        {
          status: 'UPDATE_COMPLETE',
          outputs: { StartFunction: 'chat-report-acme-start:live', ApiUrl: 'https://a.example' },
        },
      ],
      ['chat-report-acme-analytics', { status: 'CREATE_COMPLETE', outputs: {} }],
      ['chat-report-shared', { status: 'CREATE_COMPLETE', outputs: {} }],
    ]),
    secrets: new Map([
      [SECRET, TOKEN],
      ['chat-report/acme/webhook-key-1a2b3c4d', 'a'.repeat(40)],
      ['chat-report/acme/view-key-1a2b3c4d', 'b'.repeat(64)],
    ]),
    environment: {
      ...settings,
      ACCOUNT: 'acme',
      PAGES_URL: 'https://of-the-stack.example',
      LAKE_URI: 's3://lake/acme',
    },
    schedules: new Map([
      ['chat-report-acme-start', { at: '06:00', calls: 'chat-report-acme-start', ...daily }],
      ['chat-report-acme-deadline', { at: '07:00', calls: 'chat-report-acme-deadline', ...daily }],
      ['chat-report-acme-deadline-again', { at: '07:20', calls: 'chat-report-acme-deadline', ...daily }],
    ]),
    identities: new Map([['shop.vn', { verified: true, tokens: ['k1', 'k2'] }]]),
    mail: { isOutOfSandbox: true, left: 200 },
    subscriptions: new Map([['oncall@shop.vn', 'confirmed']]),
    alarms: new Map([
      ['chat-report acme no-report', 'OK'],
      ['chat-report acme check-missing', 'OK'],
    ]),
    queues: new Map([
      ['chat-report-acme-dead-runs', []],
      ['chat-report-acme-dead-calls', []],
    ]),
    executions: new Map([
      ['$LATEST', []],
      ['3', [{ run: `acme-${DAY}-1`, status: 'SUCCEEDED', startedAt: NOW - 2 * 3_600_000 }]],
    ]),
    start: { run: `acme-${DAY}-at-abc`, day: DAY },
  };
  const operations = await startOperations(answersOf(account));
  onTestFinished(async () => {
    await Promise.all([simulator.close(), s3.close(), operations.close()]);
  });
  const cwd = await temporaryFolder();
  const deployment = {
    alarmAddresses: ['oncall@shop.vn'],
    accounts: [{ name: 'acme', settings, ...options }],
  };
  await writeFile(join(cwd, 'accounts.ts'), `export const deployment = ${JSON.stringify(deployment)};`);
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: operations.url,
    AWS_ENDPOINT_URL_S3: s3.url,
  };
  const type = async (
    args: readonly string[],
    { stdin = '', ...more }: Readonly<Record<string, string>> = {},
  ) => {
    const all = { ...environment, ...more };
    for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
    const stdio = () => ({ input: Readable.from([stdin]), output: new Writable() });
    try {
      return await call(args, all, { now: NOW, accountsFolder: cwd, stdio });
    } finally {
      vi.unstubAllEnvs();
    }
  };
  const report = () => type(['run', '--account', 'acme', '--day', DAY, '--outbox', join(cwd, 'outbox')]);
  return { account, operations, s3, cwd, simulator, environment, type, report };
}

describe('chat-report aws', () => {
  test('finds nothing wrong with an account that is well, and tells no secret', async () => {
    const { type, report, operations } = await wellAccount();
    expect((await report()).code).toBe(0);
    const { code, out, err } = await type(['aws', 'acme', 'doctor']);
    expect(out.match(/^(?:fail|note).*/gm)).toBeNull();
    expect([code, err]).toEqual([0, 'chat-report: asking AWS about acme\n']);
    expect(out).toMatch(/^Account {3}acme, in eu-west-1 of the AWS account 123456789012\n/);
    expect(out).toMatch(
      /^ok {4}The token is stored \(chat-report\/acme\/caresoft-token-1a2b3c4d, changed last at /m,
    );
    expect(out).toMatch(/^ok {4}The schedule that looks for the report is on: 07:00 \S+, 07:20 /m);
    expect(out).toContain(`ok    The report of ${DAY} is there (proven`);
    expect(out).toMatch(/\nNothing stands in the way of a report \(\d+ ok, 0 to note\)\.\n$/);
    expect(out).not.toMatch(new RegExp(`${TOKEN}|aaaa|bbbb`));
    const why = await type(['aws', 'acme', 'why', '--day', DAY, '--json']);
    const { next, lake, records } = JSON.parse(why.out);
    expect([next, lake.state, lake.runs.length, records[0].steps.length > 3]).toEqual([
      [],
      'proven',
      1,
      true,
    ]);
    const { out: told } = await type(['aws', 'acme', 'why', '--day', DAY]);
    expect(told).toMatch(/^Executions of .*\n[\s\S]*^ *Channels$[\s\S]*^What to do$[\s\S]*^Steps of /m);
    // It only looks.
    expect(
      operations.asked.filter(({ operation }) => /^(?:Put|Create|Delete|Update|Invoke)/.test(operation)),
    ).toEqual([]);
  });

  test('names everything that is wrong, with the command that mends it', async () => {
    const { account, type } = await wellAccount();
    account.environment.MAIL_TO = 'old@shop.vn';
    account.secrets.set(SECRET, TOKEN_PLACEHOLDER);
    account.secrets.delete('chat-report/acme/view-key-1a2b3c4d');
    change(account.schedules, 'chat-report-acme-start', { state: 'DISABLED' });
    change(account.schedules, 'chat-report-acme-deadline', { at: '08:00' });
    account.identities.set('shop.vn', { verified: false, tokens: ['k1', 'k2'] });
    Object.assign(account.mail, { isOutOfSandbox: false, left: 0 });
    account.subscriptions.set('oncall@shop.vn', 'pending');
    account.alarms.set('chat-report acme no-report', 'ALARM');
    account.alarms.set('chat-report acme check-missing', 'INSUFFICIENT_DATA');
    account.queues.set('chat-report-acme-dead-runs', [JSON.stringify({ run: `acme-${DAY}-1`, day: DAY })]);
    account.queues.set('chat-report-acme-dead-calls', [
      `{"scheduledTime":"${dayAt(NOW, ZONE)}T06:00:00+07:00"}`,
    ]);
    account.executions.set('3', [{ run: `acme-${DAY}-1`, status: 'FAILED', startedAt: NOW - 3_600_000 }]);
    const { code, out } = await type(['aws', 'acme', 'doctor']);
    expect(code).toBe(3);
    const found = out.split(/^(?=ok|note|fail)/m).filter((text) => !text.startsWith('ok'));
    const expectOne = (...parts: readonly string[]) =>
      expect(
        found.filter((text) => parts.every((part) => text.includes(part))),
        parts.join(),
      ).toHaveLength(1);
    expectOne('has other values than what is deployed: MAIL_TO.', '→ npm run deploy -- acme\n');
    expectOne('The token is not stored yet', '→ chat-report aws acme token --file <file>\n');
    expectOne('This could not be examined (view-key)', 'ResourceNotFoundException');
    expectOne('The schedule that begins the report is off', 'group chat-report-acme');
    expectOne('08:00 Asia/Ho_Chi_Minh, 07:20', 'bin/accounts.ts has 07:00, 07:20', 'npm run deploy -- acme');
    expectOne(
      'SES knows shop.vn, and has not verified it (PENDING).',
      '\n        k1._domainkey.shop.vn CNAME k1.dkim.amazonses.com\n',
      'k2._domainkey',
    );
    expectOne('SES sends 0 more mails');
    expectOne('at these places: 1.', 'aws sesv2 create-email-identity --email-identity <recipient>');
    expectOne(
      'oncall@shop.vn gets no alarm',
      'aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:chat-report-alarms ',
    );
    expectOne('The alarm "chat-report acme no-report" is on', `npx chat-report aws acme why --day ${DAY}\n`);
    expectOne('The alarm "chat-report acme check-missing" is on');
    expectOne(`dead-runs holds 1 message: acme-${DAY}-1 (no).`, 'purge-queue --queue-url https://sqs');
    expectOne('dead-calls holds 1 message', `chat-report aws acme why --day ${DAY}\n`);
    expectOne('1 execution began', '1 failed', `why --day ${DAY}`);
    expectOne(`There is no report of ${DAY} (no report).`);
    const shown = [...out.matchAll(/\baws (?:cloudformation|secretsmanager|sesv2|sns|sqs) [^\n;,]+/g)];
    expect(shown.length).toBeGreaterThan(3);
    for (const [command] of shown) {
      const problems = await Promise.all(readCommands(command).map(([, ...words]) => checkAws(words)));
      expect(problems.flat(), command).toEqual([]);
    }
    expect(found.at(-1)).toMatch(/\n\d+ of \d+ would spoil a report/);

    account.identities.clear();
    const { out: json } = await type(['aws', 'acme', 'doctor', '--json']);
    const { ok, findings } = JSON.parse(json) as { ok: boolean; findings: { id: string; do?: string }[] };
    expect(ok).toBe(false);
    const sender = findings.find(({ id }) => id === 'ses-sender');
    expect(sender?.do).toContain('aws sesv2 create-email-identity --email-identity shop.vn');
  });

  test('misses no report of the day before an account was new, and says how to have one', async () => {
    const { account, type } = await wellAccount();
    const findingOf = async () => {
      const { out } = await type(['aws', 'acme', 'doctor']);
      return out.split(/^(?=ok|note|fail)/m).find((text) => text.includes(`There is no report of ${DAY}`));
    };
    expect(await findingOf()).toMatch(/^fail/);
    change(account.stacks, SERVICE, { createdAt: new Date(NOW - 3_600_000).toISOString() });
    const finding = await findingOf();
    expect(finding).toMatch(/^note/);
    expect(finding).toContain(`→ chat-report aws acme report --day ${DAY}\n`);
  });

  test('takes the addresses that a deployment sets for no slip, and misses the second look for a report', async () => {
    const { account, type } = await wellAccount();
    const api = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';
    Object.assign(account.environment, { VIEW_URL: api, PAGES_URL: `${api}/pages` });
    account.schedules.delete('chat-report-acme-deadline-again');
    const { out } = await type(['aws', 'acme', 'doctor']);
    expect(out).toContain('ok    The deployed settings are those of bin/accounts.ts.');
    expect(out).toMatch(/^fail {2}The schedule that looks for the report is on: 07:00 .*07:00, 07:20/ms);
  });

  test.each([
    [
      'ROLLBACK_COMPLETE',
      'could not be made (ROLLBACK_COMPLETE). Lake: no such key.',
      'npm run deploy -- acme',
    ],
    ['UPDATE_ROLLBACK_FAILED', 'cannot go back', 'aws cloudformation continue-update-rollback --stack-name'],
    ['UPDATE_IN_PROGRESS', 'is under way', 'aws cloudformation describe-stack-events --stack-name'],
    ['DELETE_FAILED', 'could not be deleted', 'aws cloudformation delete-stack --stack-name'],
    [null, 'is not there', 'npm run deploy -- acme'],
  ] as const)('tells of a stack that is %s what to type', async (status, says, todo) => {
    const { account, type } = await wellAccount();
    const event = (of: string, state: string, reason: string) =>
      `<member><LogicalResourceId>${of}</LogicalResourceId><ResourceStatus>${state}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`;
    const events =
      event('Other', 'CREATE_FAILED', 'Resource creation cancelled') +
      event('Lake', 'CREATE_FAILED', 'no such key');
    if (status === null) account.stacks.delete(SERVICE);
    else change(account.stacks, SERVICE, { status, events });
    const { code, out } = await type(['aws', 'acme', 'doctor']);
    expect(code).toBe(3);
    const [finding = ''] = out
      .split(/^(?=ok|note|fail)/m)
      .filter((text) => text.includes(`stack ${SERVICE}`));
    expect(finding).toMatch(/^fail/);
    expect(finding).toContain(says);
    expect(finding).toContain(`${todo}${todo.endsWith('name') ? ` ${SERVICE}` : ''}`);
  });

  test('tells of a day its executions of all versions, the newest first, and what to do', async () => {
    const { account, type } = await wellAccount();
    account.executions.set('3', [{ run: `acme-${DAY}-1`, status: 'FAILED', startedAt: NOW - 7_200_000 }]);
    account.executions.set('12', [
      { run: `acme-${DAY}-at-abc`, status: 'TIMED_OUT', startedAt: NOW - 3_600_000 },
      { run: `acme-${addDays(DAY, -1)}-at-abd`, status: 'RUNNING', startedAt: NOW - 3_600_000 },
    ]);
    const why = await type(['aws', 'acme', 'why', '--day', DAY]);
    expect(why.code).toBe(0);
    const names = [...why.out.matchAll(/ (acme-\S+) +(\d+) {2}(\S.*)/g)].map(([, ...parts]) => parts);
    expect(names).toEqual([
      [`acme-${DAY}-at-abc`, '12', expect.stringMatching(/^TIMED OUT at /)],
      [`acme-${DAY}-1`, '3', expect.stringMatching(/^FAILED at /)],
    ]);
    expect(why.out).toContain(FAILURE);
    expect(why.out).toContain(`\nNext\n\nchat-report aws acme report --day ${DAY}\n`);

    account.executions.clear();
    const unknown = await type(['aws', 'acme', 'why', '--day', DAY]);
    expect(unknown.out).toContain('None is known.');
    expect(unknown.out).toContain('\nNext\n\nchat-report aws acme doctor\n');
  });

  test('starts a report, and says what the function refuses in its words', async () => {
    const { account, type, operations } = await wellAccount();
    const { code, out } = await type(['aws', 'acme', 'report', '--day', DAY, '--refresh']);
    expect([code, out]).toEqual([
      0,
      `acme-${DAY}-at-abc has begun.\nFollow it: chat-report aws acme why --day ${DAY}\n`,
    ]);
    expect(operations.asked.find(({ operation }) => operation === 'Invoke')?.input).toEqual({
      FunctionName: 'chat-report-acme-start:live',
      payload: `{"day":"${DAY}","refresh":true}`,
    });
    account.start = {
      functionError: 'Unhandled',
      errorType: 'WrongSettingsError',
      errorMessage: 'TIME_ZONE is "Mars"',
    };
    const refused = await type(['aws', 'acme', 'report', '--day', DAY]);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain('refuses: WrongSettingsError: TIME_ZONE is "Mars"');
  });

  test('stores a token from stdin or a file, and no other text', async () => {
    const { account, type, cwd, operations } = await wellAccount();
    const { code, out, err } = await type(['aws', 'acme', 'token'], { stdin: '  fresh-4712\n' });
    expect([code, account.secrets.get(SECRET)]).toEqual([0, 'fresh-4712']);
    expect(out).toContain('It takes effect at the next request');
    expect(out + err).not.toContain('fresh-4712');
    await writeFile(join(cwd, 't.txt'), 'other-4713\n');
    await type(['aws', 'acme', 'token', '--file', join(cwd, 't.txt')]);
    expect(account.secrets.get(SECRET)).toBe('other-4713');
    const before = operations.asked.length;
    for (const stdin of ['', 'two words', 'https://api.caresoft.vn/acme', 'a\nb']) {
      const wrong = await type(['aws', 'acme', 'token'], { stdin });
      expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/^ {2}--file {2}.*/m)]);
    }
    expect(operations.asked).toHaveLength(before);
  });

  test('says in a line that AWS does not let it in, and what it may not do', async () => {
    const { operations, type } = await wellAccount();
    operations.answers.GetSchedule = { error: 'AccessDeniedException' };
    const { code, out } = await type(['aws', 'acme', 'doctor']);
    expect(code).toBe(3);
    expect(out).toContain('your credentials may not scheduler:ListSchedules and scheduler:GetSchedule');
    operations.answers.DescribeStacks = { error: 'ExpiredToken' };
    const { code: none, err } = await type(['aws', 'acme', 'why']);
    expect([none, err]).toEqual([
      2,
      expect.stringMatching(/AWS {2}does not let you in \(ExpiredToken\); sign in again/),
    ]);
  });
});

describe('--account', () => {
  test('takes the lake, the token and the rest from the stacks, and asks AWS for nothing that is given', async () => {
    const { type, report, cwd, s3, operations, simulator } = await wellAccount();
    const run = await report();
    expect([run.code, run.err]).toEqual([0, expect.stringContaining('into s3://lake/acme')]);
    expect((await readdir(join(cwd, 'outbox'))).filter((name) => name.endsWith('.eml'))).toHaveLength(1);
    expect([...(s3.buckets.get('lake')?.keys() ?? [])]).toContain(`acme/reports/dt=${DAY}/summary.json`);
    const status = await type(['status', '--account', 'acme']);
    expect([status.code, status.out]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^${DAY} {2}proven`, 'm')),
    ]);
    const rebuild = await type(['rebuild', '--account', 'acme', '--day', DAY]);
    expect(rebuild.code).toBe(0);
    const check = await type(['check', '--account', 'acme']);
    expect(check.out).toContain('LAKE_URI = s3://lake/acme  (chat-report-acme-state)');
    expect(check.out).toContain('MAIL_TO = an@shop.vn  (bin/accounts.ts)');
    expect(check.out).not.toMatch(/^fail/m);
    expect(simulator.seen.requests).toBeGreaterThan(0);

    const before = operations.asked.length;
    expect((await type(['status', '--account', 'acme', '--lake', 's3://lake/acme'])).code).toBe(0);
    const given = { LAKE_URI: 's3://lake/acme', CARESOFT_TOKEN: TOKEN };
    expect((await type(['check', '--account', 'acme'], given)).code).toBe(0);
    expect((await type(['check', '--account', 'acme', '--settings-only'])).code).toBe(0);
    expect(operations.asked).toHaveLength(before);
  });

  test('takes what a mail that is sent needs: links, keys, the configuration set and the bus', async () => {
    const settings = {
      CARESOFT_BASE_URL: 'https://api.caresoft.vn/acme',
      MAIL_FROM: 'report@shop.vn',
      MAIL_TO: 'an@shop.vn',
      WEBHOOK_URLS: 'https://hooks.shop.vn',
    };
    const signIn = { issuer: 'https://login.shop.vn', clientId: 'reports' };
    const links = { mailLinks: true, signIn };
    const { environment, cwd } = await wellAccount({ settings, ...links, eventBus: 'shop' });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const none = { now: NOW, isWatched: false, out: () => {}, err: () => {} };
    const terminal = { ...none, environment: { LOCALE: 'en', EVENT_BUS: 'other' }, accountsFolder: cwd };
    const needs = ['lake', 'token', 'keys', 'links'] as const;
    const { terminal: found, problems } = await withAccountSettings('acme', terminal, needs);
    expect(problems).toEqual([]);
    expect(found.environment).toEqual({
      ...settings,
      ACCOUNT: 'acme',
      LAKE_URI: 's3://lake/acme',
      CARESOFT_TOKEN_SECRET: SECRET,
      WEBHOOK_KEY_SECRET: 'chat-report/acme/webhook-key-1a2b3c4d',
      VIEW_URL: 'https://a.example',
      PAGES_URL: 'https://a.example/pages',
      VIEW_KEY_SECRET: 'chat-report/acme/view-key-1a2b3c4d',
      MAIL_CONFIGURATION_SET: 'chat-report-acme',
      // The environment gives it in place of the file.
      EVENT_BUS: 'other',
    });
  });

  test('names the stack that is not there, and asks for nothing more', async () => {
    const { account, type, simulator } = await wellAccount();
    account.stacks.clear();
    const { code, err } = await type(['run', '--account', 'acme']);
    expect([code, simulator.seen.requests]).toEqual([2, 0]);
    expect(err).toContain(
      `--account  is "acme", whose stack ${STATE} is not there; deploy it: npm run deploy -- acme`,
    );
  });
});
