import type { Deployment } from '../lib/deployment.ts';

/** What is deployed, and for whom: the one file to edit before `npm run deploy`. It holds no secret. */
export const deployment: Deployment = {
  /** Who is told when something goes wrong. Each gets a mail from AWS first, with a link to confirm. */
  alarmAddresses: ['oncall@example.com'],
  logRetentionDays: 90,
  accounts: [
    {
      name: 'demo',
      settings: {
        CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo',
        MAIL_FROM: 'report@example.com',
        MAIL_TO: 'manager@example.com',
      },
      reportAt: '06:00',
      reportBy: '07:00',
    },
  ],
};
