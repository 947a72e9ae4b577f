/**
 * AWS's list prices in US dollars, us-east-1, 2026. Each has what one unit of it is, and where AWS says so. `free` is what an
 * AWS account always has each month without paying, in the same unit.
 */
export interface Price {
  readonly dollars: number;
  readonly of: string;
  readonly page: string;
  readonly free?: number;
}

const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const SECRETS = 'https://aws.amazon.com/secrets-manager/pricing/';
const SES = 'https://aws.amazon.com/ses/pricing/';
const EVENTS = 'https://aws.amazon.com/eventbridge/pricing/';

export const PRICES = {
  alarm: { dollars: 0.1, of: 'a metric that an alarm watches, a month', page: CLOUDWATCH, free: 10 },
  dashboard: { dollars: 3, of: 'a dashboard a month', page: CLOUDWATCH, free: 3 },
  metric: {
    dollars: 0.3,
    of: 'a metric a month, by the hours that have a value',
    page: CLOUDWATCH,
    free: 10,
  },
  logIn: { dollars: 0.5, of: 'a GB of logs taken in', page: CLOUDWATCH, free: 5 },
  logKept: { dollars: 0.03, of: 'a GB of logs kept for a month', page: CLOUDWATCH },
  secret: { dollars: 0.4, of: 'a secret a month', page: SECRETS },
  secretRead: { dollars: 0.05 / 10_000, of: 'a request', page: SECRETS },
  lambdaRequest: { dollars: 0.2 / 1e6, of: 'an invocation', page: LAMBDA, free: 1e6 },
  lambdaSecond: {
    dollars: 0.0000133334,
    of: 'a GB of memory for a second, on Arm',
    page: LAMBDA,
    free: 400_000,
  },
  durableOperation: { dollars: 8 / 1e6, of: 'a start, a step or a wait', page: LAMBDA },
  durableWritten: { dollars: 0.25, of: 'a GB of results written', page: LAMBDA },
  durableKept: { dollars: 0.15, of: 'a GB of results kept for a month', page: LAMBDA },
  s3Write: { dollars: 0.005 / 1_000, of: 'a PUT, COPY, POST or LIST', page: S3 },
  s3Read: { dollars: 0.0004 / 1_000, of: 'a GET or HEAD', page: S3 },
  s3Kept: { dollars: 0.023, of: 'a GB kept for a month', page: S3 },
  apiRequest: {
    dollars: 1 / 1e6,
    of: 'a request to an HTTP API',
    page: 'https://aws.amazon.com/api-gateway/pricing/',
  },
  mail: { dollars: 0.1 / 1_000, of: 'a mail', page: SES },
  mailed: { dollars: 0.12, of: 'a GB of attachments', page: SES },
  scheduled: { dollars: 1 / 1e6, of: 'a call of a schedule', page: EVENTS, free: 14e6 },
  event: { dollars: 1 / 1e6, of: 'an event of our own', page: EVENTS },
  alarmMail: {
    dollars: 2 / 100_000,
    of: 'a mail to a subscriber',
    page: 'https://aws.amazon.com/sns/pricing/',
    free: 1_000,
  },
} as const satisfies Record<string, Price>;

export type Priced = keyof typeof PRICES;
