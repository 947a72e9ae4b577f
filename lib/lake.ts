import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LAKE_KEY } from '../functions/storage/layout.ts';
import { type KeepDays, LAYERS, type Layer } from './deployment.ts';
import { LAKE_BUCKET, toArn } from './names.ts';
import type { Permission } from './node-function.ts';

export interface LakeProps {
  readonly accounts: readonly string[];
  readonly keepDays: KeepDays;
}

/** What somebody overwrote or deleted by mistake can be had back for so long. */
const REGRET = Duration.days(30);
/** What is written over and over in the course of a run, and has no past worth keeping. */
const CHURNING = ['lease', 'runs'];
/** Where what is kept together lies. Who asked for runs is of no use without them. */
const PLACES: Readonly<Record<Layer, readonly string[]>> = {
  raw: ['raw'],
  curated: ['curated'],
  reports: ['reports', 'changes', 'looks', 'days'],
  runs: ['runs', 'requests'],
};
const ACCESS_LOGS_KEPT = Duration.days(90);

/** One bucket for all accounts, each under its name, and who did what in it. */
export class LakeBucket extends Construct {
  readonly bucket: Bucket;
  /** Who did what in this bucket and others. */
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
      // Named, so that a stack that is made anew has to take over the lake that is there, and does not begin with an empty one.
      bucketName: toArn(LAKE_BUCKET),
      versioned: true,
      // @ts-expect-error CDK's class says of isWebsite that it may be undefined, its interface that it may be missing.
      serverAccessLogsBucket: this.accessLogs,
      serverAccessLogsPrefix: 'lake/',
      lifecycleRules: [
        // Leases are deleted all the time; the markers that this leaves would slow every listing down.
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

/** By account, so that one can be kept longer than another some day. Of two rules that meet, S3 follows the shorter. */
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

/** Where the account's lake is, as `LAKE_URI` says it: everything of it is under its name. */
export function lakeUriOf(account: string): string {
  return toArn(`s3://${LAKE_BUCKET}/${account}`);
}

/** What is done with the objects of an account whose keys begin so. */
export function onObjects(actions: readonly string[], account: string, prefix = ''): Permission {
  return {
    actions,
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/${prefix}*`],
    whyWildcard: "A part of the lake that is the account's own. Its keys are made of days and captures.",
  };
}

/** The record of whose lake it is, which everyone reads first: where it is not there yet, S3 says so to who may list it. */
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

/** The records of captures alone, and none of the chats beside them. */
export function onManifests(account: string): Permission {
  return {
    actions: ['s3:GetObject'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}/${account}/raw/chats/*/manifest.json`],
    whyWildcard: 'What a capture counted, which is no customer’s. Its keys are made of days and captures.',
  };
}

/**
 * Whoever may list is told by S3 that an object is not there, where anybody else is only told that they may not read it:
 * S3 asks for the permission as if the key were the prefix.
 */
export function listing(account: string, prefix = ''): Permission {
  return {
    actions: ['s3:ListBucket'],
    resources: [`arn:<AWS::Partition>:s3:::${LAKE_BUCKET}`],
    conditions: { StringLike: { 's3:prefix': `${account}/${prefix}*` } },
  };
}
