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

/** Another account, with everything that can be otherwise, and a name that begins like the first one's. */
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
  senderIdentity: 'address',
};

export const deployment: Deployment = {
  alarmAddresses: ['oncall@example.com'],
  logRetentionDays: 90,
  accounts: [demo, second],
};

export function checked(deployment: Deployment): CheckedDeployment {
  const read = readDeployment(deployment);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.deployment;
}
