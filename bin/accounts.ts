import type { Deployment } from '../lib/deployment.ts';

/** The accounts to deploy. Edit this file before `npm run deploy`. It holds no secret. */
export const deployment: Deployment = {
  /** Alarms are mailed to these addresses. AWS first sends each of them a link to confirm. */
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
