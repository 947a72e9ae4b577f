import {
  type AccountDeployment,
  type CheckedDeployment,
  type Deployment,
  readDeployment,
} from '../../lib/deployment.ts';

export const demo: AccountDeployment = {
  name: 'demo',
  settings: {
    CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo',
    MAIL_FROM: 'report@example.com',
    MAIL_TO: 'manager@example.com',
  },
  reportAt: '06:00',
  reportBy: '07:00',
};

/** Another account, with settings of every kind, and a name that begins like the first one's. */
export const second: AccountDeployment = {
  name: 'demo-2',
  settings: {
    CARESOFT_BASE_URL: 'https://api.caresoft.vn/other',
    MAIL_FROM: '"Báo cáo, VN" <report@Example.org>',
    MAIL_TO: 'boss@example.org',
    TIME_ZONE: 'Europe/Berlin',
    WEBHOOK_URLS: 'https://hooks.example.org/report',
    TARGET_MISSED_RATE: '8%',
    TICKET_URL: 'https://web.caresoft.vn/ticket/{ticket_id}',
    PAGES_URL: 'https://reports.example.org/pages',
    VIEW_URL: 'https://reports.example.org',
  },
  reportAt: '05:30',
  reportBy: '08:15',
};

/** Two accounts, with every option left at its default. */
export const deployment: Deployment = {
  alarmAddresses: ['oncall@example.com'],
  accounts: [demo, second],
};

/** One account that has everything, mostly as its deployer has it already. */
export const everythingOn: Deployment = {
  prefix: 'staging',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:123456789012:oncall',
  runbookUrl: 'https://wiki.example.org/chat-report/runbook',
  logRetentionDays: 30,
  keepDays: { reports: 1_000 },
  eventBus: 'arn:aws:events:eu-west-1:123456789012:event-bus/company',
  mailLinks: true,
  signIn: {
    issuer: 'https://login.example.org/pool',
    clientId: 'reports',
    clientSecret: 'login/reports',
    audience: ['reports', 'programs'],
  },
  kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  tags: { team: 'care', 'cost-centre': '42' },
  accounts: [
    {
      ...demo,
      settings: { ...demo.settings, WEBHOOK_URLS: 'https://hooks.example.org/report' },
      bucket: 'company-data',
      tags: { team: 'demo' },
    },
  ],
};

/** One account without what can be left out. */
export const everythingOff: Deployment = {
  alarmAddresses: ['oncall@example.com'],
  keepDays: { raw: null, curated: null, runs: null },
  eventBus: null,
  onDemand: false,
  accounts: [demo],
};

/** As many accounts as a large customer of CareSoft's resellers has, each with all of its settings. */
export const fifty: Deployment = {
  ...deployment,
  mailLinks: true,
  accounts: Array.from({ length: 50 }, (_, place) => ({ ...second, name: `account-${place + 1}` })),
};

export function checked(deployment: Deployment): CheckedDeployment {
  const read = readDeployment(deployment);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.deployment;
}
