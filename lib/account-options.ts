import * as z from 'zod';
import * as read from '../functions/config/parsers.ts';

/** What can be said once for all accounts, and again by an account for itself. */
export interface AccountOptions {
  /** The days that the functions' logs are kept, 90 by default: a number that CloudWatch Logs knows. */
  readonly logRetentionDays?: number;
  /** How many days the lake keeps what is in a layer; null for ever. Raw, curated and runs 400, reports for ever by default. */
  readonly keepDays?: Partial<KeepDays>;
  /** The EventBridge bus that gets an event for each report, by name or ARN; `default` by default, null for none. */
  readonly eventBus?: string | null;
  /** Whether there is an HTTP API for reports; true by default. */
  readonly onDemand?: boolean;
  /** Whether each mail has a link that opens the day's report without a sign-in, for a week; false by default. */
  readonly mailLinks?: boolean;
  /** The company's login for the pages in a browser and for programs, beside IAM. */
  readonly signIn?: SignIn;
  /** A key of yours that encrypts the lake, Athena's answers and the secrets; AWS's own by default. */
  readonly kmsKeyArn?: string;
  /** Tags on everything, beside `application` and `account`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An issuer of OpenID Connect, and this program as it knows it. */
export interface SignIn {
  /** Its address, as its tokens have it in `iss`. */
  readonly issuer: string;
  readonly clientId: string;
  /** The name or ARN of a secret with the client's secret, where the issuer wants one. */
  readonly clientSecret?: string;
  /** What tokens of programs have in `aud` or `client_id`; the client id by default. */
  readonly audience?: readonly string[];
}

/** A layer of the lake, by the first part of its keys. */
export type Layer = (typeof LAYERS)[number];
export const LAYERS = ['raw', 'curated', 'reports', 'runs'] as const;
export type KeepDays = Readonly<Record<Layer, number | null>>;

/** The numbers of days that CloudWatch Logs knows. */
export const LOG_RETENTIONS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

/** Customers' data is not kept for ever unless you say so. A year can be compared with the one before. */
const KEEP_DAYS: KeepDays = { raw: 400, curated: 400, reports: null, runs: 400 };

const days = z
  .int({ error: 'is no whole number of days' })
  .min(1, { error: 'is less than a day' })
  .nullable();
/** AWS keeps keys that begin with `aws:` for itself. */
const TAG_KEY = /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/u;
const whether = z.boolean({ error: 'is neither true nor false' });
const text = (what: string) =>
  z.string({ error: `is not set; it is ${what}` }).min(1, { error: `is empty; it is ${what}` });

/** The options as they are written. Each is unset by default. */
export const accountOptions = z.strictObject({
  logRetentionDays: z
    .number()
    .refine((value) => LOG_RETENTIONS.includes(value), {
      error: `is none of the numbers that CloudWatch Logs knows: ${LOG_RETENTIONS.join(', ')}`,
    })
    .optional(),
  keepDays: z.strictObject({ raw: days, curated: days, reports: days, runs: days }).partial().optional(),
  eventBus: read.eventBus.nullable().optional(),
  onDemand: whether.optional(),
  mailLinks: whether.optional(),
  signIn: z
    .strictObject({
      issuer: z
        .url({ protocol: /^https$/, error: 'is no address that begins with https://' })
        .pipe(read.issuer),
      clientId: text('what the issuer calls this program').pipe(read.clientId),
      clientSecret: read.secretId.optional(),
      audience: z.array(text('an audience')).min(1, { error: 'names none' }).readonly().optional(),
    })
    .optional(),
  kmsKeyArn: z
    .string()
    .regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/, {
      error:
        'is no ARN of a KMS key, such as arn:aws:kms:ap-southeast-1:123456789012:key/…; an alias does not do',
    })
    .optional(),
  tags: z
    .record(
      z.string(),
      z.string().regex(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, { error: 'is no value of a tag' }),
    )
    .refine((tags) => Object.keys(tags).every((key) => TAG_KEY.test(key)), {
      error: 'have a key that AWS does not take',
    })
    .optional(),
});

/** The options of an account, each with its value. */
export interface CheckedOptions
  extends Required<Pick<AccountOptions, 'logRetentionDays' | 'onDemand' | 'mailLinks' | 'tags'>> {
  readonly keepDays: KeepDays;
  readonly eventBus: string | null;
  readonly signIn: SignIn | null;
  readonly kmsKeyArn: string | null;
}

/** What holds for an account: its own option, else that of all, else the default. Tags and layers count one by one. */
export function resolveOptions(own: AccountOptions, ofAll: AccountOptions): CheckedOptions {
  const { keepDays, tags, ...rest } = { ...ofAll, ...dropUnset(own) };
  return {
    logRetentionDays: rest.logRetentionDays ?? 90,
    keepDays: { ...KEEP_DAYS, ...ofAll.keepDays, ...keepDays },
    eventBus: rest.eventBus === undefined ? 'default' : rest.eventBus,
    onDemand: rest.onDemand ?? true,
    mailLinks: rest.mailLinks ?? false,
    signIn: rest.signIn ?? null,
    kmsKeyArn: rest.kmsKeyArn ?? null,
    tags: { ...ofAll.tags, ...tags },
  };
}

function dropUnset(options: AccountOptions): AccountOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
