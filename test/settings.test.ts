import { describe, expect, test } from 'vitest';
import { readSettings } from '../functions/settings.ts';

const least = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };

const problemsOf = (environment: Record<string, string | undefined>) => {
  const read = readSettings({ ...least, ...environment });
  return 'problems' in read ? read.problems.map(({ of, says }) => `${of} ${says}`) : [];
};

describe('the settings', () => {
  test('need an address and a token; the rest has values that suit most', () => {
    expect(readSettings(least)).toMatchObject({
      settings: {
        caresoft: { baseUrl: 'https://api.caresoft.vn/demo', requestsPerSecond: 6, clock: 'local' },
        channels: ['livechat', 'messenger', 'zalo'],
        zone: { name: 'Asia/Ho_Chi_Minh' },
        filters: { chatType: 'all', groups: [], services: [], assignees: [] },
        lakeUri: 'out/lake',
        locale: 'vi',
        contacts: 'masked',
        serviceLevelSeconds: 60,
      },
    });
  });

  test('are all read', () => {
    expect(
      readSettings({
        CARESOFT_BASE_URL: 'http://127.0.0.1:8080/Demo/',
        CARESOFT_TOKEN: ' simulated ',
        CARESOFT_REQUESTS_PER_SECOND: '15',
        CARESOFT_CLOCK: 'utc',
        CHAT_TYPE: 'inbound',
        GROUPS: '1, 2,2',
        SERVICES: '9007199254740993',
        ASSIGNEES: '3',
        CHANNELS: 'Zalo,livechat',
        TIME_ZONE: 'Asia/Bangkok',
        LAKE_URI: '/data/lake',
        MAIL_FROM: 'report@example.com',
        MAIL_TO: 'a@example.com, b@example.com,a@example.com',
        LOCALE: 'en',
        CONTACTS: 'full',
        SERVICE_LEVEL_SECONDS: '0',
      }),
    ).toMatchObject({
      settings: {
        caresoft: {
          baseUrl: 'http://127.0.0.1:8080/Demo',
          token: 'simulated',
          requestsPerSecond: 15,
          clock: 'utc',
        },
        filters: {
          chatType: 'inbound',
          groups: ['1', '2'],
          services: ['9007199254740993'],
          assignees: ['3'],
        },
        channels: ['livechat', 'zalo'],
        mail: { from: 'report@example.com', to: ['a@example.com', 'b@example.com'] },
        serviceLevelSeconds: 0,
      },
    });
  });

  test('are all told of at once when they are wrong', () => {
    const read = readSettings({
      CARESOFT_REQUESTS_PER_SECOND: '16',
      CARESOFT_CLOCK: 'gmt',
      CHAT_TYPE: 'both',
      GROUPS: 'sales',
      CHANNELS: 'zalo,viber',
      TIME_ZONE: 'Hanoi',
      LAKE_URI: 'ftp://lake',
      MAIL_FROM: 'nobody',
      MAIL_TO: ',',
      LOCALE: 'fr',
      CONTACTS: 'none',
      SERVICE_LEVEL_SECONDS: '-1',
    });
    const of = 'problems' in read ? read.problems.map((problem) => problem.of) : [];
    expect(of.toSorted()).toEqual([
      'CARESOFT_BASE_URL',
      'CARESOFT_CLOCK',
      'CARESOFT_REQUESTS_PER_SECOND',
      'CARESOFT_TOKEN',
      'CHANNELS',
      'CHAT_TYPE',
      'CONTACTS',
      'GROUPS',
      'LAKE_URI',
      'LOCALE',
      'MAIL_FROM',
      'MAIL_TO',
      'SERVICE_LEVEL_SECONDS',
      'TIME_ZONE',
    ]);
  });

  test.each([
    'http://api.caresoft.vn/demo',
    'https://api.caresoft.vn/',
    'https://user:pass@api.caresoft.vn/demo',
    'https://api.caresoft.vn/demo?x=1',
    'api.caresoft.vn/demo',
    'file:///demo',
  ])('refuse the address %j', (address) => {
    expect(problemsOf({ CARESOFT_BASE_URL: address })).toHaveLength(1);
  });

  test('never repeat a token, not even one that cannot be one', () => {
    const [problem = ''] = problemsOf({ CARESOFT_TOKEN: 'not quite\na token' });
    expect(problem).toMatch(/^CARESOFT_TOKEN holds a blank/);
    expect(problem).not.toContain('quite');
  });

  test('do not take a list that names nothing for one that names all', () => {
    expect(problemsOf({ GROUPS: ',' })).toHaveLength(1);
  });

  test('that are set to nothing are not set', () => {
    expect(problemsOf({ LOCALE: '', TIME_ZONE: '  ' })).toEqual([]);
    expect(problemsOf({ CARESOFT_TOKEN: '' })).toEqual([expect.stringMatching(/^CARESOFT_TOKEN is not set/)]);
  });
});
