import { describe, expect, test } from 'vitest';
import { readSettings, SETTING_NAMES } from '../../functions/config/settings.ts';
import { fc } from '../property.ts';

const least = { CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo', CARESOFT_TOKEN: 'simulated' };

const judge = (environment: Record<string, string | undefined>) => {
  const read = readSettings({ ...least, ...environment });
  const lines = (problems: readonly { of: string; says: string }[]) =>
    problems.map(({ of, says }) => `${of} ${says}`);
  return { problems: lines('problems' in read ? read.problems : []), warnings: lines(read.warnings) };
};

describe('a name that is nearly that of a setting', () => {
  test.each([
    ['MAIL_T0', 'MAIL_TO'],
    ['LAKE_UR1', 'LAKE_URI'],
    ['mail_to', 'MAIL_TO'],
    ['MAIL-TO', 'MAIL_TO'],
    ['MAIL_TO ', 'MAIL_TO'],
    ['MAIL_FORM', 'MAIL_FROM'],
    ['CHANELS', 'CHANNELS'],
    ['CHANEL', 'CHANNELS'],
    ['LOOKBACK', 'LOOK_BACK'],
    ['L00K_BACK', 'LOOK_BACK'],
    ['BUSINESS_HOUR', 'BUSINESS_HOURS'],
    ['BUSINES_HOURS', 'BUSINESS_HOURS'],
    ['SERVICE_LEVEL_SECOND', 'SERVICE_LEVEL_SECONDS'],
    ['REPLY_HOUR', 'REPLY_HOURS'],
    ['TARGET_MISSED_RATES', 'TARGET_MISSED_RATE'],
    ['TARGET_SERVICE_LEVELS', 'TARGET_SERVICE_LEVEL'],
    ['FOLLOWUP_DAYS', 'FOLLOW_UP_DAYS'],
    ['CARESOFT_REQUEST_PER_SECOND', 'CARESOFT_REQUESTS_PER_SECOND'],
    ['CARE_SOFT_TOKEN', 'CARESOFT_TOKEN'],
    ['CARESOFT_GROUP', 'CARESOFT_GROUPS'],
    ['LAKE_URL', 'LAKE_URI'],
    ['VIEW_URI', 'VIEW_URL'],
    ['TICKET_URI', 'TICKET_URL'],
    ['PAGES_URI', 'PAGES_URL'],
    ['ACOUNT', 'ACCOUNT'],
    ['LOCALLE', 'LOCALE'],
    ['CHAT_TYPES', 'CHAT_TYPE'],
    ['CHANENLS', 'CHANNELS'],
    ['CONTATCS', 'CONTACTS'],
    ['CARESOFT_GRUOP', 'CARESOFT_GROUPS'],
    ['WEBHOOK_KEYS', 'WEBHOOK_KEY'],
  ])('stops a run, and is told with the one that is meant: %s', (name, meant) => {
    expect(judge({ [name]: 'x' })).toEqual({
      problems: [`${name} is no setting; write ${meant}, or unset it`],
      warnings: [],
    });
  });

  test('leaves cron its MAILTO, where the setting is there', () => {
    expect(judge({ MAILTO: 'ops@example.com', MAIL_TO: 'manager@example.com' })).toEqual({
      problems: [],
      warnings: [],
    });
  });

  test.each([
    ['CHANNEL', 'CHANNELS'],
    ['TIMEZONE', 'TIME_ZONE'],
    ['CONTACT', 'CONTACTS'],
    ['MAILTO', 'MAIL_TO'],
    ['EMAIL_TO', 'MAIL_TO'],
    ['GROUP', 'CARESOFT_GROUPS'],
    ['SERVICE', 'CARESOFT_SERVICES'],
    ['LOCALES', 'LOCALE'],
    ['LOCAL', 'LOCALE'],
    ['WEBHOOK_URL', 'WEBHOOK_URLS'],
    ['PAGE_URL', 'PAGES_URL'],
    ['TICKETS_URL', 'TICKET_URL'],
    ['timezone', 'TIME_ZONE'],
    ['locale', 'LOCALE'],
    ['channels', 'CHANNELS'],
    // Those of other mail programs and of clients for TLS.
    ['MAIL_TLS', 'MAIL_TO'],
    ['MAIL_TS', 'MAIL_TO'],
    ['MAIL_TOP', 'MAIL_TO'],
    ['VIEW_CRL', 'VIEW_URL'],
    // One of several.
    ['ACCOUNT2', 'ACCOUNT'],
    ['LOCALE2', 'LOCALE'],
    ['CHANNEL1', 'CHANNELS'],
    ['CHANNEL5', 'CHANNELS'],
    ['MAIL_TO_2', 'MAIL_TO'],
    // Words.
    ['CONTACT_US', 'CONTACTS'],
    ['EVENTBUS', 'EVENT_BUS'],
    ['SMAILTO', 'MAIL_TO'],
    ['E_MAIL_TO', 'MAIL_TO'],
    ['LOCATES', 'LOCALE'],
    ['VOCALE', 'LOCALE'],
    ['LOOPBACKS', 'LOOK_BACK'],
    ['CONTRACTS', 'CONTACTS'],
    ['TIMEZONES', 'TIME_ZONE'],
    ['MAIN_TO', 'MAIL_TO'],
  ])('is only told where another program may own it: %s', (name, meant) => {
    expect(judge({ [name]: 'x' })).toEqual({
      problems: [],
      warnings: [`${name} is no setting; where this program is meant, write ${meant}`],
    });
  });

  test.each([
    ['MAIL_RECIPIENTS', 'MAIL_FROM, MAIL_TO, MAIL_UNSUBSCRIBE, MAIL_CONFIGURATION_SET'],
    ['WEBHOOK_SECRET', 'WEBHOOK_URLS, WEBHOOK_KEY, WEBHOOK_KEY_SECRET'],
    ['TICKET_LINK', 'TICKET_URL'],
    ['PAGES_HOST', 'PAGES_URL'],
    ['VIEW_LINK', 'VIEW_URL, VIEW_KEY, VIEW_KEY_SECRET'],
    ['LAKE_FOLDER', 'LAKE_URI'],
    ['SERVICE_LEVEL', 'SERVICE_LEVEL_SECONDS'],
    ['LOOKBACK_DAYS', 'LOOK_BACK'],
    ['TARGET_MISSED_CHATS', 'TARGET_MISSED_RATE'],
    ['CARESOFT_CHANNELS', 'CHANNELS'],
    ['CARESOFT_TIMEZONE', 'TIME_ZONE'],
  ])('is only told where it but begins like one: %s', (name, nearest) => {
    expect(judge({ [name]: 'x' })).toEqual({
      problems: [],
      warnings: [`${name} is no setting; those that are nearest: ${nearest}`],
    });
  });

  test('is told beside what is wrong otherwise', () => {
    const { problems, warnings } = judge({ CHANNEL: 'zalo', MAIL_T0: 'x', LOCALE: 'fr' });
    expect(problems).toEqual([
      'MAIL_T0 is no setting; write MAIL_TO, or unset it',
      'LOCALE is "fr"; it can be vi or en',
    ]);
    expect(warnings).toHaveLength(1);
  });

  test('is not told where it is set to nothing, nor MAIL where it is a mailbox of this machine', () => {
    const quiet = { problems: [], warnings: [] };
    expect(judge({ MAIL_T0: ' ', CHANNEL: '' })).toEqual(quiet);
    expect(judge({ MAIL: '/var/mail/an' })).toEqual(quiet);
    expect(judge({ MAIL: 'an@example.com' }).warnings).toEqual([
      'MAIL is no setting; where this program is meant, write MAIL_TO',
    ]);
  });

  test('is not told of what other programs set', () => {
    // A login shell, npm, a desktop, an editor, CI, a container, cron, and functions on AWS.
    const others =
      `HOME LANG LANGUAGE PATH PWD OLDPWD SHELL SHLVL TERM COLORTERM USER LOGNAME USERNAME HOSTNAME HOSTTYPE
      EDITOR VISUAL PAGER LESS LESSOPEN LS_COLORS TZ TMPDIR TMP TEMP _ PS1 HISTFILE HISTSIZE MAILCHECK MAILPATH LC_ALL
      LC_CTYPE LC_TIME LOCALE_ARCHIVE LOCPATH NIX_PATH XDG_RUNTIME_DIR XDG_SESSION_ID DISPLAY DBUS_SESSION_BUS_ADDRESS
      SSH_AUTH_SOCK SSH_CONNECTION SSH_CLIENT SUDO_USER npm_config_cache npm_config_locale npm_lifecycle_event
      npm_package_name npm_execpath INIT_CWD NODE NODE_ENV NODE_OPTIONS NODE_EXTRA_CA_CERTS COLOR FORCE_COLOR NO_COLOR CI
      GITHUB_ACTIONS GITHUB_TOKEN GITHUB_REF RUNNER_OS GITLAB_CI CI_JOB_TOKEN CI_COMMIT_SHA DOCKER_HOST
      KUBERNETES_SERVICE_HOST KUBERNETES_PORT SERVICE_NAME SERVICE_HOST SERVICE_PORT SERVICE_ACCOUNT GROUP_ID USER_GROUPS
      CHANNEL_ID CHANNEL_ACCESS_TOKEN TIME_STYLE TIMEFORMAT TIMEOUT CHAT_ID EVENT_NAME ACCOUNT_ID BASE_URI BASE_URL
      DATABASE_URL VITE_URL VITE_KEY NEW_KEY API_KEY API_URL REDIS_URL HTTP_PROXY https_proxy no_proxy JAVA_HOME GOPATH
      EMAIL CONTENT_TYPE LOGIN INVOCATION_ID JOURNAL_STREAM MANAGERPID VSCODE_PID TERM_PROGRAM WINDOWID WSL_DISTRO_NAME
      AWS_REGION AWS_PROFILE AWS_ENDPOINT_URL AWS_LAMBDA_FUNCTION_NAME LAMBDA_TASK_ROOT POWERTOOLS_SERVICE_NAME
      POWERTOOLS_LOG_LEVEL _HANDLER _X_AMZN_TRACE_ID toString constructor __proto__`.split(/\s+/);
    expect(judge(Object.fromEntries(others.map((name) => [name, 'x'])))).toEqual({
      problems: [],
      warnings: [],
    });
  });

  test('is none of the names themselves, and each of those with a letter doubled or lost', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_NAMES), fc.nat(), fc.boolean(), (name, place, isDoubled) => {
        const at = place % name.length;
        const slip = `${name.slice(0, at)}${isDoubled ? `${name[at]}${name[at]}` : ''}${name.slice(at + 1)}`;
        const { problems, warnings } = judge({ [slip]: 'x' });
        const said = [...problems, ...warnings].join('\n');
        expect(said.includes(name) || Object.hasOwn(least, name)).toBe(true);
      }),
    );
  });
});

describe('a former name', () => {
  test.each([
    ['GROUPS', 'CARESOFT_GROUPS', 'groups'],
    ['SERVICES', 'CARESOFT_SERVICES', 'services'],
    ['ASSIGNEES', 'CARESOFT_ASSIGNEES', 'assignees'],
  ])('still counts, with a warning: %s', (former, today, filter) => {
    const warning = `still counts, but its name is ${today} now; set that in its place`;
    const filters = { [filter]: ['700001', '2'] };
    const expected = { settings: { filters }, warnings: [{ of: former, says: warning }] };
    expect(readSettings({ ...least, [former]: '700001,2' })).toMatchObject(expected);
    expect(readSettings({ ...least, [former]: '700001,2', [today]: '700001,2' })).toMatchObject(expected);
    const both = judge({ [former]: '700001', [today]: '2' }).problems;
    expect(both).toEqual([
      `${former} is the former name of ${today}, which is set to something else; set one`,
    ]);
    expect(judge({ [former]: 'sales' }).problems).toEqual([
      expect.stringMatching(new RegExp(`^${former} holds "sales"`)),
    ]);
  });
});

describe('a text that no one can have meant', () => {
  const quotes = 'has quotes around it; leave them out';
  const half = 'has a quote at one end; leave it out';
  const placeholder = 'is still the placeholder; put the value itself in its place';

  test.each<[string, string, string]>([
    ['CARESOFT_TOKEN', '<token>', placeholder],
    ['CARESOFT_TOKEN', 'your-token', placeholder],
    ['CARESOFT_TOKEN', 'YOUR_CARESOFT_TOKEN_HERE', placeholder],
    ['CARESOFT_TOKEN', ['$', '{CARESOFT_TOKEN}'].join(''), placeholder],
    ['CARESOFT_TOKEN', '$TOKEN', placeholder],
    ['CARESOFT_TOKEN', '{{ token }}', placeholder],
    ['CARESOFT_TOKEN', 'xxxxx', placeholder],
    ...[
      ...[
        'token',
        'TOKEN',
        'caresoft_token',
        'changeme',
        'CHANGE_ME',
        'replace-me',
        '(token)',
        '(your token)',
      ],
      ...['%TOKEN%', '***', '*****', '<token', 'token>', '&lt;token&gt;', '[token]', '...'],
    ].map((text): [string, string, string] => ['CARESOFT_TOKEN', text, placeholder]),
    ['CARESOFT_TOKEN', '"token-1"', quotes],
    ['CARESOFT_TOKEN', "'token-1'", quotes],
    ['CARESOFT_TOKEN', '“token-1”', quotes],
    ['CARESOFT_TOKEN', '"token-1', half],
    ['CARESOFT_TOKEN', "token-1'", half],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/<domain>', placeholder],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/your-domain', placeholder],
    ...[
      ...[
        '{domain}',
        '[domain]',
        '(domain)',
        '$DOMAIN',
        '%25DOMAIN%25',
        '...',
        '…',
        'xxx',
        'DOMAIN',
        'domain',
      ],
      ...['%3Cdomain%3E', '%7Bdomain%7D', '<domain', '***', 'changeme', '{domain}/', '{domain}/api/v1'],
    ].map((path): [string, string, string] => [
      'CARESOFT_BASE_URL',
      `https://api.caresoft.vn/${path}`,
      placeholder,
    ]),
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/%22demo%22', quotes],
    ['CARESOFT_BASE_URL', "https://api.caresoft.vn/'demo'", quotes],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/demo%22', half],
    ['CARESOFT_BASE_URL', '"https://api.caresoft.vn/demo"', quotes],
    ['ACCOUNT', '<account>', placeholder],
    ['LAKE_URI', 's3://<bucket>/<account>', placeholder],
    ['LAKE_URI', "'out/lake'", quotes],
    ['MAIL_FROM', '<sender>', placeholder],
    ['MAIL_TO', '<recipients>', placeholder],
    ['MAIL_TO', '"a@example.com,b@example.com"', quotes],
    ['LOCALE', '"vi"', quotes],
    ['TIME_ZONE', "'Asia/Ho_Chi_Minh'", quotes],
    ['BUSINESS_HOURS', '"Mon-Sat 08:00-21:00"', quotes],
    ['EVENT_BUS', '<bus>', placeholder],
  ])('is refused, once: %s=%s', (name, text, says) => {
    const { problems } = judge({ [name]: text });
    expect(problems).toEqual([`${name} ${says}`]);
  });

  test('is refused where it stands for a secret or an address that something else goes with', () => {
    const urls = { WEBHOOK_URLS: 'https://<host>/hook', VIEW_URL: '"https://reports.example.com"' };
    const keys = { WEBHOOK_KEY_SECRET: '<secret>', VIEW_KEY: '"never-shown"' };
    const { problems } = judge({ ...urls, ...keys });
    expect(problems.toSorted()).toEqual([
      `VIEW_KEY ${quotes}`,
      `VIEW_URL ${quotes}`,
      `WEBHOOK_KEY_SECRET ${placeholder}`,
      `WEBHOOK_URLS ${placeholder}`,
    ]);
  });

  test.each([
    ['CARESOFT_TOKEN', 'abc<def'],
    ['CARESOFT_TOKEN', 'yourtruly'],
    ['CARESOFT_TOKEN', 'token-1'],
    ['CARESOFT_TOKEN', 'a(token)'],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/domain-shop'],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/token-1'],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/xx'],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/100%'],
    ['CARESOFT_BASE_URL', 'https://api.caresoft.vn/your-style'],
    ['LAKE_URI', "/data/o'brien"],
    ['LAKE_URI', 'out/$day'],
  ])('is not every odd one: %s=%s', (name, text) => {
    expect(judge({ [name]: text }).problems).toEqual([]);
  });

  test('is no sender with a name: what is in angle brackets or in quotes there is meant so', () => {
    const senders = [
      'Shop <report@example.com>',
      '"Shop, VN" <report@example.com>',
      '"<VN>" <r@example.com>',
    ];
    for (const MAIL_FROM of senders) expect(judge({ MAIL_FROM }).problems).toEqual([]);
  });
});
