import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { toArn } from './arn.ts';
import { type KeepDays, LAYERS, type Layer } from './deployment.ts';
import { LAKE_BUCKET } from './names.ts';

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
