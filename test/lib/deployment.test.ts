import { describe, expect, test } from 'vitest';
import { deployment as committed } from '../../bin/accounts.ts';
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
    const { eventBus, keepDays, runbookUrl, accounts } = checked(deployment);
    expect({ eventBus, runbookUrl }).toEqual({ eventBus: 'default', runbookUrl: 'docs/runbook.md' });
    expect(keepDays).toEqual({ raw: null, curated: null, reports: null, runs: 400 });
    expect(accounts).toMatchObject([
      { timeZone: 'Asia/Ho_Chi_Minh', senderIdentity: 'domain', announce: { webhooks: null } },
      { timeZone: 'Europe/Berlin', senderIdentity: 'address', announce: { webhooks: {} } },
    ]);
    expect(accounts[1]?.reportBy).toEqual({ hour: 8, minute: 15 });
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
      /^eventBus is no name/,
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
      'a sender of no kind',
      () => withAccount({ senderIdentity: 'mine' }),
      'demo: senderIdentity can be domain, address or existing',
    ],
    [
      'webhooks without TLS',
      () => withSettings({ WEBHOOK_URLS: 'http://example.com' }),
      'demo: WEBHOOK_URLS holds something else than https addresses, without a password in them, and commas between',
    ],
    [
      'more than a function takes',
      () => withSettings({ MAIL_TO: Array.from({ length: 200 }, (_, n) => `m${n}@example.com`).join() }),
      /^demo: settings are \d+ bytes together; a function takes 2896 of them$/,
    ],
    [
      'more accounts than a stack holds',
      () =>
        problemsOf({
          ...deployment,
          accounts: Array.from({ length: 11 }, (_, n) => ({ ...demo, name: `a${n}` })),
        }),
      'accounts are more than 10; a stack holds no more',
    ],
    [
      'links to an API that is not wanted',
      () => problemsOf({ ...deployment, onDemand: false }),
      'demo-2: VIEW_URL is set, and onDemand is false: there is no API',
    ],
    [
      'more accounts than a stack holds with their APIs',
      () =>
        problemsOf({
          ...deployment,
          accounts: Array.from({ length: 8 }, (_, n) => ({ ...demo, name: `a${n}` })),
        }),
      'accounts are more than 7; a stack holds no more with onDemand, and 10 without',
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
