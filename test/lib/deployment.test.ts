import { describe, expect, test } from 'vitest';
import { deployment as committed } from '../../bin/accounts.ts';
import { LOG_RETENTIONS } from '../../lib/account-options.ts';
import { type Deployment, readDeployment } from '../../lib/deployment.ts';
import { checked, demo, deployment, second } from './deployments.ts';

const problemsOf = (changed: unknown): string[] => {
  const read = readDeployment(changed as Deployment);
  return 'problems' in read ? read.problems.map(({ of, says }) => `${of} ${says}`) : [];
};
const withAccount = (changes: object): string[] =>
  problemsOf({ ...deployment, accounts: [{ ...demo, ...changes }] });
const withSettings = (settings: object): string[] =>
  withAccount({ settings: { ...demo.settings, ...settings } });

describe('a deployment', () => {
  test('is right as it is committed, and holds an example', () => {
    expect(checked(committed).accounts.map(({ name }) => name)).toEqual(['demo']);
  });

  test('has defaults for what is left out', () => {
    const { prefix, alarms, runbookUrl, accounts } = checked(deployment);
    expect({ prefix, alarms, runbookUrl }).toEqual({
      prefix: 'chat-report',
      alarms: { addresses: ['oncall@example.com'] },
      runbookUrl: null,
    });
    expect(accounts[0]).toMatchObject({
      timeZone: 'Asia/Ho_Chi_Minh',
      logRetentionDays: 90,
      // Customers' data is not kept for ever unless the deployer says so.
      keepDays: { raw: 400, curated: 400, reports: null, runs: 400 },
      eventBus: 'default',
      onDemand: true,
      mailLinks: false,
      signIn: null,
      kmsKeyArn: null,
      bucket: null,
      tags: {},
    });
    expect(accounts[1]?.reportBy).toEqual({ hour: 8, minute: 15 });
  });

  test('holds for every account, but for what an account says for itself', () => {
    const [first, other] = checked({
      ...deployment,
      eventBus: null,
      keepDays: { raw: 30, runs: 30 },
      tags: { team: 'care', centre: '42' },
      logRetentionDays: 30,
      accounts: [demo, { ...second, eventBus: 'own', keepDays: { raw: null }, tags: { team: 'sales' } }],
    }).accounts;
    expect(first).toMatchObject({
      eventBus: null,
      tags: { team: 'care', centre: '42' },
      logRetentionDays: 30,
    });
    expect(first?.keepDays).toEqual({ raw: 30, curated: 400, reports: null, runs: 30 });
    expect(other).toMatchObject({
      eventBus: 'own',
      tags: { team: 'sales', centre: '42' },
      logRetentionDays: 30,
    });
    expect(other?.keepDays).toEqual({ raw: null, curated: 400, reports: null, runs: 30 });
  });

  test('keeps logs for as many days as CloudWatch Logs knows', async () => {
    const { RetentionDays } = await import('aws-cdk-lib/aws-logs');
    const known = Object.values(RetentionDays).filter((value) => typeof value === 'number');
    expect(LOG_RETENTIONS).toEqual(
      known.filter((days) => days !== RetentionDays.INFINITE).toSorted((a, b) => a - b),
    );
  });

  test('can be read for some accounts while others are wrong', () => {
    const wrong = { ...deployment, accounts: [demo, { ...second, reportAt: 'soon' }] };
    expect(problemsOf(wrong)).toHaveLength(1);
    expect(readDeployment(wrong, ['demo'])).toHaveProperty('deployment.accounts.length', 1);
    expect(readDeployment(wrong, ['demo', 'demmo'])).toEqual({
      problems: [{ of: 'demmo', says: 'is no account; there are demo, demo-2' }],
    });
  });

  test.each([
    [
      'reportAt',
      { reportAt: '02:30' },
      'Europe/Berlin',
      /^demo: reportAt is 02:30, which the clocks of Europe\/Berlin skip on \d{4}-03-\d\d; choose another hour$/,
    ],
    [
      'reportBy',
      { reportAt: '01:00', reportBy: '02:00' },
      'America/New_York',
      /^demo: reportBy is 02:00, which the clocks/,
    ],
    [
      'the second check',
      { reportAt: '01:00', reportBy: '01:45' },
      'Europe/Berlin',
      /^demo: reportBy is 01:45, so the check comes again at 02:05, which the clocks/,
    ],
    [
      'midnight',
      { reportAt: '00:00' },
      'Asia/Beirut',
      /^demo: reportAt is 00:00, which the clocks of Asia\/Beirut skip/,
    ],
  ])('is refused an hour that the clocks skip, of %s', (_title, times, TIME_ZONE, says) => {
    const settings = { ...demo.settings, TIME_ZONE };
    expect(withAccount({ ...times, settings })).toEqual([expect.stringMatching(says)]);
    expect(withAccount(times)).toEqual([]);
  });

  test('reports in the early morning of Vietnam where an account does not say when', () => {
    const { reportAt: _at, reportBy: _by, ...silent } = demo;
    expect(checked({ ...deployment, accounts: [silent] }).accounts).toMatchObject([
      { timeZone: 'Asia/Ho_Chi_Minh', reportAt: { hour: 6, minute: 0 }, reportBy: { hour: 7, minute: 0 } },
    ]);
    expect(problemsOf({ ...deployment, accounts: [{ ...silent, reportAt: '06:50' }] })).toEqual([
      'demo: reportBy is 07:00, and not 15 minutes or more after reportAt, 06:50',
    ]);
  });

  test('is told everything that is wrong with all accounts at once', () => {
    const problems = problemsOf({
      alarmAddresses: ['nobody'],
      logRetentionDays: 91,
      eventBus: 'no bus',
      prefix: 'Chat',
      runbookUrl: 'docs/runbook.md',
      kmsKeyArn: 'alias/mine',
      tags: { 'aws:mine': 'x' },
      signIn: { issuer: 'http://login.example.org' },
      keepDays: { raw: 0, row: 3 },
      accounts: [
        { ...demo, settings: { CARESOFT_BASE_URL: 'http://api.caresoft.vn/demo' }, reportBy: '06:00' },
        { ...demo, settings: { ...demo.settings, TIME_ZONE: 'Asia/Saigon City', LAKE_URI: 's3://mine' } },
        { ...second, name: 'No Name', reportAt: '24:00' },
      ],
    });
    const expected = [
      /^alarmAddresses\.0 holds "nobody"/,
      /^logRetentionDays is none of the numbers .* 90, /,
      /^eventBus is neither the name nor the ARN/,
      /^prefix is "Chat"; a prefix begins/,
      /^runbookUrl is no address that begins with https/,
      /^kmsKeyArn is no ARN of a KMS key/,
      /^tags have a key that AWS does not take/,
      /^signIn\.issuer is no address that begins with https/,
      /^signIn\.clientId is not set/,
      /^keepDays\.raw is less than a day/,
      /^keepDays .*row/,
      /^demo: MAIL_FROM is not set/,
      /^demo: MAIL_TO is not set/,
      /^demo: CARESOFT_BASE_URL is no plain https/,
      /^demo: reportBy is 06:00, and not 15 minutes or more after reportAt, 06:00/,
      /^demo: LAKE_URI is set by the stacks/,
      /^demo: TIME_ZONE is "Asia\/Saigon City"; write Asia\/Ho_Chi_Minh$/,
      /^demo: name is that of several accounts/,
      /^No Name: name holds something else/,
      /^No Name: reportAt is "24:00"/,
    ];
    for (const problem of expected) {
      expect(
        problems.filter((says) => problem.test(says)),
        String(problem),
      ).toHaveLength(1);
    }
    expect(problems).toHaveLength(expected.length);
  });

  test.each([
    [
      'an account that is none',
      () => problemsOf({ ...deployment, accounts: [null] }),
      'accounts.0 is no account',
    ],
    ['a name that is a number', () => withAccount({ name: 7 }), '7: name is not set'],
    [
      'an issuer that no token names so',
      () => withAccount({ signIn: { issuer: 'https://login.example.org/?tenant=1', clientId: 'reports' } }),
      'demo: signIn.issuer is no https address of an issuer, such as https://login.example.com',
    ],
    [
      'a name with a blank at its end',
      () => withAccount({ name: 'demo ' }),
      'demo : name begins or ends with a blank',
    ],
    [
      'an address twice',
      () => problemsOf({ ...deployment, alarmAddresses: ['a@example.com', 'a@example.com'] }),
      'alarmAddresses names an address twice',
    ],
    [
      'a zone that only Node knows',
      () => withSettings({ TIME_ZONE: '+07:00' }),
      'demo: TIME_ZONE is "+07:00"; write Asia/Ho_Chi_Minh',
    ],
    [
      'a name that is nearly that of a setting',
      () => withSettings({ CHANEL: 'zalo' }),
      'demo: CHANEL is no setting; write CHANNELS',
    ],
    [
      'a name that elsewhere may be another program’s',
      () => withSettings({ TIMEZONE: 'Asia/Tokyo' }),
      'demo: TIMEZONE is no setting; write TIME_ZONE',
    ],
    [
      'a placeholder',
      () => withSettings({ CARESOFT_BASE_URL: 'https://api.caresoft.vn/<domain>' }),
      'demo: CARESOFT_BASE_URL is still the placeholder; put the value itself in its place',
    ],
    [
      'a setting that is none',
      () => withSettings({ CARESOFT_BASE: 'x' }),
      'demo: CARESOFT_BASE is no setting; see docs/settings.md',
    ],
    [
      'a token',
      () => withSettings({ CARESOFT_TOKEN: 'x' }),
      'demo: CARESOFT_TOKEN is set by the stacks themselves',
    ],
    [
      'a number',
      () => withSettings({ SERVICE_LEVEL_SECONDS: 60 }),
      'demo: SERVICE_LEVEL_SECONDS is no text; write it in quotes',
    ],
    [
      'an hour too late to look again on the same day',
      () => withAccount({ reportBy: '23:40' }),
      'demo: reportBy is 23:40, and the latest that it can be is 23:39',
    ],
    [
      'a name that leaves no room in that of a bucket',
      () => withAccount({ name: 'a'.repeat(31) }),
      `${'a'.repeat(31)}: name is 1 letters too long: with the prefix, "chat-report-${'a'.repeat(31)}" may have 42`,
    ],
    [
      'addresses beside a topic',
      () => problemsOf({ ...deployment, alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:oncall' }),
      'alarmAddresses are set beside alarmTopicArn; subscribe them to that topic, and leave them out',
    ],
    [
      'no one to tell of alarms',
      () => problemsOf({ accounts: [demo] }),
      'alarmAddresses is not set, and neither is alarmTopicArn: no alarm would reach a person',
    ],
    [
      'webhooks without TLS',
      () => withSettings({ WEBHOOK_URLS: 'http://example.com' }),
      'demo: WEBHOOK_URLS holds something else than https addresses, without a password in them, and commas between',
    ],
    [
      'more than a function takes',
      () => withSettings({ MAIL_TO: Array.from({ length: 200 }, (_, n) => `m${n}@example.com`).join() }),
      /^demo: settings are \d+ bytes together; a function takes 2596 of them$/,
    ],
    [
      'links to an API that is not wanted',
      () => problemsOf({ ...deployment, onDemand: false }),
      'demo-2: VIEW_URL is set, and onDemand is false: there is no API',
    ],
    ['no account', () => problemsOf({ ...deployment, accounts: [] }), 'accounts names none'],
    [
      'nobody to tell',
      () => problemsOf({ ...deployment, alarmAddresses: [] }),
      'alarmAddresses names no address',
    ],
  ])('with %s is refused', (_title, problems, says) => {
    expect(problems()).toEqual([typeof says === 'string' ? says : expect.stringMatching(says)]);
  });

  test('spells a zone as schedules do, in any case that it is written in', () => {
    const accounts = [
      { ...demo, settings: { ...demo.settings, TIME_ZONE: 'asia/ho_chi_minh', LOCALE: 'EN' } },
    ];
    expect(checked({ ...deployment, accounts }).accounts).toMatchObject([{ timeZone: 'Asia/Ho_Chi_Minh' }]);
  });

  test('hands on what stands under a former name under its name, and says so', () => {
    const settings = { ...demo.settings, GROUPS: '700001' };
    const [account] = checked({ ...deployment, accounts: [{ ...demo, settings }] }).accounts;
    expect(account?.variables).toEqual({ ...demo.settings, CARESOFT_GROUPS: '700001' });
    expect(account?.warnings).toEqual([
      {
        of: 'demo: GROUPS',
        says: 'still counts, but its name is CARESOFT_GROUPS now; set that in its place',
      },
    ]);
  });

  test('has no place for secrets', () => {
    expect(() => {
      const wrong: Deployment = {
        ...deployment,
        // @ts-expect-error the stacks set it
        accounts: [{ ...demo, settings: { CARESOFT_TOKEN: 'x' } }],
      };
      return wrong;
    }).not.toThrow();
  });
});
