import { describe, expect, test } from 'vitest';
import { readSettings } from '../../functions/config/settings.ts';
import { fc } from '../property.ts';

const least = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };

const problemsOf = (environment: Record<string, string | undefined>) => {
  const read = readSettings({ ...least, ...environment });
  return 'problems' in read ? read.problems.map(({ of, says }) => `${of} ${says}`) : [];
};

describe('the settings', () => {
  test('need an address and a token; the rest has values that suit most', () => {
    expect(readSettings(least)).toMatchObject({
      settings: {
        source: 'https://api.caresoft.vn/demo',
        clock: 'local',
        access: { requestsPerSecond: 6 },
        channels: ['livechat', 'messenger', 'zalo'],
        timeZone: 'Asia/Ho_Chi_Minh',
        filters: { chatType: 'all', groups: [], services: [], assignees: [] },
        name: 'demo',
        lake: { folder: 'out/lake' },
        lakeUri: 'out/lake',
        isNamed: false,
        mail: { configurationSet: null, unsubscribe: 'chat-report@localhost.localdomain' },
        view: null,
        links: { ticket: null, pages: null },
        announce: { eventBus: null, webhooks: null },
        locale: 'vi',
        contacts: 'masked',
        serviceLevelSeconds: 60,
        businessHours: null,
        replyHours: { messenger: 24, zalo: 48 },
        lookBack: [1, 2, 3, 7],
        followUpDays: 3,
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
        CARESOFT_GROUPS: '1, 2,2',
        CARESOFT_SERVICES: '9007199254740993',
        CARESOFT_ASSIGNEES: '3',
        CHANNELS: 'Zalo,livechat',
        TIME_ZONE: 'Asia/Bangkok',
        LAKE_URI: '/data/lake',
        ACCOUNT: 'demo-south',
        EVENT_BUS: 'default',
        MAIL_CONFIGURATION_SET: 'chat-report-demo',
        WEBHOOK_URLS: 'https://example.com/a,https://example.com/b',
        WEBHOOK_KEY_SECRET: 'chat-report/demo/webhook-key',
        TICKET_URL: 'https://web.caresoft.vn/ticket/{ticket_id}',
        PAGES_URL: 'https://reports.example.com/pages/',
        VIEW_URL: 'https://reports.example.com/api/',
        VIEW_KEY_SECRET: 'chat-report/demo/view-key',
        MAIL_FROM: 'report@example.com',
        MAIL_TO: 'a@example.com, b@example.com,a@example.com',
        LOCALE: 'en',
        CONTACTS: 'full',
        SERVICE_LEVEL_SECONDS: '0',
        BUSINESS_HOURS: 'Mon-Fri 08:00-18:00, Sat 08:00-12:00',
        REPLY_HOURS: 'Zalo=72, livechat = 1',
        TARGET_MISSED_RATE: '7.5%',
        TARGET_SERVICE_LEVEL: '80',
        MAIL_UNSUBSCRIBE: 'list@Example.com',
        LOOK_BACK: '1, 2,3,60',
        FOLLOW_UP_DAYS: '31',
      }),
    ).toMatchObject({
      settings: {
        source: 'http://127.0.0.1:8080/Demo',
        clock: 'utc',
        access: { token: { value: 'simulated' }, requestsPerSecond: 15 },
        filters: {
          chatType: 'inbound',
          groups: ['1', '2'],
          services: ['9007199254740993'],
          assignees: ['3'],
        },
        channels: ['livechat', 'zalo'],
        name: 'demo-south',
        isNamed: true,
        lake: { folder: '/data/lake' },
        mail: {
          from: { address: 'report@example.com', name: null },
          to: [
            { address: 'a@example.com', name: null },
            { address: 'b@example.com', name: null },
          ],
          unsubscribe: 'list@example.com',
          configurationSet: 'chat-report-demo',
        },
        announce: {
          eventBus: 'default',
          webhooks: {
            urls: ['https://example.com/a', 'https://example.com/b'],
            key: { secretId: 'chat-report/demo/webhook-key' },
          },
        },
        links: {
          ticket: 'https://web.caresoft.vn/ticket/{ticket_id}',
          pages: 'https://reports.example.com/pages',
        },
        view: { url: 'https://reports.example.com/api', key: { secretId: 'chat-report/demo/view-key' } },
        serviceLevelSeconds: 0,
        businessHours: 'Mon-Fri 08:00-18:00, Sat 08:00-12:00',
        replyHours: { livechat: 1, zalo: 72 },
        targets: { missedRate: 0.075, serviceLevel: 0.8 },
        lookBack: [1, 2, 3, 60],
        followUpDays: 31,
      },
    });
  });

  test('are all told of at once when they are wrong', () => {
    const read = readSettings({
      CARESOFT_REQUESTS_PER_SECOND: '16',
      CARESOFT_CLOCK: 'gmt',
      CHAT_TYPE: 'both',
      CARESOFT_GROUPS: 'sales',
      CHANNELS: 'zalo,viber',
      TIME_ZONE: 'Hanoi',
      LAKE_URI: 'ftp://lake',
      MAIL_FROM: 'nobody',
      MAIL_TO: ',',
      LOCALE: 'fr',
      CONTACTS: 'none',
      SERVICE_LEVEL_SECONDS: '-1',
      BUSINESS_HOURS: '8-21',
      REPLY_HOURS: 'messenger=1d',
      TARGET_MISSED_RATE: 'low',
      TARGET_SERVICE_LEVEL: '0',
      MAIL_UNSUBSCRIBE: 'https://example.com/off',
      LOOK_BACK: '3,1',
      FOLLOW_UP_DAYS: '0',
      ACCOUNT: 'Demo South',
      EVENT_BUS: 'a bus',
      MAIL_CONFIGURATION_SET: 'a/b',
      WEBHOOK_URLS: 'http://example.com/hook',
      TICKET_URL: 'https://web.caresoft.vn/ticket',
      PAGES_URL: 'http://reports.example.com',
      VIEW_URL: 'http://reports.example.com',
    });
    const of = 'problems' in read ? read.problems.map((problem) => problem.of) : [];
    expect(of.toSorted()).toEqual([
      'ACCOUNT',
      'BUSINESS_HOURS',
      'CARESOFT_BASE_URL',
      'CARESOFT_CLOCK',
      'CARESOFT_GROUPS',
      'CARESOFT_REQUESTS_PER_SECOND',
      'CARESOFT_TOKEN',
      'CHANNELS',
      'CHAT_TYPE',
      'CONTACTS',
      'EVENT_BUS',
      'FOLLOW_UP_DAYS',
      'LAKE_URI',
      'LOCALE',
      'LOOK_BACK',
      'MAIL_CONFIGURATION_SET',
      'MAIL_FROM',
      'MAIL_TO',
      'MAIL_UNSUBSCRIBE',
      'PAGES_URL',
      'REPLY_HOURS',
      'SERVICE_LEVEL_SECONDS',
      'TARGET_MISSED_RATE',
      'TARGET_SERVICE_LEVEL',
      'TICKET_URL',
      'TIME_ZONE',
      'VIEW_KEY',
      'VIEW_URL',
      'WEBHOOK_KEY',
      'WEBHOOK_URLS',
    ]);
  });

  test.each([
    ['LOCALE', 'VI', { locale: 'vi' }],
    ['LOCALE', 'En', { locale: 'en' }],
    ['CARESOFT_CLOCK', 'UTC', { clock: 'utc' }],
    ['CHAT_TYPE', 'Inbound', { filters: { chatType: 'inbound' } }],
    ['CONTACTS', 'FULL', { contacts: 'full' }],
    ['CHANNELS', 'ZALO', { channels: ['zalo'] }],
    ['TIME_ZONE', 'asia/ho_chi_minh', { timeZone: 'Asia/Ho_Chi_Minh' }],
    ['TIME_ZONE', 'utc', { timeZone: 'UTC' }],
  ])('are taken in any case where there are few values: %s=%s', (name, text, settings) => {
    expect(readSettings({ ...least, [name]: text })).toMatchObject({ settings });
  });

  test.each([
    ['Hanoi', 'is "Hanoi"; write Asia/Ho_Chi_Minh'],
    ['+07:00', 'is "+07:00"; write Asia/Ho_Chi_Minh'],
    ['Asia/Nowhere', 'is "Asia/Nowhere"; it is the name of a time zone, such as Asia/Ho_Chi_Minh'],
  ])('know no time zone %j', (text, says) => {
    expect(problemsOf({ TIME_ZONE: text })).toEqual([`TIME_ZONE ${says}`]);
  });

  test.each(['/api/v1', '/api/v1/chats', '/', '?page=1', '#', '//x'])(
    'have no address that goes on after the domain with %j',
    (rest) => {
      const isFine = rest === '/';
      expect(problemsOf({ CARESOFT_BASE_URL: `https://api.caresoft.vn/demo${rest}` })).toEqual(
        isFine ? [] : ['CARESOFT_BASE_URL ends after the domain; write https://api.caresoft.vn/demo'],
      );
    },
  );

  test('miss the domain where an address has only the path of a request', () => {
    expect(problemsOf({ CARESOFT_BASE_URL: 'https://api.caresoft.vn/api/v1' })).toEqual([
      'CARESOFT_BASE_URL lacks the domain; it is https://api.caresoft.vn/<domain>',
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

  test('look back to no day where that is wanted, and as usual where nothing is said', () => {
    const environment = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'x' };
    expect(readSettings({ ...environment, LOOK_BACK: 'none' })).toMatchObject({ settings: { lookBack: [] } });
    expect(readSettings({ ...environment, LOOK_BACK: ' ' })).toMatchObject({
      settings: { lookBack: [1, 2, 3, 7] },
    });
  });

  test.each([
    ['0', 'holds "0"; it is numbers of days from 1 to 60 with commas between, such as 1,2,3,7, or none'],
    [
      '1,61,2,x',
      'holds "61", "x"; it is numbers of days from 1 to 60 with commas between, such as 1,2,3,7, or none',
    ],
    ['1.5', 'holds "1.5"; it is numbers of days from 1 to 60 with commas between, such as 1,2,3,7, or none'],
    ['1,,2', 'holds ""; it is numbers of days from 1 to 60 with commas between, such as 1,2,3,7, or none'],
    [',', 'holds ""; it is numbers of days from 1 to 60 with commas between, such as 1,2,3,7, or none'],
    ['1,1', 'holds "1", not larger than the number before; it is such as 1,2,3,7'],
    ['1,3,2,7,5', 'holds "2", "5", not larger than the number before; it is such as 1,2,3,7'],
  ])('do not look back by %j, and name what is wrong in it', (days, says) => {
    expect(problemsOf({ LOOK_BACK: days })).toEqual([`LOOK_BACK ${says}`]);
  });

  test('name each part of BUSINESS_HOURS that is wrong, with what is wrong in it', () => {
    expect(problemsOf({ BUSINESS_HOURS: 'Mon-Sat 8-21, Sun 25:00-26:00' })).toEqual([
      'BUSINESS_HOURS holds "Mon-Sat 8-21": write 8-21 as 08:00-21:00',
      'BUSINESS_HOURS holds "Sun 25:00-26:00": there is no time 25:00 and no time 26:00',
    ]);
    expect(problemsOf({ BUSINESS_HOURS: 'Mon-Fri 08:00-18:00, 08:00-12:00,' })).toEqual([
      'BUSINESS_HOURS holds "08:00-12:00": it lacks its days, such as Mon-Sat',
      'BUSINESS_HOURS has nothing before, after or between its commas',
    ]);
  });

  test.each([
    ['viber=24', '"viber=24"'],
    ['zalo', '"zalo"'],
    ['zalo=', '"zalo="'],
    ['zalo=0', '"zalo=0"'],
    ['messenger=24, zalo=169', '"zalo=169"'],
    ['zalo=1.5', '"zalo=1.5"'],
    ['zalo=-1', '"zalo=-1"'],
    ['zalo=024', '"zalo=024"'],
    ['zalo=24=48', '"zalo=24=48"'],
    ['zalo:24', '"zalo:24"'],
    ['zalo=24,zalo=48', '"zalo=48"'],
    ['zalo=24,none', '"none"'],
    ['24,48', '"24", "48"'],
  ])('let nobody reply within %j, and name what is wrong in it', (hours, wrong) => {
    expect(problemsOf({ REPLY_HOURS: hours })).toEqual([
      `REPLY_HOURS holds ${wrong}; it is hours from 1 to 168, once a channel, such as messenger=24,zalo=48, or none`,
    ]);
  });

  test.each([
    ['CHANNELS', 'zalo,viber,web', 'holds "viber", "web"; it can hold livechat, messenger, zalo,'],
    ['CHANNELS', ',', 'names none; it can hold livechat, messenger, zalo,'],
    ['CARESOFT_GROUPS', '12153,sales, 7a', 'holds "sales", "7a"; ids are written as digits'],
    ['CARESOFT_SERVICES', '-1', 'holds "-1"; ids are written as digits'],
    ['CARESOFT_ASSIGNEES', ',', 'holds no id; ids are written as digits'],
    ['REPLY_HOURS', ',', 'names no channel; it is hours from 1 to 168'],
  ])('name what is wrong in a list: %s=%s', (name, text, says) => {
    expect(problemsOf({ [name]: text })).toEqual([expect.stringContaining(`${name} ${says}`)]);
  });

  test('name each address that is none, and of webhooks, which may be secrets, the place', () => {
    expect(problemsOf({ MAIL_TO: 'a@example.com, b@, c@example.com d@example.com,b@' })).toEqual([
      'MAIL_TO holds "b@", which is no mail address',
      expect.stringMatching(/^MAIL_TO holds "c@example.com d@example.com", which is not one mail address/),
    ]);
    const urls = 'https://example.com/a,http://example.com/secret,https://me:secret@example.com';
    const key = { WEBHOOK_KEY_SECRET: 'chat-report/demo/webhook-key' };
    const [problem, ...others] = problemsOf({ WEBHOOK_URLS: urls, ...key });
    expect(problem).toMatch(/^WEBHOOK_URLS holds something else than https addresses, .* \(place 2, 3\)$/);
    expect(problem).not.toContain('secret');
    expect(others).toEqual([]);
  });

  test.each<[string, object]>([
    ['none', {}],
    ['None', {}],
    ['zalo=168', { zalo: 168 }],
    ['zalo=48,messenger=24,zalo=48', { messenger: 24, zalo: 48 }],
  ])('let reply within %j', (hours, replyHours) => {
    const read = readSettings({ ...least, REPLY_HOURS: hours });
    expect('settings' in read && read.settings.replyHours).toStrictEqual(replyHours);
  });

  test.each([
    ['8', 0.08],
    ['8%', 0.08],
    ['8 %', 0.08],
    ['7.5%', 0.075],
    ['7,5%', 0.075],
    ['7,5', 0.075],
    ['1', 0.01],
    ['1.1%', 0.011],
    ['98.9', 0.989],
    ['99.0 %', 0.99],
  ])('aim at no more missed than %s', (text, missedRate) => {
    expect(readSettings({ ...least, TARGET_MISSED_RATE: text })).toMatchObject({
      settings: { targets: { missedRate, serviceLevel: null } },
    });
  });

  test('read every target back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 990 }), fc.constantFrom('.', ','), (tenths, point) => {
        const text = `${Math.floor(tenths / 10)}${point}${tenths % 10}%`;
        const read = readSettings({ ...least, TARGET_MISSED_RATE: text, TARGET_SERVICE_LEVEL: text });
        const share = tenths / 1_000;
        expect(read).toMatchObject({ settings: { targets: { missedRate: share, serviceLevel: share } } });
      }),
    );
  });

  const range = 'it is per cent from 1 to 99, with one decimal at most';
  const [missedForm, levelForm] = [`${range}, such as 8% or 7.5%`, `${range}, such as 80% or 92.5%`];
  test.each([
    ['TARGET_MISSED_RATE', '0.08', `${range}: write 8%`],
    ['TARGET_MISSED_RATE', '0,085', `${range}: write 8.5%`],
    ['TARGET_MISSED_RATE', '.08', `${range}: write 8%`],
    ['TARGET_MISSED_RATE', '0.8', `${range}: write 80%`],
    ['TARGET_SERVICE_LEVEL', '0.8', `${range}: write 80%`],
    ['TARGET_SERVICE_LEVEL', '0.95', `${range}: write 95%`],
    ['TARGET_MISSED_RATE', '0', missedForm],
    ['TARGET_MISSED_RATE', '0.5%', missedForm],
    ['TARGET_MISSED_RATE', '0.005', missedForm],
    ['TARGET_MISSED_RATE', '0.999', missedForm],
    ['TARGET_MISSED_RATE', '0.08%', missedForm],
    ['TARGET_MISSED_RATE', '0.0855', missedForm],
    ['TARGET_MISSED_RATE', '99.1', missedForm],
    ['TARGET_MISSED_RATE', '100', missedForm],
    ['TARGET_MISSED_RATE', '-1', missedForm],
    ['TARGET_MISSED_RATE', '7.25%', missedForm],
    ['TARGET_MISSED_RATE', '8 per cent', missedForm],
    ['TARGET_MISSED_RATE', '8%%', missedForm],
    ['TARGET_SERVICE_LEVEL', '0', levelForm],
    ['TARGET_SERVICE_LEVEL', '0.9%', levelForm],
    ['TARGET_SERVICE_LEVEL', '99.9', levelForm],
    ['TARGET_SERVICE_LEVEL', '100', levelForm],
    ['TARGET_SERVICE_LEVEL', '100.1', levelForm],
    ['TARGET_SERVICE_LEVEL', '%', levelForm],
  ])('aim at nothing that cannot be meant, %s=%s', (name, text, says) => {
    expect(problemsOf({ [name]: text })).toEqual([`${name} is "${text}"; ${says}`]);
  });

  test('let recipients be taken off the list by the sender, unless it is somebody else who does it', () => {
    const sender = { MAIL_FROM: 'report@example.com' };
    expect(readSettings({ ...least, ...sender })).toMatchObject({
      settings: { mail: { from: { address: 'report@example.com' }, unsubscribe: 'report@example.com' } },
    });
    expect(problemsOf({ ...sender, MAIL_UNSUBSCRIBE: 'a@example.com,b@example.com' })).toEqual([
      expect.stringMatching(/^MAIL_UNSUBSCRIBE holds ".*", which is not one mail address but several$/),
    ]);
  });

  test('never repeat a token, not even one that cannot be one', () => {
    const [problem = ''] = problemsOf({ CARESOFT_TOKEN: 'not quite\na token' });
    expect(problem).toMatch(/^CARESOFT_TOKEN holds a blank/);
    expect(problem).not.toContain('quite');
  });

  test('that are set to nothing are not set', () => {
    expect(problemsOf({ LOCALE: '', TIME_ZONE: '  ' })).toEqual([]);
    expect(problemsOf({ CARESOFT_TOKEN: '' })).toEqual([expect.stringMatching(/^CARESOFT_TOKEN is not set/)]);
  });

  test.each([
    ['s3://chat-lake', { bucket: 'chat-lake', prefix: '', uri: 's3://chat-lake' }],
    ['s3://chat-lake/', { bucket: 'chat-lake', prefix: '', uri: 's3://chat-lake' }],
    ['s3://chat.lake/a/b=c/', { bucket: 'chat.lake', prefix: 'a/b=c', uri: 's3://chat.lake/a/b=c' }],
    ['/data/lake', { folder: '/data/lake' }],
  ])('find the lake at %j', (uri, lake) => {
    expect(readSettings({ ...least, LAKE_URI: uri })).toMatchObject({ settings: { lake } });
  });

  test.each([
    's3://',
    's3://A/b',
    's3://lake//b',
    's3://lake/../b',
    's3://lake/.b',
    'gs://lake',
    's3:/lake/b',
  ])('find no lake at %j', (uri) => {
    expect(problemsOf({ LAKE_URI: uri })).toHaveLength(1);
  });

  test('take a secret itself or the place where it is kept, but not both', () => {
    const { CARESOFT_TOKEN: _, ...without } = least;
    expect(
      readSettings({ ...without, CARESOFT_TOKEN_SECRET: 'chat-report/demo/caresoft-token' }),
    ).toMatchObject({ settings: { access: { token: { secretId: 'chat-report/demo/caresoft-token' } } } });
    expect(problemsOf({ CARESOFT_TOKEN_SECRET: 'chat-report/demo/caresoft-token' })).toEqual([
      expect.stringMatching(/^CARESOFT_TOKEN_SECRET is set, and CARESOFT_TOKEN too/),
    ]);
  });

  test('tell nobody by a webhook that could not be told apart from a forged one', () => {
    const told = { WEBHOOK_URLS: 'https://example.com/hook' };
    expect(problemsOf(told)).toEqual([expect.stringMatching(/^WEBHOOK_KEY is not set/)]);
    const key = `whsec_${'A'.repeat(32)}`;
    expect(problemsOf({ ...told, WEBHOOK_KEY: key })).toEqual([]);
    expect(problemsOf({ ...told, WEBHOOK_KEY: 'A'.repeat(32) })).toHaveLength(1);
  });

  test.each([
    'https://web.caresoft.vn/ticket/{ticket_id}',
    'https://web.caresoft.vn/?id={ticket_no}&from=report',
    'https://web.caresoft.vn/#/tickets/{ticket_id}/view',
    'http://127.0.0.1:8080/{ticket_id}',
    'http://localhost/{ticket_no}',
  ])('open a ticket at %s', (ticket) => {
    expect(readSettings({ ...least, TICKET_URL: ticket })).toMatchObject({ settings: { links: { ticket } } });
  });

  const place = '{ticket_id} or {ticket_no}, in whose place the id or the number of a ticket goes';
  const such = 'such as https://web.caresoft.vn/ticket/{ticket_id}';
  test.each([
    ['http://web.caresoft.vn/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['web.caresoft.vn/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['javascript://web.caresoft.vn/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['https://me:secret@web.caresoft.vn/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['https://web.caresoft.vn/a b/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['https://web.caresoft.vn/phiếu/{ticket_id}', `is no https address of a ticket, ${such}`],
    ['https://web.caresoft.vn/ticket/204817', `lacks ${place}, ${such}`],
    ['https://web.caresoft.vn/{ticket_id}?id={ticket_id}', `has more than one of ${place}, ${such}`],
    ['https://web.caresoft.vn/ticket/{ticket}', `lacks ${place}, ${such}`],
    ['https://web.caresoft.vn/?id={ticket}', `lacks ${place}, ${such}`],
    ['https://web.caresoft.vn/{ticket_id}/{ticket_no}', `has more than one of ${place}, ${such}`],
    [
      'https://{ticket_id}.caresoft.vn/ticket',
      `has the place of a ticket in the name of its host; it is an address ${such}`,
    ],
    [
      'https://{domain}.caresoft.vn/ticket/{ticket_id}',
      'has other braces than those of {ticket_id} or {ticket_no}, which alone are filled in',
    ],
    [
      'https://web.caresoft.vn/{domain}/{ticket_id}',
      'is still the placeholder; put the value itself in its place',
    ],
    ['{ticket_id}', 'is still the placeholder; put the value itself in its place'],
    ['"https://web.caresoft.vn/{ticket_id}"', 'has quotes around it; leave them out'],
  ])('open no ticket at %s', (address, says) => {
    expect(problemsOf({ TICKET_URL: address })).toEqual([`TICKET_URL ${says}`]);
  });

  test('have the pages at a plain address, as the API', () => {
    expect(readSettings({ ...least, PAGES_URL: 'http://127.0.0.1:8081/' })).toMatchObject({
      settings: { links: { pages: 'http://127.0.0.1:8081' } },
    });
    for (const address of ['reports.example.com', 'https://reports.example.com/?x', 'http://example.com']) {
      expect(problemsOf({ PAGES_URL: address })).toEqual([
        `PAGES_URL is "${address}"; it is the https address that the pages have, without anything after it`,
      ]);
    }
  });

  test('sign links with nothing that could be guessed, and never repeat what they would be signed with', () => {
    const linked = { VIEW_URL: 'https://reports.example.com' };
    expect(problemsOf(linked)).toEqual([expect.stringMatching(/^VIEW_KEY is not set/)]);
    for (const key of ['k'.repeat(43), `${'k'.repeat(43)}=`, 'a'.repeat(64)]) {
      expect(problemsOf({ ...linked, VIEW_KEY: key })).toEqual([]);
    }
    for (const key of ['k'.repeat(42), `${'k'.repeat(50)} k`]) {
      const [problem = ''] = problemsOf({ ...linked, VIEW_KEY: key });
      expect(problem).toMatch(/^VIEW_KEY is no key/);
      expect(problem).not.toContain('kkk');
    }
    expect(problemsOf({ ...linked, VIEW_KEY: 'k'.repeat(43), VIEW_KEY_SECRET: 'x' })).toHaveLength(1);
    expect(problemsOf({ VIEW_URL: 'https://reports.example.com/?x', VIEW_KEY_SECRET: 'x' })).toHaveLength(1);
    expect(problemsOf({ VIEW_URL: 'http://127.0.0.1:8080', VIEW_KEY_SECRET: 'x' })).toEqual([]);
  });
});
