import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LAKE_KEY } from '../functions/storage/layout.ts';
import { type KeepDays, LAYERS, type Layer } from './account-options.ts';
import type { Permission } from './node-function.ts';
import type { CheckedAccount } from './read-account.ts';

/** An account of the lake: where it is, and by which key it is encrypted. */
export type LakeAccount = Pick<CheckedAccount, 'name' | 'names' | 'bucket' | 'kmsKeyArn'>;

/** Objects that were overwritten or deleted by mistake can be restored for so long. */
const REGRET = Duration.days(30);
/** A run writes these again and again. Their past versions are of no use. */
const CHURNING = ['lease', 'runs'];
/** The prefixes that are kept as long as a layer. Requests for runs are of no use without the runs. */
const PLACES: Readonly<Record<Layer, readonly string[]>> = {
  raw: ['raw'],
  curated: ['curated'],
  reports: ['reports', 'changes', 'looks', 'days'],
  runs: ['runs', 'requests'],
};
const ACCESS_LOGS_KEPT = Duration.days(90);

/** Closed to the public and to plain http, and kept with what is in it when its stack goes. */
const SECURED = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
};

export interface AccountBucketProps {
  readonly account: CheckedAccount;
  /** Who read the bucket is logged there. */
  readonly accessLogs: Bucket;
}

/**
 * The bucket of an account's lake. It is versioned, and its layers are kept as long as the account says. An existing bucket
 * has rules of its own, so none is made.
 */
export class LakeBucket extends Construct {
  constructor(scope: Construct, id: string, props: AccountBucketProps) {
    super(scope, id);
    const { name, names, keepDays } = props.account;
    // With a fixed name, a stack that is made again takes over the existing lake. It cannot begin with an empty one.
    addBucket(this, props, names.lakeBucket, {
      versioned: true,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        // Leases are deleted all the time. The markers of their deletion would slow every listing.
        {
          id: 'past',
          noncurrentVersionExpiration: REGRET,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        ...rulesOf(name, keepDays),
      ],
    });
  }
}

/**
 * The answers of Athena, for a week. They are not in the lake: readers must write here, and only the workflow writes there.
 * No older versions are kept, so no answer outlasts the person that it names.
 */
export class ResultsBucket extends Construct {
  constructor(scope: Construct, id: string, props: AccountBucketProps) {
    super(scope, id);
    // CloudFormation cannot delete it with something in it. Left behind, it is empty in a week.
    addBucket(this, props, props.account.names.resultsBucket, {
      serverAccessLogsPrefix: 'results/',
      lifecycleRules: [
        { id: 'past', expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }
}

function addBucket(
  scope: Construct,
  { account, accessLogs }: AccountBucketProps,
  name: string,
  props: Pick<BucketProps, 'versioned' | 'serverAccessLogsPrefix' | 'lifecycleRules'>,
): void {
  new Bucket(scope, 'Bucket', {
    ...SECURED,
    ...encryptedFor(scope, account),
    ...props,
    bucketName: toBucketName(scope, name),
    // @ts-expect-error CDK's class says of isWebsite that it may be undefined, its interface that it may be missing.
    serverAccessLogsBucket: accessLogs,
  });
}

/**
 * Who read the lake and Athena's answers. S3 delivers such logs under its own key alone. Its name is fixed, because a lake that
 * a new stack takes over goes on logging to the bucket that it knows.
 */
export class AccessLogs extends Bucket {
  constructor(scope: Construct, id: string, { account }: { readonly account: CheckedAccount }) {
    super(scope, id, {
      ...SECURED,
      bucketName: toBucketName(scope, account.names.accessBucket),
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [
        { expiration: ACCESS_LOGS_KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
  }
}

function encryptedFor(scope: Construct, { kmsKeyArn }: CheckedAccount) {
  if (kmsKeyArn === null) return { encryption: BucketEncryption.S3_MANAGED };
  return {
    encryption: BucketEncryption.KMS,
    encryptionKey: Key.fromKeyArn(scope, 'Key', kmsKeyArn),
    // Without it, each object would be a request to KMS.
    bucketKeyEnabled: true,
  };
}

/** CloudFormation takes over an existing bucket only by a name without functions. So the number stands in it where it is known. */
function toBucketName(scope: Construct, name: string): string {
  return name.replaceAll('<AWS::AccountId>', Stack.of(scope).account);
}

/** Where two rules meet, S3 follows the shorter. */
function rulesOf(account: string, keepDays: KeepDays): LifecycleRule[] {
  const churning = CHURNING.map((place) => ({
    id: `${place} past`,
    prefix: `${account}/${place}/`,
    noncurrentVersionExpiration: Duration.days(1),
  }));
  const kept = LAYERS.flatMap((layer) => {
    const days = keepDays[layer];
    if (days === null) return [];
    return PLACES[layer].map((place) => ({
      id: place,
      prefix: `${account}/${place}/`,
      expiration: Duration.days(days),
    }));
  });
  return [...churning, ...kept];
}

function bucketOf({ bucket, names }: LakeAccount): string {
  return bucket ?? names.lakeBucket;
}

/** The `LAKE_URI` of an account, as text with `<AWS::AccountId>`: everything of it is under its name. */
export function lakeUriOf(account: LakeAccount): string {
  return `s3://${bucketOf(account)}/${account.name}`;
}

/** The ARN of the account's lake, as text. */
export function lakeArnOf(account: LakeAccount): string {
  return `arn:<AWS::Partition>:s3:::${bucketOf(account)}`;
}

/** Allows actions on the objects of an account under a prefix. */
export function onObjects(actions: readonly string[], account: LakeAccount, prefix = ''): Permission {
  return {
    actions,
    resources: [`${lakeArnOf(account)}/${account.name}/${prefix}*`],
    whyWildcard: "A part of the lake that is the account's own. Its keys are made of days and captures.",
  };
}

/**
 * Allows reading the record of the lake's owner, which every function reads first. S3 reports a missing record only with the
 * right to list. With a key of the deployer's, it allows that key too.
 */
export function onIdentity(account: LakeAccount): Permission[] {
  return [
    { actions: ['s3:GetObject'], resources: [identityArn(account)] },
    {
      actions: ['s3:ListBucket'],
      resources: [lakeArnOf(account)],
      conditions: { StringLike: { 's3:prefix': `${account.name}/${LAKE_KEY}` } },
    },
  ];
}

export function identityArn(account: LakeAccount): string {
  return `${lakeArnOf(account)}/${account.name}/${LAKE_KEY}`;
}

/** Allows reading the records of captures, but not the chats beside them. */
export function onManifests(account: LakeAccount): Permission {
  return {
    actions: ['s3:GetObject'],
    resources: [`${lakeArnOf(account)}/${account.name}/raw/chats/*/manifest.json`],
    whyWildcard: 'What a capture counted, which is no customer’s. Its keys are made of days and captures.',
  };
}

/**
 * Allows listing. Without this right S3 answers "access denied" for an object that does not exist. S3 checks the right as if
 * the key were the prefix.
 */
export function listing(account: LakeAccount, prefix = ''): Permission {
  return {
    actions: ['s3:ListBucket'],
    resources: [lakeArnOf(account)],
    conditions: { StringLike: { 's3:prefix': `${account.name}/${prefix}*` } },
  };
}

/** Allows the deployer's key, through S3 and Secrets Manager alone. Nothing where AWS's own keys are used. */
export function onKey(
  { kmsKeyArn }: LakeAccount,
  actions: readonly ('Decrypt' | 'GenerateDataKey')[],
): Permission[] {
  if (kmsKeyArn === null) return [];
  return [
    {
      actions: actions.map((action) => `kms:${action}`),
      resources: [kmsKeyArn],
      conditions: {
        StringLike: { 'kms:ViaService': ['s3.*.amazonaws.com', 'secretsmanager.*.amazonaws.com'] },
      },
    },
  ];
}
