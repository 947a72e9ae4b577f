import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LAKE_KEY } from '../functions/storage/layout.ts';
import { toArn } from './arns.ts';
import { type KeepDays, LAYERS, type Layer } from './deployment.ts';
import { LAKE_BUCKET } from './names.ts';
import type { Permission } from './node-function.ts';

export interface LakeProps {
  readonly accounts: readonly string[];
  readonly keepDays: KeepDays;
}

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

/** One bucket for all accounts, each under its name, and its access logs. */
export class LakeBucket extends Construct {
  readonly bucket: Bucket;
  /** The access logs of this bucket and others. */
  readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, { accounts, keepDays }: LakeProps) {
    super(scope, id);
    const secured = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      ...secured,
      lifecycleRules: [
        { expiration: ACCESS_LOGS_KEPT, abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...secured,
      // With a fixed name, a stack that is made again must take over the existing lake. It cannot begin with an empty one.
      bucketName: toArn(LAKE_BUCKET),
      versioned: true,
      // @ts-expect-error CDK's class says of isWebsite that it may be undefined, its interface that it may be missing.
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        // Leases are deleted all the time. The markers of their deletion would slow every listing.
        {
          id: 'past',
          noncurrentVersionExpiration: REGRET,
          expiredObjectDeleteMarker: true,
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        ...accounts.flatMap((account) => rulesOf(account, keepDays)),
      ],
    });
  }
}

/** Rules by account, so that accounts can differ later. Where two rules meet, S3 follows the shorter. */
function rulesOf(account: string, keepDays: KeepDays): LifecycleRule[] {
  const churning = CHURNING.map((place) => ({
    id: `${account} ${place} past`,
    prefix: `${account}/${place}/`,
    noncurrentVersionExpiration: Duration.days(1),
  }));
  const kept = LAYERS.flatMap((layer) => {
    const days = keepDays[layer];
    if (days === null) return [];
    return PLACES[layer].map((place) => ({
      id: `${account} ${place}`,
      prefix: `${account}/${place}/`,
      expiration: Duration.days(days),
    }));
  });
  return [...churning, ...kept];
}

/** The `LAKE_URI` of an account: everything of it is under its name. */
export function lakeUriOf(account: string): string {
  return toArn(`s3://${LAKE_BUCKET}/${account}`);
}

/** Allows actions on the objects of an account under a prefix. */
export function onObjects(actions: readonly string[], account: string, prefix = ''): Permission {
  return {
    actions,
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/${prefix}*`],
    whyWildcard: "A part of the lake that is the account's own. Its keys are made of days and captures.",
  };
}

/**
 * Allows reading the record of the lake's owner, which every function reads first. S3 reports a missing record only with the
 * right to list.
 */
export function onIdentity(account: string): Permission[] {
  return [
    { actions: ['s3:GetObject'], resources: [identityArn(account)] },
    {
      actions: ['s3:ListBucket'],
      resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}`],
      conditions: { StringLike: { 's3:prefix': `${account}/${LAKE_KEY}` } },
    },
  ];
}

export function identityArn(account: string): string {
  return `arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/${LAKE_KEY}`;
}

/** Allows reading the records of captures, but not the chats beside them. */
export function onManifests(account: string): Permission {
  return {
    actions: ['s3:GetObject'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/raw/chats/*/manifest.json`],
    whyWildcard: 'What a capture counted, which is no customer’s. Its keys are made of days and captures.',
  };
}

/**
 * Allows listing. Without this right S3 answers "access denied" for an object that does not exist. S3 checks the right as if
 * the key were the prefix.
 */
export function listing(account: string, prefix = ''): Permission {
  return {
    actions: ['s3:ListBucket'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}`],
    conditions: { StringLike: { 's3:prefix': `${account}/${prefix}*` } },
  };
}
